"""What was set: together, by name, and in the files of the school."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from fotopoort.operations.doctor.finding import Finding, Subject, fail, ok, warn
from fotopoort.operations.metrics.access import MIN_KEY, read_key
from fotopoort.policy_file import channels_made_smaller, load_policy
from fotopoort.school_file import load_school
from fotopoort.settings import LOOPBACK, PREFIX, Settings, processors
from fotopoort.vocabulary import LARGEST_SIDE, Text


def combinations(subject: Subject) -> Iterator[Finding]:
    """Settings that make no sense together."""
    found = list(_combinations(subject))
    yield from found
    if not found:
        yield ok("settings", Text(nl="De instellingen passen bij elkaar.", en="The settings fit together."))


def _combinations(subject: Subject) -> Iterator[Finding]:
    settings = subject.settings
    if settings.screeners > processors():
        yield warn(
            "settings",
            Text(
                nl=f"FOTOPOORT_SCREENERS is {settings.screeners}, en er zijn {processors()} threads.",
                en=f"FOTOPOORT_SCREENERS is {settings.screeners}, and there are {processors()} threads.",
            ),
            Text(nl="Neem hooguit één per thread.", en="Take one for each thread at most."),
        )
    if settings.host not in LOOPBACK and settings.public_url is None and subject.certificate is None:
        yield warn(
            "settings",
            Text(
                nl="FOTOPOORT_HOST laat andere computers binnen, zonder HTTPS zover hier te zien is.",
                en="FOTOPOORT_HOST lets other machines in, without HTTPS as far as can be seen here.",
            ),
            Text(
                nl="Zet er een proxy met HTTPS voor en noem FOTOPOORT_PUBLIC_URL, of geef --tls-cert.",
                en="Put a proxy with HTTPS before it and set FOTOPOORT_PUBLIC_URL, or give --tls-cert.",
            ),
        )
    if settings.session_idle_minutes > settings.session_hours * 60:
        yield warn(
            "settings",
            Text(
                nl="FOTOPOORT_SESSION_IDLE_MINUTES is langer dan FOTOPOORT_SESSION_HOURS en doet dus niets.",
                en="FOTOPOORT_SESSION_IDLE_MINUTES is longer than FOTOPOORT_SESSION_HOURS, and so does nothing.",
            ),
            Text(nl="Maak het korter.", en="Make it shorter."),
        )
    if settings.waiting and settings.seconds_waiting < 1:
        yield warn(
            "settings",
            Text(
                nl="FOTOPOORT_SECONDS_WAITING is zo kort dat niemand op een plek kan wachten.",
                en="FOTOPOORT_SECONDS_WAITING is so short that nobody can wait for a turn.",
            ),
            Text(nl="Neem 20, of zet FOTOPOORT_WAITING op 0.", en="Take 20, or set FOTOPOORT_WAITING to 0."),
        )
    if settings.registry_url and _has_password(settings.registry_url):
        yield warn(
            "settings",
            Text(
                nl="In FOTOPOORT_REGISTRY_URL staat een wachtwoord.",
                en="FOTOPOORT_REGISTRY_URL holds a password.",
            ),
            Text(nl="Zet het in een bestand, met PGPASSFILE.", en="Put it in a file, with PGPASSFILE."),
        )
    if settings.metrics_key_file is not None and read_key(settings.metrics_key_file) is None:
        yield fail(
            "settings",
            Text(
                nl=f"In FOTOPOORT_METRICS_KEY_FILE staat geen sleutel van {MIN_KEY} tekens of meer.",
                en=f"FOTOPOORT_METRICS_KEY_FILE holds no key of {MIN_KEY} characters or more.",
            ),
            Text(
                nl="Maak er een: openssl rand -hex 32, in een bestand dat Fotopoort mag lezen.",
                en="Make one: openssl rand -hex 32, in a file that Fotopoort may read.",
            ),
        )


def variables(subject: Subject) -> Iterator[Finding]:
    """Variables that look like settings, and are none: a typing error leaves a setting at its default."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    given = {name for name in subject.environment if name.startswith(PREFIX)}
    for name in sorted(given - known):
        near = difflib.get_close_matches(name, sorted(known), 1)
        advice = Text(nl="Haal hem weg.", en="Take it away.")
        if near:
            advice = Text(nl=f"Is {near[0]} bedoeld?", en=f"Is {near[0]} meant?")
        yield warn("variables", Text(nl=f"{name} is geen instelling.", en=f"{name} is no setting."), advice)
    if given <= known:
        yield ok(
            "variables",
            Text(nl=f"{len(given)} instellingen gegeven, alle bekend.", en=f"{len(given)} settings given, all known."),
        )


def policy(subject: Subject) -> Iterator[Finding]:
    """Whether the school's rules can be read."""
    rules = load_policy(subject.settings.policy_file)
    names = ", ".join(channel.id for channel in rules.channels)
    yield ok("policy", Text(nl=f"Regels {rules.version}, voor {names}.", en=f"Rules {rules.version}, for {names}."))
    if smaller := ", ".join(channels_made_smaller(subject.settings.policy_file)):
        yield warn(
            "policy",
            Text(
                nl=f"Foto's voor {smaller} worden hooguit {LARGEST_SIDE} pixels:"
                " in grotere worden niet alle gezichten gezien.",
                en=f"Photos for {smaller} become {LARGEST_SIDE} pixels at most: in larger ones not all faces are seen.",
            ),
            Text(
                nl=f"Zet max_side daar op {LARGEST_SIDE} of minder.",
                en=f"Set max_side to {LARGEST_SIDE} or less there.",
            ),
        )


def school(subject: Subject) -> Iterator[Finding]:
    """Whether what the school says of itself can be read."""
    path = subject.settings.school_file
    load_school(path)
    if path is None:
        yield warn(
            "school",
            Text(
                nl="Er is geen bestand van de school: ouders lezen geen naam.",
                en="There is no school file: parents read no name.",
            ),
            Text(
                nl="Zie FOTOPOORT_SCHOOL_FILE in docs/channels.md.", en="See FOTOPOORT_SCHOOL_FILE in docs/channels.md."
            ),
        )
    else:
        yield ok("school", Text(nl="Het bestand van de school is goed.", en="The school file is as it must be."))


def _has_password(url: str) -> bool:
    try:
        return make_url(url).password is not None
    except ArgumentError:
        return False  # the check of the database tells
