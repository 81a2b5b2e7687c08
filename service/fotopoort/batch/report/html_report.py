"""The report of a folder: one page that opens from a disk, with its photos beside it, for any number of photos.

The page itself holds the counts. What it shows of each photo is in files beside it, a number of photos to a file, which
it loads one after the other: the first photos are there at once. These files are scripts, because a page on a disk may
load nothing else. Whatever came from a photo, a file name or a person is data there, and never markup.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from fotopoort.application import html_page
from fotopoort.application.contract.documents import Json
from fotopoort.application.folders.sorting import has_videos
from fotopoort.application.input_files import printable
from fotopoort.batch.entry import Entry
from fotopoort.batch.report.bursts import Frame, found
from fotopoort.batch.report.page_data import burst_data, crops, goes_out, mark, question_data, shape
from fotopoort.batch.report.questions import PhotoQuestion, grouped, questions_about
from fotopoort.batch.report.texts import TEXTS
from fotopoort.batch.storage.storage import Storage
from fotopoort.errors import Animated, FormatNotAllowed, NotAPhoto, NotHereYet, OutputUnwritable
from fotopoort.policy.measures import OverviewShare
from fotopoort.policy.policy import Label
from fotopoort.policy.texts.wording import told_of
from fotopoort.vocabulary import ChannelId, Failure, Outcome, Reason, Scene, Text

PAGE: Final = "report.html"
BESIDE: Final = "report"
PHOTOS_PER_FILE: Final = 500
NOT_YET: Final = "not_yet"  # stands in the place of the outcome where an answer can still lift the reject
# The verdict for a channel, and why, of a photo that was judged for other channels and could not be judged again since.
NO_VERDICT: Final[Json] = {"outcome": Outcome.REJECT.value, "reasons": (), "rendition": None}
# Errors that stand for many kinds of files, with what they say of all of them.
GENERAL: Final = {error.code: error.text for error in (FormatNotAllowed, NotAPhoto, NotHereYet, Animated)}
OVERVIEWS: Final = (Scene.OVERVIEW.value, Scene.NO_FACES.value)  # see `OverviewShare`
NOT_JUDGED_YET: Final = Failure("not_yet", message="It was not judged for this channel yet.", hint="")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the report says of the run as a whole.

    Attributes:
        folder: where the photos lie, as it is shown.
        channels: the channels of the run, in order, with their labels.
        policy: version and hash.
        registry: revision of the people; None: nobody was known.
        hidden, unsupported, links: how many files were passed over.
        endings: of the unsupported files, with how many there are; "": of an unknown kind.
        system_folders: kinds of folders that were not looked into, with how many there are.
        unreadable: folders that could not be read, as they are shown.
        gone: how many photos are no longer there; their results were removed.
        answers: the answers file that the run had; the page adds to it.
        mostly_overviews: the channels of which it is told where less than half of the photos are overviews: the public
            ones, where the folder is a post.
    """

    folder: str = field(repr=False)
    channels: Mapping[ChannelId, Label]
    policy: str
    registry: str | None
    started: datetime
    finished: datetime
    hidden: int = 0
    unsupported: int = 0
    links: int = 0
    endings: tuple[tuple[str, int], ...] = ()
    system_folders: tuple[tuple[str, int], ...] = ()
    unreadable: tuple[str, ...] = field(default=(), repr=False)
    gone: int = 0
    answers: Mapping[str, Json] = field(default_factory=dict, repr=False)
    mostly_overviews: frozenset[ChannelId] = frozenset()

    @property
    def has_videos(self) -> bool:
        return has_videos(ending for ending, _ in self.endings)


