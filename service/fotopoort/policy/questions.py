"""The fewest questions whose answers could make a verdict less strict. They may name people; verdicts never do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from fotopoort.canonical_json import digest
from fotopoort.policy.case import Case
from fotopoort.policy.conditions import large_and_frontal, perhaps_no_pupil
from fotopoort.policy.measures import faceless, seen_side
from fotopoort.policy.policy import PublicFrontal
from fotopoort.policy.texts.wording import camera_question
from fotopoort.vocabulary import (
    NAMELESS,
    FaceId,
    FaceSource,
    NameHit,
    NamePlace,
    Person,
    PersonId,
    Question,
    QuestionKind,
    Text,
)

# How questions end where a face can be pointed at or drawn. Where that cannot be, they end otherwise.
THEN_POINT_OUT: Final = Text(" Zo ja, wijs aan wie het is.", " If so, point out which face it is.")
POINT_OR_DRAW: Final = Text(
    " Wijs het gezicht aan, of teken er een vak omheen.", " Point out the face, or draw a box around it."
)
MAX_NAMED: Final = 4  # people in the file about whom there is a question each
PARTS: Final = (Text("links", "on the left"), Text("in het midden", "in the middle"), Text("rechts", "on the right"))
THEN_DRAW: Final = Text(" Zo ja, teken een vak om elk gezicht.", " If so, draw a box around each face.")
FROM_BEHIND: Final = Text(" Wie je van achteren ziet, telt niet.", " Whoever is seen from behind does not count.")
UNSEEN: Final = (QuestionKind.UNSEEN_PEOPLE, QuestionKind.UNSEEN_PERSON)
MAX_NAMES: Final = 12  # in one question; of the others, how many there are
PUBLIC_PLACES = (NamePlace.CAPTION, NamePlace.FILE_NAME, NamePlace.PICTURE, NamePlace.CODE)


def questions(case: Case, *, about_list: bool) -> tuple[Question, ...]:
    """What to ask about a photo on a channel. Ids stay the same for the same subject.

    Args:
        about_list: names readable in the picture hold the photo back (rule R15).
    """
    others = besides_who(case, about_list=about_list)
    first = [question for question in others if question.kind in UNSEEN]
    return (*first, *_who(case), *(question for question in others if question not in first))


def besides_who(case: Case, *, about_list: bool) -> tuple[Question, ...]:
    """The questions about anything but who is in the photo, and who is where. Arguments as for `questions`."""
    result = [*_unseen(case), *_pupils(case), *_names(case)]
    asks_it = case.channel.public and case.policy.settings.public_frontal is PublicFrontal.ASK
    if asks_it and (seen := large_and_frontal(case)):
        result.append(camera_question(seen))
    if about_list:
        result.append(
            Question(
                "q-is-private-list",
                QuestionKind.IS_PRIVATE_LIST,
                "Mogen alle ouders de namen lezen die in de foto staan?",
                "May all parents read the names in this picture?",
            )
        )
    return tuple(question for question in result if question.id not in case.answers.left_open)


def merged(asked: Iterable[Question], persons: Mapping[PersonId, Person]) -> tuple[Question, ...]:
    """Questions of several channels, each once; those that are about several persons as one about all of them."""
    by_id = {question.id: question for question in asked}
    several = [question for question in by_id.values() if question.kind is QuestionKind.ANY_OF_THESE]
    others = [question for question in by_id.values() if question.kind is not QuestionKind.ANY_OF_THESE]
    if several:
        others.append(any_of_these({person for question in several for person in question.persons}, persons))
    return tuple(others)


def _unseen(case: Case) -> Iterator[Question]:
    """Whether there are people whose faces a pattern hides (rule R16), or in whom no face was found (rule R17)."""
    if case.may_hide_people:
        asks = (
            Text("Staan er nog meer mensen op deze foto?", "Are there more people in this photo?")
            if case.faces or case.drawn
            else Text("Staan er mensen op deze foto?", "Are there people in this photo?")
        )
        yield Question("q-unseen-people", QuestionKind.UNSEEN_PEOPLE, asks.nl + THEN_DRAW.nl, asks.en + THEN_DRAW.en)
    elif case.unseen and case.channel.public:
        yield _is_somebody_unseen(case)


def _is_somebody_unseen(case: Case) -> Question:
    """Whether there is anybody in the photo in whom no face was found: about all of it, since the answer holds for all
    of it, with where to look. The same on every channel, however large it publishes."""
    unseen = (*case.unseen, *faceless(case.findings, case.answers.drawn, seen_side(case.policy), case.policy))
    boxes = tuple(figure.box for figure in case.findings.figures if figure in unseen)
    parts = sorted({min(max(int(3 * box.centre[0] / case.findings.width), 0), 2) for box in boxes})
    nl, en = listed([PARTS[part].nl for part in parts], "en"), listed([PARTS[part].en for part in parts], "and")
    everywhere = len(parts) == len(PARTS)
    where = Text("", "") if everywhere else Text(f" Kijk vooral {nl}.", f" Look {en} above all.")
    asks = Text(
        f"Staat er iemand op deze foto van wie het gezicht niet is gevonden?{where.nl}",
        f"Is there anybody in this photo whose face was not found?{where.en}",
    )
    return Question(
        "q-unseen-person",
        QuestionKind.UNSEEN_PERSON,
        asks.nl + THEN_DRAW.nl + FROM_BEHIND.nl,
        asks.en + THEN_DRAW.en + FROM_BEHIND.en,
        boxes=boxes,
    )


def _who(case: Case) -> Iterator[Question]:
    """Where those are whom somebody said to be in it, and then whose the other faces are, in the fewest questions.

    While the photo waits, one question about everybody who may not be shown is enough. Otherwise there is either one
    question per person (are they in it?) or one per face (who is it?), whichever are fewer. Mixing the two settles
    nothing: every face without an answer stays covered until all those people are ruled out or all those faces have an
    answer. Nothing is asked where somebody already said that they do not know whether a person is in it.
    """
    if case.unsettled & case.answers.unsure:
        return
    for person in sorted(case.missing):
        yield point_out(case, person)
    named, doubtful = case.named, case.doubtful - case.named
    if len(named) <= MAX_NAMED:
        yield from (_is_named(case, person) for person in sorted(named))
        named = frozenset()
    pupils = frozenset(perhaps_no_pupil(case))
    left_open = pupils_left_open(case)
    faces = tuple(face for face in case.to_ask_about() if face not in pupils and face not in left_open)
    if pupils and not named and case.without_answer() <= pupils and all(map(case.is_pupil, doubtful)):
        return  # whether it is a pupil settles it: if not, it is none of these pupils either
    if case.waiting and not (case.candidates.short and set(faces) == case.without_answer()):
        named |= doubtful
        faces = faces if case.candidates.short else ()
    if named:
        yield any_of_these(named, case.persons)
    nobody_else = case.candidates.persons <= case.doubtful  # without them nobody would be left to clear a face
    if not (case.candidates.unknown or nobody_else or len(doubtful) > len(faces)):
        for person in sorted(doubtful) if faces else ():
            yield _is_present(case, person)
        faces = tuple(face for face in faces if face in case.named_otherwise)
    for face in faces:
        yield who_is_this(case, face)


def _is_pupil_id(face: FaceId) -> str:
    return f"q-is-pupil-{face}"


def pupils_left_open(case: Case) -> frozenset[FaceId]:
    """The faces of which nobody knows whether they are pupils: whose they are is the same question in other words."""
    return frozenset(face.id for face in case.faces if _is_pupil_id(face.id) in case.answers.left_open)


def _pupils(case: Case) -> Iterator[Question]:
    """Whether a face close by is a pupil's, where it depends on that (rule R30)."""
    for face in perhaps_no_pupil(case):
        yield Question(
            _is_pupil_id(face),
            QuestionKind.IS_PUPIL,
            f"Is dit een leerling (gezicht {face})? Zo niet, is het een volwassene die het goedvindt?",
            f"Is this a pupil (face {face})? If not, is it an adult who agrees?",
            face=face,
        )


