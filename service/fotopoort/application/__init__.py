"""What every front door calls, between translating a question and translating the answer back.

Begin with `service.py`: a photo is screened and what was decided is recorded, with what `context.py` says holds now.
`contract.py` is the JSON that every door speaks; `input_files.py` and `output_paths.py` are where photos are read from
and renditions go; `capture_date.py` tells when a photo was taken.
"""
