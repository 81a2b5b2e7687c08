"""The second factor: codes of an app (TOTP, RFC 6238), and recovery codes for when the phone is lost.

The secret that both sides share is stored encrypted under a key in a file elsewhere: whoever takes the database or a
backup has none of them.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from typing import Final
from urllib.parse import quote

import zxingcpp
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import ColumnElement, delete, insert, select, update

from fotopoort.errors import BadCode, BadRecord, NotLoggedIn
from fotopoort.registry.access import accounts
from fotopoort.registry.access.accounts import Account
from fotopoort.registry.access.login_sessions import LoginSession, Stage
from fotopoort.registry.access.secret_hash import hashed
from fotopoort.registry.registry import Session
from fotopoort.registry.store.sealed_columns import SealingKey
from fotopoort.registry.store.tables import account, recovery_code
from fotopoort.vocabulary import Text

KEY: Final = SealingKey(
    "accounts.key",
    Text(
        nl="Zet het bestand accounts.key terug. Is het kwijt? Dan helpt een herstelcode, of "
        "`fotopoort users reset --code`.",
        en="Put the file accounts.key back. If it is lost, a recovery code helps, or `fotopoort users reset --code`.",
    ),
)
SECRET_BYTES: Final = 20
DIGITS, STEP_SECONDS = 6, 30  # what every app takes
STEPS_EITHER_WAY: Final = 1  # a phone's clock may be half a minute off
ISSUER: Final = "Fotopoort"
RECOVERY_CODES: Final = 10
RECOVERY_BYTES: Final = 10  # 80 bits: too many to guess from a hash


def begin(session: Session, held: LoginSession) -> str:
    """Make a new secret for whoever is logged in, which holds once `finish` was given a code of it. Returns it in
    Base32.

    Raises:
        NotLoggedIn: a code of the present one must be given first.
        KeyMissing: the key file cannot be used.
    """
    if held.stage is Stage.CODE:
        raise NotLoggedIn
    secret = secrets.token_bytes(SECRET_BYTES)
    row = {"second_factor_begun": KEY.seal(session, held.account.id, secret)}
    session.connection.execute(update(account).where(accounts.is_account(session, held.account.id)).values(row))
    return b32encode(secret).decode()


def address(of: Account, secret: str) -> str:
    """The secret as an app takes it, from a QR code or a link."""
    label = of.login.replace(":", "")
    return f"otpauth://totp/{ISSUER}:{quote(label, safe='@')}?secret={secret}&issuer={ISSUER}"


def qr_code(text: str) -> str:
    """A QR code as SVG."""
    return str(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_svg())


def finish(session: Session, of: Account, code: str) -> list[str]:
    """Have the secret that was begun hold from now on, as a code of it shows that it arrived. Returns new recovery
    codes, seen only now; earlier ones hold no more.

    Raises:
        BadCode: it is not a code of that secret.
        BadRecord: none was begun.
        KeyMissing: the key file cannot be used.
    """
    begun = session.connection.execute(
        select(account.c.second_factor_begun).where(accounts.is_account(session, of.id))
    ).scalar()
    if begun is None:
        raise BadRecord(
            Text(nl="Er is geen code om te bevestigen.", en="There is no code to confirm."),
            hint=Text(nl="Begin opnieuw met de code in je app zetten.", en="Begin again with adding it to your app."),
        )
    step = _step_of(session, KEY.open(session, of.id, begun), _compact(code), after=None)
    row = {"second_factor": begun, "second_factor_begun": None, "second_factor_step": step}
    session.connection.execute(update(account).where(accounts.is_account(session, of.id)).values(row))
    session.note("second_factor.set", account=of.id)
    return _new_recovery_codes(session, of.id)


def use(session: Session, of: Account, code: str) -> None:
    """Use up a code of the app, or a recovery code.

    Raises:
        BadCode: it is neither, or was used before.
        KeyMissing: the key file cannot be used.
    """
    row = session.connection.execute(
        select(account.c.second_factor, account.c.second_factor_step).where(accounts.is_account(session, of.id))
    ).one_or_none()
    if row is None or row.second_factor is None:
        raise BadCode
    compact = _compact(code)
    if len(compact) == DIGITS:
        step = _step_of(session, KEY.open(session, of.id, row.second_factor), compact, after=row.second_factor_step)
        changed = update(account).where(accounts.is_account(session, of.id)).values(second_factor_step=step)
        session.connection.execute(changed)
        return
    used = delete(recovery_code).where(
        recovery_code.c.tenant == session.tenant,
        recovery_code.c.account == of.id,
        recovery_code.c.hash == hashed(compact.lower()),
    )
    if not session.connection.execute(used).rowcount:
        raise BadCode
    session.note("recovery_code.used", account=of.id)


def remove(session: Session, account_id: str) -> None:
    """Ask for no code any more until another secret was set, and log them out everywhere. Whoever has the password
    alone can then set another one: `invitations.reset` takes that away as well."""
    accounts.end_sessions(session, account_id)
    row = {"second_factor": None, "second_factor_begun": None, "second_factor_step": None}
    session.connection.execute(update(account).where(accounts.is_account(session, account_id)).values(row))
    session.connection.execute(delete(recovery_code).where(*_codes_of(session, account_id)))
    session.note("second_factor.removed", account=account_id)


def _compact(code: str) -> str:
    """A code without what people type for the eye."""
    return "".join(code.split()).replace("-", "")


def _step_of(session: Session, secret: bytes, code: str, *, after: int | None) -> int:
    """The time step of a code: around now, and later than that of the last one. A last one that is still to come was
    given while the clock was wrong, and says nothing."""
    typed = code.encode(errors="replace")
    now = int(session.now.timestamp()) // STEP_SECONDS
    if after is None or after > now + STEPS_EITHER_WAY:
        after = -1
    codes = TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - what RFC 6238 and every app have
    for step in range(now - STEPS_EITHER_WAY, now + STEPS_EITHER_WAY + 1):
        if step > after and hmac.compare_digest(codes.generate(step * STEP_SECONDS), typed):
            return step
    raise BadCode


def _new_recovery_codes(session: Session, account_id: str) -> list[str]:
    codes = [b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    session.connection.execute(delete(recovery_code).where(*_codes_of(session, account_id)))
    rows = [{"tenant": session.tenant, "account": account_id, "hash": hashed(code)} for code in codes]
    session.connection.execute(insert(recovery_code), rows)
    return ["-".join(code[place : place + 4] for place in range(0, len(code), 4)) for code in codes]


def _codes_of(session: Session, account_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return recovery_code.c.tenant == session.tenant, recovery_code.c.account == account_id
