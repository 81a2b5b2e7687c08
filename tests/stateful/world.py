"""A school in the program and the same school in the reference, side by side; and what is compared of them."""

from __future__ import annotations

import copy
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from tests.stateful import doors, photos
from tests.stateful.doors import Http, Key, Pending, Service
from tests.stateful.folders import BY_FOLDER, Asked, FolderDoor
from tests.stateful.photos import MadePhoto
from tests.stateful.played import PlayedPool
from tests.stateful.reference import Claims, Reference, school_year

from fotopoort.application.pending import PendingScreening
from fotopoort.errors import FotopoortError
from fotopoort.registry.access.roles import KeyRole, console
from fotopoort.registry.answers.answers import parse_answers
from fotopoort.registry.lists.parsed_list import ImportOptions
from fotopoort.screening.screen import Screening
from fotopoort.vocabulary import Box

BEGINNING: Final = datetime(2026, 5, 20, 9, tzinfo=ZoneInfo("Europe/Amsterdam"))
GROUPS: Final = ("groep 6", "groep 7", "groep 8")
CHANNELS: Final = tuple(doors.SIDES)
NAMES: Final = {
    person: f"{first} {last}"
    for person, first, last in zip(
        photos.PEOPLE,
        "Aafke Bouwe Cato Doutzen Ebbe Femke Gijsje Hidde Ilse Jurre Klaske Lubbert".split(),
        "Aalders Bakema Coppens Dijkema Elzinga Feitsma Galema Haitsma Idema Jellema Kuipers Lolkema".split(),
        strict=True,
    )
}
FIRST: Final = photos.PEOPLE[:9]  # of the people, who are there from the beginning: three in each group
ELSEWHERE: Final = "elsewhere"  # another school in the same registry
THEIR_ROLES: Final = (KeyRole.PRIVACY_OFFICER, KeyRole.OFFICE)
LIVE: Final = 4  # screenings whose renditions are fetched after each step


@dataclass(frozen=True)
class Approach:
    """How much a teacher says of a photo; all of it is true.

    Attributes:
        groups: which groups are in it.
        tapped: how many of the faces are pointed out, from the left.
        boxed: with where they are; else the faces are called by the numbers of an earlier document alone.
        covered: one more face is asked to be covered.
        absent: how many of those who are not in it are said not to be; a large number: all.
        only: who is in it, and nobody else.
        drawn: boxes are drawn around the faces that are not found.
        named: with whose faces those are.
        together: one message goes to all channels.
    """

    groups: bool = True
    tapped: int = 0
    boxed: bool = True
    covered: bool = False
    absent: int = 0
    only: bool = False
    drawn: bool = False
    named: bool = False
    together: bool = False


@dataclass
class Sent:
    """A photo that was sent over HTTP."""

    id: str
    photo: MadePhoto
    key: Key
    channels: tuple[str, ...]
    first: Claims
    more: dict[int, Claims] = field(default_factory=dict)  # by the number of the answer
    lost: list[Claims] = field(default_factory=list)  # answers of which it is not known whether they are stored
    document: dict[str, Any] = field(default_factory=dict)
    fresh: bool = True  # nothing has happened since it was answered
    together: bool = False

    @property
    def claims(self) -> Claims:
        result, certain = (
            together(self.first, *self.more.values(), *self.lost),
            together(self.first, *self.more.values()),
        )
        result.drawn = certain.drawn
        uncertain = {person for claims in self.lost for person in claims.to_cover}
        result.to_cover = {person: wish for person, wish in certain.to_cover.items() if person not in uncertain}
        return result


@dataclass
class Waiting:
    """A photo that is being judged: over HTTP (`pending` is a task), or in the service itself."""

    pending: Pending | PendingScreening
    photo: MadePhoto
    key: Key
    channels: tuple[str, ...]
    claims: Claims
    answering: Sent | None = None
    together: bool = False


