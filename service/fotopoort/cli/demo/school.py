"""The made-up school of `fotopoort serve --demo`: a folder of its own, its people, two accounts, and a post.

Everything is made by what everybody uses: the first account, links, logging in, importing, posts. No rule is another
one here: the privacy officer has a second factor, whose recovery codes are told, so that no phone is needed.

Passwords and codes are made at each start, and hold until it ends. They are told on stdout alone: no file and no logger
gets them.
"""

from __future__ import annotations

import secrets
from base64 import b32decode, b32encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

import typer
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from fotopoort.registry.access import accounts, invitations, login, login_sessions, second_factor, setup
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.login_guard import LoginGuard
from fotopoort.registry.access.login_sessions import Lifetime
from fotopoort.registry.access.roles import Act, Caller, KeyRole
from fotopoort.registry.lists import imports
from fotopoort.registry.posts import photos, posts
from fotopoort.registry.registry import Registry
from fotopoort.resources import resource
from fotopoort.settings import Settings
from fotopoort.vocabulary import Language, Text
from fotopoort.web.texts import ROLES

LOOPBACK: Final = "127.0.0.1"
SCHOOL: Final = "Demoschool"
GROUP: Final = "groep 5"
TEACHER, OFFICER = "leerkracht", "privacyfunctionaris"
PASSWORD_BYTES: Final = 10  # 80 bits, as four groups of four letters and digits
CODES_TOLD: Final = 3
# One of each kind: it may go out, somebody must be told apart, a name stands in it, it is too close.
SAMPLES: Final = ("IMG_2031.jpg", "IMG_2040.jpg", "IMG_2051.jpg", "IMG_2063.jpg", "IMG_2045.jpg")
# Settings that lead to what a real school has.
OF_A_SCHOOL: Final = ("registry_url", "keys_folder", "policy_file", "school_file", "public_url", "tenant")
POST_TEXT: Final = "Vandaag was het feest in onze groep! Fenna had de mooiste slinger gemaakt."

NOTHING_IS_KEPT: Final = Text(
    nl="Dit is een verzonnen school om te proberen. Er wordt niets bewaard: stop met Ctrl-C, en alles is weg.",
    en="This is a made-up school to try things with. Nothing is kept: stop with Ctrl-C, and all of it is gone.",
)
SAMPLES_ARE_IN: Final = Text(nl="Foto's om mee te proberen staan in", en="Photos to try it with are in")
OPEN_AND_LOG_IN: Final = Text(
    nl="Open deze pagina, en log in als een van deze mensen:", en="Open this page, and log in as one of these people:"
)
LOGIN_NAME: Final = Text(nl="inlognaam", en="login name")
PASSWORD: Final = Text(nl="wachtwoord", en="password")
RECOVERY_CODES: Final = Text(nl="herstelcodes, elk één keer", en="recovery codes, once each")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody to log in as.

    Attributes:
        codes: of the second factor, where it is asked for; each can be used once.
    """

    role: KeyRole
    login: str
    password: str = field(repr=False)
    codes: tuple[str, ...] = field(default=(), repr=False)


def samples() -> Path:
    """The folder with photos to try things with."""
    return resource("fixtures/demo")


@contextmanager
def demo_settings(settings: Settings) -> Iterator[Settings]:
    """The settings with a data folder that is gone afterwards. Nothing of a real school is within reach: not its
    registry, its keys, its own rules, or its name on the network."""
    with TemporaryDirectory(prefix="fotopoort-demo-") as folder:
        fields = Settings.model_fields
        defaults = {name: fields[name].default for name in OF_A_SCHOOL}
        yield settings.model_copy(update=defaults | {"data_folder": Path(folder)})


def fill(registry: Registry, caller: Caller, settings: Settings) -> tuple[DemoAccount, ...]:
    """Make the school in an empty registry: people, accounts, and a post whose photos wait to be judged.

    Args:
        caller: whoever sits at the machine.
    """
    with registry.write(caller, Act.IMPORT) as session:
        imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
    officer = _officer(registry, caller)
    teacher, account = _teacher(registry, caller)
    with registry.write(account.caller(caller.tenant), Act.POST) as session:
        channels = [channel.id for channel in session.channels]
        post = posts.make(
            session, groups=[GROUP], channels=channels, day=session.today, text=POST_TEXT, hours=settings.post_hours
        )
        for name in SAMPLES:
            content = (samples() / name).read_bytes()
            photo = photos.add(session, post.id, str(uuid4()), len(content), name)
            photos.put_part(session, post.id, photo.id, 0, content)
    return teacher, officer


def tell(told: Sequence[DemoAccount], address: str, language: Language) -> None:
    """Say how to log in, on stdout; and that nothing is kept and where there are photos to try, on stderr."""
    typer.echo(f"{NOTHING_IS_KEPT:{language}}\n{SAMPLES_ARE_IN:{language}} {samples()}", err=True)
    lines = [f"{OPEN_AND_LOG_IN:{language}} {address}"]
    width = max(len(f"{label:{language}}") for label in (LOGIN_NAME, PASSWORD, RECOVERY_CODES))
    for account in told:
        lines += ["", f"  {ROLES[account.role]:{language}}"]
        codes = [(RECOVERY_CODES, "  ".join(account.codes))] if account.codes else []
        for label, value in ((LOGIN_NAME, account.login), (PASSWORD, account.password), *codes):
            lines.append(f"    {f'{label:{language}}':{width}}  {value}")
    typer.echo("\n".join([*lines, ""]))


def _officer(registry: Registry, caller: Caller) -> DemoAccount:
    """The first account, whose second factor is in nobody's app: its recovery codes let somebody in."""
    password, tenant, guard = _password(), caller.tenant, LoginGuard()
    with registry.write(caller, Act.MANAGE_ACCOUNTS) as session:
        code, _ = invitations.invite_first(session)
    who = {"login": OFFICER, "name": OFFICER.capitalize(), "password": password}
    account = setup.complete(registry, tenant, code, school=SCHOOL, **who)
    held = login_sessions.find(
        registry.database,
        tenant,
        login.log_in(registry, guard, tenant, OFFICER, password, LOOPBACK).secret,
        registry.clock(),
        Lifetime(),
    )
    with registry.visit(tenant) as session:
        secret = second_factor.begin(session, held)
    app = TOTP(b32decode(secret), second_factor.DIGITS, SHA1(), second_factor.STEP_SECONDS)  # noqa: S303 - as apps have
    shown = app.generate(int(registry.clock().timestamp())).decode()
    codes = login.set_up_second_factor(registry, guard, tenant, held, shown).recovery_codes
    with registry.write(caller, Act.MANAGE_ACCOUNTS) as session:
        accounts.end_sessions(session, account.id)
    return DemoAccount(KeyRole.PRIVACY_OFFICER, OFFICER, password, codes[:CODES_TOLD])


def _teacher(registry: Registry, caller: Caller) -> tuple[DemoAccount, Account]:
    password = _password()
    with registry.write(caller, Act.MANAGE_ACCOUNTS) as session:
        made = accounts.add(session, TEACHER, TEACHER.capitalize(), KeyRole.TEACHER, [GROUP])
        link, _ = invitations.invite(session, made.id)
    account = invitations.accept(registry, caller.tenant, link, password)
    return DemoAccount(KeyRole.TEACHER, TEACHER, password), account


def _password() -> str:
    letters = b32encode(secrets.token_bytes(PASSWORD_BYTES)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
