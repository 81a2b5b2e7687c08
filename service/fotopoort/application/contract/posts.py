"""From the questions about several photos to documents, as the contract writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fotopoort.application.contract import documents
from fotopoort.application.contract.documents import Json
from fotopoort.policy.posts.post import PhotoId
from fotopoort.policy.posts.questions import PostQuestion
from fotopoort.registry.photos.serialisation import as_sent
from fotopoort.vocabulary import ChannelId, Reason


def reason_document(reason: Reason) -> documents.Reason:
    """Why something was decided, or what is told."""
    return documents.Reason.model_construct(rule=reason.rule, faces=list(reason.faces), nl=reason.nl, en=reason.en)


def question_document(asked: PostQuestion) -> documents.PostQuestion:
    """A question about photos that are called by their SHA-256."""
    answer = asked.settles()
    more: dict[str, Any] = {
        "persons": list(asked.persons),
        "faces": {photo: list(faces) for photo, faces in asked.faces.items() if faces},
        "names": list(asked.names),
        "answer": as_sent(answer) if answer else {},
        "left_open": {photo: list(questions) for photo, questions in asked.asked.items()},
    }
    return documents.PostQuestion.model_construct(
        id=asked.id,
        kind=asked.kind,
        nl=asked.nl,
        en=asked.en,
        photos=list(asked.photos),
        **{key: value for key, value in more.items() if value},
    )


def post_as_document(
    questions: Iterable[PostQuestion],
    notes: Mapping[ChannelId, Reason],
    instead: Mapping[PhotoId, PhotoId],
    bursts: Iterable[Sequence[PhotoId]] = (),
) -> Json:
    """What is said of photos that were sent together.

    Args:
        instead: of photos that are not the best of their burst, the one to use.
        bursts: the photos of each moment of which there are several.
    """
    reasons = {channel: reason_document(note) for channel, note in notes.items()}
    more: dict[str, Any] = {"notes": reasons, "instead": dict(instead), "bursts": list(map(list, bursts))}
    return documents.Post.model_construct(
        questions=list(map(question_document, questions)), **{key: value for key, value in more.items() if value}
    ).as_json()
