"""Who signed a message: the specification's vectors, another implementation both ways, and changed headers."""

from __future__ import annotations

import time
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from fotopoort.errors import BadRecord, BadSignature
from fotopoort.webhooks.signatures import (
    ID,
    SIGNATURE,
    TIMESTAMP,
    TOLERANCE,
    PrivateKey,
    SharedSecret,
    signed_headers,
    signing_key,
    verify,
    verifying_key,
)

MESSAGE, NOW, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PRIVATE = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
V1A = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
KEYS = (verifying_key(WHSEC), verifying_key(PUBLIC))


def headers(signature: str = V1, *, message: str = MESSAGE, timestamp: str = str(NOW)) -> list[tuple[str, str]]:
    return [(ID, message), (TIMESTAMP, timestamp), (SIGNATURE, signature)]


@pytest.mark.parametrize(("key", "signature"), [(WHSEC, V1), (PRIVATE, V1A)], ids=["v1", "v1a"])
def test_the_specifications_vectors(key: str, signature: str) -> None:
    made = signed_headers([signing_key(key)], MESSAGE, NOW, BODY)
    assert list(made.items()) == headers(signature)
    assert verify(KEYS, made.items(), BODY, NOW) == MESSAGE


def test_keys_are_read_as_they_are_written() -> None:
    private = signing_key(PRIVATE)
    assert isinstance(private, PrivateKey)
    assert (str(private), str(private.public), str(signing_key(WHSEC))) == (PRIVATE, PUBLIC, WHSEC)
    assert signing_key("whsk_" + b64encode(private.seed).decode()) == private
    for new in (SharedSecret.new(), PrivateKey.new()):
        assert signing_key(str(new)) == new
        assert new != type(new).new()


@pytest.mark.parametrize("key", [SharedSecret.new(), PrivateKey.new()], ids=["v1", "v1a"])
def test_a_key_is_in_no_log(key: SharedSecret | PrivateKey) -> None:
    secret = key.secret if isinstance(key, SharedSecret) else key.seed
    assert repr(secret)[2:-1] not in repr(key)


