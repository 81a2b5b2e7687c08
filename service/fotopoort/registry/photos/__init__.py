"""What became of photos: findings, answers, verdicts and where they went; never their pixels in the database.

Begin with `screenings`, which records a screening and every later answer. `answers` reads a teacher's answers from
JSON, `serialisation` stores findings and answers exactly, `originals` keeps encrypted photos for a while,
`takedowns` lists what must be removed after a withdrawal, and `blocks` keeps reported photos from being published.
"""