def write_report(entries: Iterable[Entry], facts: Facts, out: Storage) -> None:
    """Write `report.html` in `out`, and its other files in `report/`. An older report stays until this one is whole.

    Args:
        entries: in the order to show; read once, a few in memory at a time.

    Raises:
        OutputUnwritable: a file cannot be written; an older report is left as it was.
        ValueError: a picture lies outside `out`.
    """
    writing = _Writing(facts, out)
    questions = grouped(writing.photos(entries))
    bursts = found(writing.frames)
    writing.beside("questions", list(map(question_data, questions)))
    writing.beside("bursts", [burst_data(burst, facts.channels) for burst in bursts])
    writing.beside("answers", facts.answers)
    out.write(PAGE, _html(writing, len(questions), len(bursts)).encode())
    with suppress(OSError, OutputUnwritable):  # the next report removes them
        for file in out.listing(BESIDE):
            place = f"{BESIDE}/{file.name}"
            if file.name.endswith(".js") and place not in writing.written:
                out.remove(place)


class _Writing:
    """One report while it is written: the counts so far, and the tables that photos refer to by number."""

    def __init__(self, facts: Facts, out: Storage) -> None:
        self.facts = facts
        self.stamp = (
            f"{facts.finished:%Y%m%dT%H%M%S%f}"  # in names of files, so that a page never loads those of another run
        )
        self.written: set[str] = set()
        self.frames: list[Frame] = []
        self.number = 0
        self.files = 0
        self.outcomes: dict[ChannelId, Counter[str]] = {channel: Counter() for channel in facts.channels}
        self.rules: Counter[str] = Counter()
        self.rules_of: dict[ChannelId, Counter[str]] = {channel: Counter() for channel in facts.channels}
        self.unjudged: Counter[int] = Counter()
        self.reasons: dict[tuple[str, str, str], int] = {}
        self.failures: dict[Text, int] = {}
        self._scenes: dict[ChannelId, dict[str, str]] = {channel: {} for channel in facts.mostly_overviews}
        self._out = out

    def photos(self, entries: Iterable[Entry]) -> Iterator[PhotoQuestion]:
        """Write the photos as they come, and yield the questions about them."""
        unwritten: list[Json] = []
        for entry in entries:
            unwritten.append(self._photo(entry))
            if entry.perceptual_hash:
                self.frames.append(Frame.of(self.number, entry))
            yield from questions_about(self.number, entry)
            self.number += 1
            if len(unwritten) == PHOTOS_PER_FILE:
                self._flush(unwritten)
        if unwritten:
            self._flush(unwritten)

    def beside(self, name: str, content: object) -> None:
        """Write a script that the page loads; it calls `fotopoort(name, content)`."""
        script = f"fotopoort({json.dumps(name)},{json.dumps(content, separators=(',', ':'))});\n"
        place = f"{BESIDE}/{self.stamp}-{name}.js"
        self._out.write(place, script.encode("ascii"))
        self.written.add(place)

    def few_overviews(self) -> dict[ChannelId, Reason]:
        """What is told of the photos of a post that go out on a channel, or still can, as `about_all` tells it."""
        reasons: dict[ChannelId, Reason] = {}
        for channel, scenes in self._scenes.items():
            share = OverviewShare(sum(scene in OVERVIEWS for scene in scenes.values()), len(scenes))
            if share.photos > 1 and (note := told_of(share)):
                reasons[channel] = note
        return reasons

    def _count_scene(self, document: Json) -> None:
        for channel, scenes in self._scenes.items():
            verdict = document["verdicts"].get(channel)
            if verdict and "scene" in document and goes_out(verdict):
                scenes[document["sha256"]] = document["scene"]  # the same photo counts once

    def _flush(self, photos: list[Json]) -> None:
        self.beside(f"photos-{self.files}", photos)
        self.files += 1
        photos.clear()

    def _photo(self, entry: Entry) -> Json:
        """What the page gets of a photo; `report.js` describes the keys."""
        document = entry.document
        verdicts = document["verdicts"]
        photo: Json = {
            "file": printable(entry.path),
            "sha256": entry.sha256,
            "taken": entry.captured_at,
            "groups": entry.groups,
            "picture": entry.thumbnail and _address(entry.thumbnail),
            "scene": document.get("scene"),
            "faces": [mark(face, document) for face in document.get("faces", ())],
            "verdicts": [self._verdict(channel, verdicts.get(channel, NO_VERDICT)) for channel in self.facts.channels],
            **shape(document),
            **crops(document, self.facts.channels),
        }
        self._count_scene(document)
        failure = entry.failure
        if failure is None and not self.facts.channels.keys() <= verdicts.keys():
            failure = NOT_JUDGED_YET
        if failure is not None:
            number = self.failures.setdefault(_failure_text(failure), len(self.failures))
            self.unjudged[number] += 1
            photo["failure"] = number
        self.rules.update({reason["rule"] for verdict in verdicts.values() for reason in verdict["reasons"]})
        return photo

    def _verdict(self, channel: ChannelId, verdict: Json) -> list[Any]:
        """Outcome or "not_yet", address of the rendition, and reasons with the faces that each is about."""
        state = NOT_YET if verdict.get("not_yet") else verdict["outcome"]
        self.outcomes[channel][state] += 1
        self.rules_of[channel].update({reason["rule"] for reason in verdict["reasons"]})
        reasons = [
            [self.reasons.setdefault((reason["rule"], reason["nl"], reason["en"]), len(self.reasons)), reason["faces"]]
            for reason in verdict["reasons"]
        ]
        rendition = verdict["rendition"] if verdict["outcome"] != Outcome.REJECT else None
        return [state, rendition and _address(rendition["path"]), reasons]


