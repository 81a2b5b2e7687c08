"""The registry over HTTP: each key within its role, each teacher within the own groups, each school by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select, update
from tests.waiting import PATIENCE, wait_for

from fotopoort.errors import EmptyFile
from fotopoort.registry.access import api_keys
from fotopoort.registry.access.roles import MAY, Act, KeyRole, console
from fotopoort.registry.audit import checkpoints
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.people.groups import school_year
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import screenings
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import audit, audit_head
from fotopoort.screening.screen import Request, unjudged
from fotopoort.vocabulary import ConsentState
from fotopoort.webhooks.registration import add_endpoint

from .pictures import drawn
from .service import POLICY, Door, PlayedScreeners, opened

OWN, OTHERS, OTHER_SCHOOL = "OwnMark", "OthersMark", "ElsewhereMark"
REASON = "ReasonMark"
THIS_YEAR = str(school_year(date.today()))

# Every route, with what it takes and which act it is. A route that is not here fails the test.
ROUTES: dict[tuple[str, str], tuple[Act, dict[str, Any]]] = {
    ("GET", "/v1/registry/groups"): (Act.SEE_GROUP, {}),
    ("GET", "/v1/registry/groups/{group}"): (Act.SEE_GROUP, {"params": {"channel": "website"}}),
    ("GET", "/v1/registry/people"): (Act.SEE_PEOPLE, {}),
    ("POST", "/v1/registry/people"): (Act.EDIT_PEOPLE, {"json": {"id": "new", "name": "Nieuw"}}),
    ("GET", "/v1/registry/people/{person}"): (Act.SEE_PEOPLE, {}),
    ("PATCH", "/v1/registry/people/{person}"): (Act.EDIT_PEOPLE, {"json": {"call_name": "Nieuw"}}),
    ("PUT", "/v1/registry/people/{person}/groups"): (Act.EDIT_PEOPLE, {"json": {"groups": ["groep 5"]}}),
    ("POST", "/v1/registry/people/{person}/erasure"): (Act.ERASE, {"json": {"reason": "vraag"}}),
    ("GET", "/v1/registry/people/{person}/export"): (Act.EXPORT, {}),
    ("GET", "/v1/registry/people/{person}/consents"): (Act.SEE_PEOPLE, {}),
    ("POST", "/v1/registry/people/{person}/consents"): (
        Act.RECORD_CONSENT,
        {"json": {"purpose": "website", "word": "granted"}},
    ),
    ("POST", "/v1/registry/objections"): (Act.OBJECT, {"json": {"person": "{person}", "channel": "website"}}),
    ("POST", "/v1/registry/consents/{consent}/confirm"): (Act.RECORD_CONSENT, {}),
    ("GET", "/v1/registry/lists"): (Act.SEE_PEOPLE, {}),
    ("GET", "/v1/registry/unproven"): (Act.SEE_AUDIT, {}),
    ("GET", "/v1/registry/wordings"): (Act.SEE_PEOPLE, {}),
    ("GET", "/v1/registry/channels"): (Act.SET, {}),
    ("PUT", "/v1/registry/channels/{channel}/basis"): (Act.SET, {"json": {"basis": "consent", "reason": "vraag"}}),
    ("GET", "/v1/registry/takedowns"): (Act.SEE_TAKEDOWNS, {"params": {"all": True}}),
    ("POST", "/v1/registry/takedowns/{task}/done"): (Act.SEE_TAKEDOWNS, {}),
    ("GET", "/v1/registry/export"): (Act.EXPORT, {}),
    ("GET", "/v1/registry/export/consents"): (Act.EXPORT, {}),
    ("POST", "/v1/registry/import"): (Act.IMPORT, {"content": b"id;naam\np77;Nieuw\n"}),
    ("POST", "/v1/registry/move-up"): (Act.EDIT_PEOPLE, {"params": {"year": 2026}, "json": {}}),
    ("GET", "/v1/registry/keys"): (Act.MANAGE_KEYS, {}),
    ("POST", "/v1/registry/keys"): (Act.MANAGE_KEYS, {"json": {"role": "office", "label": "x"}}),
    ("DELETE", "/v1/registry/keys/{key}"): (Act.MANAGE_KEYS, {}),
    ("GET", "/v1/registry/audit"): (Act.SEE_AUDIT, {"params": {"person": "{person}"}}),
    ("GET", "/v1/registry/audit/verify"): (Act.SEE_AUDIT, {}),
    ("GET", "/v1/registry/retention"): (Act.MAINTAIN, {}),
    ("POST", "/v1/registry/retention"): (Act.MAINTAIN, {}),
    ("PUT", "/v1/registry/retention/{rule}"): (Act.SET, {"json": {"days": 900, "reason": "vraag"}}),
    ("GET", "/v1/webhooks"): (Act.MANAGE_WEBHOOKS, {}),
    ("POST", "/v1/webhooks"): (Act.MANAGE_WEBHOOKS, {"json": {"url": "https://cms.example/"}}),
    ("GET", "/v1/webhooks/dead"): (Act.MANAGE_WEBHOOKS, {}),
    ("POST", "/v1/webhooks/resend"): (Act.MANAGE_WEBHOOKS, {"json": {}}),
    ("POST", "/v1/webhooks/{endpoint}/disable"): (Act.MANAGE_WEBHOOKS, {}),
    ("POST", "/v1/webhooks/{endpoint}/enable"): (Act.MANAGE_WEBHOOKS, {}),
    ("POST", "/v1/webhooks/{endpoint}/rotate-key"): (Act.MANAGE_WEBHOOKS, {}),
    ("POST", "/v1/webhooks/{endpoint}/drop-old-key"): (Act.MANAGE_WEBHOOKS, {}),
    ("DELETE", "/v1/webhooks/{endpoint}"): (Act.MANAGE_WEBHOOKS, {}),
    ("POST", "/v1/names"): (Act.SCREEN, {"json": {"text": "Wij bouwen een toren."}}),
    ("GET", "/v1/blocks"): (Act.REPORT_PHOTO, {}),
    ("POST", "/v1/blocks"): (Act.REPORT_PHOTO, {"files": {"sha256": (None, "0" * 64), "reason": (None, "x")}}),
    ("POST", "/v1/blocks/{block}/lift"): (Act.LIFT_BLOCK, {"json": {"reason": "vraag"}}),
    ("POST", "/v1/screenings"): (Act.SCREEN, {"data": {"channel": "website", "group": "{group}"}, "files": "photo"}),
    ("GET", "/v1/screenings/{screening}"): (Act.SCREEN, {}),
    ("GET", "/v1/screenings/{screening}/renditions/{channel}"): (Act.SCREEN, {}),
    ("POST", "/v1/screenings/{screening}/answers"): (Act.SCREEN, {"json": {}}),
    ("GET", "/v1/screenings/{screening}/answers"): (Act.SCREEN, {}),
    ("PUT", "/v1/screenings/{screening}/answers/{number}"): (Act.SCREEN, {"json": {}}),
    ("DELETE", "/v1/screenings/{screening}/answers/{number}"): (Act.SCREEN, {}),
    ("POST", "/v1/screenings/{screening}/own-child"): (Act.OWN_CHILD, {"json": {"child": "{person}"}}),
    ("POST", "/v1/screenings/{screening}/overrides"): (
        Act.OVERRIDE,
        {"json": {"channel": "website", "rule": "R30", "reason": "vraag"}},
    ),
}


@dataclass(frozen=True)
class School:
    """A school with two groups, and another school, each with names and reasons that can be told apart."""

    door: Door
    keys: dict[KeyRole, str]
    places: dict[str, dict[str, str]]  # whose things: what stands in a route's braces

    def send(self, role: KeyRole, method: str, path: str, whose: str) -> httpx.Response:
        _, wanted = ROUTES[method, path]
        place = self.places[whose]
        filled = json.loads(json.dumps({k: v for k, v in wanted.items() if k in ("json", "params", "data")}))
        for part in filled.values():
            part |= {k: v.format(**place) for k, v in part.items() if isinstance(v, str)}
        rest: dict[str, Any] = {k: v for k, v in wanted.items() if k in ("content", "files")}
        if rest.get("files") == "photo":
            rest["files"] = {"photo": ("a.jpg", drawn())}
        with self.door.client(self.keys[role]) as client:
            return client.request(method, path.format(**place), **filled, **rest)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    played = PlayedScreeners(at_once=unjudged(b"", Request(("website",)), EmptyFile(), policy=POLICY))
    with opened(tmp_path / "data", played, {"tenant": "school"}) as door:
        registry = door.registry
        registry.add_school(console("other"), OTHER_SCHOOL)
        places = {
            "own": fill(registry, "school", OWN, "groep 5", "p5"),
            "others": fill(registry, "school", OTHERS, "groep 6", "p6"),
            "other school": fill(registry, "other", OTHER_SCHOOL, "groep 5x", "p7"),
        }
        made = {}
        for role in KeyRole:
            with registry.write(console("school"), Act.MANAGE_KEYS) as session:
                groups = ["groep 5"] if role is KeyRole.TEACHER else []
                _, made[role] = api_keys.make(session, role, "tests", groups)
        yield School(door, made, places)


def fill(registry: Registry, tenant: str, mark: str, group: str, first: str) -> dict[str, str]:
    """A group of three, one of whom must never be found and one of whom was refused; and a photo of theirs."""
    caller = console(tenant)
    with registry.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord(first, name=f"{mark} Een"), [group])
        people.add(session, PersonRecord(f"{first}-two", name=f"{mark} Twee", never_locatable=True), [group])
        people.add(session, PersonRecord(f"{first}-three", name=f"{mark} Drie"), [group])
        for channel in ("website", "facebook", "social_schools"):
            for suffix, word in (("", "granted"), ("-two", "refused"), ("-three", "refused")):
                statement = Statement(first + suffix, channel, ConsentState(word), evidence=REASON)
                consent = consent_log.record(session, statement)
    with registry.write(caller, Act.MANAGE_KEYS) as session:
        key, _ = api_keys.make(session, KeyRole.OFFICE, mark)
    with registry.write(caller, Act.MANAGE_WEBHOOKS) as session:
        endpoint, _ = add_endpoint(session, f"https://{mark.lower()}.example/")
    screening = unjudged(b"x", Request(("website",)), EmptyFile(), policy=POLICY)
    with registry.write(caller, Act.SCREEN) as session:
        screenings.remember(session, screening, Request(("website",)), places={"website": mark})
    return {
        "group": group,
        "person": first,
        "consent": consent,
        "channel": "website",
        "task": "none",
        "key": key.id,
        "rule": "cleared",
        "block": "none",
        "screening": screening.id,
        "number": "1",
        "endpoint": endpoint.id,
    }


ELSEWHERE = ("/v1/posts", "/v1/gate", "/v1/hooks")  # have tests of their own: posts/, gate/ and webhooks/


def published(door: Door) -> set[tuple[str, str]]:
    paths = httpx.get(f"{door.url}/openapi.json", timeout=PATIENCE).json()["paths"]
    ours = [path for path in paths if path.startswith("/v1/") and not path.startswith(ELSEWHERE)]
    return {(method.upper(), path) for path in ours for method in paths[path]}


def test_every_route_is_in_the_table(school: School) -> None:
    assert published(school.door) == set(ROUTES)


@pytest.mark.parametrize("role", KeyRole)
def test_each_role_is_let_in_where_the_table_of_roles_says_so(school: School, role: KeyRole) -> None:
    for (method, path), (act, _) in ROUTES.items():
        answer = school.send(role, method, path, "own")
        allowed = role in MAY[act]
        assert (answer.status_code == 403) is not allowed, (method, path, answer.text)
        assert answer.status_code < 500, (method, path, answer.text)
        if not allowed:
            assert answer.json()["error"]["code"] == "forbidden"
            with school.door.registry.database.read() as connection:
                last = connection.execute(select(audit.c.kind).order_by(audit.c.seq.desc()).limit(1)).scalar_one()
            assert last == "refused", (method, path)


@pytest.mark.parametrize("whose", ["own", "others", "other school"])
@pytest.mark.parametrize("role", [KeyRole.TEACHER, KeyRole.MACHINE])
def test_no_way_leads_a_teacher_or_a_machine_to_others(school: School, role: KeyRole, whose: str) -> None:
    for method, path in ROUTES:
        if role is KeyRole.MACHINE and whose == "others" and path == "/v1/screenings":
            continue  # a machine screens for the whole school, and hears of the group it names
        answer = school.send(role, method, path, whose)
        everything = answer.text + repr(answer.headers)
        for mark in (OTHERS, OTHER_SCHOOL, REASON, "R03", "locat", "vindbaar", "refused", "p6", "p7"):
            assert mark not in everything, (method, path, mark, answer.text)


@pytest.mark.parametrize("role", [KeyRole.OFFICE, KeyRole.PRIVACY_OFFICER])
def test_no_way_leads_anybody_to_another_school(school: School, role: KeyRole) -> None:
    for method, path in ROUTES:
        answer = school.send(role, method, path, "other school")
        for mark in (OTHER_SCHOOL, '"p7"', "p7-"):
            assert mark not in answer.text + repr(answer.headers), (method, path, mark, answer.text)


def test_a_teacher_sees_what_to_do_and_not_why(school: School) -> None:
    with school.door.client(school.keys[KeyRole.TEACHER]) as client:
        rows = client.get("/v1/registry/groups/groep 5", params={"channel": "website"}).json()
    assert [(row["id"], row["may_be_shown"]) for row in rows] == [
        ("p5-three", False),
        ("p5", True),
        ("p5-two", False),
    ]
    assert all(set(row) == {"id", "name", "may_be_shown"} for row in rows)


def test_a_teacher_says_no_for_the_own_group_and_it_holds_at_once(school: School) -> None:
    with school.door.client(school.keys[KeyRole.TEACHER]) as client:
        wish = {"person": "p5", "channel": "website", "word": "withdrawn", "speaker": "moeder"}
        written = client.post("/v1/registry/objections", json=wish)
        assert written.status_code == 200
        rows = client.get("/v1/registry/groups/groep 5", params={"channel": "website"}).json()
        assert not any(row["may_be_shown"] for row in rows)
        assert client.post("/v1/registry/objections", json=wish | {"word": "granted"}).status_code == 422
        assert client.post("/v1/registry/objections", json=wish | {"person": "p6"}).status_code == 422
    with school.door.client(school.keys[KeyRole.OFFICE]) as client:
        waiting = client.get("/v1/registry/lists").json()["to_confirm"]
        assert [consent["id"] for consent in waiting] == [written.json()["id"]]
        assert client.post(f"/v1/registry/consents/{waiting[0]['id']}/confirm").json() == {"done": True}
        assert client.get("/v1/registry/lists").json()["to_confirm"] == []


def test_a_teacher_hears_of_a_no_from_the_person_themselves(school: School) -> None:
    """Of who is 16, only their own counts once they have decided."""
    path, on_facebook = "/v1/registry/people/p16/consents", {"purpose": "facebook", "word": "granted"}
    with school.door.client(school.keys[KeyRole.OFFICE]) as client:
        mila = {"id": "p16", "name": "Mila", "own_from": "2020-01-01", "groups": ["groep 5"]}
        assert client.post("/v1/registry/people", json=mila).status_code == 200
        assert client.post(path, json=on_facebook | {"speaker": "p16", "capacity": "own"}).status_code == 200
        assert client.get(path).json()["holds_now"] == {"facebook": "granted"}
    with school.door.client(school.keys[KeyRole.TEACHER]) as client:
        own = {"person": "p16", "channel": "facebook", "speaker": "p16"}
        written = client.post("/v1/registry/objections", json=own).json()["id"]
    with school.door.client(school.keys[KeyRole.OFFICE]) as client:
        said = client.get(path).json()
        assert [word["capacity"] for word in said["words"]] == ["own", "own"]
        assert said["holds_now"] == {"facebook": "objected"}
        assert client.post(f"/v1/registry/consents/{written}/confirm").json() == {"done": True}


def test_who_is_no_pupil_says_yes_themselves(school: School) -> None:
    with school.door.client(school.keys[KeyRole.OFFICE]) as client:
        wil = {"id": "t12", "name": "Juf Wil", "role": "staff", "groups": ["groep 5"]}
        assert client.post("/v1/registry/people", json=wil).status_code == 200
        path, yes = "/v1/registry/people/t12/consents", {"purpose": "website", "word": "granted"}
        refused = client.post(path, json=yes)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_record")
        assert "own" in refused.json()["error"]["hint"]
        assert client.post(path, json=yes | {"speaker": "t12", "capacity": "own"}).status_code == 200
        assert client.get(path).json()["holds_now"] == {"website": "granted"}
        heard = client.post("/v1/registry/objections", json={"person": "t12", "channel": "website"})
        assert heard.status_code == 200
        assert client.get(path).json()["holds_now"] == {"website": "refused"}


def test_to_the_office_who_must_never_be_found_is_like_anybody_who_was_refused(school: School) -> None:
    """The same keys and the same words about both; only the names and ids differ."""

    def about(answer: httpx.Response, person: str) -> str:
        text = answer.text.replace(person, "ID").replace("Twee", "NAME").replace("Drie", "NAME")
        return "".join(character for character in text if not character.isdigit())

    with school.door.client(school.keys[KeyRole.OFFICE]) as client:
        for path in ("/v1/registry/people/{}", "/v1/registry/people/{}/consents", "/v1/registry/people/{}/export"):
            hidden, refused = (client.get(path.format(person)) for person in ("p5-two", "p5-three"))
            assert hidden.status_code == refused.status_code == 200
            assert "locat" not in hidden.text
            if not path.endswith(("consents", "export")):  # those have ids of their own
                assert about(hidden, "p5-two") == about(refused, "p5-three")
            assert shape(hidden.json()) == shape(refused.json())
        for change in ({"never_locatable": True}, {"never_locatable": False}):
            assert client.patch("/v1/registry/people/p5", json=change).status_code == 403
        assert "vindbaar" not in client.get("/v1/registry/export").text
    with school.door.client(school.keys[KeyRole.PRIVACY_OFFICER]) as client:
        assert client.get("/v1/registry/people/p5-two").json()["never_locatable"] is True


def shape(value: Any) -> Any:  # noqa: ANN401 - JSON
    """What kind of JSON this is, without what stands in it."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    return [shape(item) for item in value] if isinstance(value, list) else type(value).__name__


