"""Pairing with a website, by the code that its plugin shows."""

from __future__ import annotations

import time
from collections.abc import Callable

from fotopoort.errors import BadCode, PairingFailed
from fotopoort.pull.connection import Connection, GuardedConnection
from fotopoort.pull.hoster import Hoster, HosterFailed, Signer
from fotopoort.pull.messages import BadMessage, Keys, read_code
from fotopoort.registry.access.roles import Act, Caller
from fotopoort.registry.pull import pairings
from fotopoort.registry.registry import Registry
from fotopoort.vocabulary import Text
from fotopoort.webhooks.outbound.client import GuardedClient

_MISTYPED = Text(nl="Deze koppelcode klopt niet.", en="This pairing code is not right.")
_COPY = Text(nl="Kopieer de hele code uit de plugin.", en="Copy the whole code from the plugin.")
_USED = Text(
    nl="De website neemt deze koppelcode niet aan: hij is al gebruikt, of te oud.",
    en="The website does not take this pairing code: it was used before, or is too old.",
)
_NEW = Text(nl="Laat de plugin een nieuwe code maken.", en="Have the plugin make a new code.")
_CLOCK = Text(
    nl="De klok van de website en die van deze computer lopen te ver uiteen.",
    en="The clocks of the website and of this machine differ too much.",
)
_SET_CLOCK = Text(nl="Zet de klok van deze computer goed.", en="Set the clock of this machine.")


def pair(
    registry: Registry,
    caller: Caller,
    text: str,
    connection: Connection | None = None,
    *,
    clock: Callable[[], float] = time.time,
) -> str:
    """Pair with the website that made this code. Returns the id of the pairing, which the plugin shows as well.

    Raises:
        BadCode: it is no such code, was used before or is too old.
        PairingFailed: the website does not answer, or not as one with the plugin.
        AlreadyThere: this website is paired already.
        Forbidden: the caller may not.
    """
    try:
        code = read_code(text)
    except BadMessage:
        raise BadCode(_MISTYPED, hint=_COPY) from None
    keys = Keys.make()
    sequence, connection = int(clock() * 1000), connection or GuardedConnection(GuardedClient())
    with registry.read(caller, Act.MANAGE_KEYS) as session:
        pairings.require_new(session, keys.pairing, code.address)
    try:
        signer = Signer(keys, lambda: sequence, clock)
        # In no transaction: it may take long.
        Hoster(connection, code.address, signer, max_bytes=0).pair(code)
    except HosterFailed as error:
        if error.code == "hoster.bad_code":
            raise BadCode(_USED, hint=_NEW) from None
        if error.code == "hoster.clock":
            raise PairingFailed(_CLOCK, hint=_SET_CLOCK) from None
        raise PairingFailed from None
    with registry.write(caller, Act.MANAGE_KEYS) as session:
        pairings.add(session, keys.pairing, code.address, keys.sign + keys.box, sequence)
    return keys.pairing