def _is_named(case: Case, person: PersonId) -> Question:
    """Whether somebody whom the file names is in the photo."""
    regions = sorted(case.findings.regions, key=lambda region: not region.certain)
    region = next(region for region in regions if person in region.persons)
    name = _name(person, case.persons) if person in case.persons else NAMELESS
    perhaps = Text("", "") if region.certain else Text(" misschien", " perhaps")
    capital = name.nl[:1].upper() + name.nl[1:]
    return Question(
        f"q-is-present-{person}",
        QuestionKind.IS_PRESENT,
        f"{capital} wordt{perhaps.nl} in dit bestand genoemd. Staat {name.nl} op de foto?{THEN_POINT_OUT.nl}",
        f"This file{perhaps.en} names {name.en}. Is {name.en} in the photo?{THEN_POINT_OUT.en}",
        person=person,
        box=region.box,
    )


def who_is_this(case: Case, face: FaceId) -> Question:
    """Whose that face is."""
    seen = next(other.face for other in case.faces if other.id == face)
    only_told = seen.source is FaceSource.METADATA
    told = Text("Volgens het bestand is hier een gezicht. ", "The file says that there is a face here. ")
    before = told if only_told else Text("", "")
    return Question(
        f"q-who-is-this-{face}",
        QuestionKind.WHO_IS_THIS,
        f"{before.nl}Wie is dit (gezicht {face})?",
        f"{before.en}Who is this (face {face})?",
        face=face,
    )