def test_a_key_that_is_taken_back_opens_nothing_from_the_next_request_on(school: School) -> None:
    with school.door.client(school.keys[KeyRole.PRIVACY_OFFICER]) as client:
        made = client.post("/v1/registry/keys", json={"role": "office", "label": "tijdelijk"}).json()
        with school.door.client(made["key"]) as office:
            assert office.get("/v1/registry/people").status_code == 200
            assert client.delete(f"/v1/registry/keys/{made['id']}").status_code == 200
            assert office.get("/v1/registry/people").status_code == 401
        assert client.delete(f"/v1/registry/keys/{made['id']}").status_code == 404
        assert made["key"] not in client.get("/v1/registry/keys").text


def test_who_comes_back_is_asked_again_unless_the_day_was_wrong(school: School) -> None:
    with school.door.client(school.keys[KeyRole.OFFICE]) as client:

        def change(**fields: Any) -> tuple[str, int]:  # noqa: ANN401 - JSON
            assert client.patch("/v1/registry/people/p5", json=fields).status_code == 200
            said = client.get("/v1/registry/people/p5/consents").json()
            assert all(word["purposes_then"]["facebook"] == "social_media" for word in said["words"])
            return said["holds_now"]["website"], len(client.get("/v1/registry/people/p5").json()["had_left"])

        # Not so long ago that the service's own maintenance would erase them.
        assert change(leaves=(date.today() - timedelta(days=2)).isoformat()) == ("not_asked", 0)
        assert change(leaves=None) == ("not_asked", 1)
        assert change(correction=True) == ("granted", 0)
        assert client.get("/v1/registry/lists").json()["gone_purposes"] == []
        wrong: list[dict[str, Any]] = [{"had_left": []}, {"correction": "ja"}]
        assert {client.patch("/v1/registry/people/p5", json=body).status_code for body in wrong} == {422}


