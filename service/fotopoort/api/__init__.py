"""The HTTP service: it translates requests, calls `application` and `registry`, and translates back.

Begin with `app.py`, which puts everything together. `middleware.py`, `auth.py` and `limits/` are what a request passes
first; `screenings/`, `names.py` (with `text_search.py`) and `registry/` are the routes; `responses.py` and
`language.py` make the answers; `schema.py` is what /openapi.json says beside the documents of the contract.
"""
