"""What somebody sees who puts the second factor in their app: a QR code, and the same to type."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Self

from fotopoort.errors import BadForm
from fotopoort.registry.access import second_factor
from fotopoort.registry.access.accounts import Account
from fotopoort.web.forms import UNREADABLE

SECRET: Final = re.compile(r"[A-Z2-7]{32}")
SIZE: Final = re.compile(r'width="(\d+)" height="(\d+)"')  # in modules: the page says how large one is
TYPED_TOGETHER: Final = 4  # letters


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret as it is shown.

    Attributes:
        qr_code: an `svg` element, of rectangles alone.
    """

    secret: str = field(repr=False)
    qr_code: str = field(repr=False)

    @classmethod
    def of(cls, account: Account, secret: str) -> Self:
        """A secret of this account.

        Raises:
            BadForm: it is none.
        """
        if not SECRET.fullmatch(secret):
            raise BadForm(hint=UNREADABLE)
        svg = second_factor.qr_code(second_factor.address(account, secret))
        element = svg[svg.index("<svg") :]  # without the XML prologue
        return cls(secret, SIZE.sub(r'viewBox="0 0 \1 \2"', element, count=1))

    @property
    def typed(self) -> str:
        """The secret in groups of letters, as people type it."""
        return " ".join(self.secret[at : at + TYPED_TOGETHER] for at in range(0, len(self.secret), TYPED_TOGETHER))
