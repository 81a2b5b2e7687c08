"""Which language an `Accept-Language` header asks for."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from fotopoort.web.language import language_of, negotiate


@pytest.mark.parametrize(
    ("header", "language"),
    [
        pytest.param("", "en", id="nothing is asked"),
        pytest.param("nl", "nl", id="Dutch"),
        pytest.param("NL-be", "nl", id="Dutch of a country"),
        pytest.param("nl-NL,nl;q=0.9,en-US;q=0.8,en;q=0.7", "nl", id="a Dutch browser"),
        pytest.param("en-GB,en;q=0.9,nl;q=0.8", "en", id="an English browser"),
        pytest.param("en;q=0.5, nl;q=0.8", "nl", id="the weight decides, not the order"),
        pytest.param("nl;q=0.8, en;q=0.800", "nl", id="of equal weights the first"),
        pytest.param("en, nl", "en", id="of equal weights the first, the other way round"),
        pytest.param("de, nl;q=0.3", "nl", id="German is not there"),
        pytest.param("fr-CH, fr;q=0.9, de;q=0.7", "en", id="none fits"),
        pytest.param("*", "en", id="any"),
        pytest.param("en;q=0, *;q=0.5", "nl", id="any but English"),
        pytest.param("nl;q=0", "en", id="no Dutch"),
        pytest.param("nl;q=0, en;q=0", "en", id="neither"),
        pytest.param("*;q=0", "en", id="nothing will do"),
        pytest.param("nl;q=0.2, *;q=0.5", "en", id="any is better than Dutch"),
        pytest.param("nl;q=2, en;q=0.1", "en", id="no weight"),
        pytest.param("nld", "en", id="another code"),
        pytest.param("nl_NL", "en", id="a locale"),
        pytest.param(",;q=1,, nl ; q=0.7 ,\xff", "nl", id="with rubbish around"),
    ],
)
def test_the_language_asked_for(header: str, language: str) -> None:
    assert negotiate(header) == language


def test_a_header_may_be_sent_in_parts() -> None:
    headers = Headers(raw=[(b"accept-language", b"de"), (b"accept-language", b"nl")])
    assert language_of(headers) == "nl"
    assert language_of(Headers()) == "en"
