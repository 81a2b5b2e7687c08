"""`fotopoort demo`: the sample photos through the service, and a page to look at; and `serve --demo`.

`command.py` is the command: it screens the photos in `fixtures/demo` for every channel. `page.py` writes the page that
shows each photo before and after, from the template beside it. `school.py` makes the school that `serve --demo` serves.
"""
