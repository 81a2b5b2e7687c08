"""What a file holds around its pixels: each container format, and each kind of metadata inside it.

Begin with `hints`, which turns metadata blocks into `Hint`s by way of `exif`, `iptc` and `xmp`; `texts` decodes strings
and leaves out what no person wrote. The blocks come from the containers: `jpeg`, `png` and `containers` (WebP, TIFF,
AVIF, HEIF) each open a file as a `photo.source.Source`, and `iso` reads the boxes of AVIF and HEIF.
"""
