"""Where photos lie and where results go, on a disk or in a bucket.

Begin with `storage.py`: the protocol that both kinds fit. `folder.py` is a folder on a disk, `bucket.py` one in a
bucket of an S3 server; `address.py` opens whichever an address names. `walk.py` finds the photos in a storage.
"""
