"""The JSON that every front door speaks: on the command line, over HTTP and in a folder's `results.jsonl`.

Begin with `documents.py`: pydantic models, one for each object of the contract; those about what was said of a photo
and about texts stand in `statements.py`. They are the contract; /openapi.json is made from them. `build.py` makes
documents from values: nothing is decided there, and nothing is left out for one door only. `plain.py` turns values of
the registry, which have no document of their own, into JSON.
"""
