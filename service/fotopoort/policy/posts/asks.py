"""What a post needs to know of one photo, on all its channels together, with the fewest taps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice
from typing import Final, TypeAlias

from fotopoort.policy.case import Case, CaseFace
from fotopoort.policy.decide import Judged, what_happens
from fotopoort.policy.measures import in_order
from fotopoort.policy.questions import any_of_these, besides_who, point_out, pupils_left_open, who_is_this
from fotopoort.policy.texts.wording import PERHAPS_FACES_CAMERA
from fotopoort.vocabulary import Box, ChannelId, FaceId, Outcome, PersonId, Question, QuestionKind, Verdict

MANY_NAMES: Final = 24  # uncertain ones; a text may have hundreds, and then all are asked about or none

Result: TypeAlias = tuple[Outcome, tuple[Box, ...], bool]


@dataclass(frozen=True, slots=True)
class Asks:
    """What to ask about one photo.

    Attributes:
        persons: whether any of these is in it, and which face they are.
        missing: these are in it: which face are they?
        outsiders: which of these faces are of nobody in the group?
        surplus: at least so many of them.
        who: whose is each of these faces?
        others: about anything but who is in it.
    """

    persons: frozenset[PersonId] = frozenset()
    missing: frozenset[PersonId] = frozenset()
    outsiders: tuple[FaceId, ...] = ()
    surplus: int = 0
    who: tuple[FaceId, ...] = ()
    others: tuple[Question, ...] = ()

    def as_questions(self, case: Case) -> list[Question]:
        """The same as questions about one photo: of the outsiders, about those whose answers loosen most."""
        outsiders = sorted((face for face in case.faces if face.id in self.outsiders), key=_matters, reverse=True)
        faces = dict.fromkeys((*(face.id for face in outsiders[: self.surplus]), *self.who))
        asked = [point_out(case, person) for person in sorted(self.missing)]
        asked += [any_of_these(self.persons, case.persons)] if self.persons else []
        return [*asked, *(who_is_this(case, face) for face in faces), *self.others]

    def and_also(self, more: Asks) -> Asks:
        """Both. Where each face is asked about, it is not asked which are of nobody in the group."""
        who = tuple(dict.fromkeys((*self.who, *more.who)))
        outsiders = tuple(dict.fromkeys((*self.outsiders, *more.outsiders)))
        sure_last = sorted((*self.others, *more.others), key=lambda question: question != PERHAPS_FACES_CAMERA)
        others = {question.id: question for question in sure_last}
        return Asks(
            self.persons | more.persons,
            self.missing | more.missing,
            outsiders=() if who else outsiders,
            surplus=0 if who else max(self.surplus, more.surplus),
            who=tuple(dict.fromkeys((*who, *outsiders))) if who else (),
            others=tuple(others.values()),
        )

    def each_left_out(self) -> Iterator[Asks]:
        """The rest, for each of the questions in it."""
        if self.persons:
            yield replace(self, persons=frozenset())
        for person in sorted(self.missing):
            yield replace(self, missing=self.missing - {person})
        if self.outsiders or self.who:
            yield replace(self, outsiders=(), surplus=0, who=())
        names = [question for question in self.others if question.kind is QuestionKind.IS_NAME]
        together = {question.id for question in names} if len(names) > MANY_NAMES else set[str]()
        if together:
            yield replace(self, others=tuple(other for other in self.others if other.id not in together))
        for question in self.others:
            if question.id not in together:
                yield replace(self, others=tuple(other for other in self.others if other is not question))


NOTHING: Final = Asks()


def _matters(face: CaseFace) -> tuple[bool, float]:
    return face.close_up and face.frontal, face.face.box.area


def asks_about(judged: Mapping[ChannelId, Judged], *, together: bool) -> Asks:
    """What to ask about a photo: nothing that would change nothing on any channel.

    Args:
        judged: the photo on each channel.
        together: as for `decide_all`.
    """
    nothing = _best(judged, NOTHING, together=together)
    most = None if together else 1
    of_each = [useful for photo in judged.values() if (useful := list(islice(_useful(photo), most)))]
    # Where all channels get the same, what would help one may be no help for all; then something dearer may be.
    for level in range(max(map(len, of_each), default=0)):
        chosen = [useful[min(level, len(useful) - 1)] for useful in of_each]
        asks = reduce(Asks.and_also, chosen)
        if (best := _best(judged, asks, together=together)) != nothing:
            return _without_needless(judged, asks, best, together=together)
    return NOTHING


def _without_needless(
    judged: Mapping[ChannelId, Judged], asks: Asks, best: tuple[frozenset[Result], ...], *, together: bool
) -> Asks:
    """Only those questions without which as much could not happen."""
    for fewer in [*asks.each_left_out()]:
        without = _in_both(asks, fewer)
        if without != asks and _best(judged, without, together=together) == best:
            asks = without
    return asks


def _in_both(asks: Asks, fewer: Asks) -> Asks:
    others = {question.id for question in fewer.others}
    return Asks(
        asks.persons & fewer.persons,
        asks.missing & fewer.missing,
        outsiders=tuple(face for face in asks.outsiders if face in fewer.outsiders),
        surplus=min(asks.surplus, fewer.surplus),
        who=tuple(face for face in asks.who if face in fewer.who),
        others=tuple(question for question in asks.others if question.id in others),
    )


def _best(judged: Mapping[ChannelId, Judged], asks: Asks, *, together: bool) -> tuple[frozenset[Result], ...]:
    """What can happen with the photo on each channel after the answers that loosen most, see `best_answers`."""
    answered = [
        photo.at_best(asked) if (asked := asks.as_questions(photo.case)) else (photo.verdict,)
        for photo in judged.values()
    ]
    if not together:
        return tuple(frozenset(map(_result, verdicts)) for verdicts in answered)
    ways = range(max(map(len, answered), default=0))
    return (frozenset(_joint([verdicts[min(way, len(verdicts) - 1)] for verdicts in answered]) for way in ways),)


def _result(verdict: Verdict) -> Result:
    """What happens with the photo. What is covered in one that goes nowhere makes no difference."""
    return (Outcome.REJECT, (), False) if verdict.outcome is Outcome.REJECT else what_happens(verdict)


def _joint(verdicts: list[Verdict]) -> Result:
    results = [_result(verdict) for verdict in verdicts]
    outcome = max((outcome for outcome, _, _ in results), key=lambda outcome: outcome.strictness)
    if outcome is Outcome.REJECT:
        return Outcome.REJECT, (), False
    covered = in_order(box for _, boxes, _ in results for box in boxes)
    return outcome, covered, any(it[2] for it in results)


def _useful(judged: Judged) -> Iterator[Asks]:
    """The sets of questions whose answers can change what happens with the photo on one channel, the cheapest first."""
    for asks in _options(judged.case, besides_who(judged.case, about_list=judged.may_be_list)):
        asked = asks.as_questions(judged.case)
        if asked and judged.is_lifted(judged.at_best(asked)):
            yield asks


def _options(case: Case, others: tuple[Question, ...]) -> Iterator[Asks]:
    """The sets of questions that may settle it, the cheapest first: a list of people is one look and a tap for each
    of them who is there, outsiders are a tap each, and whose a face is takes a tap and a name for every face."""
    base = Asks(others=others)
    if case.unsettled & case.answers.unsure:
        yield base
        return
    base = replace(base, missing=case.missing)
    persons = case.unsettled - case.missing
    asked = set(case.to_ask_about()) - pupils_left_open(case)
    faces = tuple(face.id for face in case.faces if face.id in asked and face.label is None and not face.may_be_shown)
    surplus = 0 if case.answers.others or not case.candidates.people else case.candidates.surplus
    if not persons:
        yield replace(base, outsiders=faces, surplus=surplus) if surplus else replace(base, who=faces)
        yield replace(base, who=faces)
        return
    yield replace(base, persons=persons)
    if 0 < surplus < len(faces):
        yield replace(base, persons=persons, outsiders=faces, surplus=surplus)
    yield replace(base, persons=case.named, who=faces)
    yield replace(base, persons=persons, who=faces)
