"""`fotopoort openapi`: the description of the HTTP interface.

Begin with `command.py`; the older form is made in `api/swagger2.py`.
"""
