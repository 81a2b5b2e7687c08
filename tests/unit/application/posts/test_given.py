"""What was given for several photos, as a post: one document about all of them."""

from __future__ import annotations

import json
from dataclasses import replace

from fotopoort.application.context import DecisionContext
from fotopoort.application.contract.documents import Post, PostQuestion
from fotopoort.application.posts.given import post_document, post_of, questions_about
from fotopoort.application.redecision import GivenScreening, differs
from fotopoort.errors import Damaged
from fotopoort.photo.perceptual_hash import BYTES
from fotopoort.policy.posts.verdicts import decide_photo, decide_post
from fotopoort.registry.answers.answers_file import AnswersFile, parse_answers_file
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.screen import Request, conclude, unjudged
from fotopoort.vocabulary import Answers, Findings, NamePlace, People, Rendition

from ...policy.scenes import AWAY, FACEBOOK, NO, POLICY, WEBSITE, YES, consenting, faces, name, photo, pupil, school

BOTH = (WEBSITE, FACEBOOK)
REFUSER = pupil("refuser", NO)
SHY = replace(pupil("shy"), consents={WEBSITE: YES, FACEBOOK: NO})
PEOPLE = school(*consenting(24), REFUSER, SHY)
OF_GROUP = Answers(groups=frozenset({"groep 5"}))


def given(
    number: int, findings: Findings, answers: Answers = OF_GROUP, people: People | None = PEOPLE
) -> GivenScreening:
    findings = replace(findings, sha256=f"{number:064x}")
    request = Request(BOTH, answers)
    verdicts, asks = decide_photo(findings, answers, people, POLICY, BOTH, together=False)
    screening = replace(conclude(findings, request, verdicts, {}, Stopwatch()), asks=asks)
    return GivenScreening(screening, request, DecisionContext("1", POLICY, people))


SIDEWAYS = photo(*faces(3, **AWAY))


def test_the_questions_are_those_of_the_post() -> None:
    photos = [given(1, SIDEWAYS), given(2, photo(*faces(30, **AWAY))), given(3, photo())]
    assert questions_about(photos) == decide_post(post_of(photos), PEOPLE, POLICY).questions


def test_the_document_holds_what_settles_all_photos_at_once() -> None:
    photos = [given(1, SIDEWAYS), given(2, SIDEWAYS)]
    document = Post.model_validate(post_document(photos))
    (question,) = document.questions
    shas = [f"{number:064x}" for number in (1, 2)]
    assert question.photos == shas
    assert question.persons == ["refuser", "shy"]
    assert question.faces == {sha256: ["f1", "f2", "f3"] for sha256 in shas}
    said = parse_answers_file({"posts": [{"photos": question.photos} | question.answer]}, PEOPLE)
    answered = [given(number, SIDEWAYS, said.about(OF_GROUP, PEOPLE, sha)) for number, sha in enumerate(shas, start=1)]
    (harm,) = Post.model_validate(post_document(answered)).questions
    assert (harm.kind, harm.photos, harm.answer) == ("is_harmful", shas, {"harmful": False})


def test_every_answer_of_a_question_can_be_sent_of_the_post() -> None:
    board = photo(names=(name(NamePlace.PICTURE, certain=False), name(NamePlace.CAPTION, certain=False)), has_text=True)
    asked = Post.model_validate(post_document([given(1, board), given(2, SIDEWAYS)])).questions
    assert {"is_name", "any_of_these"} <= {str(question.kind) for question in asked}
    for question in asked:
        parse_answers_file({"posts": [{"photos": question.photos} | question.answer]}, PEOPLE)


def test_photos_of_one_moment_are_named_together() -> None:
    """So that whoever shows the questions can show those together, each face outlined."""
    alike, other = "0" * 2 * BYTES, "5" * 2 * BYTES
    photos = [
        replace(given(number, replace(SIDEWAYS, perceptual_hash=hash)), captured_at=f"2026-03-12T10:0{number}:00")
        for number, hash in ((1, alike), (2, other), (3, alike), (4, ""))
    ]
    document = Post.model_validate(post_document(photos))
    assert document.bursts == [[f"{1:064x}", f"{3:064x}"]]
    assert set(document.bursts[0]) <= set(document.questions[0].photos)
    assert "bursts" not in post_document(photos[1:])


