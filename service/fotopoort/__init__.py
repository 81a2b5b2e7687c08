"""Fotopoort: may this photo go out on this channel, as it is, with faces covered, or not at all, and why?

Begin with `vocabulary`, the values that all rooms share, and `application/service.py`, which every door calls: `api/`,
`cli/` and `batch/`. `screening/` judges one photo, with `photo/` (files), `vision/` (models), `names/` (names in texts)
and `policy/` (the decision). `registry/` holds people, consents and the audit log. `settings`, `policy_file` and
`school_file` are what a school configures; `errors` is every error there is.
"""

import os

# Our matrices are tiny, and each thread for them would wait busily for a tenth of a second at the start of a program.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
