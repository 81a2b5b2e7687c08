"""From findings and answers to a verdict: walk the table of `rules.py`; the strictest rule wins.

Pure: the same findings, answers, people and policy always give the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fotopoort.policy.best_answers import best_answers
from fotopoort.policy.case import Case, SoFar, open_case
from fotopoort.policy.conditions import Match, somebody_never_locatable
from fotopoort.policy.crops.offer import with_crops
from fotopoort.policy.crops.part import answers_about
from fotopoort.policy.measures import face_cover
from fotopoort.policy.policy import Channel, Policy
from fotopoort.policy.questions import listed, merged, questions
from fotopoort.policy.rule import On, Rule, Step, Then
from fotopoort.policy.rules import RULES, rule
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ChannelId,
    FaceVerdict,
    Findings,
    Outcome,
    People,
    Person,
    PersonId,
    Reason,
    Text,
    Verdict,
)

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

    def reason(self) -> Reason:
        faces = self.match.faces if self.match.about is None else self.match.about
        return Reason(self.rule.speaks_as or self.rule.id, faces, self.says.nl, self.says.en)


def decide(
    findings: Findings,
    answers: Answers,
    people: People | None,
    policy: Policy,
    channel: ChannelId,
    *,
    rules: Sequence[Rule] = RULES,
) -> Verdict:
    """Judge one photo for one channel.

    Args:
        findings: what the analysis found; with a `failure` the verdict is a reject by R01 alone.
        answers: what the teacher said.
        people: everyone the school knows; None: anyone could be anyone, and nobody may be shown.
        rules: the table, in any order.

    Raises:
        UnknownChannel: the policy has no such channel.
    """
    terms = policy.channel(channel)
    if findings.failure is not None:
        findings = Findings(findings.sha256, 0, 0, findings.format, failure=findings.failure)
        rules = [row for row in rules if row.id == "R01"]
        answers = Answers()
    verdict, case = _decided(findings, answers, people, policy, terms, rules)
    asked = questions(case, about_list=any(reason.rule == "R15" for reason in verdict.reasons))
    # That somebody must never be found counts here only once they were pointed out: it may not show in what is asked.
    lenient = rules if somebody_never_locatable(case) else [row for row in rules if row.id != "R03"]
    answered = (_decided(findings, best, people, policy, terms, lenient)[0] for best in best_answers(case, asked))
    if not any(_lifts(verdict, better) for better in answered):
        asked = ()
    return replace(verdict, questions=asked, not_yet=bool(asked) and verdict.outcome is Outcome.REJECT)


def _decided(
    findings: Findings,
    answers: Answers,
    people: People | None,
    policy: Policy,
    terms: Channel,
    rules: Iterable[Rule],
) -> tuple[Verdict, Case]:
    """The verdict without questions, and the case at the end of it."""
    case = open_case(findings, answers, people, policy, terms)
    rulings: list[Ruling] = []
    for step in (Step.PHOTO, Step.WHAT_IS_LEFT, Step.NOTHING_ELSE):
        rulings += _applying(rules, case, step)
        case = replace(case, so_far=_so_far(case, rulings))
    covered = case.so_far.faces
    verdict = Verdict(
        channel=terms.id,
        outcome=case.so_far.outcome,
        faces={
            face.id: FaceVerdict(Action.COVER if face.id in covered else Action.KEEP, face.basis) for face in case.faces
        },
        covered=case.so_far.boxes,
        reasons=_reasons(rulings),
        questions=(),
        neutral_name=any(ruling.then is Then.NEUTRAL_NAME for ruling in rulings),
        basis=terms.basis,
        policy=policy.id,
        registry=people.revision if people else None,
    )
    return verdict, case


def _lifts(verdict: Verdict, answered: Verdict) -> bool:
    """Whether the answers to the questions can change what happens with the photo: a reject only by lifting it."""
    if verdict.outcome is Outcome.REJECT:
        return answered.outcome is not Outcome.REJECT
    return _what_happens(answered) != _what_happens(verdict)


def _what_happens(verdict: Verdict) -> tuple[Outcome, tuple[Box, ...], bool]:
    return verdict.outcome, verdict.covered, verdict.neutral_name


def decide_all(
    findings: Findings,
    answers: Answers,
    people: People | None,
    policy: Policy,
    channels: Iterable[ChannelId],
    *,
    together: bool = False,
) -> dict[ChannelId, Verdict]:
    """A verdict per channel, in the order asked for.

    Args:
        together: the channels get one message with one rendition, by the strictest of them: each verdict then has the
            strictest outcome, everything that is covered anywhere, and everybody's questions.

    Returns:
        Each with the crop that may go out instead, where there is one; where the answers ask for it, it goes out.

    Raises:
        UnknownChannel: the policy has no such channel.
    """
    verdicts = {channel: decide(findings, answers, people, policy, channel) for channel in channels}
    if together:
        persons = people.persons if people else {}
        verdicts = {
            channel: _as_strict_as_all(verdict, verdicts, policy, persons) for channel, verdict in verdicts.items()
        }

    def judge(part: Findings, said: Answers, channel: ChannelId) -> Verdict:
        return _decided(part, said, people, policy, policy.channel(channel), RULES)[0]

    return with_crops(verdicts, findings, answers, people, policy, judge, together=together)


def decide_part(
    findings: Findings,
    answers: Answers,
    people: People | None,
    policy: Policy,
    channel: ChannelId,
    part: Findings,
    box: Box,
) -> Verdict:
    """Judge a part of a photo as a photo of its own.

    Args:
        findings, answers: of the whole photo.
        part: what was found in the part, see `crops.part`.
        box: where it is.
    """
    case = open_case(findings, answers, people, policy, policy.channel(channel))
    return decide(part, answers_about(case, box), people, policy, channel)


def unverified(verdict: Verdict) -> Verdict:
    """The verdict where covering or cropping did not succeed: a reject by rule R41."""
    row = rule("R41")
    rejected = replace(verdict, not_yet=False, crop=None if verdict.crop and verdict.crop.applied else verdict.crop)
    return _stricter(rejected, Outcome.REJECT, Reason(row.id, (), row.says.nl, row.says.en))


def _applying(rules: Iterable[Rule], case: Case, step: Step) -> list[Ruling]:
    here = (On.EVERY, On.PUBLIC if case.channel.public else On.CLOSED)
    return [
        _ruling(row, case, match)
        for row in rules
        if row.step is step and row.on in here and row.applies and (match := row.applies(case))
    ]


def _ruling(row: Rule, case: Case, match: Match) -> Ruling:
    """What the rule comes to; where the privacy officer set it aside, advice."""
    if row.set_aside and (case.channel.id, row.id) in case.answers.overridden:
        return Ruling(row, Then.ADVISE, match, row.set_aside)
    return Ruling(row, row.effect(case.policy), match, row.says)


def _so_far(case: Case, rulings: Sequence[Ruling]) -> SoFar:
    """What the rulings come to. A face that no rule keeps is covered, even where no rule covers it."""
    to_keep = {face for ruling in rulings if ruling.then is Then.KEEP for face in ruling.match.faces}
    to_cover = {face for ruling in rulings if ruling.then is Then.COVER for face in ruling.match.faces}
    faces = [face for face in case.faces if face.id in to_cover or face.id not in to_keep]
    width, height = case.findings.width, case.findings.height
    boxes = [face_cover(face.face, width, height, case.policy) for face in faces]
    boxes += [box for ruling in rulings if ruling.then is Then.COVER for box in ruling.match.boxes]
    outcomes = [ruling.outcome for ruling in rulings] + [Outcome.BLUR if faces else Outcome.PUBLISH]
    return SoFar(
        outcome=max(outcomes, key=lambda outcome: outcome.strictness),
        faces=frozenset(face.id for face in faces),
        boxes=_in_order(box.clipped(width, height) for box in boxes),
    )


def _in_order(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Each box once, top to bottom, so that the same covers are the same value however they came about."""
    return tuple(sorted({box for box in boxes if box.area > 0}, key=lambda box: (box.y, box.x, box.w, box.h)))


