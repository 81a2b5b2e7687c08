"""The people of the school.

Begin with `people` (who they are) and `groups` (in which groups they are, per school year). `snapshot` is everyone as a
verdict needs them; `hidden` keeps secret who must never be located. `school_years` moves pupils up at the end of a
year, `leaving` changes a last day, `erasure` removes a person for good, and `former` counts the erased, without names.
"""
