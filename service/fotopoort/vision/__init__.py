"""Pixels → faces and text. This folder knows models and geometry, and nothing of rules, people or files.

Begin with `faces/detector` (faces), `people` (whole figures, by `ssdlite`) and `text/reader` (lines, QR and bar codes),
which other rooms call. `patterns` sees prints, dithering and nets, which hide faces, and smooths them away; `levels`
shrinks pictures, `reading_order` puts faces in the order in which one reads. `models/` holds what fetches, checks and
runs the models.
"""
