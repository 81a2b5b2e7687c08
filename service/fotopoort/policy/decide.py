"""From findings and answers to a verdict: walk the table of `rules.py`; the strictest rule wins.

Pure: the same findings, answers, people and policy always give the same verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fotopoort.policy.best_answers import best_answers
from fotopoort.policy.case import Case, SoFar, open_case
from fotopoort.policy.conditions import Match, somebody_never_locatable
from fotopoort.policy.measures import face_cover
from fotopoort.policy.policy import Channel, Policy
from fotopoort.policy.questions import listed, merged, questions
from fotopoort.policy.rule import On, Rule, Ruling, Step, Then, reasons
from fotopoort.policy.rules import RULES, rule
from fotopoort.policy.texts.wording import worded
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
    Question,
    Reason,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A photo on a channel, judged and not yet asked about."""

    verdict: Verdict  # without questions
    case: Case  # at the end of it
    again: Callable[[Answers], Verdict]  # the verdict by other answers

    @property
    def may_be_list(self) -> bool:
        """Whether names readable in the picture hold the photo back (rule R15)."""
        return any(reason.rule == "R15" for reason in self.verdict.reasons)

    def at_best(self, asked: Sequence[Question]) -> tuple[Verdict, ...]:
        """The verdicts after the answers to these questions that loosen most."""
        return tuple(self.again(best) for best in best_answers(self.case, asked))

    def asking(self) -> Verdict:
        """The verdict with its questions, if there is any use in asking them."""
        asked = questions(self.case, about_list=self.may_be_list)
        if not self.is_lifted(self.at_best(asked)):
            asked = ()
        not_yet = bool(asked) and self.verdict.outcome is Outcome.REJECT
        return worded(replace(self.verdict, questions=asked, not_yet=not_yet))

    def is_lifted(self, answered: Iterable[Verdict]) -> bool:
        """Whether any of these verdicts changes what happens with the photo: a reject only by lifting it."""
        if self.verdict.outcome is Outcome.REJECT:
            return any(better.outcome is not Outcome.REJECT for better in answered)
        return any(what_happens(better) != what_happens(self.verdict) for better in answered)


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
    return judge(findings, answers, people, policy, channel, rules=rules).asking()


def judge(
    findings: Findings,
    answers: Answers,
    people: People | None,
    policy: Policy,
    channel: ChannelId,
    *,
    rules: Sequence[Rule] = RULES,
) -> Judged:
    """Do what `decide` does, but for the questions."""
    terms = policy.channel(channel)
    if findings.failure is not None:
        findings = Findings(findings.sha256, 0, 0, findings.format, failure=findings.failure)
        rules = [row for row in rules if row.id == "R01"]
        answers = Answers()
    verdict, case = _decided(findings, answers, people, policy, terms, rules)
    # That somebody must never be found counts here only once they were pointed out: it may not show in what is asked.
    lenient = rules if somebody_never_locatable(case) else [row for row in rules if row.id != "R03"]
    if findings.sha256 and any(reason.rule == "R10" for reason in verdict.reasons):
        without = [row for row in rules if row.id != "R10"]
        verdict = replace(verdict, photo_outcome=_decided(findings, answers, people, policy, terms, without)[0].outcome)
    return Judged(verdict, case, lambda better: _decided(findings, better, people, policy, terms, lenient)[0])


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
        reasons=reasons(rulings),
        questions=(),
        neutral_name=any(ruling.then is Then.NEUTRAL_NAME for ruling in rulings),
        basis=terms.basis,
        policy=policy.id,
        registry=people.revision if people else None,
    )
    return verdict, case


def what_happens(verdict: Verdict) -> tuple[Outcome, tuple[Box, ...], bool]:
    """What a verdict comes to, whatever the reasons."""
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

    Raises:
        UnknownChannel: the policy has no such channel.
    """
    verdicts = {channel: decide(findings, answers, people, policy, channel) for channel in channels}
    return as_strict_as_all(verdicts, people, policy) if together else verdicts


def as_strict_as_all(
    verdicts: Mapping[ChannelId, Verdict], people: People | None, policy: Policy
) -> dict[ChannelId, Verdict]:
    """The verdicts of channels that get one message, see `decide_all`."""
    persons = people.persons if people else {}
    return {channel: _as_strict_as_all(verdict, verdicts, policy, persons) for channel, verdict in verdicts.items()}


def unverified(verdict: Verdict) -> Verdict:
    """The verdict where covering did not succeed: a reject by rule R41."""
    row = rule("R41")
    final = replace(verdict, not_yet=False, photo_outcome=None)
    return _stricter(final, Outcome.REJECT, Reason(row.id, (), row.says.nl, row.says.en))


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


def _as_strict_as_all(
    verdict: Verdict, verdicts: Mapping[ChannelId, Verdict], policy: Policy, persons: Mapping[PersonId, Person]
) -> Verdict:
    strictest = max((other.outcome for other in verdicts.values()), key=lambda outcome: outcome.strictness)
    covered = _in_order(box for other in verdicts.values() for box in other.covered)
    faces = {
        face: max(
            (other.faces[face] for other in (verdict, *verdicts.values())),
            key=lambda judged: judged.action is Action.COVER,
        )
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
        photo_outcome=_photo_outcome(verdicts.values()),
    )
    return _stricter(joint, strictest, _together(stricter)) if stricter else worded(joint)


def _photo_outcome(verdicts: Collection[Verdict]) -> Outcome | None:
    """The photo's own outcome on channels that share one."""
    if not any(verdict.photo_outcome for verdict in verdicts):
        return None
    own = [verdict.photo_outcome or verdict.outcome for verdict in verdicts]
    return max(own, key=lambda outcome: outcome.strictness)


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
    return worded(replace(verdict, outcome=outcome, reasons=(reason, *others)))
