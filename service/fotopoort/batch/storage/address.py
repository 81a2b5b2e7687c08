"""Which storage an address names."""

from __future__ import annotations

from pathlib import Path

from fotopoort.batch.storage.folder import Folder
from fotopoort.batch.storage.storage import BUCKET_SCHEME, Storage
from fotopoort.errors import BadSetting
from fotopoort.vocabulary import Text


def open_storage(address: str) -> Storage:
    """The storage at an address: a path, or `s3://BUCKET/PREFIX`.

    Raises:
        BadSetting: what buckets need is not installed, or not set.
    """
    if not address.startswith(BUCKET_SCHEME):
        return Folder(Path(address))
    try:
        from fotopoort.batch.storage.bucket import Bucket  # its library is only installed where buckets are used
    except ImportError:
        raise BadSetting(
            Text(nl="Voor buckets is nog een bibliotheek nodig.", en="Buckets need another library."),
            hint=Text(nl="Installeer fotopoort[s3].", en="Install fotopoort[s3]."),
        ) from None
    return Bucket.open(address)
