"""The jobs that photos of posts ask for, written in the transaction of what makes them needed; see `jobs/posts.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from fotopoort.registry import outbox
from fotopoort.registry.posts.posts import PostState
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import job, post

LOOK: Final = "post.photo.look"  # find out what is in a photo
RENDER: Final = "post.photo.render"  # make what may go out of it


def ask_for(session: Session, kind: str, post_id: str, generations: Mapping[str, int]) -> None:
    """Have this done for photos of a post, in that order. Asked for again in the same generation, it is done once.

    Whoever makes posts takes turns with the others, teachers as well as keys of a CMS: the first photo of one does not
    wait for all five hundred of another.

    Args:
        generations: of what each photo is judged by, by the photo's id.
    """
    owner = select(post.c.owner).where(post.c.tenant == session.tenant, post.c.id == post_id).scalar_subquery()
    theirs = select(post.c.id).where(
        post.c.tenant == session.tenant, post.c.state == PostState.OPEN.value, post.c.owner == owner
    )
    payloads: dict[str, outbox.Payload] = {
        f"{photo_id}:{generation}": {"post": post_id, "photo": photo_id} for photo_id, generation in generations.items()
    }
    outbox.enqueue_in_turn(session, kind, payloads, job.c.payload["post"].as_string().in_(theirs))