def test_what_nobody_knows_can_be_said_of_each_question() -> None:
    """And is not asked again: of people, of faces, and of anything else by the ids that the document has."""
    board = photo(names=(name(NamePlace.PICTURE, certain=False), name(NamePlace.CAPTION, certain=False)), has_text=True)
    seen = {f"{number:064x}": findings for number, findings in enumerate((board, SIDEWAYS, board, photo()))}

    def post(said: AnswersFile) -> list[PostQuestion]:
        photos = [given(int(sha, 16), findings, said.about(OF_GROUP, PEOPLE, sha)) for sha, findings in seen.items()]
        return Post.model_validate(post_document(photos)).questions

    asked = post(AnswersFile())
    assert {"is_name", "any_of_these", "is_harmful"} <= {str(question.kind) for question in asked}
    about: dict[str, dict[str, list[str]]] = {sha: {"unsure": [], "left_open": []} for sha in seen}
    for question in asked:
        assert bool(question.left_open) != bool(question.persons)
        for sha in question.photos:
            about[sha]["unsure"] += question.persons
            about[sha]["left_open"] += question.left_open.get(sha, [])
    assert post(parse_answers_file({"photos": about}, PEOPLE)) == []


def test_the_same_photo_twice_is_asked_about_once_and_one_that_could_not_be_judged_not_at_all() -> None:
    broken = GivenScreening(
        unjudged(b"", Request(BOTH), Damaged(), policy=POLICY), Request(BOTH), DecisionContext("1", POLICY, PEOPLE)
    )
    (question,) = questions_about([given(1, SIDEWAYS), broken, given(1, SIDEWAYS)])
    assert question.photos == (f"{1:064x}",)
    assert post_document([broken]) == {"questions": []}


def test_where_nobody_is_known_no_name_is_in_it() -> None:
    document = post_document([given(1, SIDEWAYS, people=None), given(2, SIDEWAYS, people=None)])
    assert all("persons" not in question for question in document["questions"])


def test_few_overviews_are_told_of_the_channel() -> None:
    group = photo(*faces(3, 150, **AWAY))
    settled = replace(OF_GROUP, absent=frozenset({"refuser", "shy"}))
    document = post_document([given(number, group, settled) for number in (1, 2)])
    assert {channel: note["rule"] for channel, note in document["notes"].items()} == {WEBSITE: "R61", FACEBOOK: "R61"}
    json.dumps(document)


def test_many_are_kept_without_their_pictures() -> None:
    rendition = Rendition(b"jpeg", "", 1, 1, (), verified=True)
    one = given(1, SIDEWAYS)
    with_pictures = replace(one, screening=replace(one.screening, renditions={WEBSITE: rendition}, preview=b"jpeg"))
    kept = with_pictures.without_pictures()
    assert (kept.screening.renditions, kept.screening.preview) == ({}, None)
    assert kept.screening.verdicts == one.screening.verdicts


def test_what_is_asked_names_nobody_who_is_not_known_any_more() -> None:
    """Whoever was erased while a photo was judged: its verdicts may be the same, what is asked is not."""
    before = given(1, SIDEWAYS)
    gone = replace(PEOPLE, persons={id: person for id, person in PEOPLE.persons.items() if id != "shy"}, revision="2")
    assert differs(before, before.request, DecisionContext("2", POLICY, gone))
    silent = replace(before, screening=replace(before.screening, verdicts={}))
    assert differs(silent, before.request, DecisionContext("2", POLICY, gone)), "by what is asked alone"


def test_all_that_was_said_of_a_photo_that_is_there_twice_holds() -> None:
    here = replace(OF_GROUP, present=frozenset({"refuser"}), unbound=frozenset({"refuser"}))
    asked = questions_about([given(1, SIDEWAYS, here), given(1, SIDEWAYS)])
    assert "point_out" in {str(question.kind) for question in asked}
    assert post_of([given(1, SIDEWAYS, here), given(1, SIDEWAYS)]).answers[f"{1:064x}"].present == {"refuser"}


def test_of_no_photos_there_is_nothing_to_say() -> None:
    assert post_document([]) == {"questions": []}


def test_whoever_is_asked_about_is_named_in_it() -> None:
    assert {"refuser", "shy"} <= given(1, SIDEWAYS).named()
