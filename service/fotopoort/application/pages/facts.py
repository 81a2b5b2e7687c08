"""What holds at this school now, as far as the pages speak of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fotopoort.policy.policy import Policy
from fotopoort.registry import school_settings
from fotopoort.registry.photos import takedowns
from fotopoort.registry.registry import Session
from fotopoort.registry.school_settings import Setting, Weighing
from fotopoort.school_file import School
from fotopoort.vocabulary import ChannelId


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page is made of.

    Attributes:
        policy: with what the school decides itself.
        takedown_days: within how many days a photo is taken down.
        weighings: who weighed that a channel goes without consent.
        bases: when the school set a channel's ground, and why; channels that are as the policy has them are left out.
        has_registry: whether there is a registry; without one the grounds are those of the policy.
    """

    policy: Policy
    school: School = School()  # noqa: RUF009 - a frozen value
    takedown_days: int = takedowns.DAYS
    weighings: Mapping[ChannelId, Weighing] = field(default_factory=dict)
    bases: Mapping[ChannelId, Setting] = field(default_factory=dict)
    has_registry: bool = False


def of_registry(session: Session, policy: Policy, school: School) -> Facts:
    """What holds according to the registry."""
    history = school_settings.history(session, school_settings.BASIS)
    settings = replace(policy.settings, first_say_who=school_settings.first_say_who(session))
    return Facts(
        policy=replace(policy, channels=school_settings.channels(session), settings=settings),
        school=school,
        takedown_days=school_settings.days(session, school_settings.TAKEDOWN_DAYS, takedowns.DAYS),
        weighings=school_settings.weighings(session),
        bases={basis.key.removeprefix(school_settings.BASIS): basis for basis in history},
        has_registry=True,
    )
