"""Where there are pages at all, for which names, and what is believed of a proxy; without a network."""

from __future__ import annotations

from unittest.mock import MagicMock

import pytest
from starlette.requests import Request

from fotopoort.api.app import has_pages
from fotopoort.api.middleware import known_hosts
from fotopoort.errors import BadSetting, CrossSite
from fotopoort.settings import Settings, load_settings
from fotopoort.vocabulary import Language
from fotopoort.web.addresses import IN_ANOTHER_LANGUAGE, is_page, local_path
from fotopoort.web.language import language_of_page
from fotopoort.web.same_origin import SameOrigin
from fotopoort.web.site import Site

PUBLIC = "https://foto.school.nl"


def request(headers: dict[str, str], scheme: str = "http", peer: str = "127.0.0.1") -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/login", "query_string": b"", "headers": raw}
    return Request(scope | {"scheme": scheme, "server": ("127.0.0.1", 8470), "client": (peer, 1)})


@pytest.mark.parametrize(
    ("host", "public_url", "tls", "there"),
    [
        ("127.0.0.1", None, False, True),
        ("::1", None, False, True),
        ("localhost", None, False, True),
        ("0.0.0.0", None, False, False),  # noqa: S104
        ("192.168.1.5", None, False, False),
        ("0.0.0.0", None, True, True),  # noqa: S104
        ("0.0.0.0", PUBLIC, False, True),  # noqa: S104
    ],
)
def test_passwords_never_go_in_the_clear(host: str, public_url: str | None, tls: bool, there: bool) -> None:
    assert has_pages(Settings(host=host, public_url=public_url), tls=tls) is there


def test_which_names_are_ours() -> None:
    loopback = {"localhost", "127.0.0.1", "::1"}
    assert known_hosts("127.0.0.1", None) == loopback
    assert known_hosts("10.0.0.1", None) == frozenset()
    assert known_hosts("10.0.0.1", "https://foto.school.nl:8443") == loopback | {"foto.school.nl", "10.0.0.1"}


@pytest.mark.parametrize(
    "url", ["http://foto.school.nl", "https://foto.school.nl/", "https://", "https://a b", "https://A.nl"]
)
def test_a_public_address_is_one_over_https_and_no_more(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("FOTOPOORT_PUBLIC_URL", url)
    with pytest.raises(BadSetting, match="FOTOPOORT_PUBLIC_URL"):
        load_settings()


@pytest.mark.parametrize(
    ("headers", "scheme", "ours"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, "http", True),
        ({"Sec-Fetch-Site": "none"}, "http", True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, "http", True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": PUBLIC}, "http", True),
        ({"Sec-Fetch-Site": "same-site", "Origin": PUBLIC}, "http", False),
        ({"Sec-Fetch-Site": ""}, "http", False),
        ({"Origin": PUBLIC}, "http", True),
        ({"Origin": "http://localhost:8470", "Host": "localhost:8470"}, "http", True),
        ({"Origin": "https://localhost:8470", "Host": "localhost:8470"}, "http", False),
        ({"Origin": "https://localhost:8470", "Host": "localhost:8470"}, "https", True),
        ({"Origin": "http://localhost:8471", "Host": "localhost:8470"}, "http", False),
        ({"Origin": f"{PUBLIC}.evil.example", "Host": "foto.school.nl"}, "http", False),
        ({"Origin": "null"}, "http", False),
        ({}, "http", False),
    ],
)
def test_what_comes_from_our_own_pages(headers: dict[str, str], scheme: str, ours: bool) -> None:
    if ours:
        SameOrigin(PUBLIC).require(request(headers, scheme))
    else:
        with pytest.raises(CrossSite):
            SameOrigin(PUBLIC).require(request(headers, scheme))


@pytest.mark.parametrize(
    ("public_url", "forwarded", "address"),
    [
        (None, "6.6.6.6", "10.0.0.9"),
        (PUBLIC, None, "10.0.0.9"),
        (PUBLIC, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (PUBLIC, " 1.2.3.4 ", "1.2.3.4"),
        (PUBLIC, "6.6.6.6,", "10.0.0.9"),
    ],
)
def test_whose_attempt_it_is(public_url: str | None, forwarded: str | None, address: str) -> None:
    site = Site(MagicMock(), Settings(public_url=public_url), lambda: 0.0)
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    assert site.address_of(request(headers, peer="10.0.0.9")) == address


def test_links_begin_with_the_public_address() -> None:
    asked = request({"Host": "127.0.0.1:8470"})
    assert Site(MagicMock(), Settings(public_url=PUBLIC), lambda: 0.0).origin_of(asked) == PUBLIC
    assert Site(MagicMock(), Settings(), lambda: 0.0).origin_of(asked) == "http://127.0.0.1:8470"


def test_which_addresses_need_no_key() -> None:
    pages = ("/", "/login", "/login/code", "/users", "/users/x/link", "/invitation/x", "/static/x", "/account/password")
    assert all(map(is_page, pages))
    assert not any(map(is_page, ("/v1/names", "/v1/", "/nowhere", "/loginx", "//", "/users2", "/openapi.json")))


def test_another_language_leads_to_a_page_of_ours() -> None:
    for path in ("/login", "/login/code", "/setup", "/invitation/a-b_c", "/users"):
        assert local_path(path, IN_ANOTHER_LANGUAGE) == path
    for path in ("/logout", "//evil.example", "/invitation/../x", "/invitation/é", "https://evil.example"):
        assert local_path(path, IN_ANOTHER_LANGUAGE) == "/"


@pytest.mark.parametrize(
    ("accepted", "chosen", "language"),
    [
        ("", None, Language.NL),
        ("en", None, Language.EN),
        ("en", "nl", Language.NL),
        ("nl", "en", Language.EN),
        ("nl, en;q=0.5", "xx", Language.NL),
        ("de", None, Language.EN),
    ],
)
def test_the_language_of_a_page(accepted: str, chosen: str | None, language: Language) -> None:
    assert language_of_page(accepted, chosen) is language
