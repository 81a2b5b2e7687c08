"""What became of photos: findings, answers, verdicts and where they went; never their pixels in the database.

Begin with `screenings`, which records a screening. `answering` takes a later answer, or takes one back; `answer_log`
keeps them all, `answers` and `answers_file` read them from JSON, `binding` says of what photo, place and people they
hold. `serialisation` stores findings and answers exactly, `originals` keeps encrypted photos for a while, `takedowns`
lists what must be removed after a withdrawal, and `blocks` keeps reported photos from being published.
"""
