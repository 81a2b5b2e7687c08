"""What holds for every post: each photo is judged as it is alone, nothing but a yes loosens, and what is asked
matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fotopoort.policy.candidates import may_be_shown
from fotopoort.policy.decide import decide_all
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.answers import own_word_wins
from fotopoort.policy.posts.post import Post, SharedAnswers
from fotopoort.policy.posts.questions import PostQuestion, nobody_knows, settled
from fotopoort.policy.posts.verdicts import PostVerdict, decide_post
from fotopoort.vocabulary import (
    Answers,
    Box,
    ConsentState,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    Findings,
    People,
    Person,
    QuestionKind,
    Role,
)

from ..scenes import COVERED_MEANWHILE, POLICY, unhurried
from ..test_properties import (
    CHANNELS,
    SAID_NO,
    changed,
    no_looser,
    people_or_none,
    photos,
    sayings,
    schools,
    somebody,
    up_to,
    who,
    yes_or_no,
)

channel_lists = st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=3, unique=True).map(tuple)
policies = st.sampled_from([POLICY, COVERED_MEANWHILE])
NAMES = ("a", "b", "c")


@st.composite
def posts(draw: st.DrawFn, most: int = 2) -> Post:
    """Up to so many photos, of which something was said, and of some of them together."""
    names = NAMES[: draw(photo_counts[most])]
    some = some_of[names]
    seen = {name: replace(draw(one_photo), sha256=name * 64) for name in names}
    said = [SharedAnswers(draw(one_saying), frozenset(name * 64 for name in draw(some))) for _ in range(draw(up_to[2]))]
    answers = {name: draw(one_saying) for name in draw(some)}
    groups = draw(groups_of_posts)
    return Post(
        seen, draw(channel_lists), groups, shared_answers=tuple(said), answers=answers, together=draw(yes_or_no)
    )


# Made once, see test_properties.py.
photo_counts = {most: st.integers(1, most) for most in range(1, len(NAMES) + 1)}
some_of = {names: st.sets(st.sampled_from(names)) for names in (NAMES[:count] for count in photo_counts)}
one_photo, one_saying = photos(), sayings()
groups_of_posts = st.sampled_from([frozenset[str](), frozenset({"groep 5"})])


def each_no_looser(before: PostVerdict, after: PostVerdict) -> bool:
    return all(
        no_looser(verdict, after.photos[photo][channel])
        for photo, verdicts in before.photos.items()
        for channel, verdict in verdicts.items()
    )


def what_happens(verdict: PostVerdict) -> object:
    """For each photo and channel; what is covered where it goes nowhere is all the same."""
    return [
        (judged.outcome, judged.outcome != "reject" and (judged.covered, judged.faces, judged.neutral_name))
        for channels in (*verdict.photos.values(), verdict.text)
        for judged in channels.values()
    ]


@unhurried
@given(photos(), sayings(), people_or_none, channel_lists, policies, st.booleans())
def test_a_post_of_one_photo_is_that_photo(
    seen: Findings, said: Answers, people: People | None, channels: tuple[str, ...], policy: Policy, together: bool
) -> None:
    post = Post({"a": seen}, channels, answers={"a": said}, together=together)
    assert decide_post(post, people, policy).photos["a"] == decide_all(
        seen, said, people, policy, channels, together=together
    )


@unhurried
@given(posts(), people_or_none, policies)
def test_each_photo_of_a_post_is_judged_as_it_is_alone(post: Post, people: People | None, policy: Policy) -> None:
    together = decide_post(post, people, policy)
    for photo, seen in post.photos.items():
        alone = decide_post(replace(post, photos={photo: seen}), people, policy)
        assert alone.photos[photo] == together.photos[photo]


@unhurried
@given(posts(), people_or_none, sayings())
def test_what_is_said_of_some_photos_changes_no_other(post: Post, people: People | None, said: Answers) -> None:
    photos = [*post.photos][1:]
    assume(photos)
    first = next(iter(post.photos))
    before, after = (decide_post(one, people, POLICY) for one in (post, post.with_shared_answers(said, photos)))
    assert before.photos[first] == after.photos[first]


@unhurried
@given(posts(), somebody(), policies, st.sampled_from(SAID_NO))
def test_a_refusal_never_loosens_a_post(
    post: Post, one: tuple[People, Person], policy: Policy, state: ConsentState
) -> None:
    people, person = one
    after = changed(people, replace(person, consents=dict.fromkeys(CHANNELS, state)))
    assert each_no_looser(decide_post(post, people, policy), decide_post(post, after, policy))


@unhurried
@given(posts(), schools(), policies)
def test_losing_answers_of_a_post_never_loosens(post: Post, people: People, policy: Policy) -> None:
    """Who is ruled out for all photos of those who may not be shown, and that there is nobody else: whatever cleared
    somebody. Who may be shown and is ruled out leaves fewer people than faces, and so does one person on two faces, or
    one who is absent and on one: then a face is somebody else's."""
    assume(not any(shared.answers.only_present for shared in post.shared_answers))
    said = [post.about(photo) for photo in post.photos]
    assume(not any(answers_that_contradict(about) or about.absent & about.pointed_out for about in said))
    channels = [policy.channel(channel) for channel in post.channels]
    shown = {id for id, person in people.persons.items() if any(may_be_shown(person, channel) for channel in channels)}
    fewer = tuple(
        replace(shared, answers=replace(shared.answers, absent=shared.answers.absent & shown, no_unseen_people=False))
        for shared in post.shared_answers
    )
    before, after = decide_post(post, people, policy), decide_post(replace(post, shared_answers=fewer), people, policy)
    assert each_no_looser(before, after)


