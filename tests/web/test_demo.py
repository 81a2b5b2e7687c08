"""`fotopoort serve --demo`, started as a program: a school that can be looked at, and is gone afterwards."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from tests.api.service import Served, serving
from tests.waiting import wait_for

from fotopoort.cli.demo.school import SAMPLES, SCHOOL, DemoAccount, tell
from fotopoort.registry.access.roles import KeyRole
from fotopoort.vocabulary import Language

from .visitor import Visitor

NAME: Final = "fotopoort-demo-"  # how its folder begins


@dataclass(frozen=True)
class Demo:
    """A demo that runs, and where it may write."""

    service: Served
    temporary: Path
    real: Path

    # The two streams are read by a thread each: what is printed first may be read last, so each is waited for.
    @property
    def said(self) -> str:
        """All that is said on stderr until it listens."""
        wait_for(lambda: "Fotopoort listens" in "".join(self.service.output))
        return "".join(self.service.output)

    def told(self, login: str) -> list[str]:
        """Password and codes, as they are told for somebody."""
        wait_for(lambda: "recovery codes" in "".join(self.service.printed))
        printed = "".join(self.service.printed)
        found = re.search(rf"login name +{login}\n +password +(\S+)\n(?: +recovery codes, once each +(.+)\n)?", printed)
        assert found, printed
        return [found[1], *(found[2] or "").split()]

    def logged_in(self, login: str) -> Visitor:
        visitor, (password, *codes) = Visitor(self.service.url), self.told(login)
        answer = visitor.log_in(login, password)
        if codes:
            assert answer.headers["location"] == "/login/code", "its second factor is asked for as everybody's"
            answer = visitor.post("/login/code", {"code": codes[0]})
        assert answer.headers["location"] == "/"
        return visitor


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    temporary, real = folder / "temporary", folder / "real"
    temporary.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        patch.setenv("FOTOPOORT_REGISTRY_URL", f"sqlite:///{real / 'registry.db'}")
        patch.setenv("FOTOPOORT_KEYS_FOLDER", str(real / "keys"))
        patch.setenv("FOTOPOORT_POLICY_FILE", str(real / "policy.toml"))
        patch.setenv("FOTOPOORT_PUBLIC_URL", "https://foto.school.nl")
        patch.setenv("FOTOPOORT_HOST", "0.0.0.0")  # noqa: S104 - that it is not listened on
        with serving(real / "data", "--demo", screeners=1) as service:
            yield Demo(service, temporary, real)
            assert list(temporary.glob(f"{NAME}*"))
    assert not list(temporary.glob(f"{NAME}*")), "it is gone"
    assert not real.exists(), "what a real school has was never touched"
    assert service.process.returncode == 0


def test_it_listens_on_this_machine_alone_and_keeps_its_folder_to_itself(demo: Demo) -> None:
    assert demo.service.url.startswith("http://127.0.0.1:")
    (folder,) = demo.temporary.glob(f"{NAME}*")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not list(folder.glob("*.txt")), "no key and no code for the first account"


def test_passwords_are_told_on_stdout_alone_and_are_nowhere_else(demo: Demo) -> None:
    said = demo.said
    assert "Nothing is kept" in said
    assert re.search(r"Photos to try it with are in \S*fixtures/demo", said)
    secrets = [secret for login in ("leerkracht", "privacyfunctionaris") for secret in demo.told(login)]
    assert len(set(secrets)) == 5
    for secret in secrets:
        assert secret not in said
        for file in demo.temporary.rglob("*"):
            with suppress(FileNotFoundError):  # it works meanwhile
                assert not file.is_file() or secret.encode() not in file.read_bytes(), file.name


def test_a_teacher_sees_a_post_whose_photos_are_judged_as_any(demo: Demo) -> None:
    teacher = demo.logged_in("leerkracht")
    assert SCHOOL in teacher.get("/").text
    (listed,) = teacher.get("/v1/posts").json()["posts"]

    def post() -> dict[str, Any]:
        return dict(teacher.get(f"/v1/posts/{listed['id']}").json())

    assert [photo["file"] for photo in post()["photos"]] == list(SAMPLES)
    assert post()["groups"] == ["groep 5"]
    wait_for(lambda: any(photo["state"] == "judged" for photo in post()["photos"]))
    verdicts = next(photo["judged"]["verdicts"] for photo in post()["photos"] if photo["judged"])
    assert verdicts.keys() == set(post()["channels"])
    assert "Fenna" not in post()["text_found"]["found"]["clean"], "her name is found in the text"


def test_the_officer_gives_a_recovery_code_and_sees_everybody(demo: Demo) -> None:
    officer = demo.logged_in("privacyfunctionaris")
    users = officer.get("/users").text
    assert "leerkracht" in users
    assert "met telefoon" in users
    assert "<dt>Mensen in het register</dt><dd>52</dd>" in officer.get("/class-list").text
    password, used, *_ = demo.told("privacyfunctionaris")
    again = Visitor(demo.service.url)
    again.log_in("privacyfunctionaris", password)
    assert again.post("/login/code", {"code": used}).status_code == 403


def test_it_tells_how_to_log_in_in_the_language_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    accounts = (DemoAccount(KeyRole.TEACHER, "leerkracht", "een"), DemoAccount(KeyRole.OFFICE, "baas", "twee", ("c",)))
    tell(accounts, "http://127.0.0.1:1", Language.NL)
    told = capsys.readouterr()
    assert [" ".join(line.split()) for line in told.out.splitlines()] == [
        "Open deze pagina, en log in als een van deze mensen: http://127.0.0.1:1",
        "",
        "leerkracht",
        "inlognaam leerkracht",
        "wachtwoord een",
        "",
        "administratie",
        "inlognaam baas",
        "wachtwoord twee",
        "herstelcodes, elk één keer c",
        "",
    ]
    assert "Er wordt niets bewaard" in told.err
