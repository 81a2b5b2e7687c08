"""How many questions and taps a post takes: made classes and photos, given as findings, and a teacher who knows who is
in them.

A tap is what an answer says: one face is somebody's, or "nobody else", "no" or "I do not know". So it is where each
person has a row of faces. Where a name is chosen before that person's faces are tapped, it is one more for each person:
told beside the taps, as is what outsiders are (a grown-up who agrees, somebody of the staff), once for each kind.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from benchmarks.table import markdown, marked
from fotopoort.policy.candidates import may_be_shown
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.post import PhotoId, Post
from fotopoort.policy.posts.questions import PostQuestion, nobody_knows, settled
from fotopoort.policy.posts.verdicts import PostVerdict, decide_post
from fotopoort.policy_file import load_policy
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ChannelId,
    ConsentState,
    DrawnFace,
    Face,
    FaceAnswer,
    FaceId,
    FaceLabel,
    Findings,
    Outcome,
    People,
    Person,
    PersonId,
    QuestionKind,
    Role,
    Verdict,
)

SEED: Final = 18
PUPILS: Final = 26
PHOTOS: Final = 40
MORE: Final = 10  # taps that a post may take beside one for each time that somebody who may not be shown is in it
MOST_ROUNDS: Final = 20
GROUP: Final = "groep 5"
ADULT: Final = ""  # in the place of a person: an adult who is not on the list, and agreed
SOMEBODY: Final = "?"  # in the place of a person: the teacher does not know whose face it is
CHANNELS: Final[dict[int, tuple[ChannelId, ...]]] = {1: ("website",), 3: ("social_schools", "website", "facebook")}

Truth = Mapping[PhotoId, Mapping[FaceId, PersonId]]


@dataclass
class Teacher:
    """Answers the questions of a post, and counts.

    Attributes:
        truth: who each face is: somebody on the list, `ADULT` or `SOMEBODY`.
        questions: that were put, a question about several photos counting once.
        taps: without those on names.
        named: how often somebody is to be chosen by name, where that is a tap: once for all of that person's faces in a
            question; where the list has one name alone, there is nothing to choose.
        kinds: how often it had to be chosen what outsiders are, once for all who are the same.
    """

    truth: Truth
    people: People | None
    policy: Policy
    questions: int = 0
    taps: int = 0
    named: int = 0
    kinds: int = 0
    rounds: int = 0
    asked: list[PostQuestion] = field(default_factory=list)

    def finish(self, post: Post) -> tuple[Post, PostVerdict]:
        """Answer until nothing is asked any more."""
        verdict = decide_post(post, self.people, self.policy)
        while verdict.questions and self.rounds < MOST_ROUNDS:
            self.rounds += 1
            for question in verdict.questions:
                post = self.answered(post, question)
            verdict = decide_post(post, self.people, self.policy)
        return post, verdict

    def answered(self, post: Post, question: PostQuestion) -> Post:
        """The post after what the teacher says to one question."""
        self.questions += 1
        self.asked.append(question)
        if question.kind in (QuestionKind.ANY_OF_THESE, QuestionKind.POINT_OUT):
            post = self._pointed_out(post, question)
        elif question.kind in (QuestionKind.WHO_IS_THIS, QuestionKind.OUTSIDERS):
            post = self._told(post, question)
        if self._is_still_asked(post, question):
            self.taps += 1
            final = nobody_knows if question.settles() is None else settled
            post = final(post, question)
        return post

    def _pointed_out(self, post: Post, question: PostQuestion) -> Post:
        seen: set[PersonId] = set()
        for photo in question.photos:
            where = {person: face for face, person in self.truth[photo].items()}
            told = post.about(photo).faces
            here = [person for person in question.persons if person in where and where[person] not in told]
            if here:
                faces = {where[person]: self._tap(post, photo, where[person], person) for person in here}
                post = post.with_answer(photo, Answers(faces=faces))
            elif question.kind is QuestionKind.POINT_OUT and question.persons[0] not in where:
                self.taps += 1
                drawn = DrawnFace(Box(1400, 1100, 60, 70), question.persons[0])
                post = post.with_answer(photo, Answers(drawn=(drawn,)))
            seen |= set(here)
        self.named += len(seen) if len(question.persons) > 1 else 0
        return post

    def _told(self, post: Post, question: PostQuestion) -> Post:
        seen: set[PersonId] = set()
        for photo, faces in question.faces.items():
            about = {face: self.truth[photo][face] for face in faces if self.truth[photo][face] != SOMEBODY}
            if question.kind is QuestionKind.OUTSIDERS:
                about = {face: person for face, person in about.items() if self._is_outsider(person)}
            seen |= set(about.values())
            told = {face: self._tap(post, photo, face, person) for face, person in about.items()}
            post = post.with_answer(photo, Answers(faces=told))
        if question.kind is QuestionKind.OUTSIDERS:
            self.kinds += len(seen)
        else:
            self.named += len(seen)
        return post

    def _is_outsider(self, person: PersonId) -> bool:
        return person == ADULT or self.people is None or self.people.persons[person].role is not Role.PUPIL

    def _tap(self, post: Post, photo: PhotoId, face: FaceId, person: PersonId) -> FaceAnswer:
        self.taps += 1
        box = next(seen.box for seen in post.photos[photo].faces if seen.id == face)
        return FaceAnswer(FaceLabel.PERSON, person, box) if person else FaceAnswer(FaceLabel.NO_PUPIL, None, box)

    def _is_still_asked(self, post: Post, question: PostQuestion) -> bool:
        """Whether it must still be said that there is nothing more to point out."""
        if question.kind is QuestionKind.POINT_OUT:
            return False
        asked = decide_post(post, self.people, self.policy).questions
        return any(other.kind is question.kind and set(other.photos) & set(question.photos) for other in asked) or (
            not question.photos
        )


def every_face(post: Post, truth: Truth) -> Post:
    """The post with an answer about every face in it."""
    for photo, faces in truth.items():
        boxes = {face.id: face.box for face in post.photos[photo].faces}
        told = {
            face: FaceAnswer(FaceLabel.PERSON, person, boxes[face])
            if person
            else FaceAnswer(FaceLabel.NO_PUPIL, None, boxes[face])
            for face, person in faces.items()
        }
        post = post.with_answer(photo, Answers(faces=told))
    return post


def what_is_shown(verdict: Verdict) -> tuple[Outcome, frozenset[FaceId]]:
    """The outcome, and the faces that stay; of what goes nowhere none do."""
    kept = (face for face, judged in verdict.faces.items() if judged.action is Action.KEEP)
    return verdict.outcome, frozenset() if verdict.outcome is Outcome.REJECT else frozenset(kept)


def appearances(truth: Truth, people: People, policy: Policy, channels: tuple[ChannelId, ...]) -> int:
    """How often somebody is in a photo who may not be shown on one of these channels."""
    refused = {
        person.id
        for person in people.persons.values()
        if any(not may_be_shown(person, policy.channel(channel)) for channel in channels)
    }
    return sum(person in refused for faces in truth.values() for person in faces.values())


def school(random: Random, refusing: int) -> People:
    """A class of which so many may not be shown: they refused everywhere, for some channels, or did not answer. With
    its teacher, and one who was never asked."""
    said = list(ConsentState)
    persons = []
    for number in range(PUPILS):
        public, closed = ConsentState.GRANTED, ConsentState.NOT_ASKED
        if number < refusing:
            public = random.choice([state for state in said if state is not ConsentState.GRANTED])
            closed = random.choice([ConsentState.NOT_ASKED, ConsentState.NOT_ASKED, ConsentState.OBJECTED])
        consents = {"website": public, "facebook": public, "social_schools": closed}
        persons.append(Person(f"p{number:02}", f"Pupil {number}", Role.PUPIL, frozenset({GROUP}), consents))
    granted = dict.fromkeys(CHANNELS[3], ConsentState.GRANTED)
    persons.append(Person("teacher", "Teacher", Role.STAFF, frozenset({GROUP}), granted))
    persons.append(Person("new", "Teacher who was never asked", Role.STAFF, frozenset({GROUP})))
    random.shuffle(persons)
    return People({person.id: person for person in persons}, "made")


def photo_of(random: Random, number: int, people: list[PersonId]) -> tuple[Findings, dict[FaceId, PersonId]]:
    """A photo of these people, in rows, as large as the website publishes; most seen from the side or small."""
    faces, heights = [], [40.0, 60.0, 80.0] if ADULT in people else [24.0, 40.0, 60.0, 80.0]
    for place in range(len(people)):
        height = random.choice(heights)
        box = Box(20 + 155 * (place % 10), 40 + 200 * (place // 10), 0.8 * height, height)
        yaw = random.choice([0.0, 20.0, 60.0])
        faces.append(Face(f"f{place + 1}", box, (), 0.9, yaw, 0.0, 0.0, pose_reliable=True))
    findings = Findings(f"{number:064x}", 1600, 1200, "JPEG", tuple(faces), names_checked=True)
    return findings, {face.id: person for face, person in zip(faces, people, strict=True)}


def made_post(
    random: Random, people: People, channels: tuple[ChannelId, ...], photos: int = PHOTOS
) -> tuple[Post, dict[PhotoId, dict[FaceId, PersonId]]]:
    """A post of a class: a few at work, half the class, and all of it with its teacher and a parent who helps."""
    pupils = sorted(person.id for person in people.persons.values() if person.role is Role.PUPIL)
    findings, truth = {}, {}
    for number in range(photos):
        if number % 20 == 0:
            here = [*pupils, "teacher", ADULT]
        else:
            here = random.sample(pupils, random.choice([1, 2, 3, 4, 8, 12, 16]))
            here += ["teacher"] if random.random() < 0.25 else []
        random.shuffle(here)
        findings[f"photo-{number}"], truth[f"photo-{number}"] = photo_of(random, number, here)
    return Post(findings, channels, frozenset({GROUP})), truth


def report() -> str:
    """A table of what posts take, as Markdown."""
    policy, rows = load_policy(), []
    for refusing in (1, 5, 11):
        for channels in CHANNELS.values():
            random = Random(SEED)
            people = school(random, refusing)
            post, truth = made_post(random, people, channels)
            teacher = Teacher(truth, people, policy)
            started = time.thread_time()
            decide_post(post, people, policy)
            first = time.thread_time() - started
            done, verdict = teacher.finish(post)
            often = appearances(truth, people, policy, channels)
            full = decide_post(every_face(post, truth), people, policy)
            same = sum(
                what_is_shown(verdict.photos[photo][channel]) == what_is_shown(full.photos[photo][channel])
                for photo in post.photos
                for channel in channels
            )
            started = time.thread_time()
            decide_post(done, people, policy)
            last = time.thread_time() - started
            rows.append(
                [
                    f"{refusing} of {PUPILS} may not be shown, {len(channels)} channel{'s' * (len(channels) > 1)}",
                    str(teacher.questions),
                    str(often),
                    marked(teacher.taps, teacher.taps <= often + MORE),
                    str(teacher.taps + teacher.named),
                    str(teacher.kinds),
                    str(sum(map(len, truth.values()))),
                    str(_asked_one_by_one(post, people, policy)),
                    marked(f"{same} of {len(post.photos) * len(channels)}", same == len(post.photos) * len(channels)),
                    f"{1000 * first:.0f} and {1000 * last:.0f} ms",
                ]
            )
    head = (
        "Post of 40 photos",
        "Questions",
        "Times they are in it",
        "Taps",
        "Taps, if a name is chosen first",
        "Besides: what outsiders are",
        "Faces",
        "Questions of the photos apart",
        "Same verdicts as with every face answered",
        "Judged at first, and at last (of the processor)",
    )
    return f"## Taps\n\n{markdown(head, rows)}"


def _asked_one_by_one(post: Post, people: People, policy: Policy) -> int:
    """How many questions the photos have at first where each is asked about by itself, once for all its channels."""
    photos = decide_post(replace(post, together=False), people, policy).photos.values()
    return sum(
        len({question.id for verdict in verdicts.values() for question in verdict.questions}) for verdicts in photos
    )