def any_of_these(about: Collection[PersonId], persons: Mapping[PersonId, Person]) -> Question:
    """Whether any of these persons is in the photo. The id tells whom it is about: an answer holds for them alone."""
    ids, (nl, en), count = names_of(about, persons)
    asks = (
        Text(f"Staat {nl} op deze foto?", f"Is {en} in this photo?")
        if count == 1
        else Text(f"Staat een van deze mensen op de foto: {nl}?", f"Is any of these people in the photo: {en}?")
    )
    return Question(
        any_of_these_id(ids),
        QuestionKind.ANY_OF_THESE,
        asks.nl + THEN_POINT_OUT.nl,
        asks.en + THEN_POINT_OUT.en,
        persons=ids,
    )


def any_of_these_id(about: Sequence[PersonId]) -> str:
    """The id of the question whether any of these persons is in it: it tells whom it is about."""
    return f"q-any-of-these-{digest(about)[:8]}"


def names_of(about: Collection[PersonId], persons: Mapping[PersonId, Person]) -> tuple[tuple[PersonId, ...], Text, int]:
    """These persons by name, those without one last; their names as they are read out; and how many names there are."""
    people = sorted((_is_nameless(person, persons), _name(person, persons), person) for person in about)
    names = [name for nameless, name, _ in people if not nameless]
    if len(names) < len(people):
        names.append(NAMELESS)
    shown, others = names[:MAX_NAMES], len(names) - MAX_NAMES
    if others > 0:
        more = Text("nog 1 ander", "1 other") if others == 1 else Text(f"nog {others} anderen", f"{others} others")
        shown.append(more)
    read_out = Text(listed([name.nl for name in shown], "en"), listed([name.en for name in shown], "and"))
    return tuple(person for _, _, person in people), read_out, len(names)


def _is_present(case: Case, person: PersonId) -> Question:
    name = _name(person, case.persons)
    return Question(
        f"q-is-present-{person}",
        QuestionKind.IS_PRESENT,
        f"Staat {name.nl} op deze foto?" + THEN_POINT_OUT.nl,
        f"Is {name.en} in this photo?" + THEN_POINT_OUT.en,
        person=person,
    )


def point_out(case: Case, person: PersonId) -> Question:
    """Where somebody is who is in the photo."""
    name = _name(person, case.persons)
    return Question(
        f"q-point-out-{person}",
        QuestionKind.POINT_OUT,
        f"Op deze foto staat {name.nl}.{POINT_OR_DRAW.nl}",
        f"In this photo is {name.en}.{POINT_OR_DRAW.en}",
        person=person,
    )


def _name(person: PersonId, persons: Mapping[PersonId, Person]) -> Text:
    if _is_nameless(person, persons):
        return NAMELESS
    name = persons[person].name if person in persons else person
    return Text(name, name)


def _is_nameless(person: PersonId, persons: Mapping[PersonId, Person]) -> bool:
    return person in persons and persons[person].nameless


def listed(words: Sequence[str], last: str) -> str:
    """The words with commas, and `last` before the last of them."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _names(case: Case) -> Iterator[Question]:
    if case.channel.public:
        for hit in case.names(*PUBLIC_PLACES):
            if not hit.certain:
                yield _is_name(hit)


def _is_name(hit: NameHit) -> Question:
    nl, en = (f"“{hit.text}”", f"“{hit.text}”") if hit.text else ("wat hier staat", "what is written here")
    return Question(
        f"q-is-name-{hit.id}",
        QuestionKind.IS_NAME,
        f"Is {nl} hier de naam van een kind?",
        f"Is {en} a child's name here?",
        name=hit.id,
    )