@unhurried
@given(posts(), schools(), policies, who)
def test_who_is_here_after_all_is_never_looser_than_absent_everywhere(
    post: Post, people: People, policy: Policy, person: str
) -> None:
    """ "Absent, except here": where they may not be shown, and account for no face."""
    assume(person in people.persons)
    refused = dict.fromkeys(CHANNELS, ConsentState.REFUSED)
    people = changed(people, replace(people.persons[person], consents=refused, nameless=False, count=1))
    absent = post.with_shared_answers(Answers(absent=frozenset({person})))
    told = Answers(present=frozenset({person}), unbound=frozenset({person}))
    here = absent.with_answer(next(iter(post.photos)), told)
    assume(not any(here.about(photo).nobody_else for photo in here.photos))
    assert each_no_looser(decide_post(absent, people, policy), decide_post(here, people, policy))


@unhurried
@given(sayings(), sayings())
def test_nothing_is_said_of_a_photo_that_nobody_said(whole: Answers, own: Answers) -> None:
    holds = own_word_wins(whole, own)
    assert own.present <= holds.present <= own.present | whole.present
    assert own.absent <= holds.absent <= own.absent | whole.absent
    assert not holds.present & holds.absent - own.absent - whole.absent
    assert (holds.faces, holds.drawn) == (own.faces, own.drawn)
    own = replace(own, unbound=own.unbound & own.present, listed=own.listed if own.only_present else None)
    assert replace(own_word_wins(Answers(), own), listed=own.listed) == own


@unhurried
@given(posts(), somebody())
def test_never_locatable_is_an_ordinary_refusal_in_a_post_until_pointed_out(
    post: Post, one: tuple[People, Person]
) -> None:
    """Every verdict and every question, of the photos and of the post."""
    people, person = one
    answers = [*post.answers.values(), *(shared.answers for shared in post.shared_answers)]
    assume(not any(person.id in said.pointed_out for said in answers))
    refused = dict.fromkeys(CHANNELS, ConsentState.REFUSED)
    refuser = replace(person, consents=refused, never_locatable=False, nameless=False, count=1)
    ordinary = decide_post(post, changed(people, refuser), POLICY)
    for consents in (refused, {}, dict.fromkeys(CHANNELS, ConsentState.GRANTED)):
        hidden = changed(people, replace(refuser, never_locatable=True, consents=consents))
        assert decide_post(post, hidden, POLICY) == ordinary


# --- what is asked ---------------------------------------------------------------------------------------


def subjects(question: PostQuestion, post: Post) -> set[tuple[str, str]]:
    """What a question is about, in each of its photos. One list goes with several photos: whoever on it was said to be
    in one of them, or pointed out there, is not looked for there, and "verder niemand" does not take that back."""
    about = {(photo, person) for photo in question.photos for person in question.persons}
    if question.kind is QuestionKind.ANY_OF_THESE:
        told = {photo: post.about(photo).present | post.about(photo).pointed_out for photo in question.photos}
        about -= {(photo, person) for photo, person in about if person in told[photo]}
    else:
        about |= {(photo, face) for photo, faces in question.faces.items() for face in faces}
    return about | {(photo, name) for photo in question.photos or ("",) for name in question.names}


@settings(unhurried, max_examples=120)
@given(posts(), people_or_none, policies)
def test_nothing_is_asked_twice(post: Post, people: People | None, policy: Policy) -> None:
    verdict = decide_post(post, people, policy)
    assert len({question.id for question in verdict.questions}) == len(verdict.questions)
    about = [subject for question in verdict.questions for subject in subjects(question, post)]
    assert len(set(about)) == len(about)
    assert set(post.photos) >= {photo for question in verdict.questions for photo in question.photos}


def answers_that_contradict(answers: Answers) -> bool:
    """Whether they point out one person in several places."""
    tapped = [*(face.person for face in answers.faces.values()), *(shape.person for shape in answers.drawn)]
    return any(count > 1 for person, count in Counter(tapped).items() if person)


