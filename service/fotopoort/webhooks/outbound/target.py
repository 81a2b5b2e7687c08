"""An address as it is written, read strictly, and what a caller may reach.

There are many ways to write a host that one program reads as a name and another as 127.0.0.1. Here there is one: a name
in ASCII, or an IP address as it is usually written. All else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final, Self

from fotopoort.errors import BadRecord
from fotopoort.vocabulary import Text
from fotopoort.webhooks.outbound.addresses import Network

PORTS: Final = {"http": 80, "https": 443}
MAX_LENGTH: Final = 2000  # characters of an address

_URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(:(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>[/?][!$-;=?-Z\[\]_a-z~]*)?",  # printable ASCII but for # " < > \ ^ ` { | }
    re.ASCII | re.IGNORECASE,
)
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = re.compile(rf"({_LABEL}\.)*(?=[a-z0-9-]*[a-z])(?!0x[0-9a-f]*\Z){_LABEL}")  # a number is an address


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes.

    Attributes:
        host: a name in small letters, or an IP address without brackets.
        path: with the query.
    """

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read an address.

        Raises:
            BadRecord: it is not plainly that of a web page.
        """
        matched = _URL.fullmatch(url) if len(url) <= MAX_LENGTH else None
        if matched is None:
            raise bad_address()
        scheme, host = matched["scheme"].lower(), _host(matched["host"].lower())
        port = int(matched["port"] or PORTS[scheme])
        if port > 65_535:
            raise bad_address()
        path = matched["path"] or "/"
        return cls(scheme, host, port, path if path.startswith("/") else f"/{path}")

    @property
    def is_usual_port(self) -> bool:
        return self.port == PORTS[self.scheme]

    @property
    def authority(self) -> str:
        """Host and port, as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.is_usual_port else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class AllowList:
    """What a caller may reach.

    Attributes:
        hosts: names, or IP addresses, as a Host header has them: with a port where it is not the usual one. `*.` in
            front stands for any name below that one.
        networks: where there are any, every address must lie in one of them. Private ones are reached only so.
    """

    hosts: frozenset[str]
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, hosts: Iterable[str], networks: Iterable[str] = ()) -> Self:
        """Read what somebody wrote.

        Raises:
            BadRecord: a host or a network is none.
        """
        found = frozenset(_listed_host(host) for host in hosts)
        try:
            return cls(found, tuple(ip_network(network) for network in networks))
        except ValueError:
            raise BadRecord(
                Text(nl="Dit is geen netwerk.", en="This is no network."),
                hint=Text(nl="Schrijf het als 192.168.1.0/24.", en="Write it as 192.168.1.0/24."),
            ) from None

    @classmethod
    def of(cls, target: Target, networks: Iterable[str] = ()) -> Self:
        """One target alone."""
        return cls.parse([target.authority], networks)

    def names(self, target: Target) -> bool:
        """Whether the target's host is listed."""
        if target.authority in self.hosts:
            return True
        labels = target.authority.split(".")
        return any("*." + ".".join(labels[place:]) in self.hosts for place in range(1, len(labels)))


def bad_address() -> BadRecord:
    """Nothing of what was written is told again."""
    return BadRecord(
        Text(nl="Dit adres is niet bruikbaar.", en="This address cannot be used."),
        hint=Text(
            nl="Schrijf het als https://school.nl/pad: zonder gebruikersnaam, # of tekens buiten ASCII.",
            en="Write it as https://school.nl/path: without a user name, # or characters beyond ASCII.",
        ),
    )


def _listed_host(text: str) -> str:
    wildcard, name = ("*.", text[2:]) if text.startswith("*.") else ("", text)
    if "/" in name or "?" in name or (wildcard and not _NAME.fullmatch(name.partition(":")[0].lower())):
        raise bad_address()
    return wildcard + Target.parse(f"https://{name}").authority


def _host(text: str) -> str:
    try:
        if text.startswith("["):
            return str(IPv6Address(text[1:-1]))
        if not _NAME.fullmatch(text):
            return str(IPv4Address(text))
    except ValueError:
        raise bad_address() from None
    return text
