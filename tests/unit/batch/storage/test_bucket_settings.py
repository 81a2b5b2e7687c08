"""How a folder in a bucket is named, and what the environment says of its server."""

from __future__ import annotations

import sys

import pytest
from tests.s3 import KEY, SECRET

from fotopoort.batch.storage.address import open_storage
from fotopoort.batch.storage.bucket import Bucket
from fotopoort.errors import BadSetting

# --- its address ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize(
    ("given", "address", "name"),
    [
        ("s3://school", "s3://school", "school"),
        ("s3://school/", "s3://school", "school"),
        ("s3://school/a/klas 5//", "s3://school/a/klas 5", "klas 5"),
        ("s3://school/100%#?", "s3://school/100%#?", "100%#?"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(given: str, address: str, name: str) -> None:
    storage = open_storage(given)
    assert (storage.address, storage.name, storage.identity("")) == (address, name, address)
    assert storage == open_storage(address)
    assert storage.identity("klas/") == storage.identity("klas") == f"{address}/klas"
    assert storage.shown("a\n.jpg") == f"{address}/a\\n.jpg"


def test_it_shows_nothing_of_itself(bucket: Bucket) -> None:
    assert repr(bucket) == "Bucket()"
    assert SECRET not in repr(bucket.store)


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize(
    "address", ["s3://", "s3:///a", "s3://.a/b", "s3://een twee/b", f"s3://{KEY}:{SECRET}@school/a"]
)
def test_an_address_without_a_bucket_is_refused(address: str) -> None:
    with pytest.raises(BadSetting, match=r"^This is not the address of a bucket\.$"):
        open_storage(address)


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize("prefix", ["a//b", "a/../b", "./a", "a\nb", "a\udcff"])
def test_a_folder_that_a_bucket_cannot_have_is_refused(prefix: str) -> None:
    with pytest.raises(BadSetting, match=r"^No folder in a bucket is called so\.$"):
        open_storage(f"s3://school/{prefix}")


# --- what the environment says -------------------------------------------------------------------------


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_a_key_that_is_not_set_is_asked_for(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(missing, "")
    with pytest.raises(BadSetting, match=r"^There is no key for the bucket\.$") as error:
        open_storage("s3://school")
    assert error.value.hint.en == "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    assert error.value.message.nl == "Er is geen sleutel voor de bucket."


@pytest.mark.usefixtures("s3")
def test_a_role_will_do_for_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/token")
    assert open_storage("s3://school").address == "s3://school"


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize("endpoint", ["", None])
def test_without_a_server_the_region_must_be_known(endpoint: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    if endpoint is not None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(BadSetting, match=r"^It is not known where the bucket is\.$"):
        open_storage("s3://school")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    amazon = Bucket.open("s3://school").store
    assert {"eu-central-1", "https://s3.eu-central-1.amazonaws.com"} <= set(amazon.config.values())
    assert amazon.client_options is not None
    assert str(amazon.client_options["allow_http"]) == "false"


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize(
    "endpoint", ["geheim", "ftp://geheim", "http://geheim:1 x", "http://", "https://ik:geheim@host", "http://h:99999"]
)
def test_a_server_that_cannot_be_is_refused(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(BadSetting, match=r"^AWS_ENDPOINT_URL takes https://HOST or http://HOST\.$"):
        open_storage("s3://school")


@pytest.mark.usefixtures("s3")
def test_what_the_library_does_not_take_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONDITIONAL_PUT", "geheim")
    with pytest.raises(BadSetting, match=r"^What is set for the bucket cannot be used\.$"):
        open_storage("s3://school")


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "fotopoort.batch.storage.bucket")
    monkeypatch.setitem(sys.modules, "obstore.exceptions", None)
    with pytest.raises(BadSetting) as error:
        open_storage("s3://school")
    assert error.value.hint == ("Installeer fotopoort[s3].", "Install fotopoort[s3].")
