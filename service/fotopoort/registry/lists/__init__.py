"""Class lists, in and out.

Begin with `imports` (first a plan, then all of it or nothing). A file becomes rows in `sheets` (spreadsheets by way of
`workbook`, in a process of its own), `list_reader` and `row_reader` understand them by the titles in `columns`, and the
result is a `parsed_list`. `exports` writes lists that can be imported again. `class_list` reads the simple CSV that
serves where there is no registry.
"""
