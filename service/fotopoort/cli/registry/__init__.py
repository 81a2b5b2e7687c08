"""`fotopoort registry …`: the commands about a school's registry.

Begin with `app`, which has the whole list of commands. Each module has one kind: `people`, `consents`, `photos`,
`upkeep` (lists, backups, retention) and `keys`. `rows` prints what they find, as a table or as JSON.
"""
