"""Two teachers, an office and a privacy officer, in any order: what is given of a photo shows what is decided now.

What is decided is found out by a way of its own: from what is stored, by the rules, and by nothing that the service
keeps in memory.
"""

from __future__ import annotations

import io
import tempfile
import uuid
import zipfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fotopoort.application.context import DecisionContexts
from fotopoort.policy.posts.verdicts import decide_photo
from fotopoort.registry.access.roles import Act, service
from fotopoort.registry.consent import consent_log
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.posts import answers as post_answers
from fotopoort.registry.posts import photo_records, posts
from fotopoort.screening.screen import Request
from fotopoort.vocabulary import Action, ConsentState, Outcome, Verdict

from ..service import POLICY
from .posting import CALLER, POSTS, School, make, photo, posting_school, put, say, settled, shown, shown_post

CHANNELS: Final = [channel.id for channel in POLICY.channels]
# Of two of them the file's name may be somebody's, once they are known.
FILES: Final = {photo(1): "IMG_1", photo(2): "Pim", photo(3): "IMG_3", photo(2, 1): "Bo wint"}
PEOPLE: Final = {"noor": "Noor", "daan": "Daan", "yara": "Yara", "pim": "Pim", "bo": "Bo"}
person_ids = st.sampled_from(list(PEOPLE))
channel_lists = st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True)
face_ids = st.sampled_from(["f1", "f2", "f3"])
said_of_faces = st.one_of(person_ids.map(lambda id: {"person": id}), st.sampled_from(["cover", "adult", "other_child"]))
of_several = st.one_of(
    st.lists(person_ids, min_size=1, unique=True).map(lambda ids: {"absent": ids}),
    st.lists(person_ids, min_size=1, unique=True).map(lambda ids: {"present": ids}),
    st.sampled_from([{"only_present": True}, {"harmful": True}, {"harmful": False}, {"others": True}]),
)
of_one = st.one_of(
    of_several,
    st.dictionaries(face_ids, said_of_faces, min_size=1).map(lambda faces: {"faces": faces}),
    st.just({"drawn": [{"box": [1500, 900, 60, 70]}]}),
)


