"""`policy.toml` is read to the last key, and refused with the key and what it takes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.unit.policy.scenes import POLICY

from fotopoort.errors import BadPolicy
from fotopoort.policy.policy import Covering, StaffNames
from fotopoort.policy_file import PACKAGED, channels_made_smaller, load_policy
from fotopoort.vocabulary import LARGEST_SIDE

TEXT = PACKAGED.read_text(encoding="utf-8")


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The packaged policy with some text replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_number_has_its_reason_beside_it() -> None:
    """Each section of numbers starts with a comment, or has one before its first key."""
    for section in (
        "recognisable",
        "frontal",
        "close_up",
        "overview",
        "cover",
        "figure",
        "too_little_left",
        "smaller",
        "private_list",
    ):
        assert TEXT.split(f"[{section}]\n", 1)[1].startswith("#"), section


def test_the_id_changes_with_any_content_and_with_nothing_else(tmp_path: Path) -> None:
    same = changed(tmp_path, ("# Degrees.", "# Angles."), ("max_yaw = 25\n", "max_yaw = 25.0\n"))
    assert load_policy(same).id == POLICY.id
    for change in (
        ("= 25\n", "= 26\n"),
        ('"Facebook"', '"FB"'),
        ('s = "tell"', 's = "reject"'),
        ("public = false", "public = true"),
    ):
        assert load_policy(changed(tmp_path, change)).id != POLICY.id


def test_the_id_of_the_packaged_file_stays_as_it_was() -> None:
    """It stands on verdicts and receipts of the past."""
    assert POLICY.id == "2026.6+eff62f7d72ad"


def test_a_key_that_came_later_may_be_left_out(tmp_path: Path) -> None:
    assert load_policy(changed(tmp_path, ("first_say_who = true\n", ""))).settings.first_say_who is True
    assert load_policy(changed(tmp_path, ('staff_names = "allow"\n', ""))).settings.staff_names is StaffNames.ALLOW
    assert load_policy(changed(tmp_path, ('cover = "face"\n', ""))).settings.cover is Covering.FACE
    older = load_policy(
        changed(
            tmp_path,
            ('parents_word_at_16 = "holds"\n', ""),
            ('purpose = "closed_platform"\n', ""),
            ('audience = { nl = "iedereen op internet", en = "everybody on the internet" }\n', ""),
        )
    )
    assert older.settings == POLICY.settings
    assert older.channel("social_schools").purpose == "social_schools"
    assert older.channel("website").audience.nl == "iedereen"
    figure = TEXT[TEXT.index("[figure]") : TEXT.index("[too_little_left]")]
    assert load_policy(changed(tmp_path, (figure, ""))).figure == POLICY.figure


REFUSED = [
    ("max_yaw = 25", "max_yaw = 91", "frontal.max_yaw must be from 0 to 90"),
    ("max_yaw = 25", 'max_yaw = "25"', "frontal.max_yaw must be a number"),
    ("max_yaw = 25", "max_yaw = true", "frontal.max_yaw must be a number"),
    ("max_yaw = 25", "max_yaw = nan", "frontal.max_yaw must be from 0 to 90"),
    ("max_yaw = 25", "max_yaw = inf", "frontal.max_yaw must be from 0 to 90"),
    ("max_yaw = 25", "", "frontal.max_yaw is missing"),
    ("max_yaw = 25", "max_jaw = 25", "frontal.max_jaw is unknown; there are: max_yaw, max_pitch"),
    ("min_faces = 8", "min_faces = 8.5", "overview.min_faces must be a whole number"),
    ("min_share = 0.25", "min_share = 0", "close_up.min_share must be from 0.01 to 1"),
    ("[private_list]", "[secret_list]", "secret_list is unknown"),
    ("[private_list]\n", "[private_list.x]\n", "private_list.x is unknown"),
    ('version = "2026.6"', 'version = ""', "version must be a text"),
    ('version = "2026.6"', "version = 2026", "version must be a text"),
    ('version = "2026.6"', "", "version is missing"),
    ('version = "2026.6"', 'version = "1"\nfrontal = 5', "is not TOML"),
    ('unchecked_names = "tell"', 'unchecked_names = "cover"', 'settings.unchecked_names must be "tell" or "reject"'),
    ('unchecked_names = "tell"', "unchecked_names = [1]", "settings.unchecked_names must be"),
    ('cover = "face"', 'cover = "body"', 'settings.cover must be "face" or "figure"'),
    ("min_score = 0.3", "min_score = 0.2", "figure.min_score must be from 0.3 to 1"),
    ("face_of_width = 0.33", "face_of_width = 0", "figure.face_of_width must be from 0.05 to 1"),
    ("first_say_who = true", 'first_say_who = "yes"', "settings.first_say_who must be true or false"),
    ("public = false", 'public = "no"', "channels.social_schools.public must be true or false"),
    ("max_side = 2048", "max_side = 50", "channels.social_schools.max_side must be from 200 to 10000"),
    ('basis = "objection"', 'basis = "silence"', 'channels.social_schools.basis must be "consent" or "objection"'),
    ('label = { nl = "Facebook", en', 'label = { nl = 5, en', "channels.facebook.label.nl must be a text"),
    ('label = { nl = "Facebook", en = "Facebook" }', 'label = "Facebook"', "channels.facebook.label must be a section"),
    ("[channels.facebook]", "[channels.Face-Book]", "channels.Face-Book must have a name of small letters"),
    ("[channels.facebook]", '[channels."../x"]', "channels.../x must have a name of small letters"),
    ("max_side = 2048", "max_size = 2048", "max_size is unknown; there are: label, public, max_side, basis"),
    ('{ nl = "Facebook", en', '{ fr = "Facebook", en', "channels.facebook.label.fr is unknown; there are: nl, en"),
    ('purpose = "social_media"', 'purpose = "Social media"', "channels.facebook.purpose must have a name of small"),
    ('purpose = "social_media"', 'purpose = "social_schools"', "channels.facebook.purpose is called as a channel of"),
    ('purpose = "social_media"', 'purpose = "biometric_matching"', "channels.facebook.purpose cannot be called so"),
    ("[channels.facebook]", "[channels.biometric_matching]", "channels.biometric_matching.purpose cannot be called so"),
    ('purpose = "social_media"', "purpose = 5", "channels.facebook.purpose must be a text"),
    ('purpose = "social_media"', "titles = 5", "channels.facebook.titles must be a list of texts"),
    ('purpose = "social_media"', "titles = [5]", "channels.facebook.titles.0 must be a text"),
    (', en = "everybody on the internet" }', " }", "channels.website.audience.en is missing"),
    ('parents_word_at_16 = "holds"', 'parents_word_at_16 = "no"', 'parents_word_at_16 must be "holds" or "ends"'),
    ("[channels.facebook]", "[channels.facebook]\nid = 'other'", "channels.facebook.id is the section's own name"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), REFUSED, ids=[f"{old} -> {new}" for old, new, _ in REFUSED])
def test_a_wrong_key_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(BadPolicy) as error:
        load_policy(changed(tmp_path, (old, new)))
    assert message in error.value.message.en
    assert error.value.hint


def test_no_channel_gets_photos_larger_than_faces_are_seen_at(tmp_path: Path) -> None:
    path = changed(tmp_path, ("max_side = 2048", "max_side = 9000"))
    assert load_policy(path).channel("social_schools").max_side == LARGEST_SIDE
    assert channels_made_smaller(path) == ("social_schools",)
    assert channels_made_smaller() == ()


def test_a_refusal_is_in_dutch_as_well(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy) as error:
        load_policy(changed(tmp_path, ("max_yaw = 25", "max_yaw = 91")))
    assert error.value.message.nl == "In het bestand met de regels: frontal.max_yaw moet van 0 tot en met 90 zijn."
    assert error.value.hint.nl == "Verbeter frontal.max_yaw en probeer het opnieuw."


@pytest.mark.parametrize(
    "channels", ["", "channels = 5\n", "[channels]\n", "[[channels]]\nid = 1\n", "[channels]\nx = 1\n"]
)
def test_there_must_be_channels(tmp_path: Path, channels: str) -> None:
    path = tmp_path / "policy.toml"
    head = TEXT[: TEXT.index("[channels.")]
    path.write_text(channels + head if channels.startswith("channels =") else head + channels, encoding="utf-8")
    with pytest.raises(BadPolicy, match="channels"):
        load_policy(path)


@pytest.mark.parametrize("content", [b"version = ", b"\xff\xfe", b""], ids=["no TOML", "no UTF-8", "empty"])
def test_what_is_no_policy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content)
    with pytest.raises(BadPolicy):
        load_policy(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy, match="cannot be read"):
        load_policy(tmp_path / "none.toml")


def test_a_school_may_have_channels_of_its_own(tmp_path: Path) -> None:
    path = changed(tmp_path, ("[channels.facebook]", "[channels.newsletter]"))
    policy = load_policy(path)
    assert [channel.id for channel in policy.channels] == ["social_schools", "website", "newsletter"]
    assert set(tomllib.loads(path.read_text())["channels"]) == {channel.id for channel in policy.channels}
