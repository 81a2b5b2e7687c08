"""A no holds for every channel of its purpose, a yes for those that were named: also when channels come and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.policy.policy import Channel
from fotopoort.policy_file import load_policy
from fotopoort.registry.consent import purposes
from fotopoort.registry.consent.derivation import FORBIDS, Capacity, Consent, derive
from fotopoort.registry.consent.speakers import GUARDIANS
from fotopoort.school_file import Wording
from fotopoort.vocabulary import ConsentState, Text

GRANTED, REFUSED, NOT_ASKED = ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.NOT_ASKED
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PACKAGED = load_policy().channels
WEBSITE, FACEBOOK = load_policy().channel("website"), load_policy().channel("facebook")
INSTAGRAM = replace(FACEBOOK, id="instagram")
SCHOOL_GUIDE = replace(WEBSITE, id="school_guide")  # here of the website's purpose, which is called as a channel
ALL = (*PACKAGED, INSTAGRAM, SCHOOL_GUIDE)


def said(
    name: str,
    decision: ConsentState,
    days_ago: int = 10,
    *,
    named: Sequence[str] | None = None,
    speaker: str = "mother",
    asked_for: str | None = None,
    undoes: str | None = None,
    then: Mapping[str, str] | None = None,
) -> Consent:
    id = f"{name} {decision} {days_ago} {named} {speaker}"
    at, channels = NOON - timedelta(days=days_ago), None if named is None else tuple(named)
    consent = Consent(id, "p1", name, decision, speaker, Capacity.GUARDIAN, at, undoes=undoes)
    return replace(consent, channels=channels, asked_for=asked_for, purposes_then=then)


def recorded(consents: Sequence[Consent], channels: Sequence[Channel] = ALL) -> list[Consent]:
    """These statements, as they are recorded while there are these channels."""
    then = purposes.purposes_of(channels)
    return [
        replace(consent, asked_for=purposes.asked_for(consent.purpose, then), purposes_then=then)
        for consent in consents
    ]


def moved(purpose: str, *ids: str) -> list[Channel]:
    """ALL, with these channels moved to that purpose."""
    return [replace(channel, purpose=purpose) if channel.id in ids else channel for channel in ALL]


def states(consents: Sequence[Consent], channels: Sequence[Channel] = ALL) -> dict[str, ConsentState]:
    counting = purposes.by_channel(consents, channels)
    return {channel.id: derive(counting.get(channel.id, ()), NOON).state for channel in channels}


def granted(consents: Sequence[Consent], channels: Sequence[Channel] = ALL) -> set[str]:
    return {channel for channel, state in states(consents, channels).items() if state is GRANTED}


def refused(consents: Sequence[Consent], channels: Sequence[Channel] = ALL) -> set[str]:
    return {channel for channel, state in states(consents, channels).items() if state in FORBIDS}


SOCIAL, SITES = {"facebook", "instagram"}, {"website", "school_guide"}
NO = said("facebook", REFUSED)
CASES: dict[str, tuple[set[str], set[str], Sequence[Consent]]] = {  # granted, refused, of what was said
    "a no to a purpose": (set(), SOCIAL, [said("social_media", REFUSED)]),
    "a no to one of its channels": (set(), SOCIAL, [NO]),
    "a no to a purpose that is called as a channel": (set(), SITES, [said("website", REFUSED)]),
    "a yes to a channel, without a question": ({"facebook"}, set(), [said("facebook", GRANTED)]),
    "a yes to a name that is of a channel and of a purpose": ({"website"}, set(), [said("website", GRANTED)]),
    "a yes to a purpose, without a question": (set(), set(), [said("social_media", GRANTED)]),
    "a yes to a question": ({"facebook"}, set(), [said("social_media", GRANTED, named=["facebook"])]),
    "a yes to a question about both": (SOCIAL, set(), [said("social_media", GRANTED, named=sorted(SOCIAL))]),
    "a question that names what is of another purpose": (
        {"facebook"},
        set(),
        [said("social_media", GRANTED, named=["facebook", "website"])],
    ),
    "a question whose row is gone": (set(), set(), [said("facebook", GRANTED, named=[])]),
    "a yes to one channel does not follow from a question about two": (
        {"facebook"},
        set(),
        [said("facebook", GRANTED, named=sorted(SOCIAL))],
    ),
    "no to one, later yes to that one": ({"facebook"}, {"instagram"}, [NO, said("facebook", GRANTED, 1)]),
    "no to one, later yes to the other": (
        {"instagram"},
        {"facebook"},
        [NO, said("instagram", GRANTED, 1, asked_for="social_media")],
    ),
    "yes to one, later no to the other": (set(), SOCIAL, [said("instagram", GRANTED, 11), NO]),
    "yes to one and no to the other at once": (set(), SOCIAL, [said("instagram", GRANTED), NO]),
    "no to one, later taken back there": (set(), {"instagram"}, [NO, said("facebook", NOT_ASKED, 1)]),
    "no to one, later all taken back": (set(), set(), [NO, said("social_media", NOT_ASKED, 1)]),
    "a yes to the purpose takes back a no without a name to a channel": (
        {"facebook"},
        {"instagram"},
        [
            replace(NO, speaker=GUARDIANS),
            said("social_media", GRANTED, 1, named=["facebook"], speaker=GUARDIANS, undoes=NO.id),
        ],
    ),
    "a yes to a channel that then was for something else": (
        set(),
        set(),
        [said("facebook", GRANTED, asked_for="advertising")],
    ),
    "a no to a channel that then was for something else": (
        set(),
        {"facebook", "instagram"},
        [said("facebook", REFUSED, asked_for="advertising")],
    ),
    "biometrics": (set(), set(), [said("biometric_matching", GRANTED), said("biometric_matching", REFUSED)]),
    "something that is not there": (set(), set(), [said("tv", REFUSED), said("tv", GRANTED, named=["facebook"])]),
    "a no to a channel that is gone": (set(), SOCIAL, [said("tiktok", REFUSED, asked_for="social_media")]),
    "of before it was kept what consent was asked for": (
        {"facebook"},
        SITES,
        [said("facebook", GRANTED), said("website", REFUSED)],
    ),
    "a no to a purpose that is gone": (
        set(),
        {"facebook", "website"},
        [said("publicity", REFUSED, then={"facebook": "publicity", "website": "publicity", "instagram": "friends"})],
    ),
    "a yes to a channel that asked for what it is called": (
        set(),
        set(),
        [said("facebook", GRANTED, then={"facebook": "facebook"})],
    ),
    "a yes to a question that named a channel that was for something else": (
        {"instagram"},
        set(),
        [
            said(
                "social_media",
                GRANTED,
                named=sorted(SOCIAL),
                then={"facebook": "advertising", "instagram": "social_media"},
            )
        ],
    ),
    "a yes to a question that named a channel that was still to come": (
        SOCIAL,
        set(),
        [said("social_media", GRANTED, named=sorted(SOCIAL), then={"facebook": "social_media"})],
    ),
    "taken back where the channel was for something else": (
        set(),
        SOCIAL,
        [NO, said("facebook", NOT_ASKED, 1, asked_for="advertising")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("yes", "no", "consents"), CASES.values(), ids=CASES)
def test_for_which_channels_it_counts(yes: set[str], no: set[str], consents: Sequence[Consent]) -> None:
    assert (granted(consents), refused(consents)) == (yes, no)


def test_a_no_outlives_its_channel() -> None:
    """Also one that was recorded before purposes were."""
    without = [channel for channel in ALL if channel.id != "facebook"]
    assert refused([NO], without) == {"instagram"}
    assert refused([replace(NO, asked_for="social_media")], without) == {"instagram"}
    moved = [replace(channel, purpose="friends") if channel.id == "facebook" else channel for channel in ALL]
    assert refused([NO], moved) == refused([replace(NO, asked_for="social_media")], moved) == SOCIAL


# --- channels that are moved, purposes that are renamed --------------------------------------------------

YES_TO_ALL = recorded(
    [
        said("website", GRANTED),
        said("website", GRANTED, 9, named=["website", "school_guide"], speaker="father"),
        said("facebook", GRANTED),
        said("social_media", GRANTED, 9, named=["facebook", "instagram"], speaker="father"),
    ]
)


@pytest.mark.parametrize(
    ("purpose", "ids", "left"),
    [
        ("", (), {*SITES, *SOCIAL}),
        ("advertising", ("website",), {"school_guide", *SOCIAL}),
        ("advertising", ("website", "school_guide"), SOCIAL),
        ("social_media", ("website",), {"school_guide", *SOCIAL}),
        ("website", ("facebook",), {*SITES, "instagram"}),
        ("facebook", ("facebook",), {*SITES, "instagram"}),
    ],
)
def test_a_yes_holds_while_the_channel_has_the_purpose_that_it_had(
    purpose: str, ids: Sequence[str], left: set[str]
) -> None:
    """Also where purpose and channel were called alike."""
    assert granted(YES_TO_ALL, moved(purpose, *ids)) == left
    assert granted(YES_TO_ALL) == {*SITES, *SOCIAL}, "and again, where it is moved back"


def test_what_was_taken_back_before_a_channel_was_moved_takes_back_no_no_to_what_it_asks_now() -> None:
    said_then = recorded([said("social_media", REFUSED, 9), said("website", NOT_ASKED, 8)])
    assert refused(said_then) == SOCIAL
    assert refused(said_then, moved("social_media", "website")) == {*SOCIAL, "website"}
    said_then = recorded([said("website", REFUSED, 9), said("social_media", NOT_ASKED, 8)])
    assert refused(said_then, moved("social_media", "website")) == SITES


@pytest.mark.parametrize("name", ["social_media", "facebook"])
def test_a_no_goes_on_counting_for_its_channels_when_the_purpose_is_renamed(name: str) -> None:
    (no,) = recorded([said(name, REFUSED)])
    renamed = moved("socials", *SOCIAL)
    assert refused([no], renamed) == SOCIAL
    assert refused([no], [channel for channel in renamed if channel.id != "facebook"]) == {"instagram"}
    assert refused([no], moved("advertising", "instagram")) == SOCIAL
    assert refused([said(name, REFUSED)], renamed) >= {"facebook"}, "of before it was kept"
    assert purposes.gone_purpose(no, ALL) is None
    assert purposes.gone_purpose(no, renamed) == "social_media"
    assert purposes.gone_purpose(said(name, REFUSED), renamed) == "social_media"
    assert purposes.gone_purpose(said("tiktok", REFUSED, asked_for="social_media"), ALL) is None


# --- whatever was said, whatever channels there are ------------------------------------------------------

LOOSENESS = {GRANTED: 2, NOT_ASKED: 1} | dict.fromkeys(FORBIDS, 0)
names = st.sampled_from([*(channel.id for channel in ALL), "social_media", "closed_platform", "tiktok", "friends"])
channel_lists = st.lists(
    st.builds(
        lambda channel, purpose: replace(channel, purpose=purpose),
        st.sampled_from([*ALL, replace(FACEBOOK, id="tiktok")]),
        st.sampled_from(["social_media", "website", "closed_platform", "friends"]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda channel: channel.id,
)
statements = st.builds(
    said,
    names,
    st.sampled_from(ConsentState),
    st.integers(0, 9),
    named=st.none() | st.lists(names, max_size=4, unique=True),
    speaker=st.sampled_from(["mother", "father", GUARDIANS]),
    asked_for=st.none() | st.sampled_from(["social_media", "website", "friends"]),
    then=st.none() | st.dictionaries(names, st.sampled_from(["social_media", "website", "friends"]), max_size=4),
)
several = st.lists(statements, max_size=5, unique_by=lambda consent: consent.id)


@given(several, channel_lists, channel_lists)
def test_a_channel_that_is_added_or_gone_loosens_no_other(
    consents: list[Consent], channels: list[Channel], more: list[Channel]
) -> None:
    ids = {channel.id for channel in channels}
    extended = [*channels, *(channel for channel in more if channel.id not in ids)]
    before, after = states(consents, channels), states(consents, extended)
    for channel in ids:
        assert LOOSENESS[after[channel]] == LOOSENESS[before[channel]] or after[channel] in FORBIDS


@given(several, channel_lists)
def test_only_a_yes_that_names_a_channel_opens_it(consents: list[Consent], channels: list[Channel]) -> None:
    for channel in granted(consents, channels):
        assert any(
            consent.decision is GRANTED
            and (channel in consent.channels if consent.channels is not None else channel == consent.purpose)
            for consent in consents
        )


@given(several, channel_lists, channel_lists)
def test_moving_a_channel_or_renaming_a_purpose_loses_no_no_and_keeps_no_yes_for_it(
    consents: list[Consent], channels: list[Channel], later: list[Channel]
) -> None:
    """Of what was recorded when the channels were as they were at first."""
    before, after = (states(recorded(consents, channels), those) for those in (channels, later))
    purpose_of = {channel.id: channel.purpose for channel in channels}
    for channel in later:
        if before.get(channel.id) in FORBIDS:
            assert after[channel.id] in FORBIDS
        if after[channel.id] is GRANTED and channel.id in purpose_of:
            assert channel.purpose == purpose_of[channel.id]
            assert before[channel.id] is GRANTED


@given(several, channel_lists, statements)
def test_a_no_never_loosens_any_channel(consents: list[Consent], channels: list[Channel], no: Consent) -> None:
    no = replace(no, id="no", decision=REFUSED)
    before, after = states(consents, channels), states([*consents, no], channels)
    assert all(LOOSENESS[after[channel]] <= LOOSENESS[before[channel]] for channel in before)


@given(several, channel_lists, st.sampled_from(["social_media", "website", "friends"]))
def test_a_channel_that_comes_later_knows_every_no_to_its_purpose(
    consents: list[Consent], channels: list[Channel], purpose: str
) -> None:
    """Who says no to a purpose last is shown on no channel of it, whenever that channel came."""
    last = said(purpose, REFUSED, -0, speaker="mother")
    last = replace(last, id="last", at=NOON)
    new = replace(FACEBOOK, id="brand_new", purpose=purpose)
    assert "brand_new" in refused([*consents, last], [*channels, new])
    assert "brand_new" not in granted(consents, [*channels, new])


# --- questions -------------------------------------------------------------------------------------------

QUESTION = Wording("social_media", "2026-1", ("facebook",), Text("Mag het?", "May we?"))


def test_a_yes_for_nothing_cannot_have_been_said() -> None:
    def problem(name: str, version: str, decision: ConsentState = GRANTED) -> bool:
        return purposes.problem(name, decision, version, ALL, [QUESTION]) is not None

    assert not problem("facebook", "")
    assert not problem("facebook", "2026-1")
    assert not problem("social_media", " 2026-1 ")
    assert problem("social_media", "")
    assert problem("social_media", "2025-1")
    assert problem("instagram", "2026-1")
    assert not problem("instagram", "2026-1", REFUSED)
    assert not problem("social_media", "", REFUSED)


def test_a_question_has_another_hash_when_anything_in_it_is_other() -> None:
    others = [
        replace(QUESTION, purpose="website"),
        replace(QUESTION, version="2026-2"),
        replace(QUESTION, channels=("facebook", "instagram")),
        replace(QUESTION, text=Text("Mag het echt?", "May we?")),
        replace(QUESTION, text=Text("Mag het?", "May we really?")),
    ]
    assert len({question.sha256 for question in [QUESTION, *others]}) == 6


def test_purposes_are_spoken_of_as_if_they_were_channels() -> None:
    gone = said("tiktok", REFUSED, asked_for="friends")
    found = [channel.id for channel in purposes.pseudo_channels([gone, NO], ALL)]
    assert found == ["closed_platform", "friends", "social_media", "tiktok"]


def test_what_is_taken_back_stays_so_when_a_channel_asks_for_the_same_again() -> None:
    """A yes to a channel that moves to another purpose, is taken back there, and moves back."""
    yes = said("facebook", GRANTED, then={"facebook": "social_media"})
    back = said("facebook", NOT_ASKED, 5, then={"facebook": "news"})
    social, news = (replace(FACEBOOK, purpose=purpose) for purpose in ("social_media", "news"))
    assert states([yes], [social])["facebook"] is GRANTED
    assert states([yes, back], [social])["facebook"] is NOT_ASKED
    assert states([yes, back], [news])["facebook"] is NOT_ASKED


def test_who_takes_back_what_was_asked_for_something_else_takes_no_no_back() -> None:
    no = said("facebook", REFUSED, then={"facebook": "social_media"})
    back = said("facebook", NOT_ASKED, 5, then={"facebook": "news"})
    social = [replace(FACEBOOK, purpose="social_media")]
    assert states([no, back], social)["facebook"] is REFUSED
    assert states([no, replace(back, speaker="Mother")], social)["facebook"] is REFUSED, "spelled otherwise"
    yes = said("facebook", GRANTED, 7, then={"facebook": "social_media"})
    assert states([no, yes], social)["facebook"] is GRANTED
    assert states([no, yes, back], social)["facebook"] is REFUSED, "it ends the yes, and the no is there again"