class Interleavings(RuleBasedStateMachine):
    """One post, and a school that goes on beside it."""

    @initialize(channels=channel_lists)
    def begin(self, channels: list[str]) -> None:
        self.exits = ExitStack()
        folder = self.exits.enter_context(tempfile.TemporaryDirectory())
        self.school: School = self.exits.enter_context(posting_school(Path(folder) / "data"))
        names = ("juf", "meester", "kantoor")
        self.clients = [self.exits.enter_context(self.school.client(name)) for name in names]
        self.juf = self.clients[0]
        self.people = {"noor", "daan", "yara"}
        self.erased: set[str] = set()
        self.post = make(self.juf, channels=channels, text="")
        for content in list(FILES)[:2]:
            self.put(content)
        settled(self.juf, self.post)

    def teardown(self) -> None:
        if hasattr(self, "exits"):
            self.exits.close()

    def put(self, content: bytes) -> httpx.Response:
        named = f"attachment; filename*=UTF-8''{FILES[content].replace(' ', '%20')}.jpg"
        return put(self.juf, self.post, content, str(uuid.uuid4()), **{"Content-Disposition": named})

    def photos(self, *states: str) -> list[str]:
        return [of["id"] for of in shown_post(self.juf, self.post)["photos"] if of["state"] in states]

    # --- what teachers do ----------------------------------------------------------------------------------

    @rule(who=st.integers(0, 1), which=st.integers(0, 9), said=of_one)
    def say_of_one(self, who: int, which: int, said: dict[str, Any]) -> None:
        if photos := self.photos("judged", "seen"):
            self.say(who, [photos[which % len(photos)]], said)

    @rule(who=st.integers(0, 1), said=of_several)
    def say_of_all(self, who: int, said: dict[str, Any]) -> None:
        if photos := self.photos("judged", "seen"):
            self.say(who, photos, said)

    def say(self, who: int, photos: list[str], said: dict[str, Any]) -> None:
        document = shown_post(self.clients[who], self.post)
        answer = self.answer(who, photos, said, document["revision"])
        # Of somebody who is not known, or of a face that is not there, nothing can be said.
        assert answer.status_code in (200, 422), answer.text

    def answer(self, who: int, photos: list[str], said: dict[str, Any], revision: int) -> httpx.Response:
        return self.clients[who].post(
            f"{POSTS}/{self.post}/answers",
            json={"photos": photos, "answers": said},
            headers={"If-Match": f'"{revision}"'},
        )

    @rule(which=st.integers(0, 9), said=of_one)
    def say_with_an_older_revision(self, which: int, said: dict[str, Any]) -> None:
        photos = self.photos("judged", "seen")
        if photos:
            old = shown_post(self.clients[0], self.post)["revision"]
            say(self.clients[1], self.post, photos[:1], {"harmful": False})
            before = self.clients[0].get(f"{POSTS}/{self.post}/answers").json()
            assert self.answer(0, [photos[which % len(photos)]], said, old).status_code in (412, 422)
            assert self.clients[0].get(f"{POSTS}/{self.post}/answers").json() == before

    @rule(who=st.integers(0, 1))
    def undo(self, who: int) -> None:
        assert self.changed(who, "POST", "/undo").status_code in (200, 404)

    @rule(who=st.integers(0, 1), number=st.integers(1, 12))
    def retract(self, who: int, number: int) -> None:
        assert self.changed(who, "DELETE", f"/answers/{number}").status_code in (200, 404)

    @rule()
    def retract_all(self) -> None:
        """Everything is as it was before anything was said."""
        while shown_post(self.juf, self.post)["undo"] is not None:
            assert self.changed(0, "POST", "/undo").status_code == 200
        assert self.decided() == self.decided(is_said=False)
        self.only_what_is_decided()

    @rule(channels=channel_lists)
    def change_channels(self, channels: list[str]) -> None:
        assert self.changed(0, "PATCH", "", json={"channels": channels}).status_code == 200

    @rule(which=st.integers(0, 9))
    def remove(self, which: int) -> None:
        if photos := self.photos("judged", "seen", "waiting", "failed"):
            assert self.changed(1, "DELETE", f"/photos/{photos[which % len(photos)]}").status_code == 200

    @rule(content=st.sampled_from(list(FILES)))
    def send(self, content: bytes) -> None:
        assert self.put(content).status_code == 200

    @rule(which=st.integers(0, 9))
    def report(self, which: int) -> None:
        if photos := self.photos("judged", "seen"):
            path = f"{POSTS}/{self.post}/photos/{photos[which % len(photos)]}/report"
            assert self.clients[1].post(path, json={"reason": "ouder belde"}).status_code == 200

    def changed(self, who: int, method: str, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401
        revision = shown_post(self.clients[who], self.post)["revision"]
        headers = {"If-Match": f'"{revision}"'}
        return self.clients[who].request(method, f"{POSTS}/{self.post}{path}", headers=headers, **given)

    # --- what happens at school ------------------------------------------------------------------------------

    @rule(who=person_ids, channel=st.sampled_from(CHANNELS), state=st.sampled_from(["granted", "refused", "withdrawn"]))
    def consent(self, who: str, channel: str, state: str) -> None:
        if who in self.people:
            with self.school.door.registry.write(CALLER, Act.RECORD_CONSENT) as session:
                consent_log.record(session, Statement(who, channel, ConsentState(state)))

    @rule(who=person_ids)
    def join(self, who: str) -> None:
        if who not in self.people | self.erased:
            with self.school.door.registry.write(CALLER, Act.EDIT_PEOPLE) as session:
                people.add(session, PersonRecord(who, name=f"{PEOPLE[who]} Achternaam"), {"groep 5"})
            self.people.add(who)

    @precondition(lambda self: len(self.people) > 2)
    @rule(who=person_ids)
    def erase(self, who: str) -> None:
        if who in self.people:
            with self.school.door.registry.write(CALLER, Act.ERASE) as session:
                erasure.erase(session, who, "verzoek")
            self.people.remove(who)
            self.erased.add(who)

    # --- what must hold --------------------------------------------------------------------------------------

    def decided(self, *, is_said: bool = True) -> dict[str, dict[str, Verdict]]:
        """The verdicts of each photo that was looked at."""
        with self.school.door.registry.read(CALLER, Act.POST) as session:
            post = posts.get(session, self.post)
            content = post_answers.as_post(session, self.post)
            if not is_said:
                content = replace(content, shared_answers=(), answers={})
            verdicts = {}
            for id, seen in photo_records.seen(session, self.post).items():
                reach = session.as_caller(service("school", frozenset(post.groups)))
                context = DecisionContexts(POLICY).current(reach, seen.years)
                findings = replace(seen.findings, blocked=context.blocked.holds(seen.sha256, ""))
                request = context.effective_for(Request(post.channels, content.about(id)), seen.sha256)
                verdicts[id], _ = decide_photo(
                    findings, request.answers, context.people, context.policy, post.channels, together=False
                )
            return verdicts

    @invariant()
    def only_what_is_decided(self) -> None:
        if not hasattr(self, "post"):
            return
        self.given(self.decided(), [])  # while it is being made again
        document = settled(self.clients[2], self.post)
        decided = self.decided()
        told = {
            of["id"]: {channel: verdict["outcome"] for channel, verdict in of["judged"]["verdicts"].items()}
            for of in document["photos"]
            if "judged" in of
        }
        live = [of["id"] for of in document["photos"] if of["state"] == "judged"]
        assert told == {
            photo: {channel: verdict.outcome.value for channel, verdict in decided[photo].items()} for photo in live
        }
        assert self.given(decided, CHANNELS) == {
            (photo, channel)
            for photo in live
            for channel, verdict in decided[photo].items()
            if verdict.outcome is not Outcome.REJECT
        }

    def given(self, decided: dict[str, dict[str, Verdict]], archives: list[str]) -> set[tuple[str, str]]:
        """Of which photos something is given, on which channels; it shows and covers what is decided.

        Args:
            archives: the channels of which everything is fetched at once as well.
        """
        # Also those of which nothing is known any more.
        photos = shown_post(self.juf, self.post)["order"] if archives else list(decided)
        found = set()
        for channel in CHANNELS:
            pictures = []
            for id in photos:
                answer = self.juf.get(f"{POSTS}/{self.post}/photos/{id}/renditions/{channel}")
                if answer.status_code == 200:
                    found.add((id, channel))
                    pictures.append(answer.content)
                    require(shown(answer.content), channel, decided[id].get(channel))
                else:
                    assert answer.status_code in (404, 409), answer.text
            if channel not in archives:
                continue
            answer = self.juf.get(f"{POSTS}/{self.post}/zip/{channel}")
            if answer.status_code == 200:
                with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                    of_archive = [archive.read(name) for name in archive.namelist()]
                verdicts = [of[channel] for of in decided.values() if channel in of]
                for picture in of_archive:
                    assert any(is_as_decided(shown(picture), channel, verdict) for verdict in verdicts)
                assert set(pictures) == set(of_archive)
        return found


def require(picture: dict[str, Any], channel: str, verdict: Verdict | None) -> None:
    assert verdict is not None
    assert is_as_decided(picture, channel, verdict), (picture, verdict)


def is_as_decided(picture: dict[str, Any], channel: str, verdict: Verdict) -> bool:
    kept = sorted(face for face, judged in verdict.faces.items() if judged.action is Action.KEEP)
    covered = [[box.x, box.y] for box in verdict.covered]
    return verdict.outcome is not Outcome.REJECT and picture == {"channel": channel, "shown": kept, "covered": covered}


Interleavings.TestCase.settings = settings(
    max_examples=3, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
TestInterleavings = Interleavings.TestCase
