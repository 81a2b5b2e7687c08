"""What every front door calls.

Begin with `service.py`: a photo is screened with what holds now, and the verdict is recorded. `contract/` is the JSON
that comes out. `input_files.py` and `output_paths.py` are the photos and renditions on a disk; `capture_date.py` is the
day a photo was taken.
"""