def test_a_list_is_told_first_and_then_imported(school: School) -> None:
    content = b"id;naam;groep;website\np5;Iemand Anders;groep 6;nee\n"
    with school.door.client(school.keys[KeyRole.OFFICE]) as client:
        plan = client.post("/v1/registry/import", content=content).json()
        assert [(one["line"], one["person"], one["new"]) for one in plan["changes"]] == [(2, "p5", False)]
        assert len(plan["warnings"]) == 1
        assert client.get("/v1/registry/people/p5").json()["groups"] == {THIS_YEAR: ["groep 5"]}
        client.post("/v1/registry/import", content=content, params={"apply": True})
        assert client.get("/v1/registry/people/p5").json()["groups"] == {THIS_YEAR: ["groep 6"]}
        wrong = client.post("/v1/registry/import", content=b"id;naam;kleur\np1;Noor;rood\n")
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "bad_class_list")
        assert client.post("/v1/registry/import", content=bytes(21_000_000)).status_code in (413, 422)


def test_what_is_wrong_with_a_request_is_told_without_what_it_held(school: School) -> None:
    with school.door.client(school.keys[KeyRole.OFFICE]) as client:
        bodies: list[Any] = [
            {"id": "p1", "name": 7, "secret": "Sanne"},
            {"id": "p1"},
            {"id": "p1", "name": None},
            [],
            "Sanne",
        ]
        for body in bodies:
            answer = client.post("/v1/registry/people", json=body)
            assert answer.status_code == 422
            assert set(answer.json()) == {"error"}
            assert "Sanne" not in answer.text


