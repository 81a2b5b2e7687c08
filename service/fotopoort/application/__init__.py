"""What every front door calls, between translating a question and translating the answer back.

Begin with `service`: it screens a photo by what `context` says holds now (with a `class_list`, where there is one).
`pending` is a photo that is being judged, `recording` writes down what was decided, and `redecision` tells whether that
still holds. `contract/` is the JSON that every door speaks; `posts/` judges several photos; `parents/` and `pages/` are
for parents. `folders/` sorts the files of a folder, `input_files` reads photos, `output_paths` names renditions,
`capture_date` dates a photo, `found_names` searches a text, and `html_page` fills templates.
"""
