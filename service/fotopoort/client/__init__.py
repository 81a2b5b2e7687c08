"""A typed client of the service, for programs that publish: `pip install "./fotopoort[client]"`.

Begin with `client.Fotopoort`. `verdicts` is what it answers, `failures` what it raises, and `events.verified` reads a
webhook. It knows the contract alone: nothing of how photos are judged.
"""

from fotopoort.client.client import Fotopoort
from fotopoort.client.events import Event, verified
from fotopoort.client.failures import (
    ClientError,
    NoAnswer,
    NotAllowed,
    NotAPhoto,
    NotValid,
    Refused,
    StillPending,
    Unknown,
)
from fotopoort.client.verdicts import Rendition, TextVerdict, Verdict

__all__ = [
    "ClientError",
    "Event",
    "Fotopoort",
    "NoAnswer",
    "NotAPhoto",
    "NotAllowed",
    "NotValid",
    "Refused",
    "Rendition",
    "StillPending",
    "TextVerdict",
    "Unknown",
    "Verdict",
    "verified",
]
