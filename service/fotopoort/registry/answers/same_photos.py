"""The very same photo in other posts: what is said of it in one keeps things covered in all, see `said_elsewhere`."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from fotopoort.registry import outbox
from fotopoort.registry.posts import posts, progress
from fotopoort.registry.posts.posts import GATE_NOTICE, Origin, PostState
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import post, post_photo
from fotopoort.vocabulary import Answers


def judge_again(session: Session, photos: Collection[str], said: Answers, *, but: str = "") -> None:
    """Have these photos judged again in all other posts, as something else is said of them now; and whoever published
    what was made of them told. Nothing happens where what was said matters nowhere else.

    Args:
        photos: their SHA-256.
        said: what was said, or taken back. What clears a face lifts what was said of it before.
        but: the post in which it was said.
    """
    if not (said.faces or said.drawn) and said.harmful is None:
        return
    is_same = post_photo.c.tenant == session.tenant, post_photo.c.sha256.in_(photos), post_photo.c.post != but
    of_photo = (post.c.tenant == post_photo.c.tenant) & (post.c.id == post_photo.c.post)
    query = select(post_photo.c.id, post_photo.c.post, post.c.state, post.c.origin).join(post, of_photo)
    open_posts: defaultdict[str, set[str]] = defaultdict(set)
    ended: set[str] = set()
    for row in session.connection.execute(query.where(*is_same)):
        if row.state == PostState.OPEN:
            open_posts[row.post].add(row.id)
        elif row.origin == Origin.CMS:
            ended.add(row.post)
    for post_id, ids in sorted(open_posts.items()):
        if again := progress.decide_again(session, post_id, ids):
            posts.bump(session, post_id, edited=False, photos=again)
    for post_id in sorted(ended):  # what went out of it may have to be taken down
        outbox.enqueue(session, GATE_NOTICE, {"post": post_id}, key=f"{post_id}:{uuid.uuid4().hex}")
