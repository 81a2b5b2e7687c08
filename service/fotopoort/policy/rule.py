"""What a row of the table in `rules.py` consists of, and what it comes to where it applies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from fotopoort.policy.case import Case
from fotopoort.policy.conditions import Match
from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import Outcome, Reason, Text


class On(StrEnum):
    """The channels a rule holds for."""

    EVERY = "every"
    PUBLIC = "public"
    CLOSED = "closed"


class Then(StrEnum):
    """What a rule does."""

    REJECT = "reject"  # the photo does not go out on this channel
    COVER = "cover"  # these faces and places are covered
    KEEP = "keep"  # these faces may stay as they are, unless another rule covers them
    NEUTRAL_NAME = "neutral_name"  # the new file gets a name that says nothing
    TELL = "tell"  # it is said, and changes nothing
    ADVISE = "advise"  # it is advised, and changes nothing
    PUBLISH = "publish"


class Step(IntEnum):
    """When a rule is checked. Within a step no rule depends on another."""

    PHOTO = 1  # about the photo and the people
    WHAT_IS_LEFT = 2  # about what the first step covers
    NOTHING_ELSE = 3  # after all others
    AFTERWARDS = 4  # judged when the new photo has been made, or over several channels


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    on: On
    when: Text
    then: Then | Callable[[Policy], Then]  # a function where it is a setting of policy.toml
    says: Text
    applies: Callable[[Case], Match | None] | None  # None: not for `decide()` to judge
    step: Step = Step.PHOTO
    speaks_as: str | None = None  # explained under this rule's id instead of its own
    off: Callable[[Policy], bool] = lambda _: False  # whether a setting of policy.toml switches it off
    # Said instead: where the photo does not go out; where an answer can still let it, and one that tells who is in it;
    # where only the text beside the photo is at fault.
    rejected: Text | None = None
    not_yet: Text | None = None
    who_open: Text | None = None
    text_alone: Text | None = None
    set_aside: Text | None = None  # said where the privacy officer set it aside, as they may; None: nobody may

    @property
    def sentences(self) -> tuple[Text, ...]:
        """Everything that it is explained with, save where it was set aside."""
        texts = (self.says, self.rejected, self.not_yet, self.who_open, self.text_alone)
        return tuple(text for text in texts if text is not None)

    def effect(self, policy: Policy) -> Then:
        return self.then if isinstance(self.then, Then) else self.then(policy)


FRONT: Final = Text("recht van voren", "full in the face")
PERHAPS_FRONT: Final = Text("misschien recht van voren", "perhaps full in the face")  # the direction is a guess
OUTCOMES: Mapping[Then, Outcome] = {Then.REJECT: Outcome.REJECT, Then.COVER: Outcome.BLUR}  # the others change nothing


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule that applies, and what to."""

    rule: Rule
    then: Then
    match: Match
    says: Text

    @property
    def outcome(self) -> Outcome:
        return OUTCOMES.get(self.then, Outcome.PUBLISH)

    def reasons(self) -> Iterator[Reason]:
        """Why: once of the faces whose direction is known, and once of the others."""
        about = self.match.faces if self.match.about is None else self.match.about
        says = self.says if self.match.side is None else filled(self.says, "side", number(self.match.side))
        unsure = self.match.unsure if "{front}" in says.nl else frozenset()
        faces_and_front = [(tuple(face for face in about if face not in unsure), FRONT)]
        faces_and_front.append((tuple(face for face in about if face in unsure), PERHAPS_FRONT))
        for faces, front in faces_and_front:
            if faces or (not about and front is FRONT):
                text = filled(says, "front", front)
                yield Reason(self.rule.speaks_as or self.rule.id, faces, text.nl, text.en)


def reasons(rulings: Iterable[Ruling]) -> tuple[Reason, ...]:
    """The strictest first, then by rule; each once."""
    ranked = [
        (-ruling.outcome.strictness, reason)
        for ruling in rulings
        if not ruling.match.silent
        for reason in ruling.reasons()
    ]
    return tuple(dict.fromkeys(reason for _, reason in sorted(ranked, key=lambda entry: (entry[0], entry[1].rule))))


def filled(text: Text, key: str, value: Text) -> Text:
    """The sentence with `{key}` filled in; as it is where it has none."""
    return Text(*(sentence.replace(f"{{{key}}}", word) for sentence, word in zip(text, value, strict=True)))


def number(count: int) -> Text:
    """A number, for `filled`."""
    return Text(str(count), str(count))
