"""A folder in a bucket of an S3 server: Amazon's, or any other that speaks the same protocol."""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from errno import EINVAL, EIO, ENOENT
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Final

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store
from pydantic import HttpUrl, TypeAdapter, ValidationError

from fotopoort.application.input_files import content_or_error, printable, too_large
from fotopoort.batch.storage.storage import BUCKET_SCHEME, DirectoryEntry, Kind
from fotopoort.errors import BadSetting, FileUnreadable, OutputUnwritable, PhotoError
from fotopoort.photo.formats.other import HEAD
from fotopoort.settings import Settings
from fotopoort.vocabulary import Text

# The variables that S3 tools read, the most particular first. obstore reads the others itself.
ENDPOINTS: Final = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
REGIONS: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")
KEY: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
# Instead of a key. A machine's own role counts only where its address is named: elsewhere, asking for one times out.
ROLES: Final = (
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_METADATA_ENDPOINT",
    "AWS_SKIP_SIGNATURE",
)

# A server that is not there costs seconds, a silent one half a minute; a photo of 60 MB may take a minute.
CONNECTING: Final = timedelta(seconds=5)
SILENT: Final = timedelta(seconds=30)
ONE_REQUEST: Final = timedelta(seconds=60)
RETRIES: Final = 3
RETRYING: Final = timedelta(seconds=30)  # no retry begins later than this

MAX_KEY: Final = 1024  # bytes
FAILURES: Final = (BaseError, OSError, ValueError)  # what obstore raises; its messages name keys, so none is shown
ADDRESS_FORM: Final = Text(nl="Schrijf het als s3://BUCKET/MAP.", en="Write it as s3://BUCKET/FOLDER.")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A folder in a bucket. Made in the process that uses it: its connections do not survive a fork.

    Attributes:
        prefix: how all its keys begin, without / at either end; "" for the whole bucket.
    """

    bucket: str = field(repr=False)
    prefix: str = field(repr=False)
    store: S3Store = field(repr=False, compare=False)

    @classmethod
    def open(cls, address: str) -> Bucket:
        """The folder at `s3://BUCKET/PREFIX`. This does not contact the server yet.

        Raises:
            BadSetting: that is no address of a bucket, or the environment lacks the server or the key.
        """
        bucket, _, prefix = address.removeprefix(BUCKET_SCHEME).partition("/")
        prefix = prefix.strip("/")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", bucket):
            raise BadSetting(
                Text(nl="Dit is geen adres van een bucket.", en="This is not the address of a bucket."),
                hint=ADDRESS_FORM,
            )
        if not all(map(os.environ.get, KEY)) and not any(map(os.environ.get, ROLES)):
            raise BadSetting(
                Text(nl="Er is geen sleutel voor de bucket.", en="There is no key for the bucket."),
                hint=Text(nl=f"Stel {KEY[0]} en {KEY[1]} in.", en=f"Set {KEY[0]} and {KEY[1]}."),
            )
        region = _first_set(REGIONS)
        endpoint = _endpoint(region)
        try:
            store = S3Store(
                bucket,
                prefix=prefix or None,
                aws_endpoint_url_s3=endpoint,
                region=region or "us-east-1",  # other servers than Amazon's take this as no region at all
                disable_bulk_delete=True,  # not every server supports it
                client_options={
                    "allow_http": endpoint.startswith("http://"),
                    "connect_timeout": CONNECTING,
                    "read_timeout": SILENT,
                    "timeout": ONE_REQUEST,
                },
                retry_config={"max_retries": RETRIES, "retry_timeout": RETRYING},
            )
        except ValueError:
            raise BadSetting(
                Text(nl="Een map in een bucket kan niet zo heten.", en="No folder in a bucket is called so."),
                hint=ADDRESS_FORM,
            ) from None
        except BaseError:
            raise BadSetting(
                Text(
                    nl="De instellingen voor de bucket zijn niet bruikbaar.",
                    en="What is set for the bucket cannot be used.",
                ),
                hint=Text(
                    nl="Controleer de variabelen waarvan de naam met AWS_ begint.",
                    en="Check the variables whose names begin with AWS_.",
                ),
            ) from None
        return cls(bucket, prefix, store)

    @property
    def address(self) -> str:
        return self.identity("")

    @property
    def name(self) -> str:
        return PurePosixPath(self.prefix).name or self.bucket

    def shown(self, path: str = "") -> str:
        return printable(self.identity(path))

    def identity(self, path: str) -> str:
        """The address of that folder. A bucket has no folders that could be missing: see `listing`."""
        return BUCKET_SCHEME + "/".join(part for part in (self.bucket, self.prefix, path.strip("/")) if part)

    def takes(self, path: str) -> bool:
        key = f"{self.prefix}/{path}".lstrip("/")
        return printable(key) == key and len(key.encode()) <= MAX_KEY

    def listing(self, path: str) -> list[DirectoryEntry]:
        """The names in one folder. Below the root, an empty folder does not exist.

        Raises:
            FileNotFoundError: there is no such folder.
            OSError: the bucket does not answer or refuses, or a key is not a path (`a//b`, `a/../b`).
        """
        here = path.strip("/")
        start = len(here) + 1 if here else 0
        try:
            found = self.store.list_with_delimiter(here or None)
        except FAILURES:
            raise OSError(EIO, "the bucket does not answer as it should") from None
        folders = [DirectoryEntry(folder[start:], Kind.FOLDER) for folder in found["common_prefixes"]]
        if not all(folder.name for folder in folders):
            raise OSError(EINVAL, "a key begins with /")  # such a folder would contain itself, without end
        if here and not folders and not found["objects"]:
            raise FileNotFoundError(ENOENT, "there is nothing here")
        files = [
            DirectoryEntry(item["path"][start:], Kind.FILE, item["size"], _nanoseconds(item["last_modified"]))
            for item in found["objects"]
            if item["path"][start:]  # else it is the folder's own marker, `here/`
        ]
        return folders + files

    def read(self, path: str, settings: Settings) -> bytes | PhotoError:
        try:
            found = self.store.get(path)
            if found.meta["size"] > settings.max_bytes:  # only the head of the response was read
                return too_large(self.head(path), PurePosixPath(path).name)
            return content_or_error(bytes(found.bytes()), PurePosixPath(path).name)
        except FAILURES:
            return FileUnreadable()

    def head(self, path: str) -> bytes:
        try:
            return bytes(self.store.get_range(path, start=0, length=HEAD))
        except FAILURES:  # among them: the file is empty
            return b""

    def write(self, path: str, content: bytes) -> None:
        self._put(path, content)

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[bytes]]:
        """See `Storage`. Until the block ends, the file is a nameless one on this machine's disk."""
        try:
            with TemporaryFile() as file:
                yield file
                file.seek(0)
                self._put(path, file)
        except OSError as error:
            raise OutputUnwritable(
                Text(
                    nl=f"De uitvoer kan niet worden geschreven ({error.strerror}).",
                    en=f"The output cannot be written ({error.strerror}).",
                )
            ) from None

    def remove(self, path: str) -> None:
        try:
            self.store.delete(path)
        except (FileNotFoundError, ValueError, TypeError):
            return  # a bucket never held a file whose name it does not take
        except FAILURES as error:
            raise _unwritable(_REMOVING, error) from None

    def sweep(self) -> None:
        """Does nothing: an upload that was cut off never becomes an object."""

    def _put(self, path: str, content: bytes | IO[bytes]) -> None:
        kind, _ = mimetypes.guess_type("name" + PurePosixPath(path).suffix)
        headers = {"Content-Type": kind or "application/octet-stream", "Cache-Control": "no-store"}
        try:
            # One part at a time: on a slow line, a part that waits for the others would run into the read timeout.
            self.store.put(path, content, attributes=headers, max_concurrency=1)
        except FAILURES as error:
            raise _unwritable(_WRITING, error) from None


