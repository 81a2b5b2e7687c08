"""What a row of the table in `rules.py` consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from fotopoort.policy.case import Case
from fotopoort.policy.conditions import Match
from fotopoort.policy.policy import Policy
from fotopoort.vocabulary import Text


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
