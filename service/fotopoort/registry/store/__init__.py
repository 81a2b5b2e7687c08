"""Where the registry is stored: SQLite in the data folder, or PostgreSQL by URL.

Begin with `database` (transactions, opening and migrating) and `tables` (every table, each column explained).
`column_types` makes both databases hold the same content, `engine` sets up connections, `opening_lock` lets programs
that start together open a new registry in turn, `backup` writes all of it to one file and reads it back,
`sealed_files` keeps encrypted files beside it, and `encryption` is how.
"""
