"""Who reaches which post, for every route there is; a post out of reach answers as one that does not exist."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest
from tests.waiting import PATIENCE

from fotopoort.registry.access import accounts, login_sessions
from fotopoort.registry.access.roles import Act, KeyRole
from fotopoort.web.sessions import COOKIE

from .posting import CALLER, POSTS, School, make, photo, say, settled, shown_post, upload

NONE: Final = "0" * 32  # the id of nothing
PART: Final = b"1 faces of another photo "


@dataclass(frozen=True)
class Route:
    """What is sent to a route.

    Attributes:
        given: beside the address.
        changes: it wants to know which revision the client saw.
    """

    method: str
    path: str
    given: dict[str, Any] = field(default_factory=dict)
    changes: bool = False

    def send(self, client: httpx.Client, post: str, photo: str, revision: int = 1, **more: Any) -> httpx.Response:  # noqa: ANN401
        path = self.path.format(post=post, photo=photo, client_id=uuid.UUID(int=1), channel="website", number=1, **more)
        headers = {"If-Match": f'"{revision}"'} if self.changes else {}
        with client.stream(self.method, path, headers=headers, **self.given) as answer:
            if answer.headers.get("content-type", "").startswith("text/event-stream"):
                return httpx.Response(answer.status_code, content=next(answer.iter_raw()), headers=answer.headers)
            answer.read()
        return answer


# In an order in which each has something to do: what ends a photo or the post comes last.
ROUTES: Final = [
    Route("GET", POSTS + "/{post}"),
    Route("GET", POSTS + "/{post}/answers"),
    Route("GET", POSTS + "/{post}/events"),
    Route("GET", POSTS + "/{post}/zip/{channel}"),
    Route("GET", POSTS + "/{post}/photos/{photo}/view"),
    Route("GET", POSTS + "/{post}/photos/{photo}/original"),
    Route("GET", POSTS + "/{post}/photos/{photo}/renditions/{channel}"),
    Route("POST", POSTS + "/{post}/photos", {"json": {"photos": [{"client_id": f"{uuid.UUID(int=2)}", "size": 9}]}}),
    Route("PUT", POSTS + "/{post}/photos/{client_id}", {"content": PART}),
    Route("GET", POSTS + "/{post}/photos/{client_id}"),
    Route("PATCH", POSTS + "/{post}", {"json": {"text": "Iets anders."}}, changes=True),
    Route(
        "POST", POSTS + "/{post}/answers", {"json": {"photos": [NONE], "answers": {"absent": ["daan"]}}}, changes=True
    ),
    Route("DELETE", POSTS + "/{post}/answers/{number}", changes=True),
    Route("POST", POSTS + "/{post}/undo", changes=True),
    Route("POST", POSTS + "/{post}/photos/{photo}/retry", changes=True),
    Route("POST", POSTS + "/{post}/photos/{photo}/report", {"json": {"reason": "ouder belde"}}),
    Route("DELETE", POSTS + "/{post}/photos/{photo}", changes=True),
    Route("GET", POSTS + "/{post}/places"),
    Route("PUT", POSTS + "/{post}/places", {"json": {"website": "https://school.example/nieuws"}}),
    Route("POST", POSTS + "/{post}/finish", changes=True),
]
ABOUT_NO_POST: Final = {("get", POSTS), ("post", POSTS)}
OF_A_PHOTO: Final = [route for route in ROUTES if "{photo}" in route.path]
INSIDE: Final = ("juf", "meester", "kantoor", "privacy")
OUTSIDE: Final = ("juf van 6", "elders")


def named(routes: list[Route]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("route", routes, ids=[f"{route.method} {route.path}" for route in routes])


@pytest.fixture(scope="module")
def post(school: School) -> Iterator[tuple[str, str]]:
    """A post of groep 5 with a photo that may go out, and that photo."""
    with school.client("juf") as juf:
        post = make(juf)
        (added,) = upload(juf, post, photo(1, 100))
        say(juf, post, [added], {"absent": ["daan"]})
        revision = settled(juf, post)["revision"]
        yield post, added
        assert shown_post(juf, post)["revision"] == revision, "somebody out of reach changed it"


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """All that an answer tells, but for when it was and its number."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}
    return answer.status_code, answer.content, headers


def test_no_route_is_forgotten(juf: httpx.Client) -> None:
    paths = juf.get("/openapi.json").json()["paths"]
    published = {(method, path) for path, of in paths.items() if path.startswith(POSTS) for method in of}
    # By its client id and by its id a photo has the same address.
    assert published - ABOUT_NO_POST == {(route.method.lower(), route.path) for route in ROUTES}