@pytest.mark.parametrize(
    "text",
    [
        "", "whsec_", WHSEC[6:], "whsec_c2hvcnQ=", "whsec_" + "A" * 88, WHSEC + "=", WHSEC + "\n", f" {WHSEC}",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa__", "WHSEC_" + WHSEC[6:],
        PUBLIC.replace("whpk_", "whsk_") + "A", PRIVATE.replace("6Xb", "6Xc"), PRIVATE[:40], "whpk_AAAA",
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused(text: str) -> None:
    for read in (signing_key, verifying_key):
        with pytest.raises(BadRecord):
            read(text)


def test_a_key_to_verify_with_signs_nothing() -> None:
    with pytest.raises(BadRecord):
        signing_key(PUBLIC)
    with pytest.raises(BadRecord):
        verifying_key(PRIVATE)


def test_another_implementation_takes_what_is_signed_here_and_the_other_way_round() -> None:
    now = int(time.time())
    made = signed_headers([PrivateKey.new(), SharedSecret.new(), signing_key(WHSEC)], MESSAGE, now, BODY)
    assert Webhook(WHSEC).verify(BODY, made | {SIGNATURE: made[SIGNATURE].partition(" ")[2]}) == {"test": 2432232314}
    theirs = Webhook(WHSEC).sign(MESSAGE, datetime.fromtimestamp(now, UTC).replace(tzinfo=None), BODY.decode())
    assert verify(KEYS, headers(theirs, timestamp=str(now)), BODY, now) == MESSAGE


@settings(max_examples=50, deadline=None)
@given(body=st.binary(max_size=200), message=st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
def test_what_either_signs_the_other_takes(body: bytes, message: str) -> None:
    now, text = int(time.time()), body.hex()
    made = signed_headers([signing_key(WHSEC)], message, now, text.encode())
    Webhook(WHSEC).verify(text, made, json_parse=False)
    naive = datetime.fromtimestamp(now, UTC).replace(tzinfo=None)
    assert Webhook(WHSEC).sign(message, naive, text) == made[SIGNATURE]


@pytest.mark.parametrize("others", [[], [str(SharedSecret.new())], [str(PrivateKey.new().public)]])
@pytest.mark.parametrize("signature", [V1, V1A, f"v2,AAAA {V1A}", f"{V1A} {V1}", f"v1,{'A' * 42}A= {V1}"])
def test_one_key_that_fits_is_enough(signature: str, others: list[str]) -> None:
    keys = [*map(verifying_key, others), *KEYS]
    assert verify(keys, headers(signature), BODY, NOW) == MESSAGE
    with pytest.raises(BadSignature):
        verify(keys[: len(others)], headers(signature), BODY, NOW)


def test_a_version_is_believed_of_its_own_key_alone() -> None:
    with pytest.raises(BadSignature):
        verify(KEYS, headers(V1.replace("v1,", "v1a,")), BODY, NOW)


@pytest.mark.parametrize("seconds", [-TOLERANCE, 0, TOLERANCE])
def test_a_timestamp_may_be_off_by_some_minutes(seconds: int) -> None:
    assert verify(KEYS, headers(), BODY, NOW + seconds) == MESSAGE
    with pytest.raises(BadSignature):
        verify(KEYS, headers(), BODY, NOW + seconds + (1 if seconds >= 0 else -1) * (2 * TOLERANCE + 1))


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        headers()[1:],
        [*headers(), (ID, MESSAGE)],
        [*headers(), ("Webhook-Signature", V1)],
        headers(message=f"{MESSAGE}.1"),
        headers(message=""),
        headers(message=f"{MESSAGE} "),
        headers(message=f"{MESSAGE}\n"),
        headers(timestamp=f"{NOW}.0"),
        headers(timestamp=f"+{NOW}"),
        headers(timestamp=f" {NOW}"),
        headers(timestamp=f"0{NOW}"),
        headers(timestamp="".join(chr(0xFF10 + int(digit)) for digit in str(NOW))),
        headers(timestamp="nan"),
        headers(timestamp="1" * 400),
        headers(""),
        headers("v1"),
        headers("v1,"),
        headers(V1.replace("v1,", "V1,")),
        headers(V1.replace(",", ", ")),
        headers(V1.replace("=", "")),
        headers(V1 + "="),
        headers(V1.replace("E=", "F=")),
        headers(V1.replace("+", "-").replace("/", "_")),
        headers(f"{V1},{V1}"),
        headers(f"{V1}  {V1}"),
        headers(f"{V1} "),
        headers(f"{V1}\t{V1}"),
        headers(f"{V1} x"),
        headers(" ".join([V1] * 17)),
        headers(V1 + "\0"),
    ],
)
def test_headers_that_are_not_as_specified_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(BadSignature):
        verify(KEYS, pairs, BODY, NOW)


def test_names_of_headers_are_in_either_case() -> None:
    assert verify(KEYS, [(name.title(), value) for name, value in headers()], BODY, NOW) == MESSAGE


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_whatever_is_changed_is_refused(data: st.DataObject) -> None:
    signature = data.draw(st.sampled_from([V1, V1A, f"{V1} {V1A}"]))
    pairs, body = headers(signature), BODY
    which = data.draw(st.integers(0, 3))
    text = body.decode("latin-1") if which == 3 else pairs[which][1]
    place = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 2))
    changed = text[:place] + data.draw(st.text(max_size=3)) + text[place + cut :]
    if which == 3:
        body = changed.encode(errors="replace")
    else:
        pairs[which] = (pairs[which][0], changed)
    if (pairs, body) == (headers(signature), BODY) or (which == 2 and {V1, V1A} & set(changed.split(" "))):
        return  # a second signature still holds
    with pytest.raises(BadSignature):
        verify(KEYS, pairs, body, NOW)


@pytest.mark.parametrize(("message", "timestamp"), [("a.b", NOW), ("", NOW), ("a b", NOW), ("a", 0), ("a", -1)])
def test_what_nobody_would_take_is_not_signed(message: str, timestamp: int) -> None:
    with pytest.raises(ValueError, match="an id"):
        signed_headers([signing_key(WHSEC)], message, timestamp, BODY)
