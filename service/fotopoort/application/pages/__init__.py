"""The policy as pages that print well: for parents, and for the privacy officer.

Begin with `facts`, which gathers what holds at this school now. `parents` and `officer` make a page of it, with the
templates beside them; `own_text` reads the school's own rules. Nothing on these pages is about anybody in particular.
"""
