"""What became of photos: findings, verdicts and where they went; never their pixels in the database.

Begin with `screenings`, which records a screening; what is said of it is in `registry/answers`. `serialisation` stores
findings and answers exactly, `renaming` follows whom they name when that person's id changes or is erased, `originals`
keeps encrypted photos for a while, `takedowns` lists what must be removed after a withdrawal, and `blocks` keeps
reported photos from being published.
"""
