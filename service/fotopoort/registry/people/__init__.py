"""The people of the school.

Begin with `people` (who they are) and `groups` (in which groups they are, per school year). `snapshot` is everyone as a
verdict needs them, `school_years` moves pupils up at the end of a year, `erasure` removes a person for good, and `former` counts who was.
"""
