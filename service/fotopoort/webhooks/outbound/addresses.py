"""Which IP addresses may be connected to: a table of our own.

`ipaddress.is_global` passes addresses that lead elsewhere (6to4, NAT64, multicast) and some of clouds' metadata. Here
IPv6 is refused unless it is ordinary global unicast; see the IANA registries of special-purpose addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in texts)


# Refused, whatever an allow list says.
NEVER: Final = _networks(
    "0.0.0.0/8",  # this network; 0.0.0.0 is this machine
    "100.100.100.200/32",  # metadata (Alibaba)
    "168.63.129.16/32",  # metadata (Azure)
    "169.254.0.0/16",  # link-local, with the metadata of most clouds
    "192.0.0.0/24",  # protocol assignments, with metadata (Oracle)
    "192.0.2.0/24",  # documentation
    "192.31.196.0/24",  # AS112
    "192.52.193.0/24",  # AMT
    "192.88.99.0/24",  # 6to4 relays
    "192.175.48.0/24",  # AS112
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, with broadcast
    "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4: has an IPv4 address in it
    "2620:4f:8000::/48",  # AS112
    "3ffe::/16",  # 6bone
    "3fff::/20",  # documentation
    "fd00:ec2::/32",  # metadata (Amazon)
    "fd20:ce::/32",  # metadata (Google)
)
# Refused, unless an allow list names a network within one of these: the machine itself, and the school's own network.
PRIVATE: Final = _networks(
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"
)  # fmt: skip
GLOBAL_UNICAST: Final = IPv6Network("2000::/3")  # the rest of IPv6 is mapped, NAT64, link-local, multicast
ISATAP: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})  # before an IPv4 address, in the last 64 bits


def may_connect(address: Address, listed: Sequence[Network] = ()) -> bool:
    """Whether this address may be connected to.

    Args:
        listed: the networks of an allow list. Where there are any, the address must lie in one of them; a private
            address always must, and in one that is private as a whole.
    """
    if any(address in network for network in NEVER):
        return False
    containing = [network for network in listed if address in network]
    private = next((network for network in PRIVATE if address in network), None)
    if private is not None:
        return any(_is_within(network, private) for network in containing)
    if listed and not containing:
        return False
    if isinstance(address, IPv4Address):
        return True
    return address in GLOBAL_UNICAST and address.scope_id is None and (int(address) >> 32) & 0xFFFF_FFFF not in ISATAP


def _is_within(network: Network, other: Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(other, IPv4Network) and network.subnet_of(other)
    return isinstance(other, IPv6Network) and network.subnet_of(other)