def _reasons(rulings: Iterable[Ruling]) -> tuple[Reason, ...]:
    """The strictest first, then by rule; each once."""
    ranked = [(-ruling.outcome.strictness, ruling.reason()) for ruling in rulings if not ruling.match.silent]
    return tuple(dict.fromkeys(reason for _, reason in sorted(ranked, key=lambda entry: (entry[0], entry[1].rule))))


def _as_strict_as_all(
    verdict: Verdict, verdicts: Mapping[ChannelId, Verdict], policy: Policy, persons: Mapping[PersonId, Person]
) -> Verdict:
    strictest = max((other.outcome for other in verdicts.values()), key=lambda outcome: outcome.strictness)
    covered = _in_order(box for other in verdicts.values() for box in other.covered)
    faces = {
        face: max((other.faces[face] for other in (verdict, *verdicts.values())), key=_is_cover)
        for face in verdict.faces
    }
    stricter = [
        policy.channel(channel)
        for channel, other in verdicts.items()
        if other.outcome.strictness > verdict.outcome.strictness
        or set(other.covered) - set(verdict.covered)
        or other.neutral_name > verdict.neutral_name
    ]
    rejects = [other for other in verdicts.values() if other.outcome is Outcome.REJECT]
    final = not all(other.not_yet for other in rejects)  # then no answer helps, whatever is asked for the others
    asked = [question for other in (verdict, *verdicts.values()) for question in other.questions]
    joint = replace(
        verdict,
        faces=faces,
        covered=covered,
        questions=() if final else merged(asked, persons),
        neutral_name=any(other.neutral_name for other in verdicts.values()),
        not_yet=bool(rejects) and not final,
    )
    return _stricter(joint, strictest, _together(stricter)) if stricter else joint


def _is_cover(face: FaceVerdict) -> bool:
    return face.action is Action.COVER


def _together(channels: Sequence[Channel]) -> Reason:
    says = rule("R60").says
    labels = [channel.label for channel in channels]
    return Reason(
        "R60",
        (),
        says.nl.format(channels=listed([label.nl for label in labels], "en")),
        says.en.format(channels=listed([label.en for label in labels], "and")),
    )


def _stricter(verdict: Verdict, outcome: Outcome, reason: Reason) -> Verdict:
    """The verdict with that outcome for one reason more, and no longer "may go out as it is" where it may not."""
    others = tuple(other for other in verdict.reasons if other.rule != "R50" or outcome is Outcome.PUBLISH)
    return replace(verdict, outcome=outcome, reasons=(reason, *others))