@named(ROUTES)
@pytest.mark.parametrize("who", OUTSIDE)
def test_out_of_reach_is_as_if_it_were_not_there(school: School, post: tuple[str, str], who: str, route: Route) -> None:
    with school.client(who) as client:
        answer = route.send(client, *post)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
        assert told(answer) == told(route.send(client, NONE, post[1])) == told(route.send(client, NONE, NONE))


@named(ROUTES)
@pytest.mark.parametrize(("who", "status"), [("cms", 403), ("nobody", 401), ("stranger", 401)])
def test_machines_and_strangers_learn_nothing(
    school: School, post: tuple[str, str], who: str, status: int, route: Route
) -> None:
    with (
        httpx.Client(base_url=school.door.url, timeout=PATIENCE)
        if who == "nobody"
        else school.door.client(school.keys.get(who, "fp_none")) as client
    ):
        answer = route.send(client, *post)
        assert answer.status_code == status
        assert told(answer) == told(route.send(client, NONE, NONE))


@pytest.mark.parametrize("who", INSIDE)
def test_whoever_has_the_group_or_the_school_can_do_everything(school: School, who: str) -> None:
    with school.client("juf") as juf, school.client(who) as client:
        post = make(juf)
        (added,) = upload(juf, post, photo(1, 200 + INSIDE.index(who)))
        say(juf, post, [added], {"absent": ["daan"]})
        settled(juf, post)
        for route in ROUTES:
            if route.path.endswith("/answers") and route.method == "POST":
                route.given["json"]["photos"] = [added]
            if route.path.endswith("/undo"):
                say(juf, post, [added], {"harmful": False})
            answer = route.send(client, post, added, shown_post(juf, post)["revision"])
            # Nothing is the matter with it that could be tried again; once it is reported it is erased.
            assert answer.status_code == 200, (route.path, answer.text)
        assert shown_post(client, post)["state"] == "finished"


@named(OF_A_PHOTO)
def test_a_photo_of_another_post_is_none_of_this(school: School, post: tuple[str, str], route: Route) -> None:
    """Within reach both, and out of reach the other one."""
    with school.client("kantoor") as office, school.client("juf van 6") as other:
        theirs = make(other, groups=["groep 6"])
        for client in (office, other):
            answer = route.send(client, theirs, post[1])
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
            assert told(answer) == told(route.send(client, theirs, NONE))


def test_a_photo_of_another_post_cannot_be_spoken_of(school: School, post: tuple[str, str]) -> None:
    with school.client("juf van 6") as other:
        theirs = make(other, groups=["groep 6"])
        for answers in ({"absent": ["sem"]}, {"harmful": True}):
            said = {"photos": [post[1]], "answers": answers}
            refused = other.post(f"{POSTS}/{theirs}/answers", json=said, headers={"If-Match": '"1"'})
            assert (refused.status_code, refused.json()["error"]["code"]) == (404, "not_found")


def test_a_list_has_only_what_is_within_reach(school: School, post: tuple[str, str]) -> None:
    listed = {}
    for who in (*INSIDE, *OUTSIDE):
        with school.client(who) as client:
            listed[who] = post[0] in [of["id"] for of in client.get(POSTS).json()["posts"]]
    assert listed == {who: who in INSIDE for who in listed}


def test_a_post_of_several_groups_is_for_whoever_has_them_all(school: School) -> None:
    with school.client("kantoor") as office:
        both, all_of_them = make(office, groups=["groep 5", "groep 6"]), make(office, groups=[])
    for who in ("juf", "juf van 6"):
        with school.client(who) as client:
            assert [client.get(f"{POSTS}/{post}").status_code for post in (both, all_of_them)] == [404, 404]


def test_who_left_the_group_does_not_reach_the_post_any_more(school: School, post: tuple[str, str]) -> None:
    registry = school.door.registry
    with registry.write(CALLER, Act.MANAGE_ACCOUNTS) as session:
        account = accounts.add(session, "duo", "Duo", KeyRole.TEACHER, ["groep 5"])
        secret = login_sessions.start(session, account, confirmed=True)
    given = {
        "Cookie": f"{COOKIE}={secret}",
        "Sec-Fetch-Site": "same-origin",
        "X-CSRF-Token": login_sessions.csrf_token(secret),
    }
    with httpx.Client(base_url=school.door.url, headers=given, timeout=PATIENCE) as duo:
        assert shown_post(duo, post[0])["id"] == post[0]
        with registry.write(CALLER, Act.MANAGE_ACCOUNTS) as session:
            accounts.change(session, account.id, "Duo", KeyRole.TEACHER, ["groep 6"])
        for route in ROUTES:
            answer = route.send(duo, *post)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), route.path
            assert told(answer) == told(route.send(duo, NONE, NONE))
