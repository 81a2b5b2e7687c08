"""`fotopoort webhooks`: whom the service tells of what happens, and who may tell it of photos.

Begin with `app`: endpoints and their messages; `sources` are those who tell.
"""
