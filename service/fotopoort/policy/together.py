"""Channels that get one message: one outcome for all of them, by the strictest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from fotopoort.policy.measures import in_order
from fotopoort.policy.policy import Channel, Policy
from fotopoort.policy.questions import listed, merged
from fotopoort.policy.rules import rule
from fotopoort.policy.texts.wording import worded
from fotopoort.vocabulary import (
    Action,
    ChannelId,
    Outcome,
    People,
    Person,
    PersonId,
    Reason,
    Verdict,
)


def as_strict_as_all(
    verdicts: Mapping[ChannelId, Verdict], people: People | None, policy: Policy
) -> dict[ChannelId, Verdict]:
    """The verdicts of channels that get one message, see `decide.decide_all`."""
    persons = people.persons if people else {}
    return {channel: _as_strict_as_all(verdict, verdicts, policy, persons) for channel, verdict in verdicts.items()}


def _as_strict_as_all(
    verdict: Verdict, verdicts: Mapping[ChannelId, Verdict], policy: Policy, persons: Mapping[PersonId, Person]
) -> Verdict:
    strictest = max((other.outcome for other in verdicts.values()), key=lambda outcome: outcome.strictness)
    covered = in_order(box for other in verdicts.values() for box in other.covered)
    faces = {
        face: max(
            (other.faces[face] for other in (verdict, *verdicts.values())),
            key=lambda judged: judged.action is Action.COVER,
        )
        for face in verdict.faces
    }
    holding_back = [
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
    return stricter(joint, strictest, _reason(holding_back)) if holding_back else worded(joint)


def _photo_outcome(verdicts: Collection[Verdict]) -> Outcome | None:
    """The photo's own outcome on channels that share one."""
    if not any(verdict.photo_outcome for verdict in verdicts):
        return None
    own = [verdict.photo_outcome or verdict.outcome for verdict in verdicts]
    return max(own, key=lambda outcome: outcome.strictness)


def _reason(channels: Sequence[Channel]) -> Reason:
    says = rule("R60").says
    labels = [channel.label for channel in channels]
    return Reason(
        "R60",
        (),
        says.nl.format(channels=listed([label.nl for label in labels], "en")),
        says.en.format(channels=listed([label.en for label in labels], "and")),
    )


def stricter(verdict: Verdict, outcome: Outcome, reason: Reason) -> Verdict:
    """The verdict with that outcome for one reason more, and no longer "may go out as it is" where it may not."""
    others = tuple(other for other in verdict.reasons if other.rule != "R50" or outcome is Outcome.PUBLISH)
    return worded(replace(verdict, outcome=outcome, reasons=(reason, *others)))
