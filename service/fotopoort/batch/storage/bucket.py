"""A folder in a bucket of an S3 server: Amazon's, or any other that speaks its language."""

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

from fotopoort.application.input_files import printable
from fotopoort.batch.storage.storage import BUCKET, DirectoryEntry, Kind
from fotopoort.errors import BadSetting, FileUnreadable, OutputUnwritable, PhotoError, TooManyBytes
from fotopoort.settings import Settings

# By what S3 tools go, the most particular first. obstore reads the rest of them itself.
ENDPOINTS: Final = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
REGIONS: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")
KEY: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
# Instead of a key. A machine's own role counts only where its address is named: elsewhere nobody answers there, slowly.
ROLES: Final = (
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_METADATA_ENDPOINT",
    "AWS_SKIP_SIGNATURE",
)

# A server that is not there costs seconds, one that is silent half a minute; a photo of 60 MB may take a minute.
CONNECTING: Final = timedelta(seconds=5)
SILENT: Final = timedelta(seconds=30)
ONE_REQUEST: Final = timedelta(seconds=60)
RETRIES: Final = 3
RETRYING: Final = timedelta(seconds=30)  # after this long nothing is tried again

LONGEST_KEY: Final = 1024  # bytes
FAILURES: Final = (BaseError, OSError, ValueError)  # what obstore raises; the texts name keys, so nobody is shown them
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A folder in a bucket. Made in the process that uses it: its connections do not survive a fork.

    Attributes:
        prefix: what all its keys begin with, without / at either end; "" for the whole bucket.
    """

    bucket: str = field(repr=False)
    prefix: str = field(repr=False)
    store: S3Store = field(repr=False, compare=False)

    @classmethod
    def open(cls, address: str) -> Bucket:
        """The folder at `s3://BUCKET/PREFIX`. Nothing is asked of the server yet.

        Raises:
            BadSetting: that is no address of a bucket, or it is not set where the server is and who asks.
        """
        bucket, _, prefix = address.removeprefix(BUCKET).partition("/")
        prefix = prefix.strip("/")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", bucket):
            raise BadSetting("This is not the address of a bucket.", hint="Write it as s3://BUCKET/FOLDER.")
        if not all(map(os.environ.get, KEY)) and not any(map(os.environ.get, ROLES)):
            raise BadSetting("There is no key for the bucket.", hint=f"Set {KEY[0]} and {KEY[1]}.")
        region = _first(REGIONS)
        endpoint = _endpoint(region)
        try:
            store = S3Store(
                bucket,
                prefix=prefix or None,
                aws_endpoint_url_s3=endpoint,
                region=region or "us-east-1",  # servers that are not Amazon's take it for none
                disable_bulk_delete=True,  # not every server has it
                client_options={
                    "allow_http": endpoint.startswith("http://"),
                    "connect_timeout": CONNECTING,
                    "read_timeout": SILENT,
                    "timeout": ONE_REQUEST,
                },
                retry_config={"max_retries": RETRIES, "retry_timeout": RETRYING},
            )
        except ValueError:
            raise BadSetting("No folder in a bucket is called so.", hint="Write it as s3://BUCKET/FOLDER.") from None
        except BaseError:
            hint = "Check the variables whose names begin with AWS_."
            raise BadSetting("What is set for the bucket cannot be used.", hint=hint) from None
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
        """Its address. A bucket has no folders that could be missing: see `listing`."""
        return BUCKET + "/".join(part for part in (self.bucket, self.prefix, path.strip("/")) if part)

    def takes(self, path: str) -> bool:
        key = f"{self.prefix}/{path}".lstrip("/")
        return printable(key) == key and len(key.encode()) <= LONGEST_KEY

    def listing(self, path: str) -> list[DirectoryEntry]:
        """What lies in one folder. Below the root, a folder with nothing in it is one that is not there.

        Raises:
            FileNotFoundError: there is no such folder.
            OSError: the bucket does not answer or refuses, or a key cannot be told as a path (`a//b`, `a/../b`).
        """
        here = path.strip("/")
        start = len(here) + 1 if here else 0
        try:
            found = self.store.list_with_delimiter(here or None)
        except FAILURES:
            raise OSError(EIO, "the bucket does not answer as it should") from None
        folders = [DirectoryEntry(folder[start:], Kind.FOLDER) for folder in found["common_prefixes"]]
        if not all(folder.name for folder in folders):
            raise OSError(EINVAL, "a key begins with /")  # such a folder would be found in itself, for ever
        if here and not folders and not found["objects"]:
            raise FileNotFoundError(ENOENT, "there is nothing here")
        files = [
            DirectoryEntry(one["path"][start:], Kind.FILE, one["size"], _nanoseconds(one["last_modified"]))
            for one in found["objects"]
            if one["path"][start:]  # else it is the folder's own mark, `here/`
        ]
        return folders + files

    def read(self, path: str, settings: Settings) -> bytes | PhotoError:
        try:
            found = self.store.get(path)
            if found.meta["size"] > settings.max_bytes:
                return TooManyBytes()  # only the head of the answer was taken in
            return bytes(found.bytes())
        except FAILURES:
            return FileUnreadable()

    def write(self, path: str, content: bytes) -> None:
        self._put(path, content)

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[bytes]]:
        """See `Storage`. The file is on this machine's disk, without a name, until the block ends."""
        try:
            with TemporaryFile() as file:
                yield file
                file.seek(0)
                self._put(path, file)
        except OSError as error:
            raise OutputUnwritable(f"The output cannot be written ({error.strerror}).") from None

    def remove(self, path: str) -> None:
        try:
            self.store.delete(path)
        except (FileNotFoundError, ValueError, TypeError):
            return  # what has a name that it does not take was never there either
        except FAILURES as error:
            raise _unwritable("An earlier rendition cannot be taken away", error) from None

    def sweep(self) -> None:
        """There is nothing to take away: what is not wholly sent never becomes an object."""

    def _put(self, path: str, content: bytes | IO[bytes]) -> None:
        kind, _ = mimetypes.guess_type("of" + PurePosixPath(path).suffix)
        headers = {"Content-Type": kind or "application/octet-stream", "Cache-Control": "no-store"}
        try:
            # One part at a time: on a slow line, parts that wait for each other would seem silent.
            self.store.put(path, content, attributes=headers, max_concurrency=1)
        except FAILURES as error:
            raise _unwritable("The output cannot be written", error) from None


