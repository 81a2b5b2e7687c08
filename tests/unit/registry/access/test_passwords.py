"""Which passwords may be chosen, and what is stored of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fotopoort.errors import BadPassword
from fotopoort.registry.access import passwords


@pytest.mark.parametrize(
    "password",
    [
        "",
        "kort",
        "elf tekens!",
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012345",
        "welkomwelkom1",
        "wachtwoord2026",
        "regenboog2026",
        "juf marieke 1",
        "de regenboog marieke 2026",
        "Welkom01Welkom!",
        "welkom, marieke!",
        "marieke.devries@school.nl",
        "x" * 200,
    ],
)
def test_short_breached_and_guessable_ones_are_refused(password: str) -> None:
    with pytest.raises(BadPassword):
        passwords.require_good(password, ("marieke.devries@school.nl", "Marieke de Vries", "De Regenboog"))


@pytest.mark.parametrize(
    "password",
    ["fietsbel kaas lamp dak", "Xk2#vQ9!mT4$", "marieke fietst over de dijk", "één zwaan op het dak van café"],
)
def test_good_ones_are_taken(password: str) -> None:
    passwords.require_good(password, ("Marieke de Vries",))


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=10, deadline=None)
def test_only_the_password_itself_matches(password: str, other: str) -> None:
    stored = passwords.hashed(password)
    assert stored.startswith("$argon2id$")
    assert len(stored) <= 200
    assert passwords.matches(password, stored)
    assert passwords.hashed(password) != stored  # a salt of its own
    assert not passwords.matches(password + "x", stored)


def test_accents_match_however_they_were_typed() -> None:
    assert passwords.matches("cafe\u0301 bij de brug", passwords.hashed("caf\u00e9 bij de brug"))


@pytest.mark.parametrize("password", ["", "x", "fietsbel kaas lamp dak", "\ud800", "a" * 10_000])
def test_nobodys_password_matches_nothing(password: str) -> None:
    assert not passwords.matches(password, None)
