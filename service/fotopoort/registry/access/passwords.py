"""Passwords: which may be chosen, and how they are stored: as Argon2id hashes, never as they were typed."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from fotopoort.errors import BadPassword
from fotopoort.vocabulary import Text

MIN_CHARACTERS: Final = 12
MAX_CHARACTERS: Final = 128
MIN_SCORE: Final = 3  # of zxcvbn, 0 to 4: from here on more than 10^8 guesses
MIN_REST: Final = 8  # characters beside the words that anybody would try first
MIN_WORD: Final = 3  # letters; shorter ones are in every sentence
MAX_SCORED: Final = 64  # characters that are scored; the time it takes grows with their square
SALT_BYTES: Final = 16
# What OWASP's cheat sheet on storing passwords asks for: 19 MiB, two passes, one lane.
HASH_BYTES, PASSES, LANES, KIBIBYTES = 32, 2, 1, 19 * 1024
# What people here begin a password with, beside the lists of breached passwords, which are English for the most part.
USUAL: Final = (
    "welkom",
    "wachtwoord",
    "geheim",
    "school",
    "basisschool",
    "groep",
    "juf",
    "meester",
    "fotopoort",
    "lente",
    "zomer",
    "herfst",
    "winter",
    "vakantie",
    "kerst",
)


def chosen(password: str, about: Iterable[str] = ()) -> str:
    """What is stored of a password that somebody chose. Takes a tenth of a second, the first time a few.

    Raises:
        BadPassword: see `require_good`.
    """
    require_good(password, about)
    return hashed(password)


def require_good(password: str, about: Iterable[str] = ()) -> None:
    """Refuse a password that is short or easy to guess.

    Args:
        about: what others know of who chooses it: names, the login, the school.

    Raises:
        BadPassword: it is short, too long, on a list of breached ones or close to it.
    """
    from zxcvbn import zxcvbn  # its lists take a second to load, which no other command should wait for

    normal = _normal(password)
    if len(normal) < MIN_CHARACTERS:
        raise BadPassword(
            Text(nl="Dit wachtwoord is te kort.", en="This password is too short."),
            hint=Text(
                nl=f"Neem {MIN_CHARACTERS} tekens of meer. Vier losse woorden zijn goed te onthouden.",
                en=f"Take {MIN_CHARACTERS} characters or more. Four words with no link are easy to remember.",
            ),
        )
    if len(normal) > MAX_CHARACTERS:
        raise BadPassword(
            Text(nl="Dit wachtwoord is te lang.", en="This password is too long."),
            hint=Text(nl=f"Neem hooguit {MAX_CHARACTERS} tekens.", en=f"Take {MAX_CHARACTERS} characters at most."),
        )
    known = {word.casefold() for text in about for word in (text, *re.split(r"\W+", text))} | set(USUAL)
    rest = normal.casefold()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) >= MIN_WORD else rest
    if len(rest) < MIN_REST or zxcvbn(normal[:MAX_SCORED], user_inputs=sorted(known))["score"] < MIN_SCORE:
        raise BadPassword


def hashed(password: str) -> str:
    """The hash that is stored of a password, with its salt and settings (PHC format)."""
    return _function().derive_phc_encoded(_bytes(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password that was stored. It takes as long where there is none."""
    try:
        Argon2id.verify_phc_encoded(_bytes(password), stored or _NOBODYS)
    except InvalidKey:
        return False
    return stored is not None


def _function() -> Argon2id:
    salt = secrets.token_bytes(SALT_BYTES)
    return Argon2id(salt=salt, length=HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=KIBIBYTES)


def _normal(password: str) -> str:
    """The same password however a keyboard writes its accents."""
    return unicodedata.normalize("NFC", password)


def _bytes(password: str) -> bytes:
    return _normal(password)[: MAX_CHARACTERS + 1].encode(errors="surrogatepass")


_NOBODYS: Final = (  # nobody has it: the hash is of random bytes that were thrown away
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