def _first(names: tuple[str, ...]) -> str:
    """Of the variables, the first that is set."""
    return next(filter(None, map(os.environ.get, names)), "")


def _endpoint(region: str) -> str:
    given = _first(ENDPOINTS)
    if not given:
        if not region:
            hint = f"Set AWS_ENDPOINT_URL, or {REGIONS[0]} for a bucket at Amazon."
            raise BadSetting("It is not known where the bucket is.", hint=hint)
        given = f"https://s3.{region}.amazonaws.com"
    try:
        url = TypeAdapter(HttpUrl).validate_python(given)  # obstore itself would panic at one that is none
    except ValidationError:
        url = None
    if url is None or url.username or url.password or url.query or url.fragment:
        raise BadSetting("AWS_ENDPOINT_URL takes https://HOST or http://HOST.", hint="Correct it, or leave it out.")
    return str(url).rstrip("/")


def _nanoseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1) * 1000


def _unwritable(what: str, error: Exception) -> OutputUnwritable:
    why, hint = "the bucket does not answer as it should", "Check the connection, and that the bucket is there."
    if isinstance(error, (PermissionDeniedError, UnauthenticatedError)):
        why, hint = "this key may not", "Have it allowed to write and delete there, or set another key."
    elif isinstance(error, ValueError):
        why, hint = "a bucket does not take such a name", "Rename the photo; leave out what is no letter or digit."
    return OutputUnwritable(f"{what} ({why}).", hint=hint)
