"""How much the service takes on at a time, and from whom.

`connections.py`: how many connections, and how long each may take to say what it wants. `bodies.py`: the middleware
that every request passes: its key first, then its bytes, in size, in pace and together. `uploads.py`: forms, read in
memory. `concurrency.py`: whose photo or text is next, by `fair_queue.py`.
"""
