"""What every front door calls, between translating a question and translating the answer back.

Begin with `service.py`: a photo is screened and what was decided is recorded, with what `context.py` says holds now.
`contract/` is the JSON that every door speaks, `posts/` what is asked about several photos. `folders/` tells what of a
folder is looked at, `input_files.py` and `output_paths.py` are photos and renditions on a disk, `html_page.py` how
pages are made of templates, `capture_date.py` the day a photo was taken.
"""
