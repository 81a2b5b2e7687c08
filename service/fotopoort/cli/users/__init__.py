"""`fotopoort users`: who can log in, for whoever sits at the machine itself.

Begin with `app`, which has all commands. What they do is `registry/access/accounts.py` and `invitations.py`.
"""