@settings(unhurried, max_examples=120)
@given(posts(), people_or_none, policies)
def test_not_to_know_changes_no_verdict_and_ends_the_questions(
    post: Post, people: People | None, policy: Policy
) -> None:
    """Whatever is asked, "weet ik niet" to all of it leaves the post as it is, and asks nothing new of the same. Of
    somebody who was pointed out in two places of a photo neither is believed; it ends that, so such a post is none."""
    assume(not any(answers_that_contradict(post.about(photo)) for photo in post.photos))
    before = decide_post(post, people, policy)
    after = before
    for _ in range(9):
        if not after.questions:
            break
        told = {subject for question in after.questions for subject in subjects(question, post)}
        for question in after.questions:
            post = nobody_knows(post, question)
        after = decide_post(post, people, policy)
        assert not told & {subject for question in after.questions for subject in subjects(question, post)}
        assert what_happens(after) == what_happens(before)
    assert not after.questions


@settings(unhurried, max_examples=30, derandomize=True)
@given(posts(), people_or_none, policies)
def test_every_question_has_an_answer_that_changes_what_happens(
    post: Post, people: People | None, policy: Policy
) -> None:
    """Given the best answers to the others: with its own, more may be shown than without. Of who must never be found
    the same is asked as of who refused, and there the answer may be that it goes nowhere."""
    if people:
        persons = {id: replace(person, never_locatable=False) for id, person in people.persons.items()}
        people = replace(people, persons=persons)
    asked = decide_post(post, people, policy).questions
    everything = [what_happens(decide_post(way, people, policy)) for way in answered(post, asked, people)]
    for question in asked:
        others = [other for other in asked if other is not question]
        without = [what_happens(decide_post(way, people, policy)) for way in answered(post, others, people)]
        assert any(result not in without for result in everything), question


def answered(post: Post, asked: Sequence[PostQuestion], people: People | None) -> list[Post]:
    """The post after answers that loosen: nobody of the lists, or each of them on a face of their own; who is in it
    drawn or on such a face (adults on the largest); no name, nobody unseen, and every face an adult's who agreed."""
    persons = people.persons.values() if people else ()
    adults = {person.id for person in persons if person.role is not Role.PUPIL}
    plain = post
    for question in asked:
        plain = settled(plain, question)
        if question.kind in (QuestionKind.WHO_IS_THIS, QuestionKind.OUTSIDERS, QuestionKind.IS_PUPIL):
            plain = _vouched(plain, question)
        if question.kind is QuestionKind.POINT_OUT:
            plain = _found(plain, question, taps=False)
    smallest = largest = plain
    for question in asked:
        if question.kind in (QuestionKind.ANY_OF_THESE, QuestionKind.POINT_OUT):
            smallest = _found(smallest, question)
            largest = _found(largest, question, taps=adults >= set(question.persons), largest_first=True)
    return [plain, smallest, largest]


def _vouched(post: Post, question: PostQuestion) -> Post:
    for photo, faces in question.faces.items():
        boxes = {face.id: face.box for face in post.photos[photo].faces}
        told = {face: FaceAnswer(FaceLabel.ADULT, None, boxes[face]) for face in faces}
        post = post.with_answer(photo, Answers(faces=told))
    return post


def _found(post: Post, question: PostQuestion, *, taps: bool = True, largest_first: bool = False) -> Post:
    """Each of these persons on a face of their own that nobody spoke of, by size; or not in it after all and,
    where they are said to be, drawn in a corner."""
    for photo in question.photos:
        answers = post.answers.get(photo, Answers())
        kept = {id: answer for id, answer in answers.faces.items() if answer.person not in question.persons}
        free = [face for face in post.photos[photo].faces if face.id not in kept] if taps else []
        on = dict(
            zip(question.persons, sorted(free, key=lambda face: face.box.area, reverse=largest_first), strict=False)
        )
        faces = {face.id: FaceAnswer(FaceLabel.PERSON, person, face.box) for person, face in on.items()}
        gone = frozenset(question.persons) - on.keys()
        to_draw = sorted(gone) if question.kind is QuestionKind.POINT_OUT else []
        shapes = [shape for shape in answers.drawn if shape.person not in question.persons]
        corners: list[DrawnFace] = []
        for person in to_draw:
            taken = {shape.box.x for shape in (*shapes, *corners)}
            place = next(x for x in range(1572, 0, -28) if x not in taken)
            corners.append(DrawnFace(Box(place, 1172, 28, 28), person))
        own = replace(
            answers,
            present=answers.present - gone,
            absent=answers.absent | gone,
            faces=kept | faces,
            drawn=(*shapes, *corners),
        )
        post = replace(post, answers={**post.answers, photo: own})
    return post
