"""Posts: what holds for each of their photos, what is asked about all of them, and what is said in one tap."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce

import pytest

from fotopoort.policy.decide import decide, decide_all
from fotopoort.policy.measures import face_cover
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.answers import merge, own_word_wins
from fotopoort.policy.posts.post import Post, PostText
from fotopoort.policy.posts.questions import PostQuestion, nobody_knows, settled
from fotopoort.policy.posts.verdicts import PostVerdict, decide_post
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    Findings,
    NamePlace,
    Pattern,
    People,
    QuestionKind,
    Role,
)

from ..scenes import (
    AWAY,
    CLOSED,
    COVERED_MEANWHILE,
    FACEBOOK,
    NO,
    NOT_ASKED,
    OBJECTED,
    POLICY,
    WEBSITE,
    YES,
    board,
    called,
    consenting,
    drawn,
    face,
    faces,
    figure,
    name,
    photo,
    pupil,
    school,
    tapped,
)

EVERYWHERE = (CLOSED, WEBSITE, FACEBOOK)
CLASS = consenting(24)
REFUSER = pupil("refuser", NO, closed=OBJECTED)
SHY = replace(pupil("shy"), consents={WEBSITE: YES, FACEBOOK: NO, CLOSED: NOT_ASKED})
TEACHER = pupil("teacher", role=Role.STAFF)
ONE_REFUSES = school(*CLASS, REFUSER)
NOBODY: frozenset[str] = frozenset()
ELSEWHERE = Box(1200.0, 900.0, 48.0, 60.0)  # no face of a scene is there
ONE_PURPOSE = replace(
    POLICY,
    channels=tuple(
        replace(channel, purpose="public" if channel.public else channel.purpose) for channel in POLICY.channels
    ),
)


def of(*seen: Findings, channels: tuple[str, ...] = (WEBSITE,), group: str = "groep 5", together: bool = False) -> Post:
    """A post of these photos: a, b, c, …"""
    photos = {chr(ord("a") + n): replace(one, sha256=f"{n:064x}") for n, one in enumerate(seen)}
    return Post(photos, channels, frozenset({group} if group else ()), together=together)


def bound(post: Post, photo: str, told: dict[str, FaceAnswer]) -> Answers:
    """Answers about faces, each with its box."""
    boxes = {seen.id: seen.box for seen in post.photos[photo].faces}
    return Answers(faces={id: replace(answer, box=boxes[id]) for id, answer in told.items()})


def outcomes(verdict: PostVerdict) -> str:
    return " ".join(str(judged.outcome) for channels in verdict.photos.values() for judged in channels.values())


def asked(verdict: PostVerdict) -> str:
    """What is asked: whom or which faces it is about, and of which photos."""

    def about(question: PostQuestion) -> str:
        what = "+".join((*question.persons, *question.names))
        return f"{question.kind}({what}) {''.join(question.photos) or 'text'}"

    return ", ".join(map(about, verdict.questions))


# --- scenes ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """`outcomes` is one for each photo and channel, in order."""

    id: str
    post: Post
    people: People | None
    outcomes: str
    questions: str
    policy: Policy = field(default=POLICY, repr=False)


SIDEWAYS = photo(*faces(3, **AWAY))
CROWD = photo(*faces(43, **AWAY))
TOLD = of(SIDEWAYS, SIDEWAYS)
CASES = [
    Case("everybody agreed", of(SIDEWAYS, SIDEWAYS), school(*CLASS), "publish publish", ""),
    Case("one list for all photos", of(SIDEWAYS, SIDEWAYS, SIDEWAYS), ONE_REFUSES, "reject reject reject",
         "any_of_these(refuser) abc"),
    Case("a post on closed, site and Facebook: one list for all channels", of(SIDEWAYS, SIDEWAYS, channels=EVERYWHERE),
         school(*CLASS, REFUSER, SHY), "reject reject reject reject reject reject",
         "any_of_these(refuser+shy) ab"),
    Case("two channels with one purpose: asked once", of(SIDEWAYS, channels=(WEBSITE, FACEBOOK)), ONE_REFUSES,
         "reject reject", "any_of_these(refuser) a", ONE_PURPOSE),
    Case("two channels, each with its own purpose: asked once as well", of(SIDEWAYS, channels=(WEBSITE, FACEBOOK)),
         ONE_REFUSES, "reject reject", "any_of_these(refuser) a"),
    Case("who may not be shown on one channel alone holds that one back", of(SIDEWAYS, channels=EVERYWHERE),
         school(*CLASS, SHY), "publish publish reject", "any_of_these(shy) a"),
    Case("nobody else of the list in any photo", TOLD.with_shared_answers(Answers(absent=frozenset({"refuser"}))),
         ONE_REFUSES, "publish publish", ""),
    Case("tapped in one, and nobody else of the list",
         TOLD.with_answer("a", bound(TOLD, "a", tapped(f2="refuser"))).with_shared_answers(
             Answers(absent=frozenset({"refuser"}))), ONE_REFUSES, "blur publish", ""),
    Case("absent, except here",
         TOLD.with_shared_answers(Answers(absent=frozenset({"refuser"}))).with_answer(
             "b", Answers(present=frozenset({"refuser"}))), ONE_REFUSES, "publish reject", "point_out(refuser) b"),
    Case("absent, and nobody knows it here",
         TOLD.with_shared_answers(Answers(absent=frozenset({"refuser"}))).with_answer(
             "b", Answers(unsure=frozenset({"refuser"}))), ONE_REFUSES, "publish reject", ""),
    Case("43 faces and a group of 26", of(CROWD, SIDEWAYS), school(*consenting(26)), "blur publish",
         "outsiders() a"),
    Case("43 faces and a group of 26, where the channel does not show most of them large enough",
         of(photo(*faces(3, 70, **AWAY), *(face(n, 60) for n in range(4, 44)), width=4096, height=3072)),
         school(*consenting(26)), "blur", "outsiders() a",
         replace(POLICY, recognisable=replace(POLICY.recognisable, min_face_height=27))),
    Case("43 faces and a group of 26 of whom one refused: first that one", of(CROWD),
         school(*consenting(25), REFUSER), "reject", "any_of_these(refuser) a"),
    Case("the same where it is covered meanwhile: both at once", of(CROWD), school(*consenting(25), REFUSER), "blur",
         "any_of_these(refuser) a, outsiders() a", COVERED_MEANWHILE),
    Case("others are in one of them too", TOLD.with_answer("a", Answers(others=True)), school(*CLASS), "blur publish",
         "who_is_this() a"),
    Case("others are in all of them, and one is of the class alone",
         TOLD.with_shared_answers(Answers(others=True)).with_answer(
             "a", Answers(only_present=True, present=frozenset({"5-1", "5-2", "5-3"}))), school(*CLASS),
         "publish blur", "who_is_this() b"),
    Case("only these are in all of them, and others in one",
         TOLD.with_shared_answers(Answers(only_present=True, present=frozenset({"5-1", "5-2", "5-3"}))).with_answer(
             "a", Answers(others=True)), school(*CLASS), "blur publish", "who_is_this() a"),
    Case("nobody else, and there are more faces than people", of(SIDEWAYS).with_answer(
             "a", Answers(only_present=True, present=frozenset({"5-1"}))), school(*CLASS), "reject", "outsiders() a"),
    Case("nobody at all said to be in it, and yet there are faces", of(SIDEWAYS).with_answer(
             "a", Answers(only_present=True)), school(*CLASS), "reject", "who_is_this() a"),
    Case("no class list", of(SIDEWAYS, photo()), None, "blur publish", "who_is_this() a"),
    Case("the same photos of other groups",
         of(SIDEWAYS, SIDEWAYS).with_answer("b", Answers(groups=frozenset({"groep 6"}))),
         school(*CLASS, pupil("six", NO, group="groep 6"), *consenting(9, "groep 6")), "publish reject",
         "any_of_these(six) b"),
    Case("no group: the whole school", of(SIDEWAYS, group=""), school(*CLASS, pupil("six", NO, group="groep 6")),
         "reject", "any_of_these(six) a"),
    Case("the teacher is in all of them",
         of(photo(*faces(3, **AWAY))).with_shared_answers(Answers(present=frozenset({"teacher"}))),
         school(*consenting(2), TEACHER), "publish", ""),
    Case("close by and full in the face: no list is asked for a channel that it will not go to",
         of(photo(face(1, 320), *(face(n, 60) for n in range(4, 6))), channels=(WEBSITE, CLOSED)).with_answer(
             "a", bound(of(photo(face(1, 320))), "a", tapped(f1="5-1"))),
         school(*CLASS, pupil("only-site", NO)), "reject publish", ""),
    Case("together: what one channel will never get is not asked for the others",
         of(photo(face(1, 320), *(face(n, 60) for n in range(4, 6))), channels=(WEBSITE, CLOSED), together=True)
         .with_answer("a", bound(of(photo(face(1, 320))), "a", tapped(f1="5-1"))),
         ONE_REFUSES, "reject reject", ""),
    Case("together: one list", of(SIDEWAYS, channels=EVERYWHERE, together=True), school(*CLASS, SHY),
         "reject reject reject", "any_of_these(shy) a"),
    Case("somebody unseen in two photos is one question",
         of(photo(figures=(figure(),)), photo(figures=(figure(100),)), photo(pattern=Pattern.NET)), school(*CLASS),
         "reject reject reject", "unseen_person() ab, unseen_people() c"),
    Case("and the list is asked at the same time", of(photo(*faces(2, **AWAY), figures=(figure(),))), ONE_REFUSES,
         "reject", "any_of_these(refuser) a, unseen_person() a"),
    Case("lists of names in two pictures are one question", of(photo(names=board(5)), photo(names=board(6)),
         channels=(CLOSED,)), school(*CLASS), "reject reject", "is_private_list() ab"),
    Case("present and not pointed out",
         of(SIDEWAYS, photo()).with_shared_answers(Answers(present=frozenset({"refuser"}))), ONE_REFUSES,
         "reject reject", "point_out(refuser) ab"),
    Case("nobody knows where", of(SIDEWAYS).with_shared_answers(
        Answers(present=frozenset({"refuser"}), unsure=frozenset({"refuser"}))), ONE_REFUSES, "reject", ""),
    Case("a photo that was blocked is not asked about", of(photo(*faces(2), blocked=True), SIDEWAYS), ONE_REFUSES,
         "reject reject", "any_of_these(refuser) b"),
    Case("a face in a box that was drawn stays covered, and is not asked about",
         of(SIDEWAYS).with_answer("a", Answers(drawn=(DrawnFace(face(1).box),), others=True)), school(*CLASS), "blur",
         "who_is_this() a"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_post(case: Case) -> None:
    verdict = decide_post(case.post, case.people, case.policy)
    assert outcomes(verdict) == case.outcomes
    assert asked(verdict) == case.questions


def test_a_face_that_is_covered_all_the_same_is_not_asked_about() -> None:
    post = of(SIDEWAYS).with_answer("a", Answers(drawn=(DrawnFace(face(1).box),), others=True))
    (question,) = decide_post(post, school(*CLASS), POLICY).questions
    assert question.faces == {"a": ("f2", "f3")}


# --- what holds for a photo ------------------------------------------------------------------------------


def test_what_was_said_of_a_post_holds_for_the_photos_that_were_in_it_then() -> None:
    before = of(SIDEWAYS)
    said = before.with_shared_answers(Answers(absent=frozenset({"refuser"})))
    later = replace(said, photos={**said.photos, "b": replace(SIDEWAYS, sha256="b" * 64)})
    verdict = decide_post(later, ONE_REFUSES, POLICY)
    assert outcomes(verdict) == "publish reject"
    assert asked(verdict) == "any_of_these(refuser) b"


def test_another_photo_under_the_same_id_has_no_answers() -> None:
    said = of(SIDEWAYS).with_shared_answers(Answers(absent=frozenset({"refuser"})))
    other = replace(said, photos={"a": replace(SIDEWAYS, sha256="b" * 64)})
    assert outcomes(decide_post(other, ONE_REFUSES, POLICY)) == "reject"


def test_own_word_wins_of_everything_that_is_said_of_a_post() -> None:
    whole = Answers(
        groups=frozenset({"groep 5"}),
        present=frozenset({"a", "b"}),
        absent=frozenset({"c", "d", "e"}),
        unsure=frozenset({"f", "g", "h"}),
        unbound=frozenset({"a", "b"}),
        faces=called(FaceLabel.NO_PUPIL, "f1"),
        drawn=drawn("a"),
        not_names=frozenset({"n1"}),
        left_open=frozenset({"q-1"}),
        only_present=True,
        listed=frozenset({"a"}),
        no_unseen_people=True,
    )
    own = Answers(
        groups=frozenset({"groep 6"}),
        present=frozenset({"c", "f", "a"}),
        absent=frozenset({"b"}),
        unsure=frozenset({"e"}),
        faces=tapped(f2="g"),
        not_names=frozenset({"n2"}),
        left_open=frozenset({"q-2"}),
        not_a_private_list=True,
        others=True,
    )
    assert own_word_wins(whole, own) == Answers(
        groups=frozenset({"groep 6"}),
        present=frozenset({"a", "c", "f"}),
        absent=frozenset({"b", "d"}),
        unsure=frozenset({"e", "h"}),
        faces=tapped(f2="g"),
        not_names=frozenset({"n1", "n2"}),
        left_open=frozenset({"q-1", "q-2"}),
        not_a_private_list=True,
        no_unseen_people=True,
        others=True,
    )


def test_what_is_said_later_ends_that_nobody_knew() -> None:
    before = Answers(unsure=frozenset({"a", "b", "c", "d"}))
    more = Answers(present=frozenset({"a"}), absent=frozenset({"b"}), faces=tapped(f1="c"), unsure=frozenset({"e"}))
    assert merge(before, more).unsure == {"d", "e"}


def test_what_was_said_of_a_file_by_its_name_counts_once_it_is_said_of_the_photo() -> None:
    by_name = Answers(present=frozenset({"a", "b"}), unbound=frozenset({"a", "b"}))
    assert merge(by_name, Answers(present=frozenset({"a"}))).unbound == {"b"}
    assert merge(Answers(present=frozenset({"a"})), by_name).unbound == {"b"}


def test_not_to_know_whose_a_face_is_leaves_who_was_said_to_be_there() -> None:
    elsewhere = replace(tapped(f1="refuser")["f1"], box=Box(900, 900, 10, 10))
    post = of(photo(face(1)), channels=(CLOSED,)).with_answer("a", Answers(faces={"f1": elsewhere}))
    before = decide_post(post, None, POLICY)
    assert {question.kind for question in before.questions} == {QuestionKind.POINT_OUT, QuestionKind.WHO_IS_THIS}
    for question in before.questions:
        post = nobody_knows(post, question)
    after = decide_post(post, None, POLICY)
    assert (outcomes(before), outcomes(after), after.questions) == ("reject", "reject", ())


def test_not_to_know_a_face_takes_back_nobody_who_was_said_to_be_there() -> None:
    """However it is said: with an answer of its own it is merged as here."""
    unknown = Answers(faces={"f1": FaceAnswer(FaceLabel.UNKNOWN)})
    holds = merge(Answers(faces=tapped(f1="refuser")), unknown)
    assert holds.present == holds.unbound == holds.unsure == {"refuser"}
    for elsewhere in (
        Answers(faces=tapped(f1="refuser", f2="refuser")),
        Answers(drawn=(DrawnFace(face(1).box, "refuser"),)),
    ):
        still = merge(merge(Answers(faces=tapped(f1="refuser")), elsewhere), unknown)
        assert (still.present, still.unsure) == (NOBODY, NOBODY), "the other place tells where"
    assert merge(Answers(faces={"f1": FaceAnswer(FaceLabel.ADULT)}), unknown).present == NOBODY


def test_not_to_know_a_face_takes_back_only_what_was_said_of_its_place() -> None:
    """An id can have been that of a face that lay elsewhere: what was said of that place holds, and is not lost."""
    here, elsewhere = face(1).box, Box(900, 900, 10, 10)
    child = FaceAnswer(FaceLabel.OTHER_CHILD, None, elsewhere)
    unknown = Answers(faces={"f1": FaceAnswer(FaceLabel.UNKNOWN, None, here)})
    said = Answers(faces={"f1": child}, only_present=True)
    holds = merge(said, unknown)
    assert child in holds.faces.values()
    assert not holds.others, "that child is where it was"
    post = of(photo(face(1))).with_answer("a", said)
    before, after = (decide_post(one, None, POLICY) for one in (post, post.with_answer("a", unknown)))
    assert (outcomes(before), outcomes(after)) == ("reject", "reject")

    there = merge(holds, Answers(faces={"f1": FaceAnswer(FaceLabel.UNKNOWN, None, elsewhere)}))
    assert there.others, "somebody is in it, nobody knows where"
    refuser = FaceAnswer(FaceLabel.PERSON, "refuser", elsewhere)
    held = merge(merge(Answers(faces={"f1": refuser}), unknown), unknown)
    assert held.present == NOBODY
    lost = merge(held, Answers(faces={"f1": FaceAnswer(FaceLabel.UNKNOWN, None, elsewhere)}))
    assert lost.present == lost.unbound == lost.unsure == {"refuser"}


def test_of_another_child_where_no_face_is_any_more_each_other_face_may_be_theirs() -> None:
    elsewhere = FaceAnswer(FaceLabel.OTHER_CHILD, None, Box(900, 900, 10, 10))
    unknown = Answers(faces={"f1": FaceAnswer(FaceLabel.UNKNOWN, None, face(1).box)})
    post = of(photo(face(1))).with_answer("a", Answers(faces={"f1": elsewhere}))
    for one in (post, post.with_answer("a", unknown)):
        judged = decide_post(one, school(*CLASS), POLICY).photos["a"][WEBSITE]
        assert (judged.outcome, judged.faces["f1"].action) == ("blur", "cover")


def test_another_child_is_found_again_where_it_is_said_again_or_drawn() -> None:
    """After an upgrade boxes can be others: the whole class is not covered for good."""
    seen = [face(number) for number in range(1, 9)]
    here = seen[2].box
    wider = Box(here.x - 12, here.y - 15, here.w + 24, here.h + 30)
    assert wider.iou(here) < 0.5
    before = of(photo(*seen)).with_answer("a", Answers(faces={"f3": FaceAnswer(FaceLabel.OTHER_CHILD, None, wider)}))
    again = before.with_answer("a", Answers(faces={"f3": FaceAnswer(FaceLabel.OTHER_CHILD, None, here)}))
    drawn = before.with_answer("a", Answers(drawn=(DrawnFace(wider),)))
    covered = [
        {id for id, judged in verdict.faces.items() if judged.action == "cover"}
        for post in (before, again, drawn)
        for verdict in (decide_post(post, school(*CLASS), POLICY).photos["a"][WEBSITE],)
    ]
    assert (len(covered[0]), covered[1]) == (8, {"f3"})
    assert covered[2] == {"f3"}


def test_a_wish_to_cover_said_twice_is_as_said_once() -> None:
    wish = Answers(faces={"f1": FaceAnswer(FaceLabel.COVER)})
    for said in (FaceAnswer(FaceLabel.PERSON, "refuser"), FaceAnswer(FaceLabel.OTHER_CHILD)):
        once = merge(Answers(faces={"f1": said}), wish)
        assert merge(once, wish) == once
        assert merge(merge(once, wish), wish).pointed_out == once.pointed_out
        assert said in once.faces.values()


def test_not_to_know_a_face_takes_back_no_wish_to_cover_it() -> None:
    here = face(1).box
    for box in (here, None):
        wish = Answers(faces={"f1": FaceAnswer(FaceLabel.COVER, None, box)})
        for place in (here, None):
            unknown = Answers(faces={"f1": FaceAnswer(FaceLabel.UNKNOWN, None, place)})
            assert merge(wish, unknown).faces == wish.faces
    shown = Answers(faces={"f1": FaceAnswer(FaceLabel.ADULT, None, here)})
    assert merge(Answers(faces={"f1": FaceAnswer(FaceLabel.COVER, None, here)}), shown).faces == shown.faces


def test_a_wish_to_cover_without_a_place_takes_back_nobody() -> None:
    tapped_before = Answers(faces={"f1": FaceAnswer(FaceLabel.PERSON, "refuser")})
    held = merge(tapped_before, Answers(faces={"f1": FaceAnswer(FaceLabel.COVER)}))
    assert held.faces["f1"].label is FaceLabel.COVER
    assert held.pointed_out == {"refuser"}


@pytest.mark.parametrize("hidden", [False, True])
def test_who_was_tapped_holds_the_photo_when_the_face_is_no_longer_known(hidden: bool) -> None:
    other = replace(pupil("other", NO), groups=frozenset({"groep 6"}), never_locatable=hidden)
    people = school(*CLASS, other)
    post = of(photo(face(1)))
    said = post.with_answer("a", bound(post, "a", tapped(f1="other")))
    before, after = (
        decide_post(one, people, POLICY)
        for one in (said, said.with_answer("a", bound(post, "a", {"f1": FaceAnswer(FaceLabel.UNKNOWN)})))
    )
    assert outcomes(before) == ("reject" if hidden else "blur")
    assert outcomes(after) in ("reject", "blur")
    judged = after.photos["a"][WEBSITE]
    assert judged.outcome == "reject" or judged.faces["f1"].action == "cover"


# --- about the photos as a whole -------------------------------------------------------------------------


def test_whether_anybody_comes_to_harm_is_asked_once_of_all_photos_that_may_go_out() -> None:
    post = of(SIDEWAYS, replace(SIDEWAYS, blocked=True), photo(), channels=EVERYWHERE)
    people = school(*CLASS)
    harm = decide_post(post, people, POLICY).harm
    assert harm is not None
    assert (harm.kind, harm.photos) == (QuestionKind.IS_HARMFUL, ("a", "c")), "the second goes nowhere"
    assert outcomes(decide_post(post.with_shared_answers(Answers(harmful=True)), people, POLICY)) == " ".join(
        ["reject"] * 9
    )
    assert decide_post(settled(post, harm), people, POLICY).harm is None
    assert decide_post(nobody_knows(post, harm), people, POLICY).harm is None, "it is not asked again"
    one_said = decide_post(post.with_answer("a", Answers(harmful=False)), people, POLICY).harm
    assert one_said is not None
    assert one_said.photos == ("c",)


def test_few_overviews_are_told_of_what_may_go_out_on_a_public_channel() -> None:
    group, overview = photo(*faces(3, 150, **AWAY)), photo(*faces(12, **AWAY))
    notes = decide_post(of(group, group, overview, channels=EVERYWHERE), school(*CLASS), POLICY).notes
    assert notes.keys() == {WEBSITE, FACEBOOK}
    assert notes[WEBSITE].nl.startswith("Overzichtsfoto's: 1 van de 3.")
    assert decide_post(of(group, overview), school(*CLASS), POLICY).notes == {}
    assert decide_post(of(group), school(*CLASS), POLICY).notes == {}, "one photo has a verdict of its own"
    left_out = of(group, overview, replace(group, blocked=True))
    assert decide_post(left_out, school(*CLASS), POLICY).notes == {}, "what does not go out counts for nothing"


@pytest.mark.parametrize("count", [3, 60])
def test_of_many_uncertain_names_all_are_asked_about_or_none(count: int) -> None:
    """Few are looked at one by one; of hundreds in one text that would take seconds."""
    names = [replace(name(NamePlace.CAPTION, certain=False), id=f"n{n}", text=f"Woord{n}") for n in range(count)]
    seen = replace(photo(), names=tuple(names), has_text=True, names_checked=True)
    assert len(decide_post(of(seen), ONE_REFUSES, POLICY).questions) == count
    blocked = replace(seen, blocked=True)
    assert decide_post(of(blocked), ONE_REFUSES, POLICY).questions == ()


def test_names_of_which_no_text_was_kept_are_asked_about_one_by_one() -> None:
    names = [replace(name(NamePlace.PICTURE, certain=False), id=f"n{n}", text=None) for n in range(2)]
    seen = [replace(photo(), names=(one,), has_text=True, names_checked=True) for one in names]
    assert [question.names for question in decide_post(of(*seen), ONE_REFUSES, POLICY).questions] == [("n0",), ("n1",)]


# --- the text --------------------------------------------------------------------------------------------


def test_the_text_is_judged_once_and_told_apart_from_the_photos() -> None:
    hit = name(NamePlace.CAPTION, certain=False)
    post = replace(of(photo(), photo(), channels=(CLOSED, WEBSITE)), text=PostText((hit,), checked=True, text="Roos"))
    verdict = decide_post(post, school(*CLASS), POLICY)
    assert outcomes(verdict) == "publish " * 3 + "publish"
    assert {channel: judged.outcome for channel, judged in verdict.text.items()} == {
        CLOSED: "publish",
        WEBSITE: "reject",
    }
    assert [reason.rule for reason in verdict.text[WEBSITE].reasons] == ["R10"]
    (question,) = verdict.questions
    assert (question.kind, question.photos, question.names) == (QuestionKind.IS_NAME, (), ("n1",))
    answered = decide_post(settled(post, question), school(*CLASS), POLICY)
    assert (answered.text[WEBSITE].outcome, answered.questions) == ("publish", ())
    open_still = decide_post(nobody_knows(post, question), school(*CLASS), POLICY)
    assert (open_still.text[WEBSITE].outcome, open_still.questions) == ("reject", ())
    assert "Roos" not in repr(post)


def test_a_text_that_goes_everywhere_at_once_is_judged_by_the_strictest() -> None:
    post = replace(of(photo(), channels=EVERYWHERE, together=True), text=PostText((name(NamePlace.CAPTION),)))
    assert {judged.outcome for judged in decide_post(post, None, POLICY).text.values()} == {"reject"}


def test_a_post_without_a_text_has_no_verdict_about_it() -> None:
    assert decide_post(of(photo()), None, POLICY).text == {}


# --- what is asked, and one tap --------------------------------------------------------------------------


def test_one_word_about_many_photos_is_one_question() -> None:
    hits = [replace(name(NamePlace.FILE_NAME, number, certain=False), text=text) for number, text in
            enumerate(("Roos", "Mei", "Roos"))]  # fmt: skip
    captions = [replace(hit, place=NamePlace.CAPTION) for hit in hits]
    post = of(*(photo(names=(hit,)) for hit in captions))
    first, second = decide_post(post, school(*CLASS), POLICY).questions
    assert (first.photos, first.names, first.asked) == (
        ("a", "c"), ("n0", "n2"), {"a": ("q-is-name-n0",), "c": ("q-is-name-n2",)},
    )  # fmt: skip
    assert second.photos == ("b",)
    assert outcomes(decide_post(settled(post, first), school(*CLASS), POLICY)) == "publish reject publish"
    left = decide_post(nobody_knows(post, first), school(*CLASS), POLICY)
    assert (outcomes(left), left.questions) == ("reject reject reject", (second,))


SETTLED = [
    (of(SIDEWAYS, SIDEWAYS), ONE_REFUSES, "publish publish"),
    (of(photo(figures=(figure(),)), photo(figures=(figure(),))), school(*CLASS), "publish publish"),
    (of(photo(pattern=Pattern.NET)), school(*CLASS), "publish"),
    (of(photo(names=board(5)), channels=(CLOSED,)), school(*CLASS), "publish"),
]


@pytest.mark.parametrize(("post", "people", "after"), SETTLED)
def test_one_tap_settles_what_is_the_same_for_all_photos(post: Post, people: People, after: str) -> None:
    (question,) = decide_post(post, people, POLICY).questions
    verdict = decide_post(settled(post, question), people, POLICY)
    assert (outcomes(verdict), verdict.questions) == (after, ())


def test_whether_it_does_harm_is_asked_once_of_what_may_go_out() -> None:
    post = of(SIDEWAYS, SIDEWAYS, photo(face(**AWAY), blocked=True))
    harm = decide_post(post, school(*CLASS), POLICY).harm
    assert harm is not None
    assert (harm.photos, harm.settles()) == (("a", "b"), Answers(harmful=False))
    for answered in (settled(post, harm), nobody_knows(post, harm)):
        assert decide_post(answered, school(*CLASS), POLICY).harm is None
    one_harms = post.with_answer("a", Answers(harmful=True))
    still = decide_post(one_harms, school(*CLASS), POLICY)
    assert (outcomes(still), still.harm and still.harm.photos) == ("reject publish reject", ("b",))


UNKNOWN = [
    *((post, people) for post, people, _ in SETTLED),
    (of(CROWD, SIDEWAYS), school(*consenting(26))),
    (of(SIDEWAYS), None),
    (of(SIDEWAYS).with_shared_answers(Answers(present=frozenset({"refuser"}))), ONE_REFUSES),
]


@pytest.mark.parametrize(("post", "people"), UNKNOWN)
def test_what_nobody_knows_stays_as_it_was_and_is_not_asked_again(post: Post, people: People | None) -> None:
    before = decide_post(post, people, POLICY)
    (question,) = before.questions
    after = decide_post(nobody_knows(post, question), people, POLICY)
    assert after.questions == ()
    assert outcomes(after) == outcomes(before)


def test_where_each_face_needs_its_own_answer_no_tap_settles_all() -> None:
    post = of(SIDEWAYS)
    (question,) = decide_post(post, None, POLICY).questions
    assert question.settles() is None
    assert settled(post, question) == post


def test_the_list_shows_whom_to_look_for_and_every_face_that_can_be_tapped() -> None:
    post = of(photo(face(1), face(2, 20)), SIDEWAYS, channels=EVERYWHERE)
    post = post.with_answer("b", bound(post, "b", tapped(f1="5-1")))
    (question,) = decide_post(post, school(*CLASS, REFUSER, SHY), POLICY).questions
    assert question.faces == {"a": ("f1", "f2"), "b": ("f2", "f3")}
    assert question.nl == (
        "Let op: deze 2 mogen niet overal te zien zijn: Name of refuser en Name of shy. Tik hun gezichten aan. Zie je"
        " verder niemand van dit lijstje? Kies dan “verder niemand”."
    )
    assert question.en == (
        "Note: these 2 may not be shown everywhere: Name of refuser and Name of shy. Tap their faces. Do you see nobody"
        " else of this list? Then choose “nobody else”."
    )
    assert "Name of" not in repr(question)
    (one,) = decide_post(post, ONE_REFUSES, POLICY).questions
    assert one.nl.startswith("Let op: Name of refuser mag niet overal te zien zijn. Tik het gezicht aan")


def test_who_is_in_several_photos_is_pointed_out_in_each() -> None:
    post = of(SIDEWAYS, SIDEWAYS).with_shared_answers(Answers(present=frozenset({"refuser"})))
    (question,) = decide_post(post, ONE_REFUSES, POLICY).questions
    assert question.nl.startswith("Op deze foto's staat Name of refuser.")
    told = post.with_answer("a", bound(post, "a", tapped(f1="refuser")))
    (question,) = decide_post(told, ONE_REFUSES, POLICY).questions
    assert question.en.startswith("In this photo is Name of refuser.")


@pytest.mark.parametrize(
    "said", [Answers(present=frozenset({"shy"})), Answers(faces={"f1": FaceAnswer(FaceLabel.PERSON, "shy", ELSEWHERE)})]
)
def test_nobody_else_of_a_list_takes_back_nobody_who_was_said_to_be_in_one_of_its_photos(said: Answers) -> None:
    """Where nobody knows which face is theirs, as none is any more where they were tapped."""
    post = of(SIDEWAYS, SIDEWAYS, channels=(FACEBOOK,)).with_answer("a", said)
    people = school(*CLASS, REFUSER, SHY)
    before = decide_post(post, people, POLICY)
    assert asked(before).startswith("any_of_these(refuser+shy) ab, point_out(shy) a")
    after = decide_post(settled(post, before.questions[0]), people, POLICY)
    assert outcomes(after).startswith("reject ")
    assert "point_out(shy) a" in asked(after)
    assert "any_of_these" not in asked(after)


def test_photos_of_a_burst_are_shown_together() -> None:
    post = replace(of(SIDEWAYS, SIDEWAYS, SIDEWAYS, SIDEWAYS), bursts={"a": "1", "c": "1", "d": "2"})
    assert post.in_bursts(["d", "c", "b", "a"]) == (("a", "c"), ("b",), ("d",))
    assert post.in_bursts(["c"]) == (("c",),)


def test_which_are_outsiders_is_not_asked_where_each_face_is() -> None:
    """Of two groups on two channels, of which one knows nobody: each face is asked about once."""
    people = school(*(replace(person, role=Role.STAFF) for person in CLASS[:2]))
    post = of(SIDEWAYS, channels=(WEBSITE, CLOSED)).with_shared_answers(Answers(present=frozenset({"5-1"})))
    (question,) = decide_post(post, people, POLICY).questions
    assert question.faces == {"a": ("f1", "f2", "f3")}


def test_a_post_of_nothing_asks_nothing() -> None:
    verdict = decide_post(of(channels=EVERYWHERE), ONE_REFUSES, POLICY)
    assert (verdict.photos, verdict.questions) == ({}, ())
    assert decide_all(photo(), Answers(), None, POLICY, []) == {}


THERE, HERE = Box(195.0, 60.0, 48.0, 60.0), Box(600.0, 60.0, 48.0, 60.0)


def all_said(*answers: FaceAnswer) -> Answers:
    """One after the other, each of a face that had this id when it was given."""
    return reduce(merge, (Answers(faces={"f2": answer}) for answer in answers), Answers())


def called_there(label: FaceLabel, box: Box | None = THERE) -> FaceAnswer:
    return FaceAnswer(label, "refuser" if label is FaceLabel.PERSON else None, box)


@pytest.mark.parametrize("label", [FaceLabel.OTHER_CHILD, FaceLabel.COVER, FaceLabel.PERSON])
def test_an_answer_about_another_place_goes_on_holding_there(label: FaceLabel) -> None:
    """A face can have had that id when it was given, and lie elsewhere: whoever was to be covered there still is."""
    of_child, adult = called_there(label), called_there(FaceLabel.ADULT, HERE)
    for later in (adult, replace(adult, label=FaceLabel.UNKNOWN), called_there(FaceLabel.COVER, None)):
        both = all_said(of_child, later)
        assert both.faces["f2"] == later
        assert of_child in both.faces.values()
    adult_there = called_there(FaceLabel.ADULT)
    assert of_child in all_said(adult_there, adult, of_child, adult).faces.values(), "the later word about a place"
    assert of_child not in all_said(of_child, adult, adult_there).faces.values(), "is what holds there"
    assert all_said(of_child, adult_there).faces == {"f2": adult_there}


def test_whose_face_another_childs_was_nobody_knows_any_more() -> None:
    unknown = all_said(called_there(FaceLabel.OTHER_CHILD), called_there(FaceLabel.UNKNOWN))
    assert unknown.others, "somebody else is in it all the same"
    assert not all_said(called_there(FaceLabel.ADULT), called_there(FaceLabel.UNKNOWN)).others


def test_a_wish_at_a_face_covers_all_of_that_face() -> None:
    """Whatever number the face had when it was said."""
    seen = photo(face(1))
    wish = Answers(faces={"f7": FaceAnswer(FaceLabel.COVER, box=face(1).box)})
    verdict = decide(seen, wish, None, POLICY, CLOSED)
    assert verdict.faces["f1"].action is Action.COVER
    assert face_cover(seen.faces[0], seen.width, seen.height, POLICY) in verdict.covered
