"""What a post is about can be changed as long as it is open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import update

from fotopoort.registry.people.groups import school_year
from fotopoort.registry.posts import posts, progress
from fotopoort.registry.registry import Session
from fotopoort.registry.store.tables import post
from fotopoort.vocabulary import ChannelId


def change(
    session: Session,
    post_id: str,
    *,
    revision: int,
    groups: Collection[str] | None = None,
    channels: Sequence[ChannelId] | None = None,
    day: date | None = None,
    text: str | None = None,
    together: bool | None = None,
) -> posts.PostRecord:
    """Change what a post is about; None: leave it as it is. Where what is looked for in its photos may depend
    on it, they are looked at again.

    Raises:
        NotFound, PostEnded, PostChanged: see `posts.find_open`.
        UnknownGroup, UnknownChannel, FutureDay, TextTooLong: it cannot be so.
    """
    row = posts.find_open(session, post_id, revision)
    is_day_known = row.day_known or day is not None
    day = row.day if day is None else day
    values = posts.checked(
        session, row.channels if channels is None else channels, day, row.text if text is None else text
    )
    values["day_known"] = is_day_known
    values["together"] = row.together if together is None else together
    if groups is not None or school_year(day) != school_year(row.day):
        values["groups"] = posts.spelled_groups(session, row.groups if groups is None else groups, day)
    changed = sorted(name for name, value in values.items() if value != getattr(row, name))
    if changed:
        session.connection.execute(update(post).where(posts.is_post(session, post_id)).values(values))
        again = []  # for the text, which is judged by itself
        if set(changed) - {"text", "together"}:
            again = progress.look_again(session, post_id)
        elif "together" in changed:
            again = progress.decide_again(session, post_id)
        posts.bump(session, post_id, edited=True, photos=again)
        session.note("post.changed", post=post_id, what=changed)
    return posts.get(session, post_id)
