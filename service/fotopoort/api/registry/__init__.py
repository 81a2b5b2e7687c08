"""`/v1/registry` and `/v1/blocks`: the registry over HTTP, each key within its role.

`people.py`, `consents.py` and `upkeep.py` are the routes, by subject. Begin with `transactions.py`: every route does
its work in one session of the registry, in which the use of the key is written down.
"""
