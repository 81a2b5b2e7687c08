"""From findings and answers to a verdict: walk the table of `rules.py`; the strictest rule wins.

Pure: the same findings, answers, people and policy always give the same verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fotopoort.policy.best_answers import best_answers
from fotopoort.policy.case import Case, SoFar, open_case
from fotopoort.policy.conditions import Match, somebody_never_locatable
from fotopoort.policy.crops.offer import with_crops
from fotopoort.policy.crops.part import answers_about, within_count
from fotopoort.policy.measures import face_cover, in_order
from fotopoort.policy.policy import Channel, Policy
from fotopoort.policy.questions import questions
from fotopoort.policy.rule import On, Rule, Ruling, Step, Then, reasons
from fotopoort.policy.rules import RULES, rule
from fotopoort.policy.texts.wording import worded
from fotopoort.policy.together import as_strict_as_all, stricter
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ChannelId,
    FaceVerdict,
    Findings,
    Outcome,
    People,
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
        """The verdicts after the most favourable answers to these questions."""
        return tuple(self.again(best) for best in best_answers(self.case, asked))

    def asking(self) -> Verdict:
        """The verdict with its questions, if there is any use in asking them."""
        asked = questions(self.case, about_list=self.may_be_list)
        if not self.is_lifted(self.at_best(asked)):
            asked = ()
        not_yet = bool(asked) and self.verdict.outcome is Outcome.REJECT
        return worded(replace(self.verdict, questions=asked, not_yet=not_yet))

    def is_lifted(self, answered: Iterable[Verdict]) -> bool:
        """Whether any of these verdicts changes what happens with the photo; a reject changes only by being lifted."""
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
    """Do what `decide` does, without the questions."""
    terms = policy.channel(channel)
    if findings.failure is not None:
        findings = Findings(findings.sha256, 0, 0, findings.format, failure=findings.failure)
        rules = [row for row in rules if row.id == "R01"]
        answers = Answers()
    verdict, case = _decided(findings, answers, people, policy, terms, rules)
    # Somebody who is never locatable counts here only once pointed out: questions may not reveal it.
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

    Returns:
        Each with the crop that may go out instead, where there is one; where the answers ask for it, it goes out.

    Raises:
        UnknownChannel: the policy has no such channel.
    """
    verdicts = {channel: decide(findings, answers, people, policy, channel) for channel in channels}
    return settled(verdicts, findings, answers, people, policy, together=together)


def settled(
    verdicts: Mapping[ChannelId, Verdict],
    findings: Findings,
    answers: Answers,
    people: People | None,
    policy: Policy,
    *,
    together: bool,
) -> dict[ChannelId, Verdict]:
    """The verdicts of a photo on each channel, as `decide_all` gives them."""
    if together:
        verdicts = as_strict_as_all(verdicts, people, policy)

    def judge_part(part: Findings, answers: Answers, channel: ChannelId) -> Verdict:
        return _decided(part, answers, people, policy, policy.channel(channel), RULES)[0]

    return with_crops(verdicts, findings, answers, people, policy, judge_part, together=together)


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
    return decide(part, within_count(case, answers_about(case, box), part), people, policy, channel)


def unverified(verdict: Verdict) -> Verdict:
    """The verdict where covering or cropping did not succeed: a reject by rule R41."""
    row = rule("R41")
    crop = None if verdict.part is not None else verdict.crop
    rejected = replace(verdict, not_yet=False, photo_outcome=None, crop=crop)
    return stricter(rejected, Outcome.REJECT, Reason(row.id, (), row.says.nl, row.says.en))


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
        boxes=in_order(box.clipped(width, height) for box in boxes),
    )
