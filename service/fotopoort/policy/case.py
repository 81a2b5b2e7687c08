"""One photo on one channel, with everything that a rule may ask about it already worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from fotopoort.policy.candidates import (
    Candidates,
    Place,
    apart,
    believed_places,
    candidates,
    identified,
    is_anywhere_else,
    is_at,
    may_be_shown,
    named_in_file,
    named_otherwise,
    unaccounted,
)
from fotopoort.policy.measures import (
    can_hold_a_face,
    faceless,
    is_close_up,
    is_frontal,
    is_meant,
    is_recognisable,
    seen_side,
)
from fotopoort.policy.policy import Channel, Policy
from fotopoort.policy.posts.elsewhere import TELLS_WHO, ElsewhereCovers, covers_of, elsewhere_covers
from fotopoort.vocabulary import (
    Answers,
    Basis,
    Box,
    Face,
    FaceAnswer,
    FaceId,
    FaceLabel,
    Figure,
    Findings,
    NameHit,
    NamePlace,
    Outcome,
    People,
    Person,
    PersonId,
    Role,
)


@dataclass(frozen=True, slots=True)
class CaseFace:
    """A face, and what the rules ask about it on this channel."""

    face: Face
    recognisable: bool
    frontal: bool
    close_up: bool
    label: FaceLabel | None  # what the teacher said of it
    answered: bool  # it was said of this very face, and is believed; a wish to cover holds even where it is not
    person: Person | None  # with FaceLabel.PERSON: who it is, where the school knows that person
    may_be_shown: bool  # because of who was pointed out, who it could be, or the teacher's word
    could_be_pupil: bool
    counts: bool = False  # it must be somebody's: it is recognisable on the channel that publishes largest
    left_unknown: bool = False  # asked about, and nobody knows whose it is
    only_elsewhere: bool = False  # it would be shown, but for what was said elsewhere

    @property
    def id(self) -> FaceId:
        return self.face.id

    @property
    def unanswered(self) -> bool:
        """Whether it matters who this is, and nobody has said."""
        return self.recognisable and not self.answered

    @property
    def too_small(self) -> bool:
        return not self.recognisable and self.label is None

    @property
    def basis(self) -> Basis:
        if self.label is FaceLabel.PERSON:
            return Basis.IDENTIFIED
        if self.label is FaceLabel.NOT_A_PERSON:
            return Basis.NOT_A_PERSON
        if self.label is FaceLabel.OTHER_CHILD:
            return Basis.OTHER_CHILD
        if self.label is not None:
            return Basis.VOUCHED
        if self.too_small:
            return Basis.TOO_SMALL
        return Basis.GROUP if self.may_be_shown else Basis.NONE


@dataclass(frozen=True, slots=True)
class SoFar:
    """What the steps before this one decided."""

    outcome: Outcome = Outcome.PUBLISH
    faces: frozenset[FaceId] = frozenset()  # to cover
    boxes: tuple[Box, ...] = ()  # to cover, of faces and of other places


@dataclass(frozen=True, slots=True)
class Case:
    findings: Findings
    answers: Answers
    persons: Mapping[PersonId, Person]  # everyone the school knows
    policy: Policy
    channel: Channel
    faces: tuple[CaseFace, ...]
    drawn: tuple[Box, ...]  # what the teacher asked to cover besides the faces that were found
    elsewhere: ElsewhereCovers
    candidates: Candidates  # of every face that is `unanswered`
    blockers: frozenset[PersonId]  # candidates who may not be shown
    missing: frozenset[PersonId]  # people in the photo who may not be shown, and nobody knows where they are
    named: frozenset[PersonId]  # people named in the file who may not be shown; nobody said whether they are in it
    named_otherwise: frozenset[FaceId]  # faces that the file names, perhaps as somebody who is not on the list
    unseen: tuple[Figure, ...]  # people seen large in whom no face was found or drawn
    first_say_who: bool  # the photo waits while somebody who may not be shown is not ruled out
    so_far: SoFar = SoFar()

    @property
    def doubtful(self) -> frozenset[PersonId]:
        """Those who may not be shown and are not ruled out; nobody said that they are in it."""
        return self.blockers - self.missing

    @property
    def waiting(self) -> bool:
        """Whether it must first be said who is in it. A face too small to recognise counts: it is somebody's too."""
        return self.first_say_who and bool(self.doubtful) and bool(self.without_answer())

    @property
    def unsettled(self) -> frozenset[PersonId]:
        """People who may not be shown, while it matters and is unknown whether or where they are in the photo."""
        matters = bool(self.without_answer()) if self.first_say_who else bool(self.unanswered())
        return self.missing | self.named | (self.doubtful if matters else frozenset())

    @property
    def may_hide_people(self) -> bool:
        """Whether there may be people behind a pattern whose faces were not found. Faces that were found say nothing
        of the others, so they do not count here."""
        return self.findings.pattern is not None and not self.answers.no_unseen_people

    def is_pupil(self, person: PersonId) -> bool:
        """Whether the list has this person as a pupil."""
        return person in self.persons and self.persons[person].role is Role.PUPIL

    def names(self, *places: NamePlace) -> tuple[NameHit, ...]:
        """Names readable in these places, without those that the teacher said are no names."""
        return tuple(hit for hit in self.findings.names if hit.place in places and hit.id not in self.answers.not_names)

    def without_answer(self) -> frozenset[FaceId]:
        """The faces of any size of which nobody said anything that is believed."""
        return frozenset(face.id for face in self.faces if not face.answered)

    def unanswered(self) -> tuple[FaceId, ...]:
        return tuple(face.id for face in self.faces if face.unanswered)

    def to_ask_about(self) -> tuple[FaceId, ...]:
        """The unanswered faces of which nobody said that they do not know; where somebody said that nobody else is in
        it, all that are counted."""
        short = self.candidates.short
        open_faces = (face for face in self.faces if face.unanswered or (short and face.counts and not face.answered))
        return tuple(face.id for face in open_faces if not face.left_unknown)


