"""The questions of a post: what its photos need, put as few questions about all of them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from fotopoort.policy.posts.asks import Asks
from fotopoort.policy.posts.post import PhotoId, Post
from fotopoort.policy.questions import FROM_BEHIND, POINT_OR_DRAW, THEN_DRAW, any_of_these_id, names_of
from fotopoort.policy.texts.wording import PERHAPS_FACES_CAMERA, harm_question
from fotopoort.vocabulary import (
    Answers,
    FaceAnswer,
    FaceId,
    FaceLabel,
    Person,
    PersonId,
    Question,
    QuestionKind,
    Text,
)

# How questions end where faces can be tapped. Where that cannot be, they end otherwise.
TAP_THE_FACE: Final = Text(
    " Tik het gezicht aan op elke foto waar dat op staat. Zie je het verder niet? Kies dan “verder niemand”.",
    " Tap the face in each photo that has it. Do you see it nowhere else? Then choose “nobody else”.",
)
TAP_THEIR_FACES: Final = Text(
    " Tik hun gezichten aan. Zie je verder niemand van dit lijstje? Kies dan “verder niemand”.",
    " Tap their faces. Do you see nobody else of this list? Then choose “nobody else”.",
)
TAP_OUTSIDERS: Final = Text(
    " Tik aan wie niet bij de groep hoort, en zeg wie dat is.",
    " Tap those who are not of the group, and say who they are.",
)
TAP_AND_SAY_WHO: Final = Text(
    " Tik de gezichten aan die te zien moeten zijn, en zeg wie het zijn. De rest blijft bedekt.",
    " Tap the faces that should be seen, and say who they are. The others stay covered.",
)

# What is asked of several photos at once; of one photo it is asked as it always is.
OF_SEVERAL: Final[Mapping[QuestionKind, Text]] = {
    QuestionKind.UNSEEN_PEOPLE: Text(
        f"Staan er op deze foto's mensen van wie het gezicht niet is gevonden?{THEN_DRAW.nl}",
        f"Are there people in these photos whose faces were not found?{THEN_DRAW.en}",
    ),
    QuestionKind.UNSEEN_PERSON: Text(
        f"Staat er op deze foto's iemand van wie het gezicht niet is gevonden?{THEN_DRAW.nl}{FROM_BEHIND.nl}",
        f"Is there anybody in these photos whose face was not found?{THEN_DRAW.en}{FROM_BEHIND.en}",
    ),
    QuestionKind.IS_PUPIL: Text(
        "Zijn dit leerlingen? Zo niet, zijn het volwassenen die het goedvinden?",
        "Are these pupils? If not, are they adults who agree?",
    ),
    QuestionKind.MAY_FACE_CAMERA: Text(
        "Op deze foto's is iemand groot en van voren te zien. Mogen die gezichten zo te zien zijn?",
        "Somebody is seen large and from the front in these photos. May those faces be seen so?",
    ),
    QuestionKind.IS_PRIVATE_LIST: Text(
        "Mogen alle ouders de namen lezen die in deze foto's staan?",
        "May all parents read the names in these pictures?",
    ),
}

PERHAPS_ON_SEVERAL: Final = Text(  # where of none of these faces the direction is known
    "Op deze foto's is misschien iemand groot en van voren te zien. Mogen die gezichten zo te zien zijn?",
    "Perhaps somebody is seen large and from the front in these photos. May those faces be seen so?",
)
_PERHAPS: Final = Text(PERHAPS_FACES_CAMERA.nl, PERHAPS_FACES_CAMERA.en)


def of_several(kind: QuestionKind, asked: Iterable[Text]) -> Text | None:
    """How questions of one kind about several photos are put as one; None: as each of them is.

    Args:
        asked: how it is asked of each of these photos.
    """
    return PERHAPS_ON_SEVERAL if set(asked) == {_PERHAPS} else OF_SEVERAL.get(kind)


# The answer that settles the others for all photos at once is no: nobody of these, no name, nobody unseen, no harm.
SETTLED_BY_YES: Final = frozenset({QuestionKind.IS_PRIVATE_LIST, QuestionKind.MAY_FACE_CAMERA})


@dataclass(frozen=True, slots=True)
class PostQuestion:
    """A question about several photos of a post, or about its text.

    Attributes:
        photos: in the order of the post; none where it is about the text.
        persons: whom it is about, with ANY_OF_THESE and POINT_OUT.
        faces: per photo: those to tap on, or those it is about.
        names: ids of the name hits it is about, with IS_NAME.
        asked: per photo, the ids of the questions about that photo alone that are put here as one.
    """

    id: str
    kind: QuestionKind
    nl: str = field(repr=False)
    en: str = field(repr=False)
    photos: tuple[PhotoId, ...] = ()
    persons: tuple[PersonId, ...] = ()
    faces: Mapping[PhotoId, tuple[FaceId, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    asked: Mapping[PhotoId, tuple[str, ...]] = field(default_factory=dict)

    def settles(self) -> Answers | None:
        """The answer that is the same for all of these photos: "verder niemand van dit lijstje", "no name", "nobody";
        None: each face needs its own."""
        if self.kind is QuestionKind.ANY_OF_THESE:
            return Answers(absent=frozenset(self.persons))
        if self.kind in (QuestionKind.UNSEEN_PEOPLE, QuestionKind.UNSEEN_PERSON):
            return Answers(no_unseen_people=True)
        if self.kind is QuestionKind.IS_NAME:
            return Answers(not_names=frozenset(self.names))
        if self.kind is QuestionKind.MAY_FACE_CAMERA:
            return Answers(may_face_camera=True)
        if self.kind is QuestionKind.IS_HARMFUL:
            return Answers(harmful=False)
        return Answers(not_a_private_list=True) if self.kind is QuestionKind.IS_PRIVATE_LIST else None


def settled(post: Post, question: PostQuestion) -> Post:
    """The post after the answer that is the same for all photos of the question; where there is none, as it was."""
    answers = question.settles()
    return post if answers is None else post.with_shared_answers(answers, question.photos)


def nobody_knows(post: Post, question: PostQuestion) -> Post:
    """The post after "weet ik niet": nobody is ruled out, nothing is cleared, and it is not asked again."""
    if question.kind in (QuestionKind.WHO_IS_THIS, QuestionKind.OUTSIDERS):
        for photo, faces in question.faces.items():
            boxes = {face.id: face.box for face in post.photos[photo].faces}
            unknown = {face: FaceAnswer(FaceLabel.UNKNOWN, None, boxes[face]) for face in faces}
            post = post.with_answer(photo, Answers(faces=unknown))
        return post
    for photo in question.photos:
        left_open = frozenset(question.asked.get(photo, ()))
        post = post.with_answer(photo, Answers(unsure=frozenset(question.persons), left_open=left_open))
    return post if question.photos else post.with_shared_answers(Answers(left_open=frozenset({question.id})), ())


def post_questions(
    post: Post, asks: Mapping[PhotoId, Asks], about_text: Sequence[Question], persons: Mapping[PersonId, Person]
) -> tuple[PostQuestion, ...]:
    """What to ask, the cheapest first.

    Args:
        asks: per photo, in the order of the post.
        about_text: what to ask about the post's text.
        persons: everyone the school knows.
    """
    return (
        *_text(about_text),
        *_list(post, {photo: needed.persons for photo, needed in asks.items() if needed.persons}, persons),
        *_missing({photo: needed.missing for photo, needed in asks.items() if needed.missing}, persons),
        *_others(post, {photo: needed.others for photo, needed in asks.items() if needed.others}),
        *_outsiders({photo: needed.outsiders for photo, needed in asks.items() if needed.outsiders}),
        *_who({photo: needed.who for photo, needed in asks.items() if needed.who}),
    )


def harm_question_of(post: Post, photos: Collection[PhotoId]) -> PostQuestion | None:
    """The question that nothing waits for, once for the post, see `harm_question`.

    Args:
        photos: those that may go out, in the order of the post.
    """
    asked = {photo: question for photo in photos if (question := harm_question(post.about(photo)))}
    if not asked:
        return None
    first = next(iter(asked.values()))
    of_photo = {photo: (question.id,) for photo, question in asked.items()}
    return PostQuestion(first.id, first.kind, first.nl, first.en, tuple(asked), asked=of_photo)


def _text(about_text: Sequence[Question]) -> Iterator[PostQuestion]:
    for question in about_text:
        names = (question.name,) if question.name else ()
        yield PostQuestion(question.id, question.kind, question.nl, question.en, names=names)


def _list(
    post: Post, about: Mapping[PhotoId, frozenset[PersonId]], persons: Mapping[PersonId, Person]
) -> Iterator[PostQuestion]:
    if not about:
        return
    ids, (nl, en), count = names_of(frozenset[PersonId]().union(*about.values()), persons)
    asks = (
        Text(
            f"Let op: {nl} mag niet overal te zien zijn.{TAP_THE_FACE.nl}",
            f"Note: {en} may not be shown everywhere.{TAP_THE_FACE.en}",
        )
        if count == 1
        else Text(
            f"Let op: deze {count} mogen niet overal te zien zijn: {nl}.{TAP_THEIR_FACES.nl}",
            f"Note: these {count} may not be shown everywhere: {en}.{TAP_THEIR_FACES.en}",
        )
    )
    answered = {photo: post.about(photo).faces for photo in about}
    faces = {
        photo: tuple(face.id for face in post.photos[photo].faces if face.id not in answered[photo]) for photo in about
    }
    yield PostQuestion(any_of_these_id(ids), QuestionKind.ANY_OF_THESE, *asks, tuple(about), ids, faces)


def _missing(
    about: Mapping[PhotoId, frozenset[PersonId]], persons: Mapping[PersonId, Person]
) -> Iterator[PostQuestion]:
    for person in sorted(frozenset[PersonId]().union(*about.values())):
        photos = tuple(photo for photo, missing in about.items() if person in missing)
        _, (nl, en), _ = names_of([person], persons)
        where = Text("deze foto", "this photo") if len(photos) == 1 else Text("deze foto's", "these photos")
        yield PostQuestion(
            f"q-point-out-{person}",
            QuestionKind.POINT_OUT,
            f"Op {where.nl} staat {nl}.{POINT_OR_DRAW.nl}",
            f"In {where.en} is {en}.{POINT_OR_DRAW.en}",
            photos,
            (person,),
        )


def _outsiders(about: Mapping[PhotoId, tuple[FaceId, ...]]) -> Iterator[PostQuestion]:
    if about:
        yield PostQuestion(
            "q-outsiders",
            QuestionKind.OUTSIDERS,
            f"Hier staan meer gezichten op dan er mensen van de groep zijn.{TAP_OUTSIDERS.nl}",
            f"There are more faces here than people of the group.{TAP_OUTSIDERS.en}",
            tuple(about),
            faces=about,
        )


def _who(about: Mapping[PhotoId, tuple[FaceId, ...]]) -> Iterator[PostQuestion]:
    if about:
        yield PostQuestion(
            "q-who-is-this",
            QuestionKind.WHO_IS_THIS,
            f"Wie zijn dit?{TAP_AND_SAY_WHO.nl}",
            f"Who are they?{TAP_AND_SAY_WHO.en}",
            tuple(about),
            faces=about,
        )


def _others(post: Post, about: Mapping[PhotoId, tuple[Question, ...]]) -> Iterator[PostQuestion]:
    """The same questions about several photos as one: about the same word, or the same in each of them. A name of
    which no text was kept is asked about by itself: nobody knows whether another is the same."""
    groups: dict[tuple[QuestionKind, str], list[tuple[PhotoId, Question]]] = {}
    for photo, questions in about.items():
        for question in questions:
            word = ""
            if question.kind is QuestionKind.IS_NAME:
                has_text = any(hit.id == question.name and hit.text for hit in post.photos[photo].names)
                word = question.nl if has_text else question.id
            groups.setdefault((question.kind, word), []).append((photo, question))
    for (kind, _), asked in groups.items():
        photos = tuple(dict.fromkeys(photo for photo, _ in asked))
        of_photo = {photo: tuple(question for other, question in asked if other == photo) for photo in photos}
        first = asked[0][1]
        single = Text(first.nl, first.en)
        several = of_several(kind, (Text(question.nl, question.en) for _, question in asked)) if asked[1:] else None
        says = several or single
        faces = {photo: tuple(it.face for it in questions if it.face) for photo, questions in of_photo.items()}
        yield PostQuestion(
            first.id,
            kind,
            *says,
            photos,
            faces={photo: ids for photo, ids in faces.items() if ids},
            names=tuple(question.name for _, question in asked if question.name),
            asked={photo: tuple(question.id for question in questions) for photo, questions in of_photo.items()},
        )
