"""What was said of photos: rows are only added, and what is taken back no longer holds.

Begin with `answering`, which takes a later answer to a photo, or takes one back; `answer_log` keeps them all. `answers`
and `answers_file` read them from JSON, `binding` says of what photo, place and people they hold. `said_elsewhere` finds
what was said of the very same photo at other times, and `same_photos` has it judged again there. What is said of a post
is in `registry/posts/answers.py`.
"""
