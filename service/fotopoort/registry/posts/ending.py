"""The end of a post: because somebody says that it is done, or because its time is over. Nothing that can be seen or
read is left; what is kept are hashes, who answered what, and the screenings with their verdicts."""

from __future__ import annotations

from sqlalchemy import select, update

from fotopoort.registry.gate import gates
from fotopoort.registry.posts import answers, photo_files, photo_records
from fotopoort.registry.posts.photo_records import PhotoState, store
from fotopoort.registry.posts.posts import PostState, bump, find, find_open, is_post
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import post


def finish(session: Session, post_id: str, *, revision: int) -> None:
    """End a post. Where it was finished before, nothing happens.

    Raises:
        NotFound, PostEnded, PostChanged: see `posts.find_open`.
        RegistryError: something cannot be erased.
    """
    if find(session, post_id).state == PostState.FINISHED:
        return
    find_open(session, post_id, revision)
    _end(session, post_id, PostState.FINISHED)


def expire(session: Session) -> int:
    """End the posts of the school whose time is over, and erase files that were left behind. Returns how many posts.

    Raises:
        RegistryError: something cannot be erased.
    """
    is_over = post.c.tenant == session.tenant, post.c.state == PostState.OPEN.value, post.c.until <= session.now
    ids = list(session.connection.execute(select(post.c.id).where(*is_over)).scalars())
    for post_id in ids:
        _end(session, post_id, PostState.EXPIRED)
    if erased := photo_files.erase_left_behind(session):
        session.note("post.files.erased", count=erased)
    return len(ids)


def _end(session: Session, post_id: str, state: PostState) -> None:
    for row in photo_records.rows(session, post_id):
        if row.state == PhotoState.UPLOADING:
            photo_files.discard(session, row.id, PhotoState.REMOVED)
        else:
            renditions = row.renditions
            photo_files.discard(session, row.id, PhotoState(row.state), row.error)
            store(session, row.id, renditions=renditions)
    answers.erase_texts(session, post_id)
    gates.erase_texts(session, post_id)
    session.connection.execute(
        update(post).where(is_post(session, post_id)).values(state=state.value, text="", reference="")
    )
    bump(session, post_id, edited=True)
    session.note(f"post.{state.value}", post=post_id)
