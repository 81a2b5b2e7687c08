"""Finding faces, and which way they look.

Begin with `detector`. A face is found in four steps: `pyramid` searches the photo for candidates, with `centerface` and
`retinaface`; `features` looks at the most doubtful ones again; `fusion` weighs the features into a probability; `pose`
says which way the face looks. `again` searches a picture of which a few places have changed, in `windows`. `crop` cuts
a candidate out, `fold` folds a panorama.
"""