def test_a_large_body_is_refused_and_before_that_it_is_asked_whose_it_is(school: School) -> None:
    headers = {"Content-Type": "application/json"}
    place = f"{school.door.url}/v1/registry/people"
    for body in (b" " * 3_000_000, [b" " * 1_000_000] * 3):  # with its length, and without
        answer = httpx.post(
            place, timeout=PATIENCE, content=iter(body) if isinstance(body, list) else body, headers=headers
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_allowed")
        with school.door.client(school.keys[KeyRole.OFFICE]) as client:
            answer = client.post(place, content=iter(body) if isinstance(body, list) else body, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_photo_is_blocked_by_what_it_is_like(school: School) -> None:
    with school.door.client(school.keys[KeyRole.TEACHER]) as client:
        both = client.post("/v1/blocks", files={"photo": ("a.jpg", drawn())}, data={"sha256": "0" * 64, "reason": "x"})
        assert both.status_code == 422
        blocked = client.post("/v1/blocks", files={"sha256": (None, "0" * 64), "reason": (None, "ouder belde")})
        assert blocked.status_code == 200
        assert client.post(f"/v1/blocks/{blocked.json()['id']}/lift", json={"reason": "x"}).status_code == 403
    with school.door.client(school.keys[KeyRole.PRIVACY_OFFICER]) as client:
        assert client.post(f"/v1/blocks/{blocked.json()['id']}/lift", json={"reason": "x"}).status_code == 200


def test_a_no_without_a_name_is_taken_back_by_a_yes_that_names_it(school: School) -> None:
    with school.door.client(school.keys[KeyRole.OFFICE]) as client:
        path = "/v1/registry/people/p5/consents"
        no = client.post(path, json={"purpose": "website", "word": "objected"}).json()["id"]
        assert client.post(path, json={"purpose": "website", "word": "granted"}).status_code == 200
        assert client.get(path).json()["holds_now"]["website"] == "refused"
        wrong = client.post(path, json={"purpose": "facebook", "word": "granted", "undoes": no})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "bad_record")
        assert client.post(path, json={"purpose": "website", "word": "granted", "undoes": no}).status_code == 200
        found = client.get(path).json()
        assert found["holds_now"]["website"] == "granted"
        assert [word["undoes"] for word in found["words"]][-1] == no


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"rename": ["a=website", "a=facebook"]}, "“a” is renamed twice"),
        ({"rename": ["a=website", "b=website"]}, "Column 4 holds the same as column 3"),
        ({"rename": ["a=website"], "ignore": ["b", "c"]}, "The option for “c”: no column of the list"),
        ({"rename": ["a=website"], "ignore": ["b"], "year": 2025}, "no column groep"),
    ],
)
def test_an_import_passes_over_no_option_in_silence(school: School, params: dict[str, Any], says: str) -> None:
    with school.door.client(school.keys[KeyRole.OFFICE]) as client:
        refused = client.post(
            "/v1/registry/import", params=params | {"apply": True}, content=b"id;naam;a;b\np5;Noor;nee;ja\n"
        )
        assert refused.status_code == 422
        assert says in refused.json()["error"]["message"]


