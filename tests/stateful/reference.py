"""Who may be seen, said a second time: slow, simple, and without anything of the program.

Everything that happens in the school is told to a `Reference` as well. It keeps plain dicts, and answers one question
about a rendition that somebody got: whom does it show that it may not?

What it rests on:

- Nobody is seen who never may be found, in no photo that is blocked, and after an erasure only where no consent is
  needed and nothing was said against it.
- A no stands until the one who said it says otherwise; one without a name stands. A yes ends on its last day, and when
  its person leaves. Where consent is the basis, somebody must have said yes besides.
- Somebody at school cannot be told apart from anybody else at school in any year, nor from anybody who was ever in one
  of the groups that were said to be in the photo in its school year. A stranger cannot be told apart from them either,
  but there are never more faces than there are people whom they could be of; a wish to cover does not say whose a face
  is.
- Who is pointed out is no stranger, whatever groups were said to be in the photo.
- A face that is smaller than 28 pixels is nobody's, and so is one that the program does not find, unless somebody drew
  a box around it: then, as where it was asked for, it is never seen.
- On a public channel nobody at school is seen close by and full in the face, unless the privacy officer approved of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from tests.stateful.photos import HUGE, WIDTH, Depicted, MadePhoto

NAMELESS: Final = ""  # who said it, where that was not written down
NO: Final = ("refused", "objected", "withdrawn")
MIN_HEIGHT: Final = 28  # pixels in a rendition
DAYS_KEPT: Final = 365  # after leaving


@dataclass
class Claims:
    """What was said of one photo so far, as far as it can clear anybody.

    Attributes:
        groups: that were said to be in it; a teacher who names none speaks of the own groups.
        only: the people whom it was said to hold and nobody else; None: that was not said.
        listed: who was on the list when that was said.
        absent: who was said not to be in it.
        pointed_out: whose faces were pointed out, by name.
        vouched: whose faces were vouched for.
        drawn: around whose faces a box was drawn.
        to_cover: whose faces were asked to be covered, and whose no longer were.
    """

    groups: set[str] = field(default_factory=set)
    only: set[str] | None = None
    listed: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    pointed_out: set[str] = field(default_factory=set)
    vouched: set[str] = field(default_factory=set)
    drawn: set[str] = field(default_factory=set)
    to_cover: dict[str, bool] = field(default_factory=dict)


def school_year(day: date) -> int:
    """The year in which the school year of that day began."""
    return day.year - (day.month < 8)


class Reference:
    """The school as it ought to be.

    Args:
        basis: "consent" or "objection" by channel.
        public: the channels that everybody sees.
    """

    def __init__(self, basis: dict[str, str], public: set[str]) -> None:
        self.basis, self.public = dict(basis), public
        self.people: dict[str, dict[str, Any]] = {}
        self.words: list[dict[str, Any]] = []
        self.blocks: dict[str, str] = {}  # the photo's hash by the block's id
        self.approved: set[tuple[str, str]] = set()  # close-ups: the photo's hash, and the channel

    # --- what happens ------------------------------------------------------------------------------------

    def add(self, person: str) -> None:
        self.people[person] = {"groups": set(), "now": {}, "leaves": None, "hidden": False, "erased": None}

    def join(self, person: str, groups: set[str], year: int) -> None:
        """In these groups from now on; where somebody was before is not forgotten."""
        self.people[person]["now"][year] = set(groups)
        self.people[person]["groups"] |= {(year, group) for group in groups}

    def say(
        self,
        person: str,
        channel: str,
        word: str,
        at: datetime,
        *,
        speaker: str = NAMELESS,
        until: date | None = None,
    ) -> None:
        self.words.append(
            {"person": person, "channel": channel, "word": word, "at": at, "speaker": speaker, "until": until}
        )

    def listed(self, person: str, channel: str, word: str, now: datetime) -> None:
        """A list says so. A yes on a list, without a day, is nothing against a no."""
        if word != "granted" or not self.is_refused(person, channel, now):
            self.say(person, channel, word, now)

    def leave(self, person: str, last_day: date | None) -> None:
        self.people[person]["leaves"] = last_day

    def erase(self, person: str, now: datetime) -> None:
        self.people[person]["erased"] = {name for name in self.basis if self.is_refused(person, name, now)}

    def is_due(self, person: str, today: date) -> bool:
        """Whether somebody left so long ago that the registry forgets them."""
        leaves = self.people[person]["leaves"]
        return not self.is_erased(person) and leaves is not None and leaves < today - timedelta(days=DAYS_KEPT)

    def move_up(self, year: int) -> None:
        """The end of a school year: groep 6 becomes groep 7, and groep 8 leaves."""
        last_day = date(year + 1, 7, 31)
        for person, known in self.people.items():
            stays = known["leaves"] is None or known["leaves"] > last_day
            if self.is_erased(person) or known["now"].get(year + 1) or not stays:
                continue
            for group in known["now"].get(year, set()):
                number = int(group.split()[1])
                if number == 8:
                    known["leaves"] = last_day
                else:
                    self.join(person, {f"groep {number + 1}"}, year + 1)

    # --- who may be seen ---------------------------------------------------------------------------------

    def is_erased(self, person: str) -> bool:
        return self.people[person]["erased"] is not None

    def may_be_shown(self, person: str, channel: str, now: datetime) -> bool:
        known = self.people[person]
        if known["hidden"]:
            return False
        if known["erased"] is not None:
            return self.basis[channel] == "objection" and channel not in known["erased"]
        if self.is_refused(person, channel, now):
            return False
        if self.basis[channel] == "objection":
            return True
        if known["leaves"] is not None and known["leaves"] < now.date():
            return False
        return any(
            word["word"] == "granted" and (word["until"] is None or word["until"] >= now.date())
            for word in self._last_words(person, channel)
        )

    def is_refused(self, person: str, channel: str, now: datetime) -> bool:
        return any(word["word"] in NO for word in self._last_words(person, channel))

    def _last_words(self, person: str, channel: str) -> list[dict[str, Any]]:
        last: dict[str, dict[str, Any]] = {}
        for word in sorted(self.words, key=lambda word: (word["at"], word["word"] in NO)):
            if word["person"] == person and word["channel"] == channel:
                before = last.get(word["speaker"])
                if not (word["speaker"] == NAMELESS and before and before["word"] in NO):
                    last[word["speaker"]] = word
        return list(last.values())

    # --- what is wrong with a rendition ------------------------------------------------------------------

    def faults(
        self, photo: MadePhoto, seen: tuple[Depicted, ...], width: int, channel: str, claims: Claims, now: datetime
    ) -> list[str]:
        """Whom a rendition shows that it may not, and why.

        Args:
            seen: whose faces can be seen in it.
            width: of the rendition, in pixels.
        """
        if photo.sha256 in self.blocks.values():
            return ["the photo is blocked"]
        faults = []
        for face in seen:
            if face.who in claims.drawn or claims.to_cover.get(face.who):
                faults.append(f"{face.who} was to be covered")
            if face.missed or face.box.h * width / WIDTH < MIN_HEIGHT:
                continue
            if self._is_close_up(face, claims) and channel in self.public:
                if (photo.sha256, channel) not in self.approved:
                    faults.append(f"{face.who} is seen close by on {channel}")
            if face.who in claims.pointed_out or self.is_accountable(face.who, photo, claims):
                if not self.may_be_shown(face.who, channel, now):
                    faults.append(f"{face.who} may not be seen on {channel}")
            elif face.who not in claims.vouched and self._too_many_faces(photo, width, claims):
                faults.append(f"{face.who} is a stranger among more faces than people")
        return faults

    def _is_close_up(self, face: Depicted, claims: Claims) -> bool:
        return (face.box.w, face.box.h) == HUGE and face.who not in claims.vouched

    def is_accountable(self, person: str, photo: MadePhoto, claims: Claims) -> bool:
        """Whether the school could know that it may be this person."""
        if person not in self.people:
            return False
        known, year = self.people[person], school_year(photo.day)
        if claims.groups:
            return any((year, group) in known["groups"] for group in claims.groups)
        return known["leaves"] is None or known["leaves"] >= date(year, 8, 1)

    def _too_many_faces(self, photo: MadePhoto, width: int, claims: Claims) -> bool:
        faces = {
            face.who
            for face in photo.depicted
            if face.box.h * width / WIDTH >= MIN_HEIGHT and (not face.missed or face.who in claims.drawn)
        }
        if claims.only is not None:
            could_be = claims.only | (self.people.keys() - claims.listed)
        elif claims.groups:
            could_be = {
                person
                for person, known in self.people.items()
                if any(group in claims.groups for _, group in known["groups"])
            }
        else:
            could_be = set(self.people)
        unanswered = faces - claims.pointed_out - claims.vouched
        return len(unanswered) > len(could_be - claims.pointed_out - claims.absent)
