"""Of all that is done with posts nothing that anybody wrote stands in a log, and the audit log holds."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from fotopoort.registry.access.roles import Act
from fotopoort.registry.audit.verification import verify
from fotopoort.registry.people import erasure

from .posting import CALLER, POSTS, change, make, photo, posting_school, put, say, settled, upload

TEXT = "Noor en Daan bouwen een toren, zegt Jansen-Geheim."
SECRETS = ("Noor", "Daan", "Achternaam", "Geheim", "toren", "IMG_", "groep 5", '"noor"', '"daan"', "omdat")


def test_nothing_that_anybody_wrote_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with posting_school(tmp_path / "data") as school, school.client() as juf:
        post = make(juf, text=TEXT, channels=["website", "facebook"])
        failing = photo(1, 2)
        school.screeners.fails.add(failing)
        ids = upload(juf, post, photo(1), failing, b"no photo" * 5, photo(3, 3))
        named = {"Content-Disposition": 'attachment; filename="Daan Achternaam Geheim.jpg"'}
        assert put(juf, post, photo(2, 4), **named).status_code == 200
        settled(juf, post)
        say(juf, post, [ids[0], ids[1], ids[3]], {"absent": ["daan"]})
        say(juf, post, ids[3:], {"faces": {"f1": {"person": "noor"}, "f2": "other_child"}})
        assert change(juf, "PATCH", "", post, json={"text": f"{TEXT} Daan ook."}).status_code == 200
        for refused in (
            {"photos": ids[:1], "answers": {"present": ["Noor Geheim"]}},
            {"photos": ["Noor Geheim"], "answers": {}},
            {"photos": ids[:1], "answers": {"Noor Geheim": True}},
            {"photos": ids[:1], "answers": {"faces": {"Noor Geheim": "cover"}}},
            {"photos": ids[:1], "answers": {"faces": {"f1": "Noor Geheim"}}},
            {"photos": ids[:1], "answers": {"group": ["Noor Geheim"]}},
            {"Noor Geheim": 1},
        ):
            answer = change(juf, "POST", "/answers", post, json=refused)
            assert answer.status_code in (404, 422), answer.text
            assert "Geheim" not in answer.text
        for path in ("zip/Noor Geheim", f"photos/{ids[0]}/renditions/Noor Geheim", "Noor Geheim"):
            answer = juf.get(f"{POSTS}/{post}/{path}", params={"since": "Noor Geheim"})
            assert (answer.status_code, "Geheim" in answer.text) == (404, False)
        assert juf.get(f"{POSTS}/{post}/zip/website").status_code in (200, 404)
        reported = juf.post(f"{POSTS}/{post}/photos/{ids[0]}/report", json={"reason": "omdat Noor Geheim belde"})
        assert reported.status_code == 200
        assert change(juf, "POST", "/undo", post).status_code == 200
        settled(juf, post)
        registry = school.door.registry
        with registry.write(CALLER, Act.ERASE) as session:
            erasure.erase(session, "noor", "omdat Geheim")
        assert change(juf, "POST", "/finish", post).status_code == 200
        with registry.read(CALLER, Act.SEE_AUDIT) as session:
            assert verify(session).problem is None
        with registry.database.read() as connection:
            audit = connection.exec_driver_sql("SELECT * FROM audit WHERE kind LIKE 'post%' OR kind = 'block'").all()
            jobs = connection.exec_driver_sql("SELECT payload, key, error FROM job").all()
    # What the client of the test says is its own.
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert any("/v1/posts/{post}/answers" in line for line in lines)
    told = {"audit": str(audit), "jobs": str(jobs), "log": "\n".join(lines)}
    assert len(audit) > 15
    assert {(where, secret) for where, text in told.items() for secret in SECRETS if secret in text} == set()
    assert {path.name for path in (tmp_path / "data" / "posts").glob("*/*")} == set()
