"""The ways by which a photo comes into WordPress, each as one function."""

from __future__ import annotations

import re
import xmlrpc.client
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx
from tests.cms.client import WordPress
from tests.cms.gate import FakeGate
from tests.cms.photos import digest
from tests.cms.wordpress import PASSWORD
from tests.waiting import PATIENCE


@dataclass(frozen=True)
class Arrival:
    """What the way said."""

    attachment: int | None
    sentence: str = ""
    status: int | None = None  # of HTTP, where the way has one


def rest_multipart(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """The block editor, and most programs."""
    return _rest(wordpress.upload(content, name))


def rest_raw(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """The body is the photo."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": "application/octet-stream"}
    return _rest(wordpress.api.post("/wp-json/wp/v2/media", content=content, headers=headers))


def async_upload(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """The media library, and the classic editor's media window."""
    client = log_in(wordpress)
    page = client.get("/wp-admin/media-new.php").text
    nonce = re.search(r'"_wpnonce":"(\w+)"', page)
    assert nonce is not None
    fields = {"name": name, "action": "upload-attachment", "_wpnonce": nonce[1]}
    answer = client.post("/wp-admin/async-upload.php", data=fields, files={"async-upload": (name, content)}).json()
    return Arrival(answer["data"]["id"]) if answer["success"] else Arrival(None, answer["data"]["message"])


def plain_form(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """The media page of a browser without JavaScript."""
    client = log_in(wordpress)
    page = client.get("/wp-admin/media-new.php?browser-uploader").text
    nonce = re.search(r'name="_wpnonce" value="(\w+)"', page)
    assert nonce is not None
    fields = {"_wpnonce": nonce[1], "html-upload": "Upload", "post_id": "0"}
    answer = client.post("/wp-admin/media-new.php", data=fields, files={"async-upload": (name, content)})
    if answer.status_code == 302:
        return Arrival(_newest(wordpress), status=302)
    return Arrival(None, answer.text, answer.status_code)


def media_sideload_image(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """A plugin that fetches a photo from an address."""
    path = f"/photos/{digest(content)[:8]}-{name}"
    gate.files[path] = content
    return _plugin(wordpress.run("media_sideload_image", url=gate.url + path))


def handle_sideload(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """A plugin that has a file already."""
    return _plugin(wordpress.run("handle_sideload", content, name=name))


def own_action(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """A plugin that has a file already and names its own action: no prefilter runs."""
    return _plugin(wordpress.run("own_action", content, name=name))


def upload_bits(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """A plugin that has bytes: no prefilter runs."""
    return _plugin(wordpress.run("upload_bits", content, name=name))


def xml_rpc(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """Older apps: no prefilter runs."""
    struct = {"name": name, "type": "image/jpeg", "bits": xmlrpc.client.Binary(content)}
    body = xmlrpc.client.dumps((1, "admin", PASSWORD, struct), "wp.uploadFile")
    answer = wordpress.anonymous.post("/xmlrpc.php", content=body, headers={"Content-Type": "text/xml"})
    try:
        (media,), _ = xmlrpc.client.loads(answer.text)
    except xmlrpc.client.Fault as fault:
        return Arrival(None, fault.faultString)
    return Arrival(int(media["id"]))  # type: ignore[index, call-overload]


def copied(wordpress: WordPress, gate: FakeGate, content: bytes, name: str) -> Arrival:
    """A plugin that copies a file into uploads/ itself, and makes an attachment of it: nothing runs before."""
    return _plugin(wordpress.run("copied", content, name=name))


Way = Callable[[WordPress, FakeGate, bytes, str], Arrival]

# By which a file is asked about before it is in uploads/.
WAYS: Final[tuple[Way, ...]] = (
    rest_multipart,
    rest_raw,
    async_upload,
    plain_form,
    media_sideload_image,
    handle_sideload,
    own_action,
    upload_bits,
    xml_rpc,
)


def log_in(wordpress: WordPress) -> httpx.Client:
    """As the administrator, with cookies."""
    if wordpress.browser is None:
        client = httpx.Client(base_url=wordpress.site.url, timeout=PATIENCE)
        client.get("/wp-login.php")
        answer = client.post("/wp-login.php", data={"log": "admin", "pwd": PASSWORD, "testcookie": "1"})
        assert answer.status_code == 302, answer.text
        wordpress.browser = client
    return wordpress.browser


def _rest(response: httpx.Response) -> Arrival:
    document = response.json()
    return Arrival(document.get("id"), document.get("message", ""), response.status_code)


def _plugin(answer: dict[str, object]) -> Arrival:
    return Arrival(int(str(answer["id"])) if "id" in answer else None, str(answer.get("error", "")))


def _newest(wordpress: WordPress) -> int:
    sql = b"SELECT MAX(ID) AS id FROM wp_posts WHERE post_type = 'attachment'"
    return int(wordpress.run("query", sql)["rows"][0]["id"])
