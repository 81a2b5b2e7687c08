"""The records of an output folder, in SQLite or PostgreSQL: what lies there, who judges it, and what was decided.

Begin with `ledger.py`: it begins runs, plans them and reads results. `leases.py` hands photos out to workers and
records what they decided; its fencing tokens make it safe to stop or freeze a worker at any moment. `held_leases.py` is
what one worker holds. `photo_state.py` is what is known of a photo before it is judged again. `database.py` and
`tables.py` are the database beneath, `location.py` says where an output folder keeps its ledger.
"""
