"""What was sent to the gate: each photo with its text, or a text alone, and the post in which it is decided about.

The same photo, channel, groups, text and reference of one key is the same gate, however often it is sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from fotopoort.errors import IdempotencyConflict, NotFound
from fotopoort.registry.access.secret_hash import hashed
from fotopoort.registry.posts.photo_records import PhotoState
from fotopoort.registry.posts.posts import Origin, PostRecord, PostState
from fotopoort.registry.pull import pairings
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import gate, gate_key, key, post, post_photo
from fotopoort.vocabulary import ChannelId, Outcome, Text

ID: Final = "g_"  # begins the id of a gate


@dataclass(frozen=True, slots=True)
class GateRecord:
    """What is recorded of a gate.

    Attributes:
        owner: the id of the key that sent it.
        sha256: of the photo; without one, of the text in UTF-8.
        post, photo: where it is decided about now; photo None: it is a text alone.
        text: None: none was sent; "" as well where it was erased.
        text_outcome: the latest, which stays when the text is erased.
        told, told_digest: what its CMS was told last; "" for nothing yet, "review" or "done".
    """

    id: str
    owner: str
    channel: ChannelId
    sha256: str
    post: str
    photo: str | None
    text: str | None = field(repr=False)
    text_outcome: Outcome | None
    sent: datetime
    told: str
    told_digest: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Which CMS a post came from.

    Attributes:
        name: of its key.
        waits: something in it waits for somebody at school.
    """

    name: str
    waits: bool


def add(
    session: Session,
    earlier: GateRecord | None,
    *,
    owner: str,
    content: str,
    channel: ChannelId,
    sha256: str,
    post_id: str,
    photo_id: str | None,
    text: str | None,
) -> GateRecord:
    """Record what a key sent.

    Args:
        earlier: what it sent before with the same content: that is the same gate, in this post from now on.
        content: a digest of all that was sent.
    """
    new = {"post": post_id, "photo": photo_id, "text": text, "sent": session.now}
    if earlier is not None:
        change(session, earlier.id, **new, told="", told_digest="")
        return get(session, earlier.id)
    row = {
        "tenant": session.tenant,
        "id": f"{ID}{uuid.uuid4().hex}",
        "owner": owner,
        "content": content,
        "channel": channel,
        "sha256": sha256,
        "told": "",
        "told_digest": "",
        **new,
    }
    session.connection.execute(insert(gate).values(row))
    session.note("gate.sent", photo=sha256 if photo_id else None, gate=row["id"], post=post_id)
    return get(session, str(row["id"]))


def change(session: Session, gate_id: str, **values: object) -> None:
    """Change columns of a gate."""
    session.connection.execute(update(gate).where(_is_here(session), gate.c.id == gate_id).values(values))


def get(session: Session, gate_id: str) -> GateRecord:
    """A gate.

    Raises:
        NotFound: there is none.
    """
    found = _all(session, gate.c.id == gate_id)
    if not found:
        raise unknown()
    return found[0]


def of(session: Session, gate_id: str) -> GateRecord:
    """A gate of the caller's own.

    Raises:
        NotFound: there is none.
    """
    found = get(session, gate_id)
    if found.owner != session.caller.id:
        raise unknown()
    return found


def unknown() -> NotFound:
    return NotFound(
        Text(nl="Hiervan is niets bekend.", en="Nothing is known of this."),
        hint=Text(nl="Stuur de foto eerst.", en="Send the photo first."),
    )


def by_content(session: Session, owner: str, content: str) -> GateRecord | None:
    """What a key sent before with this content."""
    return next(iter(_all(session, gate.c.owner == owner, gate.c.content == content)), None)


def by_sha256(session: Session, sha256: str, channel: ChannelId) -> GateRecord | None:
    """What the caller sent last with this hash for this channel."""
    found = _all(session, gate.c.owner == session.caller.id, gate.c.sha256 == sha256, gate.c.channel == channel)
    return max(found, key=lambda sent: sent.sent, default=None)


