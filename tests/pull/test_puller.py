"""A website's photos are fetched, judged and answered; what is lost on the way is done again, and nothing is forged."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from contextlib import suppress

import pytest
from nacl.public import PrivateKey, SealedBox
from tests.multipart import fields

from fotopoort.errors import AlreadyThere, BadCode, Busy, EmptyFile, KeyMissing, PairingFailed, UnknownChannel
from fotopoort.pull import pairing as pairing_module
from fotopoort.pull import puller as puller_module
from fotopoort.pull.hoster import Hoster, HosterFailed, Offered
from fotopoort.pull.puller import LeaseLost, Puller
from fotopoort.registry.access.roles import Act
from fotopoort.registry.pull import pairings, photos

from .hoster import PlayedHoster, Refusal, decoded, encoded
from .school import MAX_BYTES, PlayedSchool, puller, rendition_of


def pair(school: PlayedSchool, hoster: PlayedHoster) -> str:
    return pairing_module.pair(school.registry, school.caller, hoster.code())


@pytest.fixture
def paired(school: PlayedSchool, hoster: PlayedHoster) -> str:
    return pair(school, hoster)


@pytest.fixture
def pull(school: PlayedSchool, paired: str) -> Puller:
    return puller(school, paired)


def photo(size: int = 20_000) -> bytes:
    return secrets.token_bytes(size)


def ticket(school: PlayedSchool, original: bytes) -> str:
    return next(ticket for ticket, taken in school.verdicts.taken.items() if taken.content == original)


# --- pairing ---------------------------------------------------------------------------------------------


def test_both_sides_show_the_same_id(school: PlayedSchool, hoster: PlayedHoster) -> None:
    assert pair(school, hoster) == (hoster.school or {})["pairing"]
    with school.registry.read(school.caller, Act.MANAGE_KEYS) as session:
        assert [found.address for found in pairings.pairings(session)] == [hoster.address]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda code: code[:-1],
        lambda code: code[:20] + ("A" if code[20] != "A" else "B") + code[21:],
        lambda code: code.removeprefix("fp1."),
        lambda code: "",
        lambda code: "fp1.",
        lambda code: "fp1.é",
    ],
)
def test_a_mistyped_code_goes_nowhere(school: PlayedSchool, hoster: PlayedHoster, spoil: Callable[[str], str]) -> None:
    with pytest.raises(BadCode):
        pairing_module.pair(school.registry, school.caller, spoil(hoster.code()))
    assert hoster.log == []


@pytest.mark.parametrize(
    "address", ["http://school.example/x", "ftp://a.example", "https://a:b@c.example", "https://", "//x"]
)
def test_a_code_that_names_no_https_address_goes_nowhere(school: PlayedSchool, address: str) -> None:
    content = secrets.token_bytes(20) + address.encode()
    code = "fp1." + encoded(content + hashlib.sha256(content).digest()[:4])
    with pytest.raises(BadCode):
        pairing_module.pair(school.registry, school.caller, code)


def test_a_code_is_good_once(school: PlayedSchool, hoster: PlayedHoster) -> None:
    code = hoster.code()
    first = pairing_module.pair(school.registry, school.caller, code)
    with school.registry.write(school.caller, Act.MANAGE_KEYS) as session:
        pairings.remove(session, first)
    with pytest.raises(BadCode):
        pairing_module.pair(school.registry, school.caller, code)


def test_a_website_is_paired_once(school: PlayedSchool, hoster: PlayedHoster, paired: str) -> None:
    with pytest.raises(AlreadyThere):
        pair(school, hoster)
    assert (hoster.school or {})["pairing"] == paired


def test_a_website_that_does_not_know_the_code_is_not_paired(school: PlayedSchool, hoster: PlayedHoster) -> None:
    code = hoster.code()
    hoster.secret = secrets.token_bytes(20)
    with pytest.raises(BadCode):
        pairing_module.pair(school.registry, school.caller, code)
    hoster.failing.append((200, {}))
    with pytest.raises(PairingFailed):
        pair(school, hoster)
    with school.registry.read(school.caller, Act.MANAGE_KEYS) as session:
        assert pairings.pairings(session) == []


def test_the_database_alone_has_no_key(school: PlayedSchool, paired: str) -> None:
    (school.registry.keys_folder / pairings.KEY.file_name).unlink()
    with pytest.raises(KeyMissing):
        puller(school, paired).step()


# --- the round trip --------------------------------------------------------------------------------------


def test_a_photo_comes_back_as_a_signed_rendition(school: PlayedSchool, hoster: PlayedHoster, pull: Puller) -> None:
    original = photo()
    photo_id = hoster.upload(original, text="Sem wint", file_name="sem.jpg", group=["groep 5"], reference="a1")
    pull.step()
    taken = school.verdicts.taken[ticket(school, original)]
    assert (taken.text, taken.file_name, taken.groups, taken.reference) == ("Sem wint", "sem.jpg", ("groep 5",), "a1")
    assert taken.channel == "website"
    pull.step()
    said = hoster.result(photo_id)
    assert said is not None
    assert said["verdict"]["outcome"] == "publish"
    assert said["sha256"] == hashlib.sha256(original).hexdigest()
    assert hoster.rendition(photo_id) == rendition_of(original)
    assert "href" not in json.dumps(said["verdict"])  # no address that only the school can call
    before = len(hoster.log)
    pull.step()
    assert hoster.log[before:] == ["poll"]  # told once


def test_the_websites_disk_holds_nothing_of_an_original(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller
) -> None:
    original = photo()
    hoster.upload(original, text="Sem de Vries wint", file_name="semdevries.jpg")
    for _ in range(3):
        pieces = {original[at : at + 16] for at in range(0, len(original) - 16, 16)}
        for path in hoster.folder.rglob("*"):
            content = path.read_bytes()
            assert not any(content[at : at + 16] in pieces for at in range(len(content)))
            assert b"Vries" not in content
            assert b"semdevries" not in content
        pull.step()
    assert not list(hoster.folder.glob("*.sealed"))  # nor what was answered


def test_a_text_alone_is_judged(school: PlayedSchool, hoster: PlayedHoster, pull: Puller) -> None:
    photo_id = hoster.upload(b"", text="Sem wint")
    pull.step()
    [taken] = school.verdicts.taken.values()
    assert (taken.content, taken.sha256, taken.text) == (b"", None, "Sem wint")
    school.verdicts.reject(*school.verdicts.taken)
    pull.step()
    assert (hoster.result(photo_id) or {})["sha256"] is None


def test_a_verdict_that_takes_long_is_brought_when_it_is_there(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller
) -> None:
    school.verdicts.by_itself = False
    original = photo()
    photo_id = hoster.upload(original)
    for _ in range(3):
        pull.step()
        assert hoster.result(photo_id) is None
    assert hoster.log.count("take") == 1
    school.verdicts.publish(ticket(school, original))
    pull.step()
    assert hoster.rendition(photo_id) == rendition_of(original)


def test_what_is_revoked_is_taken_down(school: PlayedSchool, hoster: PlayedHoster, pull: Puller) -> None:
    original = photo()
    photo_id = hoster.upload(original)
    pull.step()
    pull.step()
    school.verdicts.reject(ticket(school, original))
    school.tell(ticket(school, original))
    hoster.failing = [(503, {})] * 3
    for _ in range(3):
        with pytest.raises(HosterFailed):
            pull.step()
    pull.step()
    assert hoster.taken_down == [hashlib.sha256(rendition_of(original)).hexdigest()]
    assert hoster.rendition(photo_id) is None
    assert (hoster.result(photo_id) or {})["verdict"]["outcome"] == "reject"


def test_what_was_revoked_while_no_program_ran_is_taken_down(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, paired: str
) -> None:
    original = photo()
    photo_id = hoster.upload(original)
    pull.step()
    pull.step()
    school.verdicts.taken.clear()  # nothing is known of it any more, and nobody was told
    pull.step()
    assert hoster.rendition(photo_id) is not None
    puller(school, paired).step()
    assert hoster.rendition(photo_id) is None


def test_a_change_while_the_website_is_told_is_told_as_well(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = photo()
    photo_id = hoster.upload(original)
    pull.step()
    record_sent = photos.record_sent

    def meanwhile(*how: object) -> None:
        monkeypatch.setattr(photos, "record_sent", record_sent)
        school.verdicts.reject(ticket(school, original))
        photos.mark_changed(how[0], ticket(school, original))  # type: ignore[arg-type]
        record_sent(*how)  # type: ignore[arg-type]

    monkeypatch.setattr(photos, "record_sent", meanwhile)
    pull.step()
    pull.step()
    assert hoster.rendition(photo_id) is None


# --- what cannot be judged -------------------------------------------------------------------------------


def test_what_cannot_be_opened_is_rejected(school: PlayedSchool, hoster: PlayedHoster, pull: Puller) -> None:
    hoster.put("to-another-key", SealedBox(PrivateKey.generate().public_key).encrypt(b"FPQ1"), None)
    hoster.put("noise-noise", photo(), None)
    hoster.put("nothing-at-all", b"", None)
    first = hoster.upload(photo())
    sealed = (hoster.folder / f"{first}.sealed").read_bytes()
    hoster.put("another-photo", sealed, None)  # one that is sealed well, but for another place
    pull.step()
    pull.step()
    for photo_id in ("to-another-key", "noise-noise", "nothing-at-all", "another-photo"):
        said = (hoster.result(photo_id) or {})["verdict"]
        assert (said["outcome"], said["error"]["code"]) == ("reject", "pull.unreadable")
        assert said["message"]["nl"]
    assert len(school.verdicts.taken) == 1


@pytest.mark.parametrize(
    "header",
    [
        {"id": "otherwise"},
        {"sha256": "0" * 64},
        {"sha256": None},
        {"channel": None},
        {"channel": 3},
        {"group": "groep 5"},
        {"group": [3]},
        {"text": ["x"]},
    ],
)
def test_a_header_that_does_not_fit_is_rejected(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, header: dict[str, object]
) -> None:
    photo_id = hoster.upload(photo(), "of-this-id", **header)
    pull.step()
    pull.step()
    assert (hoster.result(photo_id) or {})["verdict"]["outcome"] == "reject"
    assert school.verdicts.taken == {}


@pytest.mark.parametrize("error", [EmptyFile(), UnknownChannel()])
def test_a_photo_that_will_never_be_judged_is_rejected_with_the_reason(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, error: EmptyFile
) -> None:
    school.verdicts.error = error
    photo_id = hoster.upload(photo())
    pull.step()
    pull.step()
    said = (hoster.result(photo_id) or {})["verdict"]
    assert (said["error"]["code"], said["message"]["en"]) == (error.code, error.text.en)


def test_a_photo_that_cannot_be_judged_now_is_taken_again(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller
) -> None:
    school.verdicts.error = Busy()
    photo_id = hoster.upload(photo())
    with pytest.raises(Busy):
        pull.step()
    pull.step()
    pull.step()
    assert (hoster.result(photo_id) or {})["verdict"]["outcome"] == "publish"


def test_a_photo_that_is_too_large_is_not_fetched(school: PlayedSchool, hoster: PlayedHoster, pull: Puller) -> None:
    photo_id = hoster.upload(photo(MAX_BYTES + 200_000))
    pull.step()
    pull.step()
    assert "take" not in hoster.log
    assert (hoster.result(photo_id) or {})["verdict"]["outcome"] == "reject"


def test_one_photo_that_the_website_does_not_take_back_does_not_hold_up_the_others(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller
) -> None:
    first, second = hoster.upload(photo()), hoster.upload(photo())
    pull.step()
    hoster.failing = [(422, {})]
    with suppress(HosterFailed):
        pull.step()
    assert [hoster.result(photo_id) is None for photo_id in (first, second)].count(True) <= 1
    pull.step()
    assert hoster.result(first)
    assert hoster.result(second)


# --- lost on the way -------------------------------------------------------------------------------------


class Killed(BaseException):
    """As a program that is killed: nothing after it runs."""


STEPS = ["take", "unseal", "add", "result", "record_sent"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_whoever_is_killed_anywhere_another_goes_on(
    school: PlayedSchool,
    hoster: PlayedHoster,
    paired: str,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    after: bool,
) -> None:
    original = photo()
    photo_id = hoster.upload(original)
    place = {
        "take": (Hoster, "take"),
        "unseal": (puller_module, "unseal"),
        "add": (photos, "add"),
        "result": (Hoster, "result"),
        "record_sent": (photos, "record_sent"),
    }[step]
    right = getattr(*place)

    def killed(*args: object, **named: object) -> None:
        if after:
            right(*args, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(*place, killed)
        first = puller(school, paired)
        with pytest.raises(Killed):
            for _ in range(3):
                first.step()
    again = puller(school, paired)
    for _ in range(3):
        again.step()
    assert hoster.rendition(photo_id) == rendition_of(original)
    assert len(set(school.verdicts.calls)) == 1  # under one id


def test_a_website_that_was_put_back_gets_its_answer_again(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller
) -> None:
    original = photo()
    photo_id = hoster.upload(original)
    files = {path: path.read_bytes() for path in hoster.folder.iterdir()}
    pull.step()
    pull.step()
    for path in hoster.folder.iterdir():
        path.unlink()
    for path, content in files.items():
        path.write_bytes(content)
    pull.step()
    pull.step()
    assert hoster.rendition(photo_id) == rendition_of(original)
    assert len(school.verdicts.calls) == 1


def test_a_photo_that_the_website_removed_is_forgotten(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, paired: str
) -> None:
    photo_id = hoster.upload(photo())
    pull.step()
    for path in hoster.folder.iterdir():
        path.unlink()
    pull.step()
    with school.registry.read(school.caller, Act.MANAGE_KEYS) as session:
        assert photos.find(session, paired, [photo_id]) == {}


def test_two_programs_do_not_fetch_from_one_website(school: PlayedSchool, hoster: PlayedHoster, paired: str) -> None:
    one, two = puller(school, paired, "one"), puller(school, paired, "two")
    one.step()
    with pytest.raises(LeaseLost):
        two.step()
    with school.registry.write(school.caller, Act.GATE) as session:
        pairings.release(session, paired, "one")
    two.step()
    with pytest.raises(LeaseLost):
        one.step()


def test_a_pairing_that_was_removed_is_left_alone(school: PlayedSchool, hoster: PlayedHoster, pull: Puller) -> None:
    with school.registry.write(school.caller, Act.MANAGE_KEYS) as session:
        pairings.remove(session, pull.pairing)
    before = len(hoster.log)
    with pytest.raises(LeaseLost):
        pull.step()
    assert hoster.log[before:] == []


def test_a_photo_that_comes_after_its_pairing_was_removed_is_not_looked_at(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    hoster.upload(photo())
    take = Hoster.take

    def removed_meanwhile(this: Hoster, offered: Offered) -> bytes:
        with school.registry.write(school.caller, Act.MANAGE_KEYS) as session:
            pairings.remove(session, pull.pairing)
        return take(this, offered)

    monkeypatch.setattr(Hoster, "take", removed_meanwhile)
    with pytest.raises(LeaseLost):
        pull.step()
    assert school.verdicts.calls == []


def test_no_more_than_some_are_taken_at_once(school: PlayedSchool, hoster: PlayedHoster, pull: Puller) -> None:
    school.verdicts.by_itself = False
    for _ in range(puller_module.MAX_OPEN + 5):
        hoster.upload(photo(100))
    for _ in range(4):
        pull.step()
    assert hoster.log.count("take") == puller_module.MAX_OPEN


# --- who can do what -------------------------------------------------------------------------------------


def replayed(hoster: PlayedHoster, body: bytes, change: Callable[[dict[str, bytes]], None]) -> int:
    """The status of the answer to a form that was sent before, with changes."""
    sent = fields(f"multipart/form-data; boundary={body[2:34].decode()}", body)
    parts = {name: value for name, (value,) in sent.items()}
    change(parts)
    try:
        hoster.answer("poll", parts)
    except Refusal as refusal:
        return refusal.status
    return 200


def altered(parts: dict[str, bytes]) -> None:
    message = json.loads(decoded(parts["message"].decode()))
    parts["message"] = encoded(json.dumps(message | {"sequence": message["sequence"] + 1}).encode()).encode()


@pytest.mark.parametrize(
    ("change", "status"),
    [(lambda parts: None, 409), (altered, 403), (lambda parts: parts.pop("signature"), 400)],
    ids=["replayed", "altered", "unsigned"],
)
def test_a_stranger_gets_nothing(
    hoster: PlayedHoster, pull: Puller, change: Callable[[dict[str, bytes]], None], status: int
) -> None:
    hoster.upload(photo())
    pull.step()
    body = next(body for body, route in zip(hoster.bodies, hoster.log, strict=True) if route == "poll")
    assert replayed(hoster, body, change) == status


def test_a_clock_that_is_wrong_is_said_to_be(school: PlayedSchool, hoster: PlayedHoster, pull: Puller) -> None:
    hoster.clock = 1000
    with pytest.raises(HosterFailed) as caught:
        pull.step()
    assert caught.value.code == "hoster.clock"
    pull.record_failure(caught.value.code)
    with school.registry.read(school.caller, Act.MANAGE_KEYS) as session:
        assert [found.error for found in pairings.pairings(session)] == ["hoster.clock"]


def test_a_clock_that_goes_back_is_no_replay(school: PlayedSchool, hoster: PlayedHoster, paired: str) -> None:
    import time

    puller(school, paired, clock=lambda: time.time() + 200).step()
    puller(school, paired, clock=lambda: time.time() - 200).step()
    assert hoster.log[-1] == "poll"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "hoster.bad_answer"),
        (b"[]", "hoster.bad_answer"),
        (b"{}", "hoster.bad_answer"),
        (b'{"photos": 3}', "hoster.bad_answer"),
        (b'{"photos": [{}]}', "hoster.bad_answer"),
        (b'{"photos": [{"id": "../../etc", "bytes": 3, "sha256": "' + b"0" * 64 + b'"}]}', "hoster.bad_answer"),
        (b'{"photos": [{"id": "abcdefgh", "bytes": 3, "sha256": "x"}]}', "hoster.bad_answer"),
        (b"[" * 60_000, "hoster.bad_answer"),
        (b" " * 70_000, "hoster.too_large"),
    ],
)
def test_whatever_the_website_answers_is_read_with_care(
    hoster: PlayedHoster, pull: Puller, monkeypatch: pytest.MonkeyPatch, answer: bytes, code: str
) -> None:
    monkeypatch.setattr(hoster, "answer", lambda route, form: answer)
    with pytest.raises(HosterFailed) as caught:
        pull.step()
    assert caught.value.code == code


def test_another_file_than_was_offered_is_not_taken(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    hoster.upload(photo())
    monkeypatch.setattr(hoster, "_take", lambda message: b"x")
    with pytest.raises(HosterFailed):
        pull.step()
    assert school.verdicts.taken == {}


@pytest.mark.parametrize(
    ("status", "headers", "after"),
    [(503, {"Retry-After": "7"}, 7.0), (429, {"Retry-After": "99999"}, 300.0), (500, {}, None), (302, {}, None)],
)
def test_a_website_that_is_busy_is_left_alone_for_as_long_as_it_says(
    hoster: PlayedHoster, pull: Puller, status: int, headers: dict[str, str], after: float | None
) -> None:
    hoster.failing = [(status, headers)]
    with pytest.raises(HosterFailed) as caught:
        pull.step()
    assert (caught.value.code, caught.value.after) == (f"hoster.status_{status}", after)


def test_no_name_or_text_is_logged(
    school: PlayedSchool, hoster: PlayedHoster, pull: Puller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    hoster.upload(photo(), text="Sem de Vries", file_name="devries.jpg")
    pull.step()
    pull.step()
    assert "ries" not in caplog.text
    assert "ries" not in repr(school.verdicts.taken)