def test_a_log_that_was_cut_off_together_with_its_head_is_found_by_what_was_signed(school: School) -> None:
    registry = school.door.registry
    heads = registry.data_folder / checkpoints.FOLDER
    wait_for(lambda: list(heads.glob("school-*.json")))  # signed at the start: not once more, after the log was cut
    with registry.read(console("school"), Act.SEE_AUDIT) as session:
        checkpoints.export_checkpoint(session, heads)
    with school.door.client(school.keys[KeyRole.PRIVACY_OFFICER]) as client:
        sound = client.get("/v1/registry/audit/verify").json()
        assert sound["wrong"] is None
        assert sound["heads"] in (1, 2)  # one a day
        with registry.database.write() as connection:
            is_own = audit.c.tenant == "school"
            connection.execute(delete(audit).where(is_own, audit.c.seq > 3))
            last = connection.execute(select(audit.c.hash).where(is_own, audit.c.seq == 3)).scalar_one()
            connection.execute(update(audit_head).where(audit_head.c.tenant == "school").values(seq=3, hash=last))
        for _ in range(sound["rows"]):  # until the log is as long as it was, every row with a hash that fits
            found = client.get("/v1/registry/audit/verify").json()
            assert found["wrong"] is not None
        assert "is not the one that was signed" in found["wrong"]
