"""What was said of the very same photo at other times is found, and taken back where it was said; nothing is copied."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from fotopoort.errors import PostChanged, PostEnded
from fotopoort.policy.decide import decide_all
from fotopoort.registry.access.roles import Act, Caller, service
from fotopoort.registry.answers import answer_log, answering, said_elsewhere
from fotopoort.registry.people import erasure, people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.photos import screenings
from fotopoort.registry.posts import answers as post_answers
from fotopoort.registry.posts import ending, photos, posts
from fotopoort.registry.posts.photo_records import PhotoState
from fotopoort.registry.posts.posts import GATE_NOTICE, Origin
from fotopoort.registry.registry import Registry
from fotopoort.registry.store.tables import answer as answer_table
from fotopoort.registry.store.tables import job
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Request, conclude
from fotopoort.vocabulary import (
    NOTHING_ELSEWHERE,
    Answers,
    Box,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    SaidElsewhere,
    SaidPlace,
)

from ..conftest import Clock
from ..photos.tapping import GROUP, tap
from ..posts.posting import OFFICE, TEACHER, answer, judge, judged_photo, make, photo, posting, seen
from ..screened_photos import POLICY, face, findings, remembered

FOUND = findings()
SHA256 = FOUND.sha256
MISSED = DrawnFace(Box(1500, 900, 60, 80))
DRAWN = SaidPlace(MISSED.box, drawn=True)
TO_COVER = Answers(faces={"f2": FaceAnswer(FaceLabel.COVER)})


def said(registry: Registry, caller: Caller, sha256: str = SHA256, **of: object) -> SaidElsewhere:
    with registry.read(caller, Act.SCREEN) as session:
        found = said_elsewhere.of_photo(session, sha256, **of)  # type: ignore[arg-type]
        if not of:
            assert (sha256 in said_elsewhere.spoken_of(session)) >= (found != NOTHING_ELSEWHERE)
        return found


def say(registry: Registry, caller: Caller, screening: str, word: Answers, *, replaces: int | None = None) -> int:
    with registry.write(caller, Act.SCREEN) as session:
        return answering.answer(session, screening, word, replaces=replaces).latest


def test_what_is_said_later_of_a_photo_holds_for_each_time_that_it_is_sent(school: Registry, caller: Caller) -> None:
    first, second = (remembered(school, caller, GROUP).id for _ in range(2))
    word = Answers(faces={**TO_COVER.faces, **tap("f1", "p1")}, drawn=(MISSED,), harmful=True)
    say(school, caller, first, word)
    places = SaidPlace(face(2).box), SaidPlace(face(1).box, "p1"), DRAWN
    carried = SaidElsewhere(places, harmful=True)
    assert said(school, caller) == said(school, caller, but=second) == carried
    assert said(school, caller, but=first) == NOTHING_ELSEWHERE
    with school.write(caller, Act.SCREEN) as session:
        again = answering.answer(session, second, Answers(present=frozenset({"p2"})))
        assert again.request.answers.elsewhere == carried
        assert screenings.read_again(session, second, again).request.answers.elsewhere == carried
        assert answering.stored_answers(session, second) == (1, again.request.answers)


def test_what_is_taken_back_where_it_was_said_is_gone(school: Registry, caller: Caller) -> None:
    screening = remembered(school, caller, GROUP).id
    number = say(school, caller, screening, Answers(drawn=(MISSED,)))
    assert said(school, caller) == SaidElsewhere((DRAWN,))
    number = say(school, caller, screening, Answers(harmful=True), replaces=number)
    assert said(school, caller) == SaidElsewhere(harmful=True)
    with school.write(caller, Act.SCREEN) as session:
        answering.retract(session, screening, number)
    assert said(school, caller) == NOTHING_ELSEWHERE


def test_what_is_said_in_its_place_later_holds(school: Registry, caller: Caller) -> None:
    screening = remembered(school, caller, GROUP).id
    say(school, caller, screening, TO_COVER)
    say(school, caller, screening, Answers(faces=tap("f2", "p2")))
    assert said(school, caller) == SaidElsewhere((SaidPlace(face(2).box, "p2"),))


def test_what_came_with_a_photo_holds_for_that_time(school: Registry, caller: Caller) -> None:
    """It cannot be taken back but by sending the photo again. Only where nobody looks at it in between it counts."""
    remembered(school, caller, replace(GROUP, drawn=(MISSED,)))
    assert said(school, caller) == NOTHING_ELSEWHERE
    assert said(school, caller, with_sent=True) == SaidElsewhere((DRAWN,))


def test_another_photo_and_another_school_have_nothing_of_it(
    school: Registry, caller: Caller, other_school: Caller
) -> None:
    say(school, caller, remembered(school, caller, GROUP).id, Answers(harmful=True))
    assert said(school, caller, findings(photo=b"another").sha256) == NOTHING_ELSEWHERE
    assert said(school, other_school) == NOTHING_ELSEWHERE


def test_it_is_never_stored_with_what_is_said_here(school: Registry, caller: Caller) -> None:
    answers = replace(GROUP, elsewhere=SaidElsewhere((DRAWN,)))
    screening = remembered(school, caller, answers)
    with school.read(caller, Act.SCREEN) as session:
        (stored,) = session.connection.execute(select(answer_table.c.answers)).scalars()
        assert "elsewhere" not in stored
        assert answering.stored_answers(session, screening.id) == (0, GROUP)
    plain = remembered(school, caller, GROUP)
    assert screening.receipt.answers != plain.receipt.answers


def test_of_what_is_said_of_one_face_in_turn_the_latest_holds(school: Registry, caller: Caller, clock: Clock) -> None:
    here, there = (remembered(school, caller, GROUP).id for _ in range(2))
    tapped = Answers(faces=tap("f2", "p2"))

    def is_later() -> list[bool]:
        with school.read(caller, Act.SCREEN) as session:
            _, answers = answering.stored_answers(session, here) or (0, Answers())
            return [place.later for place in answers.elsewhere.places]

    for screening, later in ((here, []), (there, [True]), (here, [False])):
        say(school, caller, screening, TO_COVER if screening == there else tapped)
        assert is_later() == later
        clock.now += timedelta(seconds=1)
    say(school, caller, here, Answers(faces={"f1": FaceAnswer(FaceLabel.COVER)}))  # of another face
    assert is_later() == [False]


def test_who_must_never_be_found_is_so_whoever_reads(school: Registry, caller: Caller) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("hidden", name="Kind Weg", never_locatable=True), ["groep 6"])
    say(school, caller, remembered(school, caller, GROUP).id, Answers(faces=tap("f2", "hidden")))
    place = SaidPlace(face(2).box, "hidden", hides=True)
    assert said(school, caller) == said(school, TEACHER) == SaidElsewhere((place,))
    assert said(school, caller).after_all().places == (replace(place, later=True),)


POINTED_OUT = (Answers(faces=tap("f2", "hidden")), Answers(drawn=(DrawnFace(face(2).box, "hidden"),)))


@pytest.mark.parametrize("word", POINTED_OUT)
@pytest.mark.parametrize("in_post", [False, True])
def test_erasing_who_must_never_be_found_makes_the_photo_no_freer(
    school: Registry, caller: Caller, word: Answers, in_post: bool
) -> None:
    with school.write(caller, Act.EDIT_PEOPLE) as session:
        people.add(session, PersonRecord("hidden", name="Kind Weg", never_locatable=True), ["groep 5"])
    if in_post:
        post_id = make(school)
        photo_id = judged_photo(school, post_id)
        answer(school, post_id, [photo_id], word)
    else:
        say(school, caller, remembered(school, caller, GROUP).id, word)
    sha256 = findings(photo=photo()).sha256 if in_post else SHA256
    assert [place.hides for place in said(school, caller, sha256).places] == [True]
    with school.write(caller, Act.ERASE) as session:
        erasure.erase(session, "hidden", "op verzoek")
    (place,) = said(school, caller, sha256).places
    assert (place.hides, place.person != "hidden") == (True, True)


# --- in posts --------------------------------------------------------------------------------------------


def about(registry: Registry, post: str, photo_id: str) -> SaidElsewhere:
    with registry.read(TEACHER, Act.POST) as session:
        return post_answers.as_post(session, post).about(photo_id).elsewhere


def remember(registry: Registry, screening: str, word: Answers) -> None:
    """What the service writes down of a photo of a post, each time that it was decided about."""
    verdicts = decide_all(findings(photo=photo()), word, None, POLICY, ("website",))
    screened = conclude(findings(photo=photo()), Request(("website",), word), verdicts, {}, Stopwatch())
    with posting(registry) as session:
        acting = session.as_caller(service(session.tenant))
        screenings.remember_decision(acting, replace(screened, id=screening), word)


def state(registry: Registry, post: str, photo_id: str) -> PhotoState:
    with posting(registry) as session:
        return photos.get(session, post, photo_id).state


def test_what_is_said_in_a_post_holds_in_another_and_by_itself(school: Registry, caller: Caller) -> None:
    one, other = make(school), make(school, caller=OFFICE)
    first, second = judged_photo(school, one), judged_photo(school, other, caller=OFFICE)
    unrelated = judged_photo(school, other, photo(2), OFFICE)
    sha256 = findings(photo=photo()).sha256
    number = answer(school, one, [first], Answers(drawn=(MISSED,)))
    carried = SaidElsewhere((DRAWN,))
    assert (about(school, one, first), about(school, other, second)) == (NOTHING_ELSEWHERE, carried)
    assert said(school, caller, sha256) == carried
    with school.write(OFFICE, Act.POST) as session:
        states = {record.id: record.state for record in photos.listed(session, other)}
    assert states == {second: PhotoState.SEEN, unrelated: PhotoState.JUDGED}  # what may go out of it is made again
    with posting(school) as session:
        post_answers.retract(session, one, number, revision=posts.get(session, one).revision)
    assert about(school, other, second) == NOTHING_ELSEWHERE
    assert said(school, caller, sha256) == NOTHING_ELSEWHERE


def test_what_somebody_says_of_a_photo_of_a_post_by_itself_stays_theirs(school: Registry, caller: Caller) -> None:
    """What the service writes down of the post then does not take it back."""
    post = make(school)
    added = judged_photo(school, post)
    with posting(school) as session:
        screening = photos.get(session, post, added).screening
    assert screening
    say(school, TEACHER, screening, Answers(drawn=(MISSED,)))
    assert about(school, post, added) == SaidElsewhere((DRAWN,))
    for _ in range(2):
        remember(school, screening, GROUP)
    assert about(school, post, added) == SaidElsewhere((DRAWN,))


def test_what_the_service_wrote_down_of_a_post_lifts_nothing_that_was_said_since(
    school: Registry, caller: Caller, clock: Clock
) -> None:
    """It is dated anew each time that the service decides."""
    post, other = make(school), make(school)
    added, same = judged_photo(school, post), judged_photo(school, other)
    answer(school, post, [added], Answers(faces=tap("f2", "p2")))
    clock.now += timedelta(seconds=1)
    answer(school, other, [same], TO_COVER)
    clock.now += timedelta(seconds=1)
    with posting(school) as session:
        screening = photos.get(session, post, added).screening
    assert screening
    remember(school, screening, replace(GROUP, faces=tap("f2", "p2")))
    with school.read(caller, Act.SCREEN) as session:
        _, answers = answering.stored_answers(session, screening) or (0, Answers())
    cover = SaidPlace(face(2).box, later=True)
    assert cover in answers.elsewhere.places
    assert about(school, post, added) == SaidElsewhere((cover,))


def test_taking_back_what_lifted_it_has_it_judged_again_too(school: Registry) -> None:
    one, other = make(school), make(school)
    first, second = judged_photo(school, one), judged_photo(school, other)
    for label in (FaceLabel.OTHER_CHILD, FaceLabel.ADULT):
        answer(school, one, [first], Answers(faces={"f1": FaceAnswer(label)}))
    assert about(school, other, second) == NOTHING_ELSEWHERE
    judge(school, other, second, photo())
    with posting(school) as session:
        post_answers.undo(session, one, revision=posts.get(session, one).revision)
    assert about(school, other, second) == SaidElsewhere((SaidPlace(face(1).box),))
    assert state(school, other, second) is PhotoState.SEEN


@pytest.mark.parametrize("ends", ["finish", "expire"])
def test_what_was_said_in_a_post_that_is_over_can_be_taken_back(school: Registry, clock: Clock, ends: str) -> None:
    one, other = make(school), make(school, hours=100)
    first, second = judged_photo(school, one), judged_photo(school, other)
    number = answer(school, one, [first], Answers(drawn=(MISSED,)))
    with posting(school) as session:
        screening = photos.get(session, one, first).screening
    assert screening
    remember(school, screening, replace(GROUP, drawn=(MISSED,)))
    judge(school, other, second, photo())
    if ends == "expire":
        clock.now += timedelta(hours=25)
    with posting(school) as session:
        if ends == "finish":
            ending.finish(session, one, revision=posts.get(session, one).revision)
        else:
            ending.expire(session)
    assert about(school, other, second) == SaidElsewhere((DRAWN,))
    with posting(school) as session:
        with pytest.raises(PostEnded):
            post_answers.undo(session, one, revision=posts.get(session, one).revision)
        before = photos.get(session, one, first)
        with pytest.raises(PostChanged):
            post_answers.retract(session, one, number, revision=1)
        post_answers.retract(session, one, number, revision=posts.get(session, one).revision)
        after = photos.get(session, one, first)
        assert (after.state, after.generation) == (before.state, before.generation)  # nothing is made of it any more
        assert after.screening
        assert answer_log.answers_of(session, after.screening) == GROUP  # by which a copy for parents would be made
    assert about(school, other, second) == NOTHING_ELSEWHERE
    assert state(school, other, second) is PhotoState.SEEN


def test_harm_that_is_told_of_several_photos_at_once_holds_for_each(school: Registry) -> None:
    one, other = make(school), make(school)
    both = [judged_photo(school, one), judged_photo(school, one, photo(2))]
    again = judged_photo(school, other, photo(2))
    answer(school, one, both, Answers(harmful=True))
    assert about(school, other, again) == SaidElsewhere(harmful=True)


def test_who_is_not_in_it_has_nothing_judged_again_elsewhere(school: Registry) -> None:
    one, other = make(school), make(school)
    first, second = judged_photo(school, one), judged_photo(school, other)
    answer(school, one, [first], Answers(absent=frozenset({"p1"}), only_present=True))
    assert state(school, other, second) is PhotoState.JUDGED
    assert about(school, other, second) == NOTHING_ELSEWHERE


@pytest.mark.parametrize("ends", [False, True])
def test_what_the_service_writes_down_of_a_post_is_not_said_once_more(
    school: Registry, caller: Caller, *, ends: bool
) -> None:
    """It stands in the post's own log, also when that is over, and is taken back there."""
    post = make(school)
    added = judged_photo(school, post)
    number = answer(school, post, [added], Answers(drawn=(MISSED,)))
    found = findings(photo=photo())
    with posting(school) as session:
        screening = photos.get(session, post, added).screening
    assert screening
    remember(school, screening, Answers(GROUP.groups, drawn=(MISSED,)))
    assert said(school, caller, found.sha256) == SaidElsewhere((DRAWN,))
    assert said(school, caller, found.sha256, but=post) == NOTHING_ELSEWHERE
    with posting(school) as session:
        revision = posts.get(session, post).revision
        if ends:
            ending.finish(session, post, revision=revision)
        else:
            post_answers.retract(session, post, number, revision=revision)
    assert said(school, caller, found.sha256) == (SaidElsewhere((DRAWN,)) if ends else NOTHING_ELSEWHERE)


@pytest.mark.parametrize(("origin", "is_told"), [(Origin.CMS, True), (Origin.PAGE, False)])
def test_a_website_that_published_it_is_told_also_when_its_post_is_over(
    school: Registry, *, origin: Origin, is_told: bool
) -> None:
    one, other = make(school), make(school, origin=origin)
    first = judged_photo(school, one)
    judged_photo(school, other)
    with posting(school) as session:
        ending.finish(session, other, revision=posts.get(session, other).revision)

    def notices() -> int:
        with posting(school) as session:
            keys = session.connection.execute(select(job.c.key).where(job.c.kind == GATE_NOTICE)).scalars()
            return sum(str(key).startswith(other) for key in keys)

    told, before = notices(), seen(school, other).revision
    answer(school, one, [first], Answers(harmful=True))
    assert notices() - told == int(is_told)
    assert seen(school, other).revision == before  # it is kept as long as it would have been
