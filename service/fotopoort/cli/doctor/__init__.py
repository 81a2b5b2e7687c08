"""`fotopoort doctor`: whether everything is as it must be on this machine.

Begin with `command`, which prints what the checks of the room `operations` find, and what is to be done.
"""