def open_case(findings: Findings, answers: Answers, people: People | None, policy: Policy, channel: Channel) -> Case:
    """Work out what the rules ask of a photo that could be judged."""
    persons = people.persons if people else {}
    width, height = findings.width, findings.height
    drawn = [drawn for drawn in answers.drawn if drawn.box.clipped(width, height).area > 0]
    face_answers = {
        face.id: answers.faces[face.id] for face in findings.faces if _is_about(answers.faces.get(face.id), face)
    }
    # "Another child", said of a place where that face no longer is, covers that place. Without a place, it covers the
    # face of that id.
    unbound = {
        id: it for id, it in answers.faces.items() if it.label is FaceLabel.OTHER_CHILD and id not in face_answers
    }
    children = [
        face for face in findings.faces if (it := face_answers.get(face.id)) and it.label is FaceLabel.OTHER_CHILD
    ]
    wishes = {id: it for id, it in answers.faces.items() if it.label is FaceLabel.COVER} | unbound
    cover_wishes = [wish.box for wish in wishes.values() if wish.box]
    at_faces = {face.id for face in findings.faces if any(is_at(wish, face) for wish in wishes.values())}
    to_cover = (wishes.keys() - {id for id, it in unbound.items() if it.box}) | at_faces
    places = [
        Place(tap, face.box, face.id) for face in findings.faces if (tap := identified(face_answers.get(face.id)))
    ]
    persons_drawn = [Place(shape.person, shape.box.clipped(width, height)) for shape in drawn if shape.person]
    large_enough = [
        place for place in persons_drawn if can_hold_a_face(place.box, width, height, channel.max_side, policy)
    ]
    places += large_enough
    too_small = [place for place in persons_drawn if place not in large_enough]
    believed = believed_places(places, persons)
    # Boxes that hold a face of which nobody said whose it is.
    nobodys = [
        box
        for box in (shape.box.clipped(width, height) for shape in drawn if not shape.person)
        if can_hold_a_face(box, width, height, seen_side(policy), policy)
    ]
    in_a_box = {face.id for face in findings.faces if any(is_meant(face.box, shape.box) for shape in drawn)}
    answered = {
        face: answer
        for face, answer in face_answers.items()
        if not identified(answer) or any(place.face == face for place in believed)
    }
    placed = Counter(place.person for place in apart(believed))
    # A wish to cover does not say whose a face is: it could be that of somebody who would account for another.
    accounted_faces = {face for face, answer in answered.items() if answer.label is not FaceLabel.COVER}
    accounted = [*believed, *(Place("", face.box, face.id) for face in findings.faces if face.id in accounted_faces)]

    told_who = [face.box for face in findings.faces if face.id in answered and answered[face.id].label in TELLS_WHO]
    elsewhere = elsewhere_covers(answers.elsewhere, told_who, findings, persons, policy, channel)

    # Somebody whose place is not believed is in the photo all the same, and clears no face.
    unplaced = answers.pointed_out - placed.keys()
    large = {face.id for face in findings.faces if is_recognisable(face, width, height, channel.max_side, policy)}
    # A face that is recognisable on one channel counts on each: publishing a smaller photo removes no outsider.
    count = {face.id for face in findings.faces if is_recognisable(face, width, height, seen_side(policy), policy)}
    in_file, strangers = named_in_file(findings, answers), named_otherwise(findings, answers)
    could_be = candidates(
        answers,
        persons,
        channel,
        placed=placed,
        unplaced=unplaced,
        too_small=Counter(place.person for place in apart(too_small)),
        named=in_file,
        unanswered=unaccounted([face for face in findings.faces if face.id in count], nobodys, accounted),
        is_child_elsewhere=is_anywhere_else(unbound, findings.faces, children, [shape.box for shape in drawn]),
    )
    blockers = frozenset(person for person in could_be.persons if not may_be_shown(persons.get(person), channel))

    def case_face(face: Face) -> CaseFace:
        answer, person = answered.get(face.id), None
        wish = answers.faces.get(face.id)
        covered, in_box = face.id in to_cover, face.id in in_a_box
        if answer is None:
            shown = not blockers and not could_be.unknown and face.id not in strangers
            # Of a face that may not be shown, nobody knows that it is an adult's.
            pupil = not shown or any(_could_be_pupil(persons.get(id)) for id in could_be.persons | in_file)
        elif answer.label in (FaceLabel.PERSON, FaceLabel.OTHER_CHILD):
            person = persons.get(answer.person or "")  # another child is nobody on the list
            shown, pupil = may_be_shown(person, channel), _could_be_pupil(person)
        else:
            shown, pupil = True, False
        may_be_shown_here = shown and not covered and not in_box
        return CaseFace(
            face=face,
            recognisable=face.id in large,
            frontal=is_frontal(face, policy),
            close_up=is_close_up(face, width, height, policy),
            label=FaceLabel.COVER if covered or (in_box and not answer) else answer.label if answer else None,
            answered=answer is not None or any(place.is_where(Place("", face.box, face.id)) for place in believed),
            person=person,
            may_be_shown=may_be_shown_here and face.id not in elsewhere.faces,
            could_be_pupil=pupil,
            counts=face.id in count,
            only_elsewhere=may_be_shown_here and face.id in elsewhere.faces,
            left_unknown=wish is not None and wish.label is FaceLabel.UNKNOWN and is_at(wish, face),
        )

    in_it = (answers.present | unplaced) - placed.keys()
    return Case(
        findings=findings,
        answers=answers,
        persons=persons,
        policy=policy,
        channel=channel,
        faces=tuple(case_face(face) for face in findings.faces),
        drawn=(*covers_of(drawn, findings, persons, policy, channel), *cover_wishes),
        elsewhere=elsewhere,
        candidates=could_be,
        blockers=blockers,
        missing=frozenset(person for person in in_it if not may_be_shown(persons.get(person), channel)),
        named=frozenset(person for person in in_file if not may_be_shown(persons.get(person), channel)),
        named_otherwise=strangers,
        unseen=() if answers.no_unseen_people else faceless(findings, answers.drawn, channel.max_side, policy),
        # It may not be off where somebody is never locatable; if it is nevertheless, it is taken as on for every photo.
        first_say_who=policy.settings.first_say_who or any(person.never_locatable for person in persons.values()),
    )


def _is_about(answer: FaceAnswer | None, face: Face) -> bool:
    """Whether something was said of this very face: an id alone says nothing, nor does "weet ik niet"."""
    return answer is not None and answer.label is not FaceLabel.UNKNOWN and is_at(answer, face)


def _could_be_pupil(person: Person | None) -> bool:
    return person is None or person.role is Role.PUPIL
