"""What is said of a verdict is true of it, says what to do next, and can be read by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from tests.plain_dutch import Reader, hard_words_in
from tests.unit.policy.scenes import (
    AWAY,
    CLOSED,
    FACEBOOK,
    NO,
    POLICY,
    WEBSITE,
    board,
    bound,
    called,
    consenting,
    drawn,
    face,
    faces,
    figure,
    name,
    photo,
    pupil,
    said,
    school,
    tapped,
    unhurried,
)
from tests.unit.policy.test_properties import channels, people_or_none, photos, policies, sayings
from tests.unit.policy.test_scenes import ALL_AGREE, CLOSE, ONE_REFUSES, SCENES, Case

from fotopoort.policy.decide import decide, decide_all, unverified
from fotopoort.policy.measures import overview_share, unrecognisable_side
from fotopoort.policy.policy import Policy
from fotopoort.policy.rules import RULES, rule
from fotopoort.policy.texts.show import policy_page
from fotopoort.policy.texts.wording import MAY_FACE_CAMERA, PERHAPS_FACES_CAMERA, few_overviews, harm_question
from fotopoort.vocabulary import (
    NOT_YET,
    OUTCOME_LABELS,
    Answers,
    FaceLabel,
    Failure,
    Findings,
    NamePlace,
    Outcome,
    Pattern,
    People,
    Question,
    QuestionKind,
    Region,
    Text,
    Verdict,
)

HERE = Path(__file__).parent
GOLDEN = {language: HERE / f"said.{language}.txt" for language in ("nl", "en")}
TO_DO = re.compile(r"\b([Kk]ies|[Zz]eg|[Hh]aal|[Kk]ijk|[Pp]laats|[Vv]raag|[Bb]eantwoord|zegt|plaatsen|maak)\b")


def reason(verdict: Verdict, rule_id: str) -> Text:
    (only,) = (reason for reason in verdict.reasons if reason.rule == rule_id)
    return Text(only.nl, only.en)


def says_what_to_do(verdict: Verdict) -> bool:
    """Whether it does: first of all where the photo does not go out as it is."""
    first = verdict.reasons if verdict.outcome is Outcome.PUBLISH else verdict.reasons[:1]
    return any(TO_DO.search(reason.nl) for reason in first)


# --- every sentence is true of the verdict ---------------------------------------------------------------


def test_what_may_be_somebody_is_told_by_what_becomes_of_the_photo() -> None:
    """Covered; waiting; or not to be published, whatever anybody says."""
    covers = decide(photo(face(**AWAY)), said(), None, POLICY, WEBSITE)
    waits = decide(photo(face(**AWAY)), said(), ONE_REFUSES, POLICY, WEBSITE)
    final = decide(photo(face(**AWAY), blocked=True), said(), ONE_REFUSES, POLICY, WEBSITE)
    assert "wordt bedekt" in reason(covers, "R22").nl
    assert reason(waits, "R22").nl.endswith("Zeg eerst wie het is.")
    assert reason(final, "R22").nl.endswith("Kies een foto zonder dit gezicht.")
    assert reason(waits, "R24").nl.startswith("Nog niet:")
    assert "og niet" not in reason(final, "R24").nl


def test_where_too_little_is_left_while_it_is_open_who_is_in_it_that_is_what_is_said() -> None:
    seen = photo(*(face(number, 400, **AWAY) for number in (1, 3, 5, 7, 9)))
    open_still = decide(seen, said(), None, POLICY, WEBSITE)
    assert open_still.not_yet
    assert reason(open_still, "R40").nl.startswith("We weten nog niet wie erop staan.")
    faces_closed = decide(seen, bound(said(faces=called(FaceLabel.COVER, "f1", "f2")), seen), None, POLICY, WEBSITE)
    assert faces_closed.outcome is Outcome.REJECT
    final = decide(replace(seen, blocked=True), said(), None, POLICY, WEBSITE)
    assert reason(final, "R40").nl == "Er blijft te weinig van de foto over. Kies een andere foto."
    text = decide(photo(names=(name(NamePlace.PICTURE, certain=False),)), said(), None, POLICY, WEBSITE)
    assert reason(text, "R40").nl == "Zo blijft er te weinig van de foto over. Beantwoord eerst de vragen."


def test_of_a_face_whose_direction_is_a_guess_it_is_not_said_that_it_is_full_in_the_face() -> None:
    seen = photo(face(1, 150), face(3, 150, reliable=False, **AWAY))
    told = [reason for reason in decide(seen, said(), ALL_AGREE, POLICY, WEBSITE).reasons if reason.rule == "R33"]
    assert [reason.faces for reason in told] == [("f1",), ("f3",)]
    assert ["misschien" in reason.nl for reason in told] == [False, True]
    assert ["perhaps" in reason.en for reason in told] == [False, True]
    close = decide(photo(face(1, CLOSE, reliable=False, **AWAY)), said(), ALL_AGREE, POLICY, WEBSITE)
    assert "misschien recht van voren" in reason(close, "R30").nl


def test_a_photo_that_is_fine_is_told_from_the_text_beside_it() -> None:
    named = (name(NamePlace.CAPTION),)
    fine = decide(photo(*faces(12), names=named), said(), ALL_AGREE, POLICY, WEBSITE)
    assert (fine.outcome, fine.photo_outcome) == (Outcome.REJECT, Outcome.PUBLISH)
    assert reason(fine, "R10").nl.startswith("Foto goed, tekst aanpassen:")
    seen = photo(*faces(3, **AWAY), names=named)
    covered = decide(seen, bound(said(faces=tapped(f1="refuser")), seen), ONE_REFUSES, POLICY, WEBSITE)
    assert (covered.outcome, covered.photo_outcome) == (Outcome.REJECT, Outcome.BLUR)
    assert "wordt bedekt" in reason(covered, "R20").nl  # as it is once the text is changed
    both = decide(replace(seen, blocked=True), said(), ALL_AGREE, POLICY, WEBSITE)
    assert both.photo_outcome is Outcome.REJECT
    assert reason(both, "R10").nl.startswith("In de tekst bij de foto staat")


def test_together_what_is_covered_on_one_channel_is_not_said_to_be_where_another_rejects() -> None:
    people = school(*consenting(5), pupil("a", NO))
    seen = photo(face(1, CLOSE), *faces(4, **AWAY)[2:], names=(name(NamePlace.CAPTION),))
    answers = bound(said(faces=tapped(f1="5-1", f3="a")), seen)
    joint = decide_all(seen, answers, people, POLICY, [CLOSED, WEBSITE, FACEBOOK], together=True)
    for verdict in joint.values():
        assert verdict.outcome is Outcome.REJECT
        assert verdict.photo_outcome is Outcome.REJECT
        assert not any("wordt bedekt" in reason.nl for reason in verdict.reasons)
    alone = decide_all(photo(*faces(12)), said(), ALL_AGREE, POLICY, [CLOSED, WEBSITE], together=True)
    assert {verdict.photo_outcome for verdict in alone.values()} == {None}


def test_what_could_not_be_covered_is_not_said_to_be() -> None:
    seen = photo(face(**AWAY))
    verdict = unverified(decide(seen, said(), None, POLICY, WEBSITE))
    assert "bedekt" not in reason(verdict, "R22").nl


def test_what_the_privacy_officer_set_aside_keeps_its_own_words() -> None:
    aside = frozenset({(WEBSITE, "R30")})
    verdict = decide(photo(face(1, CLOSE), blocked=True), said(overridden=aside), ALL_AGREE, POLICY, WEBSITE)
    assert "vindt dat hier goed" in reason(verdict, "R30").nl


@pytest.mark.parametrize(
    ("width", "height", "tall", "side"), [(3600, 1200, 320, 314), (1600, 1200, 300, None), (1600, 1200, 800, None)]
)
def test_the_size_at_which_nobody_is_recognisable_is_told_if_that_is_a_picture(
    width: int, height: int, tall: float, side: int | None
) -> None:
    seen = photo(face(1, tall), width=width, height=height)
    verdict = decide(seen, bound(said(faces=tapped(f1="5-1")), seen), ALL_AGREE, POLICY, WEBSITE)
    told = [reason.nl for reason in verdict.reasons if reason.rule == "R36"]
    assert [str(side) in sentence for sentence in told] == ([True] if side else [])
    smaller = tuple(replace(channel, max_side=unrecognisable_side(seen, POLICY)) for channel in POLICY.channels)
    again = decide(
        seen, bound(said(faces=tapped(f1="5-1")), seen), ALL_AGREE, replace(POLICY, channels=smaller), WEBSITE
    )
    assert "R30" not in {reason.rule for reason in again.reasons}


def test_nobody_makes_a_photo_too_large() -> None:
    assert unrecognisable_side(photo(), POLICY) == 1600
    assert unrecognisable_side(photo(face(1, 20)), POLICY) == 1600


@unhurried
@given(photos(), sayings(), people_or_none, channels, policies)
def test_every_verdict_says_what_is_true_and_what_to_do_next(
    seen: Findings, said: Answers, people: People | None, channel: str, policy: Policy
) -> None:
    verdict = decide(seen, said, people, policy, channel)
    assert says_what_to_do(verdict)
    by_id = {face.id: face for face in seen.faces}
    for told in verdict.reasons:
        assert "{" not in told.nl + told.en
        if (verdict.photo_outcome or verdict.outcome) is Outcome.REJECT:
            assert not re.search(r"wordt .*bedekt", told.nl)
        if told.nl.startswith("Nog niet"):
            assert verdict.not_yet
        if "recht van voren" in told.nl and told.faces:
            sure = {by_id[id].pose_reliable for id in told.faces}
            assert sure == {"misschien" not in told.nl}
    assert (verdict.label == NOT_YET) == verdict.not_yet


@unhurried
@given(photos(), sayings(), people_or_none, channels)
def test_the_photos_own_outcome_is_that_of_the_same_photo_with_clean_text(
    seen: Findings, said: Answers, people: People | None, channel: str
) -> None:
    verdict = decide(seen, said, people, POLICY, channel)
    clean = replace(seen, names=tuple(hit for hit in seen.names if hit.place is not NamePlace.CAPTION))
    assert (verdict.photo_outcome or verdict.outcome) is decide(clean, said, people, POLICY, channel).outcome
    assert (verdict.photo_outcome is not None) == any(reason.rule == "R10" for reason in verdict.reasons)


# --- of a whole photo, or a post -------------------------------------------------------------------------


def test_whether_it_does_harm_is_asked_until_it_is_answered() -> None:
    question = harm_question(Answers())
    assert question is not None
    assert question.nl == rule("R05").says.nl
    assert harm_question(Answers(harmful=False)) is harm_question(Answers(harmful=True)) is None
    assert harm_question(Answers(left_open=frozenset({question.id}))) is None, "nobody knows"


def test_few_overviews_are_told_on_a_public_channel_where_they_are_less_than_half() -> None:
    overview, group, mood = photo(*faces(12)), photo(*faces(3, 150)), photo()
    failed = photo(failure=Failure("damaged", "", ""))
    website, closed = POLICY.channel(WEBSITE), POLICY.channel(CLOSED)
    told = few_overviews([overview, group, group, failed], POLICY, website)
    assert told is not None
    assert (told.rule, told.nl) == (
        "R61",
        "Overzichtsfoto's: 1 van de 3. Kies voor dit kanaal vooral overzichtsfoto's.",
    )
    assert told.en == "Overview photos: 1 of 3. Choose mostly overview photos for this channel."
    assert few_overviews([overview, group, group], POLICY, closed) is None
    for several in ([overview, group], [mood, group], [], [failed]):
        assert few_overviews(several, POLICY, website) is None
    assert overview_share([overview, mood, group], POLICY).overviews == 2


# --- all texts, in one place -----------------------------------------------------------------------------


def questions() -> Iterator[Question]:
    """One of each kind, and of each way to put it."""
    told = Region(None, None, "…", ("refuser",), certain=True)
    perhaps = replace(told, certain=False)
    strict = replace(POLICY, settings=replace(POLICY.settings, first_say_who=False))
    four = school(*consenting(5), *(pupil(f"no-{number}", NO) for number in range(14)))
    former = school(*consenting(5), replace(pupil("former", NO), name="", nameless=True, count=2))
    for seen, answers, people, policy, channel in (
        (photo(*faces(3, **AWAY)), said(), ONE_REFUSES, POLICY, WEBSITE),
        (photo(*faces(3, **AWAY)), said(), four, POLICY, WEBSITE),
        (photo(*faces(3, **AWAY)), said(), former, POLICY, WEBSITE),
        (photo(*faces(3, **AWAY)), said(), ONE_REFUSES, strict, WEBSITE),
        (photo(face(**AWAY)), said(), None, POLICY, WEBSITE),
        (photo(face(1, CLOSE)), said(), ALL_AGREE, POLICY, WEBSITE),
        (photo(), said(present={"refuser"}), ONE_REFUSES, POLICY, WEBSITE),
        (photo(regions=(told,)), said(), ONE_REFUSES, POLICY, WEBSITE),
        (photo(regions=(perhaps,)), said(), ONE_REFUSES, POLICY, WEBSITE),
        (photo(names=(name(NamePlace.CAPTION, certain=False),)), said(), ALL_AGREE, POLICY, WEBSITE),
        (photo(names=board(5)), said(), ALL_AGREE, POLICY, CLOSED),
        (photo(pattern=Pattern.SCREEN), said(), ALL_AGREE, POLICY, WEBSITE),
        (photo(pattern=Pattern.SCREEN), said(drawn=drawn()), ALL_AGREE, POLICY, WEBSITE),
        (photo(figures=(figure(),)), said(), ALL_AGREE, POLICY, WEBSITE),
    ):
        yield from decide(seen, answers, people, policy, channel).questions
    yield from (MAY_FACE_CAMERA, PERHAPS_FACES_CAMERA)
    harm = harm_question(Answers())
    assert harm is not None
    yield harm


def all_texts() -> Iterator[tuple[str, Text]]:
    """Whatever can be said of a photo, each with what it is."""
    for outcome, label in OUTCOME_LABELS.items():
        yield f"outcome {outcome}", label
    yield "outcome not yet", NOT_YET
    for row in RULES:
        ways = ("when", "says", "rejected", "not_yet", "who_open", "text_alone", "set_aside")
        texts = ((way, getattr(row, way)) for way in ways)
        yield from ((f"{row.id} {way}", text) for way, text in texts if text is not None)
    for question in questions():
        yield f"question {question.kind}", Text(question.nl, question.en)


def golden(language: str) -> str:
    """What stands in the golden file of that language."""
    return "".join(f"{what}: {text:{language}}\n" for what, text in all_texts())


@pytest.mark.parametrize("language", GOLDEN)
def test_all_that_can_be_said_stands_in_the_golden_file(language: str) -> None:
    """To write it anew: python -m tests.unit.policy.texts.test_wording."""
    assert golden(language) == GOLDEN[language].read_text(encoding="utf-8")


def test_every_kind_of_question_about_a_photo_is_in_the_golden_file() -> None:
    of_posts = {QuestionKind.OUTSIDERS}
    assert {question.kind for question in questions()} == set(QuestionKind) - of_posts


# --- plain Dutch -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("what", "text"), [pytest.param(*each, id=each[0]) for each in all_texts()])
def test_what_is_said_of_a_photo_is_plain_dutch(what: str, text: Text) -> None:
    assert not hard_words_in(text.nl, Reader.OFFICE if what.endswith("when") else Reader.TEACHERS)
    assert not re.search(r"\b(u|uw)\b", text.nl)
    if not what.endswith("when"):  # the table is for the privacy officer
        for sentence in re.split(r"(?<=[.:?]) ", text.nl):
            assert len(sentence.split()) <= 20 or what.startswith("question any_of_these")


def test_the_table_of_the_rules_is_plain_dutch() -> None:
    assert not hard_words_in(policy_page(POLICY), Reader.OFFICE)


@pytest.mark.parametrize("scene", SCENES, ids=[case.id for case in SCENES])
def test_every_scene_is_told_in_plain_words_with_what_to_do(scene: Case) -> None:
    verdict = decide(scene.photo, bound(scene.said, scene.photo), scene.people, scene.policy, scene.channel)
    assert says_what_to_do(verdict)
    told = [*(reason.nl for reason in verdict.reasons), *(question.nl for question in verdict.questions)]
    assert not hard_words_in(" ".join(told))


if __name__ == "__main__":
    for language, path in GOLDEN.items():
        path.write_text(golden(language), encoding="utf-8")