def in_post(session: Session, post_id: str) -> list[GateRecord]:
    """What is decided about in a post, in the order in which it was sent."""
    return sorted(_all(session, gate.c.post == post_id), key=lambda sent: (sent.sent, sent.id))


def open_posts(session: Session) -> list[str]:
    """The posts of CMSes at this school that are not over."""
    are_open = post.c.tenant == session.tenant, post.c.origin == Origin.CMS.value, post.c.state == PostState.OPEN.value
    return list(session.connection.execute(select(post.c.id).where(*are_open)).scalars())


def senders(session: Session, of_posts: Collection[PostRecord]) -> dict[str, Sender]:
    """Which CMS these posts came from; those that somebody at school began are left out."""
    sent = [record for record in of_posts if record.origin is Origin.CMS]
    if not sent:
        return {}
    waits = _is_here(session), gate.c.told == "review", gate.c.post.in_([record.id for record in sent])
    waiting = set(session.connection.execute(select(gate.c.post).where(*waits)).scalars())
    of_keys = key.c.tenant == session.tenant, key.c.id.in_({record.owner for record in sent})
    labels = pairings.hosts(session)
    labels |= {row.id: row.label for row in session.connection.execute(select(key.c.id, key.c.label).where(*of_keys))}
    return {record.id: Sender(labels.get(record.owner, ""), record.id in waiting) for record in sent}


def keep_key(session: Session, owner: str, sent_key: str, gate_id: str) -> None:
    """Remember under which key a request came."""
    session.connection.execute(
        insert(gate_key).values(tenant=session.tenant, owner=owner, key=hashed(sent_key), gate=gate_id)
    )


def by_key(session: Session, owner: str, sent_key: str, content: str) -> GateRecord | None:
    """What came under this key before.

    Raises:
        IdempotencyConflict: something else did.
    """
    is_key = gate_key.c.tenant == session.tenant, gate_key.c.owner == owner, gate_key.c.key == hashed(sent_key)
    found = session.connection.execute(
        select(gate.c.id, gate.c.content)
        .join(gate_key, (gate_key.c.tenant == gate.c.tenant) & (gate_key.c.gate == gate.c.id))
        .where(*is_key)
    ).one_or_none()
    if found is None:
        return None
    if found.content != content:
        raise IdempotencyConflict
    return get(session, found.id)


def erase_texts(session: Session, post_id: str) -> None:
    """Erase the texts that were sent with what is in a post."""
    with_text = _is_here(session), gate.c.post == post_id, gate.c.text.is_not(None)
    session.connection.execute(update(gate).where(*with_text).values(text=""))


def backlog(session: Session) -> int:
    """How many photos that this key sent wait to be looked at."""
    waiting = post_photo.c.tenant == session.tenant, post_photo.c.state == PhotoState.WAITING.value
    of_post = post_photo.join(post, (post.c.tenant == post_photo.c.tenant) & (post.c.id == post_photo.c.post))
    sent = post.c.origin == Origin.CMS.value, post.c.owner == session.caller.id, post.c.state == PostState.OPEN.value
    query = select(func.count()).select_from(of_post).where(*waiting, *sent)
    return session.connection.execute(query).scalar_one()


def _is_here(session: Session) -> ColumnElement[bool]:
    return gate.c.tenant == session.tenant


def _all(session: Session, *are: ColumnElement[bool]) -> list[GateRecord]:
    rows = session.connection.execute(select(gate).where(_is_here(session), *are))
    return list(map(_record, rows))


def _record(row: Row[Any]) -> GateRecord:
    return GateRecord(
        id=row.id,
        owner=row.owner,
        channel=row.channel,
        sha256=row.sha256,
        post=row.post,
        photo=row.photo,
        text=row.text,
        text_outcome=Outcome(row.text_outcome) if row.text_outcome else None,
        sent=row.sent,
        told=row.told,
        told_digest=row.told_digest,
    )
