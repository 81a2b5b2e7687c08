"""What file formats need beyond a decoder: telling what a decoder may misread, and mending what is harmlessly wrong.

Begin with `jpeg_structure`, which walks through a JPEG's segments and mends them in memory, and `tiff`, which has two
readers look at the same file. `jpeg_entropy` proves that a JPEG's coded data are whole where libjpeg-turbo cannot,
`hdr` brings pictures for bright screens back to sRGB. `raw` recognises cameras' raw files, `other` whatever else
holds no photo that we take, with what to do instead.
"""
