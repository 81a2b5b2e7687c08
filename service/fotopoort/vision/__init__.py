"""Pixels → faces and text. This folder knows models and geometry, and nothing of rules, people or files.

Begin with `faces/detector` (faces) and `text/reader` (lines, QR and bar codes), which other rooms call. `patterns` sees
what lies over a picture and hides faces in it; `levels` shrinks pictures. `models/` holds what fetches, checks and runs
the models.
"""
