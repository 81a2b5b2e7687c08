"""The jobs that photos of posts ask for, written in the transaction of what makes them needed; see `jobs/posts.py`."""

from __future__ import annotations

from typing import Final

from fotopoort.registry import outbox
from fotopoort.registry.registry import Session

LOOK: Final = "post.photo.look"  # find out what is in a photo
RENDER: Final = "post.photo.render"  # make what may go out of it


def ask_for(session: Session, kind: str, post_id: str, photo_id: str, generation: int) -> None:
    """Have this done for a photo, as what it is judged by is in that generation. Asked for again, it is done once."""
    outbox.enqueue(session, kind, {"post": post_id, "photo": photo_id}, key=f"{photo_id}:{generation}")
