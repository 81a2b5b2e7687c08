"""Which of a rule's sentences is true of a verdict: "is covered" is not said of a photo that does not go out.

A reason is worded again once the outcome is known, whether an answer can still lift it, and whether only the text
beside the photo is at fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from fotopoort.policy.conditions import Match
from fotopoort.policy.measures import OverviewShare, overview_share
from fotopoort.policy.policy import Channel, Policy
from fotopoort.policy.rule import FRONT, PERHAPS_FRONT, Rule, filled, number
from fotopoort.policy.rules import rule
from fotopoort.vocabulary import Answers, Findings, Outcome, Question, QuestionKind, Reason, Text, Verdict

ABOUT_TEXT: Final = frozenset({QuestionKind.IS_NAME, QuestionKind.IS_PRIVATE_LIST})  # kinds that are about no face


def worded(verdict: Verdict) -> Verdict:
    """The verdict with each reason in the sentence that is true of it."""
    return replace(verdict, reasons=tuple(dict.fromkeys(_worded(reason, verdict) for reason in verdict.reasons)))


def _worded(reason: Reason, verdict: Verdict) -> Reason:
    row, now = rule(reason.rule), Text(reason.nl, reason.en)
    for front in (FRONT, PERHAPS_FRONT):
        if now in [filled(text, "front", front) for text in row.sentences]:
            says = filled(_sentence(row, verdict), "front", front)
            return replace(reason, nl=says.nl, en=says.en)
    return reason  # it was set aside, or has its own words in it


def _sentence(row: Rule, verdict: Verdict) -> Text:
    photo = verdict.photo_outcome or verdict.outcome
    choices: list[Text | None] = []
    if photo is not Outcome.REJECT:
        choices = [row.text_alone] if verdict.photo_outcome else []
    else:
        if verdict.not_yet:
            who_open = any(question.kind not in ABOUT_TEXT for question in verdict.questions)
            choices = [row.who_open if who_open else None, row.not_yet]
        choices.append(row.rejected)
    return next((text for text in choices if text is not None), row.says)


# --- about a whole photo, or a whole post ----------------------------------------------------------------


IS_HARMFUL: Final = "q-is-harmful"  # the id of that question


def harm_question(answers: Answers) -> Question | None:
    """The one question that nothing waits for (rule R05): asked once of a photo or post, whatever its channels, before
    anything goes out. None: it was answered, or nobody knows."""
    if answers.harmful is not None or answers.elsewhere.harmful or IS_HARMFUL in answers.left_open:
        return None
    says = rule("R05").says
    return Question(IS_HARMFUL, QuestionKind.IS_HARMFUL, says.nl, says.en)


MAY_FACE_CAMERA: Final = Question(
    "q-may-face-camera",
    QuestionKind.MAY_FACE_CAMERA,
    "Iemand is groot en van voren te zien op deze foto. Mag dat gezicht zo te zien zijn?",
    "Somebody is seen large and from the front in this photo. May that face be seen so?",
)
PERHAPS_FACES_CAMERA: Final = replace(
    MAY_FACE_CAMERA,
    nl="Misschien is iemand groot en van voren te zien op deze foto. Mag dat gezicht zo te zien zijn?",
    en="Perhaps somebody is seen large and from the front in this photo. May that face be seen so?",
)


def camera_question(seen: Match) -> Question:
    """Whether those who are seen large and from the front may be: it says "perhaps" where of none of these faces the
    direction is known (as `PERHAPS_FRONT` in a reason)."""
    return MAY_FACE_CAMERA if frozenset(seen.faces) - seen.unsure else PERHAPS_FACES_CAMERA


def few_overviews(several: Iterable[Findings], policy: Policy, channel: Channel) -> Reason | None:
    """What is told of the photos of a post of which less than half are overviews (rule R61); on a public channel
    alone."""
    return told_of(overview_share(several, policy)) if channel.public else None


def told_of(share: OverviewShare) -> Reason | None:
    """The same, of photos that were counted."""
    if share.mostly:
        return None
    says = rule("R61").says
    for key, count in (("overviews", share.overviews), ("photos", share.photos)):
        says = filled(says, key, number(count))
    return Reason("R61", (), says.nl, says.en)
