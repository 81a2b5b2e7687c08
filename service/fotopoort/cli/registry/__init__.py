"""`fotopoort registry …`: the commands about a school's registry.

Begin with `app`, which has the whole list of commands. Each module has one kind: `people`, `consents` (with
`gone_purposes`), `photos`, `own_child` (a copy for parents), `upkeep` (lists, backups, retention) and `keys`. `rows`
prints what they find, as a table under `headings` or as JSON; `dutch` is their help in Dutch.
"""