@dataclass(frozen=True)
class FiledAnswers:
    """What stands in the file of answers about one photo of the folder.

    Attributes:
        bound: by the photo's SHA-256; else by its path alone.
    """

    content: dict[str, Any]
    claims: Claims
    bound: bool


class World:
    """Everything that happens, happens in the program and in the reference.

    Args:
        url: of a new database with the schema in it.
        unchecked: of the faults that are looked for, those that are passed over.
    """

    def __init__(self, url: str, unchecked: frozenset[str] = frozenset()) -> None:
        self.now, self._unchecked = BEGINNING, unchecked
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        rules = doors.policy()
        self.pool = PlayedPool(rules)
        self.registry = doors.open_registry(url, folder, rules, lambda: self.now)
        self.service = Service(self.registry, rules, self.pool)
        self._new_http = partial(Http, self.registry, rules, self.pool, folder, lambda: self.now.timestamp())
        self.owner = Key(console(doors.SCHOOL), "")
        self.folder = FolderDoor(self.registry, rules, self.pool, folder, self.owner.caller)
        self.school = Reference(
            {channel.id: channel.basis.value for channel in rules.channels},
            {channel.id for channel in rules.channels if channel.public},
        )
        self.photos: list[MadePhoto] = []
        self.sent: list[Sent] = []
        self.waiting: list[Waiting] = []
        self.blocks: list[str] = []
        self.answers_file: dict[str, FiledAnswers] = {}  # by the photo's path in the folder
        self.office = doors.make_key(self.registry, KeyRole.OFFICE)
        self.officer = doors.make_key(self.registry, KeyRole.PRIVACY_OFFICER)
        self.import_list({person: GROUPS[number // 3] for number, person in enumerate(FIRST)}, "ja")
        self.teachers = [doors.make_key(self.registry, KeyRole.TEACHER, {group}) for group in GROUPS[:2]]
        self.keys = [*self.teachers, self.office, self.officer, doors.make_key(self.registry, KeyRole.MACHINE)]
        doors.add_school(self.registry, ELSEWHERE)
        self.elsewhere = [doors.make_key(self.registry, role, school=ELSEWHERE) for role in THEIR_ROLES]
        self.faults: list[str] = []
        self.counts: Counter[str] = Counter()
        self._looks = 0

    def close(self) -> None:
        self.pool.release()
        for waiting in self.waiting:
            if not isinstance(waiting.pending, PendingScreening):
                self.http.wait(waiting.pending)
        if "http" in vars(self):
            self.http.close()
        self.registry.close()
        self._folder.cleanup()

    @cached_property
    def http(self) -> Http:
        """The HTTP service, once it is asked something: it takes a third of a second to make."""
        return self._new_http()

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def year(self) -> int:
        return school_year(self.today)

    # --- the registry ------------------------------------------------------------------------------------

    def attempt(self, act: Callable[[], object]) -> bool:
        """Whether the program did it; it may refuse anything with an error of its own."""
        try:
            act()
        except FotopoortError:
            return False
        return True

    def there(self) -> list[str]:
        """Who is in the registry."""
        return [person for person in self.school.people if not self.school.is_erased(person)]

    def import_list(self, groups: dict[str, str], cell: str, *, leave: bool = False) -> None:
        """Import a list of these people, with the same cell in the column of every channel."""
        lines = [f"id;naam;groep;{';'.join(CHANNELS)}"]
        lines += [f"{person};{NAMES[person]};{group};{';'.join([cell] * 3)}" for person, group in groups.items()]
        options = ImportOptions(year=self.year, leave_on=self.today if leave else None)
        caller = self.office.caller
        if not self.attempt(lambda: doors.import_list(self.registry, caller, "\n".join(lines) + "\n", options)):
            return
        leaving = {
            person
            for person in self.there()
            if leave and person not in groups and self.school.people[person]["leaves"] is None
            if self.school.people[person]["now"].get(self.year, set()) & set(groups.values())
        }
        for person, group in groups.items():
            if person not in self.there():
                self.school.add(person)
            self.school.join(person, {group}, self.year)
            for channel in CHANNELS:
                if cell:
                    word = {"ja": "granted", "nee": "refused"}[cell]
                    self.school.listed(person, channel, word, self.now)
        for person in leaving:
            self.school.leave(person, self.today)

    def say(
        self,
        person: str,
        channel: str,
        word: str,
        *,
        speaker: str,
        key: Key,
        days_ago: int = 0,
        until: date | None = None,
    ) -> None:
        at = self.now - timedelta(days=days_ago) if days_ago else None
        act = lambda: doors.say(  # noqa: E731
            self.registry, key.caller, person, channel, word, speaker=speaker, at=at, until=until
        )
        if self.attempt(act):
            self.school.say(person, channel, word, at or self.now, speaker=speaker, until=until)

    def join(self, person: str, group: str, year: int) -> None:
        if self.attempt(lambda: doors.join(self.registry, self.office.caller, person, {group}, year)):
            self.school.join(person, {group}, year)

    def leave(self, person: str, last_day: date | None) -> None:
        if self.attempt(lambda: doors.leave(self.registry, self.office.caller, person, last_day)):
            self.school.leave(person, last_day)

    def hide(self, person: str, hidden: bool) -> None:
        if self.attempt(lambda: doors.hide(self.registry, self.officer.caller, person, hidden)):
            self.school.people[person]["hidden"] = hidden

    def move_up(self) -> None:
        if self.attempt(lambda: doors.move_up(self.registry, self.office.caller, self.year)):
            self.school.move_up(self.year)

    def erase(self, person: str) -> None:
        if self.attempt(lambda: doors.erase(self.registry, self.officer.caller, person)):
            self.school.erase(person, self.now)

    def retain(self) -> None:
        due = [person for person in self.there() if self.school.is_due(person, self.today)]
        doors.apply_retention(self.registry, self.officer.caller)
        registered = doors.registered(self.registry)
        for person in due:
            if person not in registered:
                self.school.erase(person, self.now)
            elif not self.school.people[person]["hidden"]:
                self._fault("erased", f"{person} was kept for too long")

    def block(self, photo: MadePhoto, key: Key) -> None:
        self.blocks.append(doors.block(self.registry, key.caller, photo.sha256))
        self.school.blocks[self.blocks[-1]] = photo.sha256

    def lift(self, block: str) -> None:
        if self.attempt(lambda: doors.lift(self.registry, self.officer.caller, block)):
            self.school.blocks.pop(block, None)

    def set_basis(self, channel: str, basis: str) -> None:
        if self.attempt(lambda: doors.set_basis(self.registry, self.officer.caller, channel, basis)):
            self.school.basis[channel] = basis

    # --- what is said of a photo -------------------------------------------------------------------------

    def say_of(self, photo: MadePhoto, key: Key, approach: Approach) -> tuple[dict[str, Any], Claims]:
        """True answers about a photo as JSON, and what they come to."""
        claims, content = Claims(), dict[str, Any]()
        known = self.service.people(key.caller)
        listed = frozenset(known.persons) if known else frozenset[str]()
        depicted = [person for person in photo.who if person in self.school.people]
        if approach.groups and (groups := self._right_groups(depicted, photo)):
            content["group"], claims.groups = sorted(groups), groups
        elif key.caller.own_groups_only:
            claims.groups = set(key.caller.groups)
        nobody_unlisted = all(person in listed for person in depicted)
        if approach.only and depicted and nobody_unlisted:
            content["only_present"], content["present"] = True, sorted(depicted)
            claims.only, claims.listed = set(depicted), set(self.school.people)
        else:
            elsewhere = [person for person in listed - photo.who if person in self.school.people or nobody_unlisted]
            content["absent"] = sorted(elsewhere)[: approach.absent]
            claims.absent = set(content["absent"])
        content["faces"] = dict(self._faces(photo, listed, approach, claims))
        if approach.drawn:
            content["drawn"] = list(self._drawn(photo, listed, approach, claims))
        return {name: value for name, value in content.items() if value}, claims

    def _right_groups(self, depicted: list[str], photo: MadePhoto) -> set[str]:
        """All the groups that those in a photo were in in its year; none where somebody was in none."""
        year, groups = school_year(photo.day), set[str]()
        for person in depicted:
            own = {group for of_year, group in self.school.people[person]["groups"] if of_year == year}
            if not own:
                return set()
            groups |= own
        return groups

    def _faces(
        self, photo: MadePhoto, listed: frozenset[str], approach: Approach, claims: Claims
    ) -> list[tuple[str, Any]]:
        seen = [
            (face["id"], face["box"], self._whose(photo, Box(*face["box"]))) for face in self._document(photo)["faces"]
        ]
        answers: list[tuple[str, Any]] = []
        for number, (face, box, person) in enumerate(seen):
            where = {"box": box} if approach.boxed else {}
            if number < approach.tapped and person in listed:
                answers.append((face, {"person": person, **where}))
                claims.pointed_out.add(person)
                claims.to_cover[person] = False
            elif number < approach.tapped and person in photos.OUTSIDERS:
                answers.append((face, {"say": "adult" if number % 2 else "no_pupil", **where}))
                claims.vouched.add(person)
                claims.to_cover[person] = False
            elif number == approach.tapped and approach.covered:
                answers.append((face, {"say": "cover", **where}))
                claims.to_cover[person] = True
        return answers

    @staticmethod
    def _drawn(
        photo: MadePhoto, listed: frozenset[str], approach: Approach, claims: Claims
    ) -> Iterator[dict[str, object]]:
        for face in photo.depicted:
            if face.missed:
                named = {"person": face.who} if approach.named and face.who in listed else {}
                claims.drawn.add(face.who)
                claims.pointed_out |= set(named.values())
                yield {"box": [face.box.x, face.box.y, face.box.w, face.box.h], **named}

    def _document(self, photo: MadePhoto) -> dict[str, Any]:
        """The faces of a photo as an earlier document numbered them, or `fotopoort inspect`."""
        for sent in reversed(self.sent):
            if sent.photo is photo and sent.document.get("faces"):
                return sent.document
        findings, _ = self.pool.inspect(photo.data, max(doors.SIDES.values())).result()
        return {
            "faces": [
                {"id": face.id, "box": [face.box.x, face.box.y, face.box.w, face.box.h]} for face in findings.faces
            ]
        }

    @staticmethod
    def _whose(photo: MadePhoto, box: Box) -> str:
        return max(photo.depicted, key=lambda face: face.box.iou(box)).who

    # --- screening ---------------------------------------------------------------------------------------

    def screen(
        self, photo: MadePhoto, key: Key, channels: tuple[str, ...], approach: Approach, *, hold: bool, http: bool
    ) -> None:
        answers, claims = self.say_of(photo, key, approach)
        if not approach.boxed:  # of a photo that was not seen before, a number says nothing about a face
            claims.pointed_out, claims.vouched, claims.to_cover = set(), set(), {}
        self.pool.holding = hold
        try:
            pending: Pending | PendingScreening
            if http:
                pending = self.http.screen(photo, key, channels, answers, photo.said, together=approach.together)
            else:
                known = self.service.people(key.caller)
                said = parse_answers(answers, known)
                pending = self.service.submit(key.caller, photo, channels, said, together=approach.together)
        except FotopoortError:
            return
        finally:
            self.pool.holding = False
        self.waiting.append(Waiting(pending, photo, key, channels, claims, together=approach.together))
        if not hold:
            self.release()

    def answer(self, sent: Sent, approach: Approach, *, hold: bool) -> None:
        answers, claims = self.say_of(sent.photo, sent.key, approach)
        self.pool.holding = hold
        pending = self.http.answer(sent.id, sent.key, answers)
        self.pool.holding = False
        self.waiting.append(Waiting(pending, sent.photo, sent.key, sent.channels, claims, sent, sent.together))
        if not hold:
            self.release()

    def retract(self, sent: Sent, which: int) -> None:
        """Take one of the answers back that came after the photo."""
        if not sent.more:
            return
        number = sorted(sent.more)[which % len(sent.more)]
        answer = self.http.retract(sent.id, sent.key, number)
        if answer is not None and answer.status_code == 200:
            del sent.more[number]
            self.counts["retracted"] += 1
            sent.document, sent.fresh = answer.json(), True

    def approve(self, sent: Sent, channel: str, key: Key) -> None:
        """Approve of a close-up on a channel; only the privacy officer may."""
        answer = self.http.override(sent.id, key, channel, "R30")
        if answer.status_code == 403 or key is not self.officer:
            if key is self.officer or answer.status_code < 400:
                self._fault("roles", f"{key.caller.role.value} set a rule aside: {answer.status_code}")
            return
        if answer.status_code != 404 and channel in sent.channels:  # also where it is not judged again now
            self.school.approved.add((sent.photo.sha256, channel))
            self.counts["approved"] += 1
        if answer.status_code == 200 and sent.key is key:
            sent.document, sent.fresh = answer.json(), True

    def release(self) -> None:
        """Have everything judged that is waiting, and look at what came of it."""
        self.pool.release()
        waiting, self.waiting = self.waiting, []
        for photo in waiting:
            if isinstance(photo.pending, PendingScreening):
                self._look_at(self.service.record(photo.key.caller, photo.pending), photo)
            else:
                self._answered(self.http.wait(photo.pending), photo)

    def _look_at(self, screening: Screening, photo: Waiting) -> None:
        for channel, rendition in screening.renditions.items():
            for asked in photo.channels if photo.together else (channel,):
                self._check(rendition.jpeg, asked, photo.claims, "shown")

    def _answered(self, answer: httpx.Response, photo: Waiting) -> None:
        if answer.status_code >= 500 and answer.status_code != 503:
            self._fault("status", f"status {answer.status_code}: {answer.text}")
        sent = photo.answering
        self.counts["answered" if sent else "sent"] += 1
        self.counts["refused"] += answer.status_code != 200
        if answer.status_code != 200:
            if sent is not None:
                sent.lost.append(photo.claims)
            return
        if photo.photo.said is not None and photo.photo.said > self.today:
            self._fault("future", f"a photo of {photo.photo.said} was taken on {self.today}")
        if sent is None:
            sent = Sent(answer.json()["id"], photo.photo, photo.key, photo.channels, photo.claims)
            sent.together = photo.together
            self.sent.append(sent)
        else:
            sent.more[answer.json().get("answer", len(sent.more) + 1)] = photo.claims
        sent.document, sent.fresh = answer.json(), True
        if sent.key in self.teachers:
            self._check_reach(sent, answer.text)

    # --- the folder --------------------------------------------------------------------------------------

    def fill_folder(self) -> None:
        """Put every photo in it that is not there; in the folder of its group where it has one."""
        there = {photo.number for photo in self.folder.photos.values()}
        for photo in self.photos:
            if photo.number not in there:
                groups = self._right_groups([person for person in photo.who if person in self.school.people], photo)
                group = f"{min(groups)}/" if len(groups) == 1 else ""
                self.folder.put(group + photo.file_name, photo)

    def answer_in_file(self, path: str, approach: Approach, *, bound: bool) -> None:
        """Replace what stands in the file of answers about a photo."""
        content, claims = self.say_of(self.folder.photos[path], self.owner, approach)
        if not approach.boxed:
            claims.pointed_out, claims.vouched, claims.to_cover = set(), set(), {}
        if not bound:
            claims = Claims(drawn=claims.drawn, to_cover={who: True for who, wish in claims.to_cover.items() if wish})
        self.answers_file[path] = FiledAnswers(content, claims, bound)

    def run_folder(
        self, asked: Asked, meanwhile: Callable[[], None] = lambda: None, *, once_recorded: bool = False
    ) -> None:
        """Run over the folder. What the run makes must hold when it ends; and everything on the disk, where it came to
        its end and nothing happened meanwhile.

        Args:
            meanwhile: happens while the first photo is judged.
            once_recorded: or when its verdict is recorded, and nothing is written yet.
        """
        made = self._run(asked, meanwhile, once_recorded)
        if made is None and self.answers_file:  # somebody in the answers was erased: they do not stand any more
            self.answers_file.clear()
            made = self._run(asked, meanwhile, once_recorded)
        self.counts["folder runs"] += made is not None
        self.counts["folder runs refused"] += made is None
        for place in made or ():
            self._check_place(place, asked)

    def run_folder_to_the_end(self, asked: Asked) -> None:
        """Run over the folder, and look at all that lies on the disk."""
        self.run_folder(asked)
        for place in self.folder.places(CHANNELS):
            self._check_place(place, asked)
        if not asked.publishes:
            return
        for place in self.folder.thumbnails():
            for channel in asked.channels:
                self._check_place(place, asked, channel)
        for place, content in self.folder.texts():
            for person in self.school.people:
                name, by_id = NAMES[person].encode(), f'"{person}"'.encode()
                if self.school.is_erased(person) and (name in content or by_id in content):
                    self._fault("erased", f"{person} was erased, and {place} names them")

    def _run(self, asked: Asked, meanwhile: Callable[[], None], once_recorded: bool) -> list[str] | None:
        answers = {
            filed_path: {**filed.content, **({"sha256": self.folder.photos[filed_path].sha256} if filed.bound else {})}
            for filed_path, filed in self.answers_file.items()
            if filed_path in self.folder.photos
        }
        for filed in self.answers_file.values():
            if filed.claims.only is not None:  # "nobody else" is of those who are listed when the file is read
                filed.claims.listed = set(self.school.people)
        try:
            return self.folder.run(asked, answers, meanwhile, once_recorded=once_recorded)
        except FotopoortError as error:
            self.counts[f"folder: {error.code}"] += 1
            return None

    def _check_place(self, place: str, asked: Asked, channel: str = "") -> None:
        jpeg = self.folder.rendition(place)
        if jpeg is not None:
            number = photos.number_of(photos.opened(jpeg))
            path = next((path for path, photo in self.folder.photos.items() if photo.number == number), None)
            if path is None:
                self._fault("gone", f"photo {number} is gone from the folder, and {place} is there")
            else:
                self.counts["on disk"] += 1
                self._check(jpeg, channel or place.partition("/")[0], self._claims_in_folder(path, asked), "on disk")

    def _claims_in_folder(self, path: str, asked: Asked) -> Claims:
        filed = self.answers_file.get(path)
        claims = copy.deepcopy(filed.claims) if filed else Claims()
        claims.groups |= {path.partition("/")[0]} & set(GROUPS) if asked.grouping == BY_FOLDER else set(asked.grouping)
        return claims

    # --- another school ----------------------------------------------------------------------------------

    def meddle(self, person: str, which: int) -> None:
        """Another school, with people of the same ids, does what it may at home, and tries it with what is ours."""
        officer, office = (key.caller for key in self.elsewhere)
        doing: list[Callable[[], None]] = [
            lambda: doors.add_person(self.registry, office, person, "Zwaantje Zwart", {GROUPS[0]}, self.year),
            lambda: doors.join(self.registry, office, person, {GROUPS[1]}, self.year),
            *(
                partial(doors.say, self.registry, office, person, name, "granted", speaker="moeder")
                for name in CHANNELS
            ),
            lambda: doors.leave(self.registry, office, person, None),
            lambda: doors.hide(self.registry, officer, person, False),
            lambda: doors.erase(self.registry, officer, person),
            lambda: doors.apply_retention(self.registry, officer),
            *(partial(doors.set_basis, self.registry, officer, name, "objection") for name in CHANNELS),
            *(partial(doors.lift, self.registry, officer, block) for block in self.school.blocks),
        ]
        self.counts["meddled"] += self.attempt(doing[which % len(doing)])
        if self.sent:
            sent, key = self.sent[which % len(self.sent)], self.elsewhere[which % 2]
            answers = [
                self.http.wait(self.http.answer(sent.id, key, {"absent": [person]})),
                self.http.delete(f"/v1/screenings/{sent.id}/answers/1", key),
                self.http.override(sent.id, key, sent.channels[0], "R30"),
            ]
            for answer in answers:
                if answer.status_code < 400:
                    self._fault("other schools", f"status {answer.status_code} for another school's screening")

    # --- looking -----------------------------------------------------------------------------------------

    def look(self) -> None:
        """Fetch what is new, and of what was kept one channel after the other; compare it with the reference."""
        self._looks += 1
        for sent in self.sent[-LIVE:]:
            in_turn = sent.channels[self._looks % len(sent.channels)]
            for channel in sent.channels if sent.fresh else (in_turn,):
                if sent.document["verdicts"][channel].get("rendition"):
                    self._fetch(sent, channel)
            sent.fresh = False
        if self.sent:
            sent = self.sent[-1 - self._looks % min(LIVE, len(self.sent))]
            self._fetch_document(sent)
            everybody = [*self.keys, *self.elsewhere]
            self._fetch_as_another(sent, everybody[self._looks % len(everybody)])

    def _fetch(self, sent: Sent, channel: str) -> None:
        answer = self.http.get(f"/v1/screenings/{sent.id}/renditions/{channel}", sent.key)
        self.counts["gone"] += answer.status_code == 410
        if answer.status_code == 200:
            for asked in sent.channels if sent.together else (channel,):
                self._check(answer.content, asked, sent.claims, "shown" if sent.fresh else "fetched")

    def _fetch_document(self, sent: Sent) -> None:
        answer = self.http.get(f"/v1/screenings/{sent.id}", sent.key)
        if answer.status_code == 200:
            for person in self.school.people:
                if self.school.is_erased(person) and (f'"{person}"' in answer.text or NAMES[person] in answer.text):
                    self._fault("erased", f"{person} was erased, and a document names them")

    def _fetch_as_another(self, sent: Sent, key: Key) -> None:
        if key in (sent.key, self.officer):
            return
        paths = [f"/renditions/{channel}" for channel in sent.channels[:1]]
        for path in ("", *paths):
            if self.http.get(f"/v1/screenings/{sent.id}{path}", key).status_code == 200:
                role = f"{key.caller.role.value} got what {sent.key.caller.role.value} sent"
                self._fault("other keys", role)

    def _check(self, jpeg: bytes, channel: str, claims: Claims, kind: str) -> None:
        pixels = photos.opened(jpeg)
        photo = next(photo for photo in self.photos if photo.number == photos.number_of(pixels))
        seen = photos.visible(pixels, photo)
        self.counts["renditions"] += 1
        self.counts["faces"] += len(seen)
        for fault in self.school.faults(photo, seen, pixels.shape[1], channel, claims, self.now):
            self._fault(kind, f"photo {photo.number}: {fault}")

    def _check_reach(self, sent: Sent, text: str) -> None:
        for person, known in self.school.people.items():
            own = known["now"].get(self.year, set()) & sent.key.caller.groups
            if not own and (f'"{person}"' in text or NAMES[person] in text):
                self._fault("reach", f"a teacher learns of {person}")

    def _fault(self, kind: str, what: str) -> None:
        if kind not in self._unchecked:
            self.faults.append(f"{kind}: {what}")


def together(first: Claims, *more: Claims) -> Claims:
    """All that was said of a photo."""
    result = copy.deepcopy(first)
    for claims in more:
        result.groups |= claims.groups
        if claims.only is not None:
            result.only = (result.only or set()) | claims.only
            result.listed |= claims.listed
        result.absent |= claims.absent
        result.pointed_out |= claims.pointed_out
        result.vouched |= claims.vouched
        result.drawn |= claims.drawn
        result.to_cover |= claims.to_cover
    return result
