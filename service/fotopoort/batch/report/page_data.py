"""What the page gets of faces, questions, bursts and crops; `templates/report.js` describes the keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fotopoort.application.contract.documents import Json
from fotopoort.batch.report.bursts import Burst
from fotopoort.batch.report.questions import GroupedQuestion, as_asked_here
from fotopoort.vocabulary import ChannelId, Outcome


def mark(face: Json, document: Json) -> list[Any]:
    """A face's id, the middle of its box, and the box's width and height: in thousandths of the photo's."""
    x, y, w, h = face["box"]
    across, down = 1000 / document["width"], 1000 / document["height"]
    return [face["id"], round((x + w / 2) * across), round((y + h / 2) * down), round(w * across), round(h * down)]


def shape(document: Json) -> Json:
    """The key `ratio` of a photo, width by height; none of one that was not judged."""
    return {"ratio": round(document["width"] / document["height"], 3)} if "width" in document else {}


def crops(document: Json, channels: Iterable[ChannelId]) -> Json:
    """The key `crops` of a photo: the numbers of the channels on which a part of it may go out as it is, where nobody
    asked for that; none where there are none."""
    offered = [number for number, channel in enumerate(channels) if _is_offered(document["verdicts"].get(channel, {}))]
    return {"crops": offered} if offered else {}


def _is_offered(verdict: Json) -> bool:
    return "crop" in verdict and not verdict["crop"]["applied"]


def goes_out(verdict: Json) -> bool:
    """Whether a photo goes out on a channel, or still can."""
    return verdict["outcome"] != Outcome.REJECT or bool(verdict.get("not_yet"))


def question_data(question: GroupedQuestion) -> Json:
    return {
        "kind": question.kind,
        "about": question.about,
        "nl": as_asked_here(question.nl),
        "en": as_asked_here(question.en),
        "answer": question.answer,
        "ticked": question.ticked,
        "unknown": question.unknown,
        "unknown_of": question.unknown_of,
        "photos": question.photos,
        "names": question.names,
        "faces": question.faces,
    }


def burst_data(burst: Burst, channels: Iterable[ChannelId]) -> Json:
    return {"photos": burst.photos, "best": [burst.best.get(channel) for channel in channels]}
