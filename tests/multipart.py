"""What a browser or a program sends as a form with files, read without any code of ours."""

from __future__ import annotations

from email.message import Message


def fields(content_type: str, body: bytes) -> dict[str, list[bytes]]:
    """The parts of a multipart body, by name."""
    headers = Message()
    headers["Content-Type"] = content_type
    boundary = str(headers.get_param("boundary")).encode()
    found: dict[str, list[bytes]] = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = head.split(b'name="', 1)[1].split(b'"', 1)[0].decode()
        found.setdefault(name, []).append(content.removesuffix(b"\r\n"))
    return found
