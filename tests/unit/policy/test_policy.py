from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from fotopoort.errors import UnknownChannel
from fotopoort.policy.policy import Ground, PublicCloseUp, UncheckedNames

from .scenes import POLICY


def test_the_packaged_policy_is_the_guideline() -> None:
    assert POLICY.recognisable.min_face_height == 28
    assert (POLICY.frontal.max_yaw, POLICY.frontal.max_pitch) == (25, 30)
    assert POLICY.settings.unchecked_names is UncheckedNames.TELL
    assert POLICY.settings.public_close_up is PublicCloseUp.REJECT
    assert [(channel.id, channel.public, channel.max_side, channel.basis) for channel in POLICY.channels] == [
        ("social_schools", False, 2048, Ground.OBJECTION),
        ("website", True, 1600, Ground.CONSENT),
        ("facebook", True, 1600, Ground.CONSENT),
    ]


def test_an_unknown_channel_names_those_there_are() -> None:
    assert POLICY.channel("website").public
    with pytest.raises(UnknownChannel) as error:
        POLICY.channel("Website")
    assert error.value.hint.en == "Choose from: social_schools, website, facebook."
    assert error.value.hint.nl == "Kies uit: social_schools, website, facebook."


def test_the_id_is_the_version_and_a_digest_whatever_the_order_of_the_channels() -> None:
    version, digest = POLICY.id.split("+")
    assert version == POLICY.version
    assert len(digest) == 12
    assert replace(POLICY, channels=POLICY.channels[::-1]).id == POLICY.id


def test_a_policy_travels_between_processes() -> None:
    assert pickle.loads(pickle.dumps(POLICY)) == POLICY  # noqa: S301 - our own bytes
