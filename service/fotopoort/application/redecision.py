"""Deciding again without the photo: does what was decided under one context still hold under a later one?

Pure, and cheap enough to be done inside a transaction and on every fetch. It is enough to see that nothing differs;
where something does, the photo itself is judged again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fotopoort.application.context import DecisionContext
from fotopoort.policy.decide import decide_all
from fotopoort.screening.screen import Request, Screening, names_to_find, search_names
from fotopoort.vocabulary import NOTHING_ELSEWHERE, Action, Answers, ChannelId, Findings, PersonId, Verdict


@dataclass(frozen=True, slots=True)
class GivenScreening:
    """A screening as it was given, and what it rests on.

    Attributes:
        request: as the photo was judged, with the rules that were set aside for it.
        context: what it was judged by.
        number: of the latest answer that was taken into account.
        has_texts: whether the findings still hold the texts that were read, so that names can be searched again.
        captured_at: when the photo was taken, see `CaptureDate.moment`; None: nothing tells.
    """

    screening: Screening
    request: Request = field(repr=False)
    context: DecisionContext = field(repr=False)
    number: int = 0
    has_texts: bool = True
    captured_at: str | None = None

    @property
    def text_size(self) -> int:
        """How many characters of text it holds."""
        findings = self.screening.findings
        texts = [line.text for line in findings.text] + [hint.text or "" for hint in findings.hints]
        return len(self.request.caption or "") + sum(map(len, texts))

    def without_pictures(self) -> GivenScreening:
        """The same without renditions and preview, to keep many."""
        return replace(self, screening=replace(self.screening, renditions={}, preview=None))

    def named(self) -> frozenset[PersonId]:
        """Everybody whose id or name may be read in the document."""
        named = self.request.answers.named
        named |= {hit.person for hit in self.screening.findings.names if hit.person}
        named |= {person for region in self.screening.findings.regions for person in region.persons}
        for verdict in self.screening.verdicts.values():
            for question in verdict.questions:
                named |= {*question.persons, *filter(None, [question.person])}
        return named | self.screening.asks.persons | self.screening.asks.missing


def _could_be_in(given: GivenScreening) -> frozenset[PersonId]:
    """Everybody who may be in the photo without being named: who was erased must not be in results given later."""
    answers, people = given.request.answers, given.context.people
    if people is None or answers.nobody_else:
        return frozenset()
    could_be = (
        person.id
        for person in people.persons.values()
        if not person.nameless and (not answers.groups or answers.others or answers.groups & person.groups)
    )
    return frozenset(could_be) - answers.absent


def differs(given: GivenScreening, request: Request, context: DecisionContext) -> bool:
    """Whether anything would be decided differently now.

    Args:
        request: as the photo would be judged now.
    """
    if given.screening.findings.failure is not None:
        return False
    if context.version == given.context.version and request == given.request:
        return False
    if (given.named() & _known(given.context)) - _known(context):
        return True  # a question names somebody who is no longer known
    findings = findings_now(given, context)
    if findings != given.screening.findings or _said_here(request.answers) != _said_here(given.request.answers):
        return True
    before, now = _decided(findings, given.request, given.context), _decided(findings, request, context)
    return _without_revision(before) != _without_revision(now)


def has_lost(given: GivenScreening, context: DecisionContext) -> bool:
    """Whether the answers name somebody who was known then and no longer is."""
    return bool((given.request.answers.named & _known(given.context)) - _known(context))


def is_outdated(given: GivenScreening, number: int, answers: Answers, context: DecisionContext) -> bool:
    """Whether a result that was given may not be given again. It may not where

    - somebody answered a question about the photo, or took an answer back, since then;
    - the caller no longer knows somebody whom the result names, or who could be in the photo;
    - searching for names would find others; or
    - a verdict would be stricter.

    Args:
        number: of the latest answer about the photo.
        answers: all of them.
        context: what the photo would be judged by now.
    """
    was = given.request.answers
    if number != given.number or _by_teacher(answers) != _by_teacher(was):
        return True
    if context.version == given.context.version and answers.elsewhere == was.elsewhere:
        return False
    findings = findings_now(given, context)
    persons = (given.named() | _could_be_in(given)) & _known(given.context)
    if persons - _known(context) or findings != given.screening.findings:
        return True
    request = replace(given.request, answers=replace(was, elsewhere=answers.elsewhere))
    now = _decided(findings, context.effective_for(request, findings.sha256), context)
    return any(_stricter(verdict, now[channel]) for channel, verdict in given.screening.verdicts.items())


def findings_now(given: GivenScreening, context: DecisionContext) -> Findings:
    """The findings, brought up to date with the names and the blocked photos in the registry now.

    If texts that were not read or not kept would have to be searched for other names than before, `names_checked` is
    reversed, so that the findings differ from those that were given.
    """
    findings = given.screening.findings
    findings = replace(findings, blocked=context.blocked.holds(findings.sha256, findings.perceptual_hash))
    if context.names == given.context.names:
        return findings
    if not given.has_texts or bool(context.names) is not bool(given.context.names):
        return replace(findings, names_checked=not findings.names_checked)
    request = given.request
    return search_names(findings, request, names_to_find(context.job(request)))


def at_revision(screening: Screening, context: DecisionContext) -> Screening:
    """The same screening, said to hold at the context's revision of the people."""
    revision = context.people.revision if context.people else None
    verdicts = {channel: replace(verdict, registry=revision) for channel, verdict in screening.verdicts.items()}
    return replace(screening, verdicts=verdicts, receipt=replace(screening.receipt, registry=revision))


def _known(context: DecisionContext) -> frozenset[PersonId]:
    return frozenset(context.people.persons if context.people else ())


def _by_teacher(answers: Answers) -> Answers:
    return replace(_said_here(answers), overridden=frozenset())


def _said_here(answers: Answers) -> Answers:
    return replace(answers, elsewhere=NOTHING_ELSEWHERE)


def _decided(findings: Findings, request: Request, context: DecisionContext) -> Mapping[ChannelId, Verdict]:
    return decide_all(
        findings, request.answers, context.people, context.policy, request.channels, together=request.together
    )


def _without_revision(verdicts: Mapping[ChannelId, Verdict]) -> dict[ChannelId, Verdict]:
    return {channel: replace(verdict, registry=None) for channel, verdict in verdicts.items()}


def _stricter(given: Verdict, now: Verdict) -> bool:
    """Whether anything that was allowed is not allowed now."""
    kept = (face for face, judged in given.faces.items() if judged.action is Action.KEEP)
    return (
        now.outcome.strictness > given.outcome.strictness
        or not set(now.covered) <= set(given.covered)
        or any(now.faces[face].action is Action.COVER for face in kept)
        or (now.neutral_name and not given.neutral_name)
        or (given.part is not None and now.crop != given.crop)
    )
