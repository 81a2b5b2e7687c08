"""The command `fotopoort`: it reads arguments, calls `application` and `registry`, and prints.

Begin with `app.py`, which has every command and turns errors into sentences and exit statuses. `screen/`,
`inspect.py`, `names.py`, `serve.py` and `demo/` are commands about photos and texts; `folders/` judges whole folders;
`registry/` and `audit.py` are the office's. `options.py` has what several commands take; `output.py` prints;
`language.py` is the language of it.
"""
