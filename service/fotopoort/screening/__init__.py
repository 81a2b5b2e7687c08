"""Screening one photo: bytes in, a verdict per channel and safe renditions out.

Begin with `screen`, the use case. `analysis` finds what is in the photo: faces (`look`), text, and who the file says is
in it (`file_regions`); `name_search` looks for names in texts. `renditions` makes what goes out, `parts` looks at a
crop as a photo of its own, and `verification` looks at what was made again. `stored_form` is what receipts hash and the
registry stores. `processes/` runs all of it in processes that may crash.
"""
