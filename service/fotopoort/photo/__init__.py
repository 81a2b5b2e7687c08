"""Bytes to pixels and back. No network, no database, no models.

Begin with `decode`, which makes a `Photo` of a file's bytes, and `render`, which makes a new JPEG of a photo and the
boxes to cover. `admission` decides which files are opened at all and returns a `source`, with the help of `formats/`;
`metadata/` reads what a file carries besides its picture, `regions/` who it says is in it. `orientation` and `colour`
make pixels upright and sRGB; `cover` paints over a box; `verify` compares the faces in a rendition with those that may
be visible; `perceptual_hash` recognises a photo that comes back changed.
"""
