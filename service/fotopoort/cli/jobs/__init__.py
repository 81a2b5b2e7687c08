"""`fotopoort jobs`: what waits to be done, what was given up, and having that tried again.

Begin with `app`, which has both commands. What they show and do is `jobs/overview.py`.
"""
