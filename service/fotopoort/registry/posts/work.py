"""The jobs that photos of posts ask for, written in the transaction of what makes them needed; see `jobs/posts.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fotopoort.registry import outbox
from fotopoort.registry.registry import Session

LOOK: Final = "post.photo.look"  # find out what is in a photo
RENDER: Final = "post.photo.render"  # make what may go out of it


def ask_for(session: Session, kind: str, post_id: str, generations: Mapping[str, int]) -> None:
    """Have this done for photos of a post. Asked for again in the same generation, it is done once.

    Args:
        generations: of what each photo is judged by, by the photo's id.
    """
    payloads: dict[str, outbox.Payload] = {
        f"{photo_id}:{generation}": {"post": post_id, "photo": photo_id} for photo_id, generation in generations.items()
    }
    outbox.enqueue_all(session, kind, payloads)
