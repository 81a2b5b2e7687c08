"""The policy: the guideline as data, the rules as a table, and the pure function that decides by them.

Begin with `rules`, the table that a privacy officer can read, and `policy.toml`, its numbers with the reason for each.
`decide` walks the table for one photo on one channel. `conditions` says when each rule applies; `case`, `candidates`
and `measures` work out what it needs to know; `questions` are what could still be asked. `policy` holds the guideline's
values, and `texts` says what people are told. `posts/` judges several photos and asks about them together. Nothing here
reads a file: `fotopoort.policy_file` does.
"""
