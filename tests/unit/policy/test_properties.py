"""What holds for every photo: the order of rules never matters, the same goes in and the same comes out, and evidence
never loosens a verdict: not another face, name, person or refusal."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import permutations
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fotopoort.application.contract.build import screening_document
from fotopoort.policy.decide import decide, decide_all
from fotopoort.policy.measures import is_recognisable
from fotopoort.policy.policy import Covering, Ground, Policy
from fotopoort.policy.rule import Then
from fotopoort.policy.rules import RULES, rule
from fotopoort.policy.texts.wording import worded
from fotopoort.screening.screen import Screening
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ConsentState,
    DrawnFace,
    Face,
    FaceAnswer,
    FaceLabel,
    FaceSource,
    Figure,
    Findings,
    Hint,
    HintKind,
    NameHit,
    NamePlace,
    Pattern,
    People,
    Person,
    Receipt,
    Region,
    Role,
    Verdict,
)

from .scenes import (
    CLOSED,
    COVERED_MEANWHILE,
    FACEBOOK,
    POLICY,
    WEBSITE,
    bound,
    called,
    consenting,
    face,
    photo,
    pupil,
    school,
    unhurried,
)

CHANNELS = (CLOSED, WEBSITE, FACEBOOK)
WHO = [f"p{number}" for number in range(6)]
CLASSES = ["groep 5", "groep 6"]
HEIGHTS = [20.0, 28.0, 60.0, 150.0, 310.0]

SAID_NO = (ConsentState.REFUSED, ConsentState.OBJECTED, ConsentState.WITHDRAWN)

# Strategies are made once: making one anew for every value that is drawn takes longer than drawing it.
who = st.sampled_from(WHO)
who_or_none = st.none() | who
up_to_two, up_to_three = (st.frozensets(who, max_size=most) for most in (2, 3))
nobody_or_some = st.just(frozenset[str]()) | up_to_two
listed = st.none() | st.frozensets(who)
groups = st.frozensets(st.sampled_from(CLASSES), min_size=1)
groups_said = st.frozensets(st.sampled_from([*CLASSES, "groep 9"]), max_size=2)
states = st.sampled_from(ConsentState)
agreed = st.just(ConsentState.GRANTED)
roles = st.sampled_from(Role)
yes_or_no = st.booleans()
none_or_yes_or_no = st.sampled_from([None, None, False, True])
up_to = {most: st.integers(0, most) for most in (2, 4, 5, 6, 9)}
counts = st.integers(1, 4)
angle = st.sampled_from([0.0, 20.0, 40.0, 80.0])
heights = st.sampled_from(HEIGHTS)
labels = st.sampled_from(FaceLabel)
face_numbers = st.sets(st.integers(1, 7), max_size=4)
face_id_or_none = st.none() | st.integers(1, 6).map(lambda number: f"f{number}")
# A place where a face of that number and height is, mostly; one where it is not, or none, otherwise.
places = {
    (number, height): st.sampled_from([face(number, height).box, face(number, height).box, face(8, height).box, None])
    for number in range(1, 8)
    for height in HEIGHTS
}
drawn_heights = st.sampled_from([10, 70])
name_ids = st.frozensets(st.sampled_from(["n0", "n1"]))
name_places = st.sampled_from(NamePlace)
name_boxes = [st.none() | st.just(Box(10, 10 + 60 * number, 90, 30)) for number in range(9)]
name_or_none = st.none() | st.just("…")
region_box_or_none = st.none() | st.just(Box(500, 500, 60, 80))
figure_boxes = st.builds(
    Box,
    st.sampled_from([20.0, 860.0]),
    st.sampled_from([50.0, 880.0]),
    st.sampled_from([40.0, 90.0, 300.0]),
    st.sampled_from([90.0, 250.0]),
)
hints = st.sets(st.sampled_from(HintKind), max_size=2)
pattern_or_none = st.none() | st.sampled_from(Pattern)


@st.composite
def a_face(draw: st.DrawFn, number: int) -> Face:
    return face(number, draw(heights), reliable=draw(yes_or_no), yaw=draw(angle), pitch=draw(angle), roll=draw(angle))


@st.composite
def a_name(draw: st.DrawFn, number: int) -> NameHit:
    box = draw(name_boxes[number])
    return NameHit(f"n{number}", draw(name_places), draw(yes_or_no), box=box)


@st.composite
def a_region(draw: st.DrawFn) -> Region:
    """That somebody is in it according to the file: on a face, elsewhere, or nowhere in particular."""
    box = draw(region_box_or_none)
    face_id = draw(face_id_or_none) if box else None
    name = draw(name_or_none)
    persons = tuple(sorted(draw(up_to_two))) if name else ()
    return Region(box, face_id, name, persons, certain=len(persons) == 1 and draw(yes_or_no))


# Somebody of any size, mostly around where faces are and are drawn, whose face was found or was not.
figures = st.builds(Figure, figure_boxes, st.sampled_from([0.31, 0.8]), face_id_or_none)

numbered_faces = [a_face(number) for number in range(1, 7)]
numbered_names = [a_name(number) for number in range(6)]
regions_or_none = st.just(()) | st.lists(a_region(), max_size=3).map(tuple)
figures_or_none = st.just(()) | st.lists(figures, max_size=3).map(tuple)


@st.composite
def photos(draw: st.DrawFn) -> Findings:
    return photo(
        *(draw(one) for one in numbered_faces[: draw(up_to[6])]),
        regions=draw(regions_or_none),
        hints=tuple(Hint(kind, "field") for kind in draw(hints)),
        names=tuple(draw(one) for one in numbered_names[: draw(up_to[6])]),
        has_text=draw(yes_or_no),
        names_checked=draw(yes_or_no),
        blocked=draw(up_to[9]) == 0,
        pattern=draw(pattern_or_none),
        figures=draw(figures_or_none),
    )


@st.composite
def schools(draw: st.DrawFn) -> People:
    def one(id: str) -> Person:
        state = agreed if draw(yes_or_no) else states
        return Person(
            id,
            id,
            draw(roles),
            draw(groups),
            {channel: draw(state) for channel in CHANNELS},
            never_locatable=draw(up_to[9]) == 0,
            has_left=draw(up_to[9]) == 0,
            nameless=(nameless := draw(up_to[9]) == 0),
            count=draw(counts) if nameless else 1,
        )

    return school(*(one(id) for id in WHO if draw(up_to[4])))


@st.composite
def somebody(draw: st.DrawFn) -> tuple[People, Person]:
    """A school, and one of those in it."""
    people = draw(inhabited_schools)
    return people, people.persons[draw(st.sampled_from(sorted(people.persons)))]


inhabited_schools = schools().filter(lambda people: bool(people.persons))


def changed(people: People, person: Person) -> People:
    return replace(people, persons={**people.persons, person.id: person})


@st.composite
def sayings(draw: st.DrawFn) -> Answers:
    def said_of_a_face(number: int) -> FaceAnswer:
        """Of the face of that number, mostly; without a box, or of a face that is elsewhere, otherwise."""
        saying = draw(labels)
        box = draw(places[number, draw(heights)])
        return FaceAnswer(saying, draw(who) if saying is FaceLabel.PERSON else None, box)

    answered = draw(face_numbers)
    return Answers(
        groups=draw(groups_said),
        present=draw(up_to_three),
        only_present=draw(yes_or_no),
        listed=draw(listed),
        absent=draw(up_to_three),
        faces={f"f{number}": said_of_a_face(number) for number in answered},
        drawn=tuple(
            DrawnFace(Box(900, 900, 60, draw(drawn_heights)), draw(who_or_none)) for _ in range(draw(up_to[2]))
        ),
        not_names=draw(name_ids),
        not_a_private_list=draw(yes_or_no),
        no_unseen_people=draw(yes_or_no),
        harmful=draw(none_or_yes_or_no),
        may_face_camera=draw(yes_or_no),
        others=draw(up_to[5]) == 0,
        unsure=draw(nobody_or_some),
        unbound=draw(nobody_or_some),
    )


channels = st.sampled_from(CHANNELS)
people_or_none = st.none() | schools()


def covered(verdict: Verdict) -> set[str]:
    return {face for face, judged in verdict.faces.items() if judged.action is Action.COVER}


def no_looser(before: Verdict, after: Verdict) -> bool:
    """At least as strict, at least as much covered, and no name that was hidden comes back."""
    return (
        after.outcome.strictness >= before.outcome.strictness
        and covered(after) >= covered(before)
        and after.neutral_name >= before.neutral_name
        and all(any(_inside(box, other) for other in after.covered) for box in before.covered)
    )


def rejecting(verdict: Verdict) -> set[str]:
    """The rules that make it a reject."""
    return {reason.rule for reason in verdict.reasons if rule(reason.rule).effect(POLICY) is Then.REJECT}


def _inside(box: Box, other: Box) -> bool:
    slack = 0.001
    return (
        box.x >= other.x - slack
        and box.y >= other.y - slack
        and box.right <= other.right + slack
        and box.bottom <= other.bottom + slack
    )


@unhurried
@given(photos(), sayings(), people_or_none, channels, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(
    seen: Findings, said: Answers, people: People | None, channel: str, random: Random
) -> None:
    rows = list(RULES)
    random.shuffle(rows)
    assert decide(seen, said, people, POLICY, channel, rules=rows) == decide(seen, said, people, POLICY, channel)


@unhurried
@given(photos(), sayings(), people_or_none, channels)
def test_stored_findings_give_the_same_verdict_again(
    seen: Findings, said: Answers, people: People | None, channel: str
) -> None:
    stored = pickle.loads(pickle.dumps((seen, said, people)))  # noqa: S301 - our own bytes
    seen_then, said_then, people_then = stored
    verdict = decide(seen, said, people, POLICY, channel)
    assert decide(seen_then, said_then, people_then, POLICY, channel) == verdict


@unhurried
@given(photos(), sayings(), people_or_none, channels)
def test_every_verdict_explains_itself(seen: Findings, said: Answers, people: People | None, channel: str) -> None:
    verdict = decide(seen, said, people, POLICY, channel)
    assert verdict.reasons
    assert set(verdict.faces) == {face.id for face in seen.faces}
    assert (verdict.outcome == "publish") == ("R50" in [reason.rule for reason in verdict.reasons])
    assert bool(verdict.covered) >= (verdict.outcome == "blur")
    assert len({question.id for question in verdict.questions}) == len(verdict.questions)


@unhurried
@given(photos(), sayings(), people_or_none, channels, st.data())
def test_another_face_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str, data: st.DataObject
) -> None:
    extra = data.draw(a_face(9))
    more = replace(seen, faces=(*seen.faces, extra))
    before, after = (decide(photo, said, people, POLICY, channel) for photo in (seen, more))
    assert no_looser(before, after)


@unhurried
@given(st.integers(1, 6), st.integers(1, 12), heights, st.integers(1, 3), channels)
def test_faces_that_may_be_seen_never_make_up_for_those_that_may_not(
    hidden: int, more: int, height: float, close: int, channel: str
) -> None:
    """However many faces stay as they are, and however large: what holds a photo back is what is covered."""
    covers = called(FaceLabel.COVER, *(f"f{number}" for number in range(1, hidden + 1)))
    few = photo(*(face(number, 310 if number <= close else 60) for number in range(1, hidden + 1)))
    many = replace(few, faces=(*few.faces, *(face(number, height) for number in range(11, 11 + more))))
    answers, people = Answers(faces=covers), school(*consenting(20))
    before, after = (decide(seen, bound(answers, seen), people, POLICY, channel) for seen in (few, many))
    assert no_looser(before, after)


@unhurried
@given(photos(), sayings(), people_or_none, channels, st.data())
def test_another_name_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str, data: st.DataObject
) -> None:
    more = replace(seen, names=(*seen.names, data.draw(a_name(8))))
    assert no_looser(decide(seen, said, people, POLICY, channel), decide(more, said, people, POLICY, channel))


@unhurried
@given(photos(), sayings(), people_or_none, channels, st.sampled_from(Pattern))
def test_a_pattern_that_may_hide_people_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str, pattern: Pattern
) -> None:
    before, after = (replace(seen, pattern=kind) for kind in (None, pattern))
    assert no_looser(decide(before, said, people, POLICY, channel), decide(after, said, people, POLICY, channel))


@unhurried
@given(photos(), sayings(), people_or_none, channels, st.sampled_from(Pattern))
def test_behind_a_pattern_nothing_is_published_but_by_the_word_that_nobody_else_is_in_it(
    seen: Findings, said: Answers, people: People | None, channel: str, pattern: Pattern
) -> None:
    seen = replace(seen, pattern=pattern)
    unsaid = decide(seen, replace(said, no_unseen_people=False), people, POLICY, channel)
    assert unsaid.outcome == "reject"
    assert "R16" in rejecting(unsaid)
    assert "R16" not in rejecting(decide(seen, replace(said, no_unseen_people=True), people, POLICY, channel))


@unhurried
@given(photos(), sayings(), people_or_none, channels, figures)
def test_another_figure_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str, another: Figure
) -> None:
    more = replace(seen, figures=(*seen.figures, another))
    assert no_looser(decide(seen, said, people, POLICY, channel), decide(more, said, people, POLICY, channel))


@unhurried
@given(photos(), sayings(), people_or_none, channels)
def test_a_face_that_was_not_found_after_all_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str
) -> None:
    faceless = replace(seen, figures=tuple(replace(figure, face=None) for figure in seen.figures))
    assert no_looser(decide(seen, said, people, POLICY, channel), decide(faceless, said, people, POLICY, channel))


@unhurried
@given(photos(), sayings(), people_or_none, channels, figures)
def test_somebody_not_seen_is_not_published_but_by_the_word_that_nobody_is_there_or_a_face_drawn_there(
    seen: Findings, said: Answers, people: People | None, channel: str, another: Figure
) -> None:
    unseen = replace(another, face=None, box=replace(another.box, w=300))
    seen = replace(seen, figures=(unseen, *seen.figures))
    verdict = decide(seen, replace(said, no_unseen_people=False), people, POLICY, channel)
    public = POLICY.channel(channel).public
    nothing_drawn = not any(unseen.can_have_face(shape.box) for shape in said.drawn)
    assert ("R17" in rejecting(verdict)) >= (public and nothing_drawn)
    assert ("R17" in rejecting(verdict)) <= public
    assert "R17" not in rejecting(decide(seen, replace(said, no_unseen_people=True), people, POLICY, channel))


@unhurried
@given(photos(), sayings(), people_or_none, channels)
def test_covering_whole_figures_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str
) -> None:
    whole = replace(POLICY, settings=replace(POLICY.settings, cover=Covering.FIGURE))
    assert no_looser(decide(seen, said, people, POLICY, channel), decide(seen, said, people, whole, channel))


@unhurried
@given(photos(), sayings(), people_or_none, channels, who)
def test_another_person_who_is_present_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str, person: str
) -> None:
    """Where nothing binds it to this photo; a word about this very photo accounts for a face of theirs."""
    said = replace(said, only_present=False)  # with "nobody else", naming one more is an answer
    unbound = said.unbound if person in said.present else said.unbound | {person}
    more = replace(said, present=said.present | {person}, unbound=unbound)
    assert no_looser(decide(seen, said, people, POLICY, channel), decide(seen, more, people, POLICY, channel))


@unhurried
@given(photos(), sayings(), somebody(), channels, st.sampled_from(SAID_NO))
def test_a_refusal_never_loosens(
    seen: Findings, said: Answers, one: tuple[People, Person], channel: str, state: ConsentState
) -> None:
    people, person = one
    after = changed(people, replace(person, consents={**person.consents, channel: state}))
    assert no_looser(decide(seen, said, people, POLICY, channel), decide(seen, said, after, POLICY, channel))


@unhurried
@given(photos(), sayings(), somebody(), channels)
def test_somebody_becoming_never_locatable_never_loosens(
    seen: Findings, said: Answers, one: tuple[People, Person], channel: str
) -> None:
    people, person = one
    after = changed(people, replace(person, never_locatable=True))
    assert no_looser(decide(seen, said, people, POLICY, channel), decide(seen, said, after, POLICY, channel))


@unhurried
@given(photos(), sayings(), people_or_none, channels)
def test_a_less_certain_direction_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str
) -> None:
    unsure = replace(seen, faces=tuple(replace(face, pose_reliable=False) for face in seen.faces))
    assert no_looser(decide(seen, said, people, POLICY, channel), decide(unsure, said, people, POLICY, channel))


@unhurried
@given(photos(), sayings(), schools(), channels)
def test_losing_the_class_list_never_loosens(seen: Findings, said: Answers, people: People, channel: str) -> None:
    """Save that nothing waits for people whom nobody knows; what is shown is never more. A list that should be there
    and is not is R01."""
    known = {id: replace(person, never_locatable=False) for id, person in people.persons.items()}
    people = replace(people, persons=known)
    before, after = (decide(seen, said, people_, COVERED_MEANWHILE, channel) for people_ in (people, None))
    assert no_looser(before, after)
    waits = decide(seen, said, people, POLICY, channel)
    assert covered(after) >= covered(waits)
    assert after.outcome.strictness >= waits.outcome.strictness or {"R24"} == rejecting(waits)


@unhurried
@given(photos(), sayings(), people_or_none, channels)
def test_without_a_list_to_check_names_against_nothing_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str
) -> None:
    unchecked = replace(seen, names_checked=False)
    assert no_looser(decide(seen, said, people, POLICY, channel), decide(unchecked, said, people, POLICY, channel))


@unhurried
@given(photos(), sayings(), schools(), channels)
def test_nobody_who_may_not_be_shown_is_shown(seen: Findings, said: Answers, people: People, channel: str) -> None:
    """Held against the plainest reading of the rules: a face that stays is tapped as somebody who may be shown, spoken
    for, too small, or one of a group of which all may be shown and there are enough people."""
    verdict = decide(seen, said, people, POLICY, channel)
    consent = POLICY.channel(channel).basis == "consent"
    side, faces = POLICY.channel(channel).max_side, {face.id: face for face in seen.faces}
    boxes = {face.id: face.box for face in seen.faces}

    def may(id: str | None) -> bool:
        person = people.persons.get(id or "")
        if person is None or person.never_locatable:
            return False
        state = person.consent(channel)
        return state is ConsentState.GRANTED if consent else state not in SAID_NO

    def about(id: str) -> FaceAnswer | None:
        answer = said.faces.get(id)
        is_here = answer and answer.box and answer.box.iou(boxes[id]) >= 0.5
        return answer if answer and is_here and answer.label is not FaceLabel.UNKNOWN else None

    tapped = [answer.person for id in boxes if (answer := about(id)) and answer.label is FaceLabel.PERSON]
    twice = {person for person in tapped if tapped.count(person) > people_of(people, person)}
    open_faces = 0
    for id, judged in verdict.faces.items():
        answer = about(id)
        believed = answer is not None and answer.person not in twice
        # Also of one that is covered because somebody wished so: there the verdict does not tell its size.
        open_faces += not believed and is_recognisable(faces[id], seen.width, seen.height, side, POLICY)
        if judged.action is Action.COVER or judged.basis == "too_small":
            continue
        if answer and believed:
            assert answer.label in (FaceLabel.ADULT, FaceLabel.NO_PUPIL, FaceLabel.NOT_A_PERSON) or may(answer.person)
        else:
            # In a box that is too small to hold a face nobody was pointed out.
            elsewhere = {person for person in tapped if person}
            elsewhere |= {drawn.person for drawn in said.drawn if drawn.person and drawn.box.h > 10}
            group = {
                p.id
                for p in people.persons.values()
                if not p.has_left
                and (not said.groups or p.groups & said.groups)
                and (p.role is not Role.STAFF or p.nameless or p.never_locatable or p.consent(channel) in SAID_NO)
            }
            assert not said.others
            possible = set(said.present) if said.only_present else (group - said.absent) | said.present
            assert possible - elsewhere or twice
            assert all(may(person) for person in possible - elsewhere)
            pupils = {p.id for p in people.persons.values() if p.role is Role.PUPIL} & (group - said.absent)
            named = possible & (said.present if said.only_present else pupils | (said.present - said.unbound))
            assert open_faces <= sum(people_of(people, person) for person in named)


def people_of(people: People, person: str | None) -> int:
    """How many people this stands for."""
    return people.persons[person].count if person and person in people.persons else 1


@unhurried
@given(photos(), sayings(), people_or_none)
def test_together_is_never_looser_than_apart(seen: Findings, said: Answers, people: People | None) -> None:
    apart = decide_all(seen, said, people, POLICY, CHANNELS)
    joint = decide_all(seen, said, people, POLICY, CHANNELS, together=True)
    assert len({(verdict.outcome, verdict.covered, verdict.neutral_name) for verdict in joint.values()}) == 1
    for channel in CHANNELS:
        for other in CHANNELS:
            assert no_looser(apart[other], joint[channel])


# --- nothing but a yes loosens ---------------------------------------------------------------------------

policies = st.sampled_from([POLICY, COVERED_MEANWHILE])


@unhurried
@given(
    photos(), sayings(), schools(), channels, policies, st.sampled_from([*SAID_NO, ConsentState.NOT_ASKED]), st.data()
)
def test_somebody_more_who_may_not_be_shown_never_loosens(
    seen: Findings,
    said: Answers,
    people: People,
    channel: str,
    policy: Policy,
    state: ConsentState,
    data: st.DataObject,
) -> None:
    """A person on the list, or people without a name: one that came, or one that is remembered when its row goes."""
    assume(state is not ConsentState.GRANTED)
    assume(state in SAID_NO or POLICY.channel(channel).basis is Ground.CONSENT)
    groups, role = data.draw(st.frozensets(st.sampled_from(CLASSES), min_size=1)), data.draw(st.sampled_from(Role))
    one = Person("new", "new", role, groups, {channel: state}, nameless=data.draw(st.booleans()))
    after = changed(people, one if not one.nameless else replace(one, count=data.draw(st.integers(1, 9))))
    assert no_looser(decide(seen, said, people, policy, channel), decide(seen, said, after, policy, channel))


@unhurried
@given(photos(), sayings(), schools(), channels, policies, st.sampled_from(ConsentState), st.integers(1, 9))
def test_people_without_a_name_never_loosen(
    seen: Findings,
    said: Answers,
    people: People,
    channel: str,
    policy: Policy,
    state: ConsentState,
    count: int,
) -> None:
    """Not even where they may be shown: they are no reason to take a face for theirs."""
    row = Person("former-1", "", groups=frozenset(CLASSES), consents={channel: state}, nameless=True, count=count)
    before, after = (decide(seen, said, known, policy, channel) for known in (people, changed(people, row)))
    assert no_looser(before, after)


@unhurried
@given(photos(), sayings(), people_or_none, channels, policies)
def test_that_others_are_in_it_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str, policy: Policy
) -> None:
    """Where nobody said that nobody else is in it: then it takes the one word for the other."""
    said = replace(said, only_present=False)
    before, after = (decide(seen, replace(said, others=more), people, policy, channel) for more in (False, True))
    assert no_looser(before, after)
    open_faces = {id for id, judged in after.faces.items() if judged.basis in ("group", "none")}
    assert open_faces <= covered(after)  # every face without an answer that can be recognised


@unhurried
@given(photos(), sayings(), people_or_none, channels, policies, st.frozensets(who))
def test_not_to_know_changes_nothing_but_what_is_asked(
    seen: Findings, said: Answers, people: People | None, channel: str, policy: Policy, unsure: frozenset[str]
) -> None:
    faces = {face.id: FaceAnswer(FaceLabel.UNKNOWN, None, face.box) for face in seen.faces if face.id not in said.faces}
    nothing = replace(said, unsure=frozenset())
    nobody_knows = replace(nothing, unsure=unsure, faces={**said.faces, **faces})
    before, after = (decide(seen, answers, people, policy, channel) for answers in (nothing, nobody_knows))
    unasked = replace(before, questions=after.questions, not_yet=after.not_yet)
    assert after == worded(unasked)
    assert not unsure & {person for question in after.questions for person in (question.person, *question.persons)}
    assert not {question.face for question in after.questions} & faces.keys()


@unhurried
@given(photos(), sayings(), people_or_none, channels, st.sampled_from([400, 4000]))
def test_another_channel_beside_it_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str, side: int
) -> None:
    """Not even one that publishes larger, so that more faces can be told apart there."""
    seen = replace(seen, width=4800, height=3600)
    larger = replace(POLICY.channel(CLOSED), id="larger", max_side=side)
    policy = replace(POLICY, channels=(*POLICY.channels, larger))
    assert no_looser(decide(seen, said, people, POLICY, channel), decide(seen, said, people, policy, channel))


@unhurried
@given(photos(), sayings(), somebody(), channels, policies, st.sampled_from(ConsentState))
def test_staff_nobody_mentions_change_nothing_unless_they_said_no(
    seen: Findings,
    said: Answers,
    one: tuple[People, Person],
    channel: str,
    policy: Policy,
    state: ConsentState,
) -> None:
    people, person = one
    pointed_out = {answer.person for answer in said.faces.values()} | {drawn.person for drawn in said.drawn}
    named = {named for region in seen.regions for named in region.persons}
    assume(person.id not in pointed_out | said.present | named | said.unsure)
    staff = replace(person, role=Role.STAFF, consents={channel: state}, nameless=False, count=1, never_locatable=False)
    rest = replace(people, persons={id: other for id, other in people.persons.items() if id != person.id})
    before, after = (decide(seen, said, known, policy, channel) for known in (rest, changed(rest, staff)))
    assert (before == after) or state in SAID_NO
    assert no_looser(before, after)


@unhurried
@given(photos(), sayings(), somebody(), channels, policies)
def test_erasing_somebody_into_a_row_without_a_name_never_loosens(
    seen: Findings, said: Answers, one: tuple[People, Person], channel: str, policy: Policy
) -> None:
    people, person = one
    person = replace(person, nameless=False, count=1, never_locatable=False)
    told = {answer.person for answer in said.faces.values()} | {drawn.person for drawn in said.drawn} | said.present
    assume(person.id not in told | said.absent | (said.listed or frozenset()))
    row = replace(person, id="former-1", name="", nameless=True)
    rest = {id: other for id, other in people.persons.items() if id != person.id}
    before = decide(seen, said, changed(people, person), policy, channel)
    after = decide(seen, said, replace(people, persons={**rest, row.id: row}), policy, channel)
    assert no_looser(before, after)


@unhurried
@given(photos(), sayings(), people_or_none, channels, policies, st.data())
def test_a_wish_to_cover_uncovers_nothing_else(
    seen: Findings, said: Answers, people: People | None, channel: str, policy: Policy, data: st.DataObject
) -> None:
    """Whether it is said of a face that was found, or drawn over any place."""
    assume(seen.faces)
    face = data.draw(st.sampled_from(seen.faces))
    if data.draw(st.booleans()):
        assume(face.id not in said.faces)
        wish = replace(said, faces={**said.faces, face.id: FaceAnswer(FaceLabel.COVER, None, face.box)})
    else:
        x, y = data.draw(st.sampled_from([(face.box.x, face.box.y), (700.0, 700.0)]))
        wish = replace(said, drawn=(*said.drawn, DrawnFace(Box(x, y, face.box.w, face.box.h))))
    before, after = decide(seen, said, people, policy, channel), decide(seen, wish, people, policy, channel)
    assert all(after.faces[id].action is Action.COVER for id, was in before.faces.items() if was.action is Action.COVER)


@unhurried
@given(photos(), sayings(), people_or_none, channels, policies)
def test_an_answer_without_its_box_is_none(
    seen: Findings, said: Answers, people: People | None, channel: str, policy: Policy
) -> None:
    """Save that somebody who was tapped is in the photo, and that a wish to cover is one."""
    kept = {id: answer for id, answer in said.faces.items() if answer.box}
    without = {id: replace(answer, box=None) for id, answer in said.faces.items()}
    nothing = decide(seen, replace(said, faces={}), people, policy, channel)
    assert no_looser(nothing, decide(seen, replace(said, faces=without), people, policy, channel))
    some = decide(seen, replace(said, faces=kept), people, policy, channel)
    assert no_looser(some, decide(seen, said, people, policy, channel))


@unhurried
@given(photos(), sayings(), somebody(), channels, st.sampled_from(list(permutations(range(1, 4), 2))))
def test_one_person_on_two_faces_clears_neither(
    seen: Findings, said: Answers, known: tuple[People, Person], channel: str, on: tuple[int, int]
) -> None:
    seen = replace(seen, faces=(*(face(number) for number in range(1, 4)), *seen.faces[3:]))
    person, one, other = known[1].id, *on
    people = changed(known[0], replace(known[1], nameless=False, count=1))
    told = {
        id: answer
        for id, answer in said.faces.items()
        if id not in (f"f{one}", f"f{other}") and answer.person != person
    }
    said = replace(said, drawn=tuple(drawn for drawn in said.drawn if drawn.person != person))
    boxes = {face.id: face.box for face in seen.faces}
    taps = {id: FaceAnswer(FaceLabel.PERSON, person, boxes[id]) for id in (f"f{one}", f"f{other}")}
    twice = replace(said, faces={**told, **taps})
    neither = replace(said, faces=told, present=said.present | {person})
    if not said.only_present:
        before, after = (decide(seen, answers, people, POLICY, channel) for answers in (neither, twice))
        assert no_looser(before, after)
    verdict = decide(seen, twice, people, POLICY, channel)
    assert all(verdict.faces[id].basis != "tapped" for id in taps)


@unhurried
@given(photos(), sayings(), schools(), channels, st.sets(st.sampled_from([*WHO, "new"])))
def test_who_was_listed_only_later_is_not_ruled_out(
    seen: Findings, said: Answers, people: People, channel: str, listed: set[str]
) -> None:
    """The fewer were on the list when "nobody else" was said, the fewer it rules out."""
    said = replace(said, only_present=True, listed=frozenset([*WHO, "new"]))
    people = changed(people, pupil("new", ConsentState.REFUSED, closed=ConsentState.OBJECTED))
    fewer = replace(said, listed=frozenset(listed))
    before, after = (decide(seen, answers, people, POLICY, channel) for answers in (said, fewer))
    assert no_looser(before, after)


@settings(unhurried, max_examples=200)
@given(photos(), sayings(), somebody(), st.booleans())
def test_never_locatable_is_an_ordinary_refusal_until_pointed_out(
    seen: Findings, said: Answers, one: tuple[People, Person], together: bool
) -> None:
    """The whole document, on every channel, whatever else was seen and said."""
    people, person = one
    told = {answer.person for answer in said.faces.values()} | {drawn.person for drawn in said.drawn}
    assume(person.id not in told)
    refuser = replace(
        person, consents=dict.fromkeys(CHANNELS, ConsentState.REFUSED), never_locatable=False, nameless=False, count=1
    )

    def document(person: Person) -> object:
        verdicts = decide_all(seen, said, changed(people, person), POLICY, CHANNELS, together=together)
        receipt = Receipt("", "", "", "", POLICY.id, "r1", {})
        screening = Screening("1", seen, verdicts, {}, receipt, {})
        return screening_document("photo.jpg", screening, POLICY, said, {})

    ordinary = document(refuser)
    assert document(replace(refuser, never_locatable=True)) == ordinary
    assert document(replace(refuser, never_locatable=True, consents={})) == ordinary
    agreed = dict.fromkeys(CHANNELS, ConsentState.GRANTED)
    assert document(replace(refuser, never_locatable=True, consents=agreed)) == ordinary


@settings(unhurried, max_examples=200)
@given(photos(), sayings(), people_or_none, channels, policies)
def test_not_yet_is_a_reject_with_a_question_that_lifts_it(
    seen: Findings, said: Answers, people: People | None, channel: str, policy: Policy
) -> None:
    verdict = decide(seen, said, people, policy, channel)
    assert verdict.not_yet == (verdict.outcome == "reject" and bool(verdict.questions))
    if "R24" in {reason.rule for reason in verdict.reasons}:
        assert verdict.outcome == "reject"
    if verdict.reasons[0].rule in ("R01", "R02"):
        assert not verdict.not_yet


@unhurried
@given(photos(), a_region(), sayings(), people_or_none, channels, st.sampled_from([POLICY, COVERED_MEANWHILE]))
def test_what_a_file_says_of_somebody_never_loosens(
    seen: Findings, region: Region, said: Answers, people: People | None, channel: str, policy: Policy
) -> None:
    """Who is in it, where a face is, whose a name is: the verdict is as strict as without it, or stricter."""
    with_region = replace(seen, regions=(*seen.regions, region))
    before, after = (decide(findings, said, people, policy, channel) for findings in (seen, with_region))
    assert no_looser(before, after)


@unhurried
@given(photos(), sayings(), people_or_none, channels)
def test_a_face_that_only_the_file_speaks_of_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str
) -> None:
    told = Face("f9", Box(700, 500, 70, 90), (), 0.0, 0, 0, 0, pose_reliable=False, source=FaceSource.METADATA)
    before, after = (
        decide(replace(seen, faces=faces), said, people, POLICY, channel) for faces in (seen.faces, (*seen.faces, told))
    )
    assert no_looser(before, after)


@unhurried
@given(photos(), a_region(), sayings(), schools(), channels, who)
def test_the_name_of_somebody_never_locatable_leads_to_what_a_refusal_does(
    seen: Findings, region: Region, said: Answers, people: People, channel: str, person: str
) -> None:
    """As long as they were not pointed out."""
    assume(person in people.persons)
    assume(person not in {answer.person for answer in said.faces.values()} | {drawn.person for drawn in said.drawn})
    seen = replace(seen, regions=(*seen.regions, replace(region, name="…", persons=(person,), certain=True)))
    refused = dict.fromkeys(CHANNELS, ConsentState.REFUSED)
    one = replace(people.persons[person], consents=refused, never_locatable=False, nameless=False, count=1)
    hides = any(other.never_locatable for other in people.persons.values() if other.id != person)
    assume(POLICY.settings.first_say_who or hides)
    verdicts = [
        decide(seen, said, changed(people, replace(one, never_locatable=hidden)), POLICY, channel)
        for hidden in (False, True)
    ]
    assert verdicts[0] == verdicts[1]
