"""The objects of the JSON contract about words: what was said of a photo, and names in a text without one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from fotopoort.application.contract.documents import Document, Json
from fotopoort.registry.answers.answer_log import LogEntry
from fotopoort.registry.photos.serialisation import as_sent
from fotopoort.vocabulary import NameHit


class LoggedAnswer(Document):
    """What was said of a photo at one moment, or that something was taken back."""

    number: int
    at: Annotated[str, Field(description="ISO 8601.")]
    kind: Literal["answer", "retraction"]
    retracted: Annotated[bool, Field(description="It was taken back, and counts no more.")]
    retracts: Annotated[int, Field(description="The number of the answer that this takes back.")] = 0
    answers: Annotated[dict[str, Any], Field(description="What was said, as it is sent; number 0 came with the photo.")]


class AnswerLog(Document):
    """What was said of a photo, in order."""

    answers: list[LoggedAnswer]


class NameInText(Document):
    start: int = Field(description="In characters of the text.")
    end: int
    text: str
    person: str | None = Field(description="Whose name it is, where that is one person within the key's reach.")
    certain: bool = Field(description="False: a question for the teacher.")


class CheckedText(Document):
    """A text without a photo, searched for names."""

    text: str
    hits: list[NameInText]
    clean: str = Field(description="The text without the names.")


def answers_document(entries: Sequence[LogEntry]) -> Json:
    """What `GET /v1/screenings/{id}/answers` answers."""

    return AnswerLog.model_construct(
        answers=[LoggedAnswer.model_construct(**logged_answer(entry)) for entry in entries]
    ).as_json()


def logged_answer(entry: LogEntry) -> Json:
    """A `LoggedAnswer`."""
    retracts: Json = {} if entry.retracts is None else {"retracts": entry.retracts}
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "kind": entry.kind.value,
        "retracted": entry.retracted,
        **retracts,
        "answers": as_sent(entry.answers),
    }


def names_document(text: str, hits: Sequence[NameHit], clean: str) -> Json:
    """What `fotopoort names check --json` prints and `POST /v1/names` answers for one text."""
    return CheckedText.model_construct(
        text=text,
        hits=[
            NameInText.model_construct(
                start=cast(int, hit.start),  # a hit in a text has all three
                end=cast(int, hit.end),
                text=cast(str, hit.text),
                person=hit.person,
                certain=hit.certain,
            )
            for hit in hits
        ],
        clean=clean,
    ).as_json()