def _first_set(variables: tuple[str, ...]) -> str:
    """The value of the first variable that is set; "" where none is."""
    return next(filter(None, map(os.environ.get, variables)), "")


def _endpoint(region: str) -> str:
    address = _first_set(ENDPOINTS)
    if not address:
        if not region:
            raise BadSetting(
                Text(nl="Het is niet bekend waar de bucket is.", en="It is not known where the bucket is."),
                hint=Text(
                    nl=f"Stel AWS_ENDPOINT_URL in, of {REGIONS[0]} voor een bucket bij Amazon.",
                    en=f"Set AWS_ENDPOINT_URL, or {REGIONS[0]} for a bucket at Amazon.",
                ),
            )
        address = f"https://s3.{region}.amazonaws.com"
    try:
        url = TypeAdapter(HttpUrl).validate_python(address)  # obstore itself would panic at what is no URL
    except ValidationError:
        url = None
    if url is None or url.username or url.password or url.query or url.fragment:
        raise BadSetting(
            Text(
                nl="In AWS_ENDPOINT_URL hoort https://HOST of http://HOST.",
                en="AWS_ENDPOINT_URL takes https://HOST or http://HOST.",
            ),
            hint=Text(nl="Verbeter het, of laat het weg.", en="Correct it, or leave it out."),
        )
    return str(url).rstrip("/")


def _nanoseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1) * 1000


_WRITING: Final = Text(nl="De uitvoer kan niet worden geschreven", en="The output cannot be written")
_REMOVING: Final = Text(
    nl="Een foto van een eerdere keer kan niet worden weggehaald", en="An earlier rendition cannot be taken away"
)


def _unwritable(what: Text, error: Exception) -> OutputUnwritable:
    if isinstance(error, (PermissionDeniedError, UnauthenticatedError)):
        why = Text(nl="deze sleutel mag dat niet", en="this key may not")
        hint = Text(
            nl="Zorg dat hij daar mag schrijven en verwijderen, of stel een andere sleutel in.",
            en="Have it allowed to write and delete there, or set another key.",
        )
    elif isinstance(error, ValueError):
        why = Text(nl="een bucket neemt zo'n naam niet aan", en="a bucket does not take such a name")
        hint = Text(
            nl="Geef de foto een andere naam, met alleen letters en cijfers.",
            en="Rename the photo; leave out what is no letter or digit.",
        )
    else:
        why = Text(nl="de bucket geeft geen goed antwoord", en="the bucket does not answer as it should")
        hint = Text(
            nl="Controleer de verbinding, en of de bucket er is.",
            en="Check the connection, and that the bucket is there.",
        )
    return OutputUnwritable(Text(nl=f"{what.nl} ({why.nl}).", en=f"{what.en} ({why.en})."), hint=hint)