def _html(writing: _Writing, questions: int, bursts: int) -> str:
    facts = writing.facts
    templates = files("fotopoort.batch.report") / "templates"
    style, script = ((templates / name).read_text("utf-8") for name in ("report.css", "report.js"))
    sentences = {rule: (nl, en) for rule, nl, en in reversed(writing.reasons)}
    rules = sorted(writing.rules)
    data = {
        "stamp": writing.stamp,
        "photos": writing.number,
        "files": writing.files,
        "channels": [[_heading(label.nl), _heading(label.en)] for label in facts.channels.values()],
        "reasons": list(writing.reasons),
        "failures": list(writing.failures),
        "rules": [[rule, writing.rules[rule]] for rule in rules],
        "texts": TEXTS,
    }
    return html_page.render(
        "fotopoort.batch.report",
        "report.html.j2",
        {"heading": _heading, "thousands": _thousands},
        facts=facts,
        texts=TEXTS,
        photos=writing.number,
        outcomes=[Outcome.PUBLISH, Outcome.BLUR, NOT_YET, Outcome.REJECT],
        counts=writing.outcomes,
        few_overviews=writing.few_overviews(),
        rules=[
            (rule, *sentences[rule], [writing.rules_of[channel][rule] for channel in facts.channels]) for rule in rules
        ],
        unjudged=[(text, writing.unjudged[number], number) for text, number in writing.failures.items()],
        questions=questions,
        bursts=bursts,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=_json_in_page(data),
    )


def _failure_text(failure: Failure) -> Text:
    """Why a photo was not judged. In the report's own words, or in the error's where those say more, or there is no
    other: an error that stands for many kinds of files says which it is, and what to do with it."""
    general = GENERAL.get(failure.code)
    if general and failure.message_nl and failure.message != general.en:
        return Text(nl=f"{failure.message_nl} {failure.hint_nl}", en=f"{failure.message} {failure.hint}")
    own_words = Text(nl=failure.message_nl or failure.message, en=failure.message)
    return TEXTS.get(f"failure_{failure.code}", own_words)


def _heading(label: str) -> str:
    """A label, which is worded for the middle of a sentence, on its own."""
    return label[:1].upper() + label[1:]


def _thousands(number: int) -> str:
    """A number with narrow spaces between thousands, which read the same in both languages."""
    return f"{number:,}".replace(",", "\u202f")


def _json_in_page(content: object) -> str:
    """JSON that no `</script>` in it can end."""
    return json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")


def _hash(content: str) -> str:
    """As a content security policy names a script or style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _address(path: str) -> str:
    """A path below the output folder as an address relative to the page; bytes that are no UTF-8 stay as they are."""
    inside = os.path.normpath(path)
    if os.path.isabs(inside) or ".." in Path(inside).parts:
        raise ValueError("a picture of the report lies outside its folder")
    return quote(os.fsencode(inside))
