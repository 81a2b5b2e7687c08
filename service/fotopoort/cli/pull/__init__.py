"""`fotopoort pull`: websites whose photos are fetched.

Begin with `app.py`; what is done is in `pull/pairing.py` and `registry/pull/`.
"""
