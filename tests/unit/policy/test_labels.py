"""What the new answers may and may not do, whatever the photo: nothing but a yes loosens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fotopoort.policy.decide import decide
from fotopoort.policy.policy import Policy, PublicFrontal
from fotopoort.policy.posts.post import Post
from fotopoort.policy.posts.questions import nobody_knows, settled
from fotopoort.policy.posts.verdicts import decide_post
from fotopoort.policy.rules import rule
from fotopoort.vocabulary import (
    Action,
    Answers,
    ConsentState,
    FaceAnswer,
    FaceLabel,
    Findings,
    Outcome,
    People,
    Person,
    QuestionKind,
    Role,
)

from .scenes import (
    CLOSED,
    FACEBOOK,
    POLICY,
    WEBSITE,
    bound,
    called,
    consenting,
    face,
    photo,
    said,
    school,
    tapped,
    unhurried,
)
from .test_properties import (
    changed,
    channels,
    covered,
    no_looser,
    people_or_none,
    photos,
    policies,
    rejecting,
    sayings,
    schools,
    somebody,
)

more_strict = st.sampled_from(PublicFrontal)


def with_frontal(setting: PublicFrontal) -> Policy:
    return replace(POLICY, settings=replace(POLICY.settings, public_frontal=setting))


def saying(said: Answers, seen: Findings, face_id: str, label: FaceLabel) -> Answers:
    """The answers, with that label at the place where the face is."""
    box = next(face.box for face in seen.faces if face.id == face_id)
    return replace(said, faces={**said.faces, face_id: FaceAnswer(label, None, box)})


@unhurried
@given(photos(), sayings(), people_or_none, channels, policies)
def test_no_pupil_means_just_what_an_adult_who_agreed_does(
    seen: Findings, said: Answers, people: People | None, channel: str, policy: Policy
) -> None:
    """So that what was said before, in a file or a database, is worth what it was."""
    swapped = {FaceLabel.NO_PUPIL: FaceLabel.ADULT}
    faces = {id: replace(answer, label=swapped.get(answer.label, answer.label)) for id, answer in said.faces.items()}
    before, after = (decide(seen, answers, people, policy, channel) for answers in (said, replace(said, faces=faces)))
    assert before == after


def test_another_child_is_covered_also_where_the_answer_is_not_bound_to_that_face() -> None:
    """Ids are counted anew when other models look, and an answer in a file may have no box."""
    seen = photo(face(1), face(2))
    people = school(*consenting(3))
    elsewhere = {"f3": FaceAnswer(FaceLabel.OTHER_CHILD, None, seen.faces[1].box)}
    for faces in (elsewhere, {"f2": FaceAnswer(FaceLabel.OTHER_CHILD)}):
        verdict = decide(seen, Answers(frozenset({"groep 5"}), faces=faces), people, POLICY, WEBSITE)
        assert verdict.outcome is not Outcome.PUBLISH
        hidden = seen.faces[1].box
        assert verdict.outcome is Outcome.REJECT or any(
            box.overlap(hidden) >= 0.99 * hidden.area for box in verdict.covered
        )


@unhurried
@given(photos(), sayings(), people_or_none, channels, policies, st.data())
def test_another_child_is_never_looser_than_an_adult_and_always_covered(
    seen: Findings, said: Answers, people: People | None, channel: str, policy: Policy, data: st.DataObject
) -> None:
    assume(seen.faces)
    one = data.draw(st.sampled_from(seen.faces)).id
    child, adult = (saying(said, seen, one, label) for label in (FaceLabel.OTHER_CHILD, FaceLabel.ADULT))
    before, after = (decide(seen, answers, people, policy, channel) for answers in (adult, child))
    assert no_looser(before, after)
    assert one in covered(after)


@unhurried
@given(photos(), sayings(), people_or_none, channels, st.data())
def test_another_child_close_by_and_full_in_the_face_is_rejected_as_a_pupil_is(
    seen: Findings, said: Answers, people: People | None, channel: str, data: st.DataObject
) -> None:
    assume(POLICY.channel(channel).public)
    close = face(1, 310)
    seen = replace(seen, faces=(close, *(other for other in seen.faces if other.id != "f1")))
    said = replace(said, drawn=())
    verdict = decide(seen, saying(said, seen, "f1", FaceLabel.OTHER_CHILD), people, POLICY, channel)
    assert "R30" in rejecting(verdict)
    assert not any(question.kind is QuestionKind.IS_PUPIL and question.face == "f1" for question in verdict.questions)


@unhurried
@given(photos(), sayings(), people_or_none, channels, policies)
def test_that_it_does_harm_rejects_and_that_it_does_not_clears_nothing(
    seen: Findings, said: Answers, people: People | None, channel: str, policy: Policy
) -> None:
    unsaid, no, yes = (
        decide(seen, replace(said, harmful=harmful), people, policy, channel) for harmful in (None, False, True)
    )
    assert unsaid == no
    assert no_looser(unsaid, yes)
    assert yes.outcome is Outcome.REJECT
    assert yes.questions == ()
    assert "R04" in rejecting(yes)


@unhurried
@given(photos(), sayings(), people_or_none, channels)
def test_each_setting_for_large_frontal_faces_is_as_strict_as_the_one_before_it(
    seen: Findings, said: Answers, people: People | None, channel: str
) -> None:
    advise, ask, cover = (
        decide(seen, said, people, with_frontal(setting), channel)
        for setting in (PublicFrontal.ADVISE, PublicFrontal.ASK, PublicFrontal.COVER)
    )
    assert no_looser(advise, ask)
    assert no_looser(ask, cover)


@unhurried
@given(photos(), sayings(), people_or_none, channels, more_strict, st.integers(1, 12))
def test_with_each_setting_for_frontal_faces_another_face_never_loosens(
    seen: Findings, said: Answers, people: People | None, channel: str, setting: PublicFrontal, more: int
) -> None:
    """Many more faces make an overview of a photo, and change nothing of a face that is large in it."""
    crowd = replace(seen, faces=(*seen.faces, *(face(number, 40) for number in range(20, 20 + more))))
    policy = with_frontal(setting)
    before, after = (decide(findings, said, people, policy, channel) for findings in (seen, crowd))
    assert no_looser(before, after)


@settings(unhurried, max_examples=100)
@given(schools(), somebody(), st.sampled_from([CLOSED, WEBSITE]), sayings())
def test_what_a_teacher_did_not_say_never_shows_their_portrait(
    others: People, one: tuple[People, Person], channel: str, said: Answers
) -> None:
    """Whatever the ground of the channel is: it is theirs to agree."""
    state = one[1].consent(channel)
    assume(state is not ConsentState.GRANTED)
    teacher = replace(one[1], role=Role.STAFF, nameless=False, count=1)
    people = changed(others, teacher)
    seen = photo(face(1, 310))
    tap = FaceAnswer(FaceLabel.PERSON, teacher.id, seen.faces[0].box)
    verdict = decide(seen, replace(said, faces={"f1": tap}, drawn=()), people, POLICY, channel)
    assert verdict.faces["f1"].action is Action.COVER


@unhurried
@given(photos(), sayings(), people_or_none, channels)
def test_is_it_a_pupil_is_asked_only_where_that_it_is_not_changes_what_happens(
    seen: Findings, said: Answers, people: People | None, channel: str
) -> None:
    verdict = decide(seen, said, people, POLICY, channel)
    for question in verdict.questions:
        if question.kind is QuestionKind.IS_PUPIL:
            assert question.face is not None
            assert "R30" in rejecting(verdict)
            told = decide(seen, saying(said, seen, question.face, FaceLabel.ADULT), people, POLICY, channel)
            of_r30 = {face for reason in told.reasons if reason.rule == "R30" for face in reason.faces}
            assert question.face not in of_r30
            assert told.faces[question.face].action is Action.KEEP


@given(st.integers(1, 4))
@settings(unhurried, max_examples=8)
def test_after_the_last_answer_that_it_is_no_pupil_the_photo_goes_out(count: int) -> None:
    seen, said = photo(*(face(number, 310) for number in range(1, 2 * count, 2))), Answers()
    for _ in range(count + 1):
        verdict = decide(seen, said, None, POLICY, WEBSITE)
        if not verdict.questions:
            break
        assert {question.kind for question in verdict.questions} == {QuestionKind.IS_PUPIL}
        assert verdict.not_yet
        first = verdict.questions[0].face or ""
        said = saying(said, seen, first, FaceLabel.ADULT)
    assert verdict.outcome is Outcome.PUBLISH
    assert rule("R50").says.nl in {reason.nl for reason in verdict.reasons}
    assert called(FaceLabel.ADULT, "f1").keys() <= said.faces.keys()


# --- in a post -------------------------------------------------------------------------------------------


def post_of(*seen: Findings) -> Post:
    photos = {f"p{number}": replace(one, sha256=f"{number:064x}") for number, one in enumerate(seen)}
    return Post(photos, (WEBSITE,), frozenset({"groep 5"}))


def outcomes(post: Post, policy: Policy = POLICY) -> list[str]:
    verdict = decide_post(post, school(*consenting(9)), policy)
    return [verdicts[WEBSITE].outcome.value for verdicts in verdict.photos.values()]


def test_large_frontal_faces_are_asked_about_once_for_a_post() -> None:
    policy = with_frontal(PublicFrontal.ASK)
    post = post_of(photo(face(1, 150)), photo(face(1, 150)))
    (question,) = decide_post(post, school(*consenting(9)), policy).questions
    assert question.kind is QuestionKind.MAY_FACE_CAMERA
    assert outcomes(post, policy) == ["blur", "blur"]
    assert outcomes(settled(post, question), policy) == ["publish", "publish"]
    assert outcomes(nobody_knows(post, question), policy) == ["blur", "blur"]


@pytest.mark.parametrize(
    ("reliable", "told"),
    [((True,), False), ((False,), True), ((True, False), False), ((False, True), False), ((False, False), True)],
)
def test_of_a_face_whose_direction_is_a_guess_it_is_asked_whether_it_perhaps_may(
    reliable: tuple[bool, ...], told: bool
) -> None:
    """In one photo, or in one each: nothing is said to be sure where no face is."""
    policy, people = with_frontal(PublicFrontal.ASK), school(*consenting(9))
    guesses = [face(number, 150, reliable=sure) for number, sure in zip((1, 3), reliable, strict=False)]
    for post in (post_of(photo(*guesses)), post_of(*map(photo, guesses))):
        (question,) = decide_post(post, people, policy).questions
        assert question.kind is QuestionKind.MAY_FACE_CAMERA
        assert ("isschien" in question.nl, "erhaps" in question.en) == (told, told)
        assert outcomes(settled(post, question), policy) == ["publish"] * len(post.photos)


def test_what_is_sure_on_one_channel_is_asked_so_for_all() -> None:
    """Of the face that may be shown on both its direction is a guess, of the one on Facebook alone it is known."""
    policy = with_frontal(PublicFrontal.ASK)
    shy = replace(consenting(1)[0], id="shy", consents={WEBSITE: ConsentState.REFUSED, FACEBOOK: ConsentState.GRANTED})
    seen = photo(face(1, 150), face(3, 150, reliable=False))
    answers = bound(said(faces=tapped(f1="shy", f3="5-1")), seen)
    for several in ((WEBSITE, FACEBOOK), (FACEBOOK, WEBSITE)):
        post = replace(post_of(seen), channels=several).with_answer("p0", answers)
        (question,) = decide_post(post, school(*consenting(9), shy), policy).questions
        assert question.nl.startswith("Iemand is groot")


def test_in_a_post_it_is_asked_of_each_face_close_by_whether_it_is_a_pupil() -> None:
    post = post_of(photo(face(1, 310)), photo(face(1)))
    (question,) = decide_post(post, school(*consenting(9)), POLICY).questions
    assert (question.kind, question.faces) == (QuestionKind.IS_PUPIL, {"p0": ("f1",)})
    adult = Answers(faces={"f1": FaceAnswer(FaceLabel.ADULT, None, post.photos["p0"].faces[0].box)})
    assert outcomes(post) == ["reject", "publish"]
    assert outcomes(post.with_answer("p0", adult)) == ["publish", "publish"]
    left = nobody_knows(post, question)
    assert decide_post(left, school(*consenting(9)), POLICY).questions == ()
    assert outcomes(left) == ["reject", "publish"]


def test_harm_is_said_of_a_post_or_of_one_photo_and_no_word_takes_it_away() -> None:
    post = post_of(photo(face(1)), photo(face(1)))
    assert outcomes(post.with_shared_answers(Answers(harmful=True))) == ["reject", "reject"]
    assert outcomes(post.with_answer("p1", Answers(harmful=True))) == ["publish", "reject"]
    fine = post.with_shared_answers(Answers(harmful=False))
    assert outcomes(fine) == ["publish", "publish"]
    assert [fine.about(photo).harmful for photo in post.photos] == [False, False]
    assert outcomes(fine.with_answer("p0", Answers(harmful=True))) == ["reject", "publish"]
    both = post.with_shared_answers(Answers(harmful=True)).with_answer("p0", Answers(harmful=False))
    assert outcomes(both) == ["reject", "reject"]
