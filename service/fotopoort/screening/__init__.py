"""Screening one photo: bytes in, a verdict per channel and safe renditions out.

Begin with `screen.py`, the use case. It needs `analysis.py` (what is in the photo; its faces: `look.py`),
`name_search.py` (names in texts) and `renditions.py` (what goes out), verified by `verification.py`; `stored_form.py`
is what receipts hash and the registry stores. `processes/` runs it in processes that may crash.
"""
