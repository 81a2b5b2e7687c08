"""Reading text in pictures, and QR and bar codes.

Begin with `reader`: it decides at which sizes a picture is read, and reads its lines in batches. `lines` finds where
they stand, in pictures of every shape; `rectangles` is what both know of a line's rectangle.
"""
