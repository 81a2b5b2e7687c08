"""What answers are bound to: a photo and places in it, and the people who were listed when they were said.

An answer about a face holds for the photo and the place that it was said of; "nobody else" for those who were listed
then. What is said of a file by its name alone may be of another photo tomorrow: it makes a verdict stricter, and never
less strict.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from fotopoort.errors import BadAnswers
from fotopoort.policy.posts.answers import ELSEWHERE, merge, own_word_wins
from fotopoort.vocabulary import (
    Answers,
    DrawnFace,
    FaceAnswer,
    FaceId,
    FaceLabel,
    Findings,
    People,
    Text,
    group_key,
)

AGREED: Final = frozenset({FaceLabel.ADULT, FaceLabel.NO_PUPIL})  # labels that say that an adult agreed
STRANGER: Final = "erased-unlisted-"  # begins the id of somebody unknown; no record has it, see `people.RESERVED`


def signed(answers: Answers, by: str) -> Answers:
    """The answers; each one that says that an adult agreed now says who gave that answer.

    Args:
        by: the caller's id.
    """
    faces = {
        face_id: replace(answer, by=by) if answer.label in AGREED else answer
        for face_id, answer in answers.faces.items()
    }
    return replace(answers, faces=faces)


# --- bound to a place in a photo -------------------------------------------------------------------------


def with_boxes(answers: Answers, findings: Findings) -> Answers:
    """The answers with a box for each face that was said without one: where that face is in the photo.

    Raises:
        BadAnswers: they speak of a face that was not found in this photo.
    """
    boxes = {face.id: face.box for face in findings.faces}
    if answers.faces.keys() - boxes.keys():
        raise BadAnswers(
            Text(
                nl="In de antwoorden staat een gezicht dat niet op deze foto is gevonden.",
                en="The answers have a face that was not found in this photo.",
            ),
            hint=Text(
                nl="Gebruik de nummers van het oordeel, of teken het gezicht met drawn.",
                en="Use the ids of the verdict, or draw the face with drawn.",
            ),
        )

    def placed(face_id: FaceId, answer: FaceAnswer) -> FaceAnswer:
        return answer if answer.box else replace(answer, box=boxes[face_id])

    return replace(answers, faces={face_id: placed(face_id, answer) for face_id, answer in answers.faces.items()})


# --- bound to the people listed --------------------------------------------------------------------------


def with_listed(answers: Answers, people: People | None, groups: Collection[str] = ()) -> Answers:
    """The answers with those who are listed now, where they say that nobody else is in the photo.

    Args:
        people: everyone within the caller's reach; None: nobody is known.
        groups: whose members the photo can be of, beside those that the answers name; none at all: anybody.
    """
    if people is None or not answers.only_present:
        return answers
    named = {group_key(group) for group in answers.groups.union(groups)}
    listed = frozenset(
        person_id
        for person_id, person in people.persons.items()
        if not named or not named.isdisjoint(map(group_key, person.groups))
    )
    return replace(answers, listed=listed if answers.listed is None else listed & answers.listed)


def with_strangers(answers: Answers, people: People | None) -> Answers:
    """The answers; whoever in them is not listed becomes somebody unknown, who may not be shown on any channel.

    Somebody unknown is in the photo, but nobody knows where; a place where they were pointed out is covered as well.
    What was said about them is no longer known: they may have been erased, and they may have been never locatable.

    Args:
        people: everyone who is listed, on whatever day; None: nobody is, and every id stays.
    """
    if people is None:
        return answers
    identified = {answer.person for answer in answers.faces.values()} | {drawn.person for drawn in answers.drawn}
    named = answers.present.union(filter(None, identified))
    strangers = sorted(named - people.persons.keys())
    return replace(
        answers,
        present=(answers.present & people.persons.keys()) | {f"{STRANGER}{n}" for n in range(len(strangers))},
        absent=answers.absent & people.persons.keys(),
        unsure=answers.unsure & people.persons.keys(),
        faces={
            face_id: FaceAnswer(FaceLabel.COVER, box=answer.box) if answer.person in strangers else answer
            for face_id, answer in answers.faces.items()
        },
        drawn=tuple(DrawnFace(drawn.box) if drawn.person in strangers else drawn for drawn in answers.drawn),
    )


# --- bound to nothing but a file's name ------------------------------------------------------------------


def tightening(answers: Answers) -> Answers:
    """The part of these answers that can only make a verdict stricter, whichever photo they are applied to.

    Kept are: faces to cover (another child's face is one), who is in the photo, that others are in it, and that it
    does harm. Left out is what could make a verdict milder: what clears a face, rules somebody out or lets a name be
    read; and groups, as a group rules out everybody else, or adds people whose faces they could be.

    A person who is kept does not explain any face, and a face to cover does not count as an answer about that face.
    """
    identified = {answer.person for answer in answers.faces.values()} | {drawn.person for drawn in answers.drawn}
    covers = (FaceLabel.COVER, FaceLabel.OTHER_CHILD)
    to_cover = {id: answer.box for id, answer in answers.faces.items() if answer.label in covers}
    boxes = dict.fromkeys([*(drawn.box for drawn in answers.drawn), *filter(None, to_cover.values())])
    present = answers.present | {person for person in identified if person}
    return Answers(
        present=present,
        unbound=present,
        others=answers.others,
        # An id for another place is no face's: it covers by its box, and takes no wish from the face of that number.
        faces={id: FaceAnswer(FaceLabel.COVER) for id in to_cover if ELSEWHERE not in id},
        drawn=tuple(map(DrawnFace, boxes)),
        harmful=answers.harmful or None,
    )


def tightened(base: Answers, more: Answers) -> Answers:
    """`base`, with the part of `more` that can only make it stricter. Who was absent and is in it stays both: as
    somebody who is not absent they would explain a face.

    Where `base` says that nobody else is in the photo, more people are left out: each would explain a face.
    """
    extra = tightening(more)
    if base.only_present:
        extra = replace(extra, present=frozenset(), unbound=frozenset(), others=False)
    return merge(base, extra)


# --- bound to a photo, beside what is said of all --------------------------------------------------------


def with_own_word(every: Answers, own: Answers, whole: Answers = Answers()) -> Answers:  # noqa: B008 - a frozen value
    """What holds for one photo: what was said of it wins of what was said of all photos, see `own_word_wins`.

    Args:
        every: what was said of every photo, in a form or a command. Where it is about faces there is one photo, and it
            is about that one.
        own: what was said of this photo.
        whole: what was said of its posts.
    """
    of_all = replace(every, faces={}, drawn=(), absent=every.absent - own.pointed_out)
    holds = own_word_wins(merge(of_all, whole), own)
    return merge(Answers(faces=every.faces, drawn=every.drawn), holds)
