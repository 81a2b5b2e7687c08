"""The registry: who may be shown where, on whose word, and what became of each photo.

Begin with `registry` (a school's registry, and one transaction for each thing that is done), then `access/roles` (who
may do what). Everything else is functions of a session, one folder a subject: `people/` (persons and groups),
`consent/` (statements and what they come to), `photos/` (screenings, blocks, takedowns), `answers/` (what was said of
photos), `posts/` (what a teacher makes of them), `audit/` (the log that shows tampering), `lists/` (class lists) and
`store/` (the database). `school_settings`, `retention` and `maintenance` are about the whole school; `outbox` has
something done after a transaction (see the room `jobs`).
"""
