"""Part of a photo instead of covers: which part could go out, and what is decided of it.

Begin with `offer`: it finds the part, and has it judged by the same rules as a whole photo. `part` makes findings and
answers of a part from those of the photo, `geometry` finds the largest boxes of usual ratios, and `burst` tells which
of several like photos shows most. `own_child` is the copy for the parents of one child. All of it is pure.
"""
