"""The people of the school.

Begin with `people` (who they are) and `groups` (in which groups they are, per school year). `snapshot` is everyone as a
verdict needs them, `school_years` moves pupils up at the end of a year, and `erasure` removes a person for good;
`former` keeps how many were, without names.
"""
