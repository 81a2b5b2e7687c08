"""Which addresses may be connected to, and what is read as an address at all."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from fotopoort.errors import BadRecord
from fotopoort.webhooks.outbound.addresses import may_connect
from fotopoort.webhooks.outbound.client import GuardedClient
from fotopoort.webhooks.outbound.network import OutboundError
from fotopoort.webhooks.outbound.target import AllowList, Target

from .outbound_client import Network

HOSTILE = """
127.0.0.1 127.1.2.3 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1
192.168.255.255 100.64.0.1 100.127.255.254 169.254.0.1 169.254.169.254 169.254.170.2 168.63.129.16 100.100.100.200
192.0.0.8 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.175.48.1 198.18.0.1 198.19.255.255
198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1
100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
2002:0808:0808::1 2620:4f:8000::1 3ffe::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fd20:ce::254 fe80::1 febf::1 fec0::1
ff02::1 2a00:1450:4001::5efe:10.0.0.1 2a00:1450:4001:0:200:5efe:127.0.0.1
""".split()
ORDINARY = (
    "8.8.8.8 1.1.1.1 94.142.241.51 172.32.0.1 100.128.0.1 192.0.1.1 2a00:1450:4001::1 2001:200::1 2606:4700::1111"
)
LISTED = AllowList.parse(["cms.example"], ["0.0.0.0/0", "::/0"])  # all there is, which names nothing private


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_leads_elsewhere_is_never_connected_to(address: str) -> None:
    assert not may_connect(ip_address(address))
    assert not may_connect(ip_address(address), LISTED.networks)
    network = Network(lambda _: ["8.8.8.8", address])
    client = GuardedClient(resolve=network.resolve, connect=network.refuse)
    literal = f"[{address}]" if ":" in address else address
    for url in ("http://cms.example/a.jpg", f"http://{literal}/a.jpg"):
        for listed in (["cms.example", literal], LISTED.hosts):
            with pytest.raises(OutboundError) as refused:
                client.get(url, AllowList.parse(listed), max_bytes=1000, seconds=60)
            assert refused.value.code in {"address_refused", "host_not_allowed"}
    assert network.connected == []


def test_there_are_as_many_as_were_found_to_pass_elsewhere() -> None:
    assert len(set(HOSTILE)) >= 58


@pytest.mark.parametrize("address", ORDINARY.split())
def test_an_ordinary_address_is_connected_to_unless_networks_are_listed_without_it(address: str) -> None:
    assert may_connect(ip_address(address))
    assert may_connect(ip_address(address), LISTED.networks)
    assert not may_connect(ip_address(address), [ip_network("93.184.0.0/16")])
    assert not may_connect(ip_address(address + "%eth0"), LISTED.networks) if ":" in address else True


@pytest.mark.parametrize(
    ("address", "networks", "may"),
    [
        ("192.168.1.20", ["192.168.1.0/24"], True),
        ("192.168.2.20", ["192.168.1.0/24"], False),
        ("192.168.1.20", ["192.0.0.0/8"], False),  # a network that is not private as a whole names nothing private
        ("127.0.0.1", ["127.0.0.1/32"], True),
        ("::1", ["::1/128"], True),
        ("fd12:3456::1", ["fd12:3456::/32"], True),
        ("100.100.1.1", ["100.64.0.0/10"], True),
        ("100.100.100.200", ["100.64.0.0/10"], False),  # metadata
        ("fd00:ec2::254", ["fd00::/8"], False),
        ("169.254.169.254", ["169.254.0.0/16"], False),
        ("224.0.0.1", ["224.0.0.0/4"], False),
        ("::ffff:192.168.1.20", ["192.168.1.0/24"], False),
    ],
)
def test_a_list_may_name_the_schools_own_network(address: str, networks: list[str], may: bool) -> None:
    assert may_connect(ip_address(address), [ip_network(network) for network in networks]) is may


SPELLINGS = [
    "2130706433", "0x7f000001", "0x7F000001", "017700000001", "0177.0.0.1", "0x7f.0.0.1", "0x7f.1", "127.1",
    "127.0.1", "127.0.0.01", "127.0.0.1.", "127.0.0.0x1", "00000177.0.0.1", "0", "0x0", "0x", "1.2.3.4.5",
    "256.1.1.1", "\uff11\uff12\uff17.0.0.1", "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460", "127\u30020\u30020\u30021",
    "127\uff0e0\uff0e0\uff0e1", "localhost.", "LOCALHOST%00", "loc%61lhost", "loc\u0430lhost", "\uff4cocalhost",
    "[::1%25lo]", "[::1%lo]", "[0:0:0:0:0:0:0:1", "::1", "[127.0.0.1]", "[::ffff:127.0.0.1]x", "user@cms.example",
    "cms.example:80@127.0.0.1", "127.0.0.1:80@cms.example", "cms.example\\@127.0.0.1", "cms.example#@127.0.0.1",
    "cms.example\t", "cms.example\n", "cms .example", "cms..example", ".cms.example", "-cms.example",
    "cms_.example", "cms.example:", "cms.example:0", "cms.example:080", "cms.example:65536", "cms.example:80:80",
    "b\xfccher.example", "xn--", "a" * 64 + ".example", "cms.0x1f", "cms.1", "",
]  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS, ids=ascii)
def test_another_way_to_write_a_host_is_none(host: str) -> None:
    network = Network(lambda _: ["127.0.0.1"])
    client = GuardedClient(resolve=network.resolve, connect=network.refuse)
    for url in (f"http://{host}/a.jpg", f"https://{host}"):
        with pytest.raises(OutboundError, match="bad_address"):
            client.get(url, LISTED, max_bytes=1000, seconds=60)
    with pytest.raises(BadRecord):
        AllowList.parse([host])
    assert (network.looked_up, network.connected) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "", "cms.example", "//cms.example/", "ftp://cms.example/", "file:///etc/passwd", "gopher://cms.example/",
        "http:/cms.example/", "http:cms.example", "http:///a", "https://cms.example/a b", "https://cms.example/a#b",
        "https://cms.example/é", "https://cms.example/\r\nX: y", "https://cms.example\r\nX: y", " https://cms.example/",
        "https://cms.example/" + "a" * 2000, "https://cms.example/\\x", "javascript:alert(1)", "https://cms.example/\0",
        "HTTPS ://cms.example/", "unix:///run/x", "https://cms.example/{a}", "\u210ettps://cms.example/",
    ],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(BadRecord):
        Target.parse(url)


@pytest.mark.parametrize(
    ("url", "target", "authority"),
    [
        ("https://CMS.Example", Target("https", "cms.example", 443, "/"), "cms.example"),
        ("HTTP://cms.example:8080?a=b", Target("http", "cms.example", 8080, "/?a=b"), "cms.example:8080"),
        ("https://cms.example:443/a%20b.jpg", Target("https", "cms.example", 443, "/a%20b.jpg"), "cms.example"),
        ("http://192.168.1.20:443/", Target("http", "192.168.1.20", 443, "/"), "192.168.1.20:443"),
        ("http://[FD12::0:1]/", Target("http", "fd12::1", 80, "/"), "[fd12::1]"),
        ("https://xn--bcher-kva.example/", Target("https", "xn--bcher-kva.example", 443, "/"), "xn--bcher-kva.example"),
        ("http://cms/", Target("http", "cms", 80, "/"), "cms"),
    ],
)
def test_a_plain_address_is_read(url: str, target: Target, authority: str) -> None:
    assert Target.parse(url) == target
    assert target.authority == authority


@pytest.mark.parametrize(
    ("listed", "url", "is_named"),
    [
        ("cms.example", "https://cms.example/", True),
        ("CMS.example", "http://cms.example/", True),
        ("cms.example", "https://cms.example:8443/", False),
        ("cms.example:8443", "https://cms.example:8443/", True),
        ("cms.example", "https://www.cms.example/", False),
        ("cms.example", "https://evilcms.example/", False),
        ("*.cms.example", "https://www.cms.example/", True),
        ("*.cms.example", "https://a.b.cms.example/", True),
        ("*.cms.example", "https://cms.example/", False),
        ("*.cms.example", "https://evilcms.example/", False),
        ("*.cms.example", "https://cms.example.evil.example/", False),
        ("192.168.1.20", "http://192.168.1.20/", True),
        ("[fd12::1]", "http://[fd12:0::1]/", True),
    ],
)
def test_hosts_are_listed_with_their_ports(listed: str, url: str, is_named: bool) -> None:
    assert AllowList.parse([listed]).names(Target.parse(url)) is is_named


@pytest.mark.parametrize(
    "host", ["*", "*.", "*.*.example", "a.*.example", "https://cms.example", "cms.example/a", "*.1"]
)
def test_what_is_no_host_is_not_listed(host: str) -> None:
    with pytest.raises(BadRecord):
        AllowList.parse([host])


@pytest.mark.parametrize("network", ["", "a", "192.168.1.1/24", "192.168.1.0/33", "192.168.1.0-9"])
def test_what_is_no_network_is_not_listed(network: str) -> None:
    with pytest.raises(BadRecord):
        AllowList.parse([], [network])
