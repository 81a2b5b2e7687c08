"""The policy: the guideline as data, the rules as a table, and the pure function that decides by them.

Begin with `rules`, the table that a privacy officer can read (`rule` is one row), and `policy.toml`, its numbers with
their reasons. `decide` walks the table for one photo on one channel; `conditions` says when each rule applies; `case`,
`candidates` and `measures` work out what it needs to know. `questions` are what can still be asked, if any of the
`best_answers` would change an outcome. `together` decides for channels that share a message, `posts/` for several
photos, `crops/` for part of a photo. `policy` holds the guideline's values; `texts` words the reasons.
"""
