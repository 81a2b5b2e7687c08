"""Pixels → faces and text. This folder knows models and geometry, and nothing of rules, people or files.

Begin with `detector` (faces) and `text` (lines, QR and bar codes), which other rooms call. A face is found in four
steps: `pyramid` searches the photo for candidates, with `centerface`; `features` looks at each doubtful candidate
again; `fusion` weighs the features into a probability; `pose` says which way the face looks. `crop` and `levels` cut
out and shrink pictures; `patterns` sees prints, dithering and nets, which hide faces, and smooths them away. `models/`
holds what fetches, checks and runs the models.
"""
