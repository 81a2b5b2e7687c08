"""How much the service takes on at a time.

`concurrency.py`: slots for requests that screen photos, with a bounded queue. `uploads.py`: the bytes of request
bodies, of one request and of all requests together.
"""
