"""What is asked about a post stands in golden files, in both languages, for each way to put it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.plain_dutch import hard_words_in
from tests.unit.policy.scenes import (
    AWAY,
    CLOSED,
    NO,
    POLICY,
    WEBSITE,
    board,
    consenting,
    face,
    faces,
    figure,
    name,
    photo,
    pupil,
    school,
)

from fotopoort.policy.policy import Policy, PublicFrontal
from fotopoort.policy.posts.post import Post, PostText
from fotopoort.policy.posts.questions import PostQuestion, harm_question_of
from fotopoort.policy.posts.verdicts import decide_post
from fotopoort.vocabulary import Answers, Findings, NamePlace, Pattern, People, QuestionKind, Text

HERE = Path(__file__).parent
GOLDEN = {language: HERE / f"asked_of_posts.{language}.txt" for language in ("nl", "en")}
SIDEWAYS = photo(*faces(3, **AWAY))
ALL_AGREE = school(*consenting(9))
ONE = school(*consenting(9), pupil("refuser", NO))
THREE = school(*consenting(9), *(pupil(f"no-{number}", NO) for number in range(3)))
MANY = school(*consenting(9), *(pupil(f"no-{number}", NO) for number in range(14)))
FORMER = school(*consenting(9), replace(pupil("former", NO), name="", nameless=True, count=2))
ASK = replace(POLICY, settings=replace(POLICY.settings, public_frontal=PublicFrontal.ASK))
HERE_IS = Answers(present=frozenset({"refuser"}))
OTHERS = Answers(others=True)
LARGE, GUESS = photo(face(1, 150)), photo(face(1, 150, reliable=False))
PERHAPS_NAME = photo(names=(name(NamePlace.CAPTION, certain=False),))

# What it is about, the photos, who can be in them, what was said of the whole post, and the policy.
SCENES: tuple[tuple[str, tuple[Findings, ...], People | None, Answers, Policy, str], ...] = (
    ("one who may not be shown", (SIDEWAYS,) * 2, ONE, Answers(), POLICY, WEBSITE),
    ("three of them", (SIDEWAYS,) * 2, THREE, Answers(), POLICY, WEBSITE),
    ("more than are named", (SIDEWAYS,) * 2, MANY, Answers(), POLICY, WEBSITE),
    ("somebody without a name", (SIDEWAYS,) * 2, FORMER, Answers(), POLICY, WEBSITE),
    ("who is in it, in one photo", (SIDEWAYS,), ONE, HERE_IS, POLICY, WEBSITE),
    ("who is in it, in several", (SIDEWAYS,) * 2, ONE, HERE_IS, POLICY, WEBSITE),
    ("more faces than people", (photo(*faces(14, **AWAY)),), ALL_AGREE, Answers(), POLICY, WEBSITE),
    ("others are in it", (SIDEWAYS,) * 2, ALL_AGREE, OTHERS, POLICY, WEBSITE),
    ("nobody is known", (SIDEWAYS,) * 2, None, Answers(), POLICY, WEBSITE),
    ("a pupil close by, in one photo", (photo(face(1, 310)),), ALL_AGREE, Answers(), POLICY, WEBSITE),
    ("a pupil close by, in several", (photo(face(1, 310)),) * 2, ALL_AGREE, Answers(), POLICY, WEBSITE),
    ("a large face, in one photo", (LARGE,), ALL_AGREE, Answers(), ASK, WEBSITE),
    ("a large face, in several", (LARGE, GUESS), ALL_AGREE, Answers(), ASK, WEBSITE),
    ("a direction that is a guess, in one photo", (GUESS,), ALL_AGREE, Answers(), ASK, WEBSITE),
    ("a direction that is a guess, in several", (GUESS,) * 2, ALL_AGREE, Answers(), ASK, WEBSITE),
    ("names on the wall, in one photo", (photo(names=board(5)),), ALL_AGREE, Answers(), POLICY, CLOSED),
    ("names on the wall, in several", (photo(names=board(5)),) * 2, ALL_AGREE, Answers(), POLICY, CLOSED),
    ("what may be a name", (PERHAPS_NAME,) * 2, ALL_AGREE, Answers(), POLICY, WEBSITE),
    ("behind a pattern, in one photo", (photo(pattern=Pattern.SCREEN),), ALL_AGREE, Answers(), POLICY, WEBSITE),
    ("behind a pattern, in several", (photo(pattern=Pattern.SCREEN),) * 2, ALL_AGREE, Answers(), POLICY, WEBSITE),
    ("a figure without a face, in one photo", (photo(figures=(figure(),)),), ALL_AGREE, Answers(), POLICY, WEBSITE),
    ("a figure without a face, in several", (photo(figures=(figure(),)),) * 2, ALL_AGREE, Answers(), POLICY, WEBSITE),
)  # fmt: skip


def post_of(seen: tuple[Findings, ...], said: Answers, channel: str) -> Post:
    photos = {f"p{number}": replace(each, sha256=f"{number:064x}") for number, each in enumerate(seen)}
    post = Post(photos, (channel,), frozenset({"groep 5"}))
    return post if said == Answers() else post.with_shared_answers(said)


def asked() -> Iterator[tuple[str, PostQuestion]]:
    """One of each way to put it."""
    for what, seen, people, said, policy, channel in SCENES:
        for question in decide_post(post_of(seen, said, channel), people, policy).questions:
            yield what, question
    text = PostText((name(NamePlace.CAPTION, certain=False),), checked=True)
    post = replace(post_of((SIDEWAYS,) * 2, Answers(), WEBSITE), text=text)
    yield from (("in the text", question) for question in decide_post(post, ALL_AGREE, POLICY).questions)
    harm = harm_question_of(post, list(post.photos))
    assert harm is not None
    yield "whatever goes out", harm


def golden(language: str) -> str:
    """What stands in the golden file of that language."""
    return "".join(
        f"{what}, {question.kind}: {Text(question.nl, question.en):{language}}\n" for what, question in asked()
    )


@pytest.mark.parametrize("language", GOLDEN)
def test_all_that_is_asked_of_posts_stands_in_the_golden_file(language: str) -> None:
    """To write it anew: python -m tests.unit.policy.texts.test_post_wording."""
    assert golden(language) == GOLDEN[language].read_text(encoding="utf-8")


def test_every_kind_of_question_about_a_post_is_in_the_golden_file() -> None:
    """Whether one person is in it is asked of one photo alone: of a post it is a list."""
    assert {question.kind for _, question in asked()} == set(QuestionKind) - {QuestionKind.IS_PRESENT}


def test_each_scene_asks_what_it_is_about() -> None:
    told = [what for what, _ in asked()]
    assert {what for what, *_ in SCENES} <= set(told)


@pytest.mark.parametrize(("what", "question"), [*asked()], ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_asked_of_a_post_is_plain_dutch(what: str, question: PostQuestion) -> None:
    assert not hard_words_in(question.nl), what
    assert not re.search(r"\b(u|uw)\b", question.nl)
    assert question.nl != question.en
    if len(question.persons) < 4:
        for sentence in re.split(r"(?<=[.:?]) ", question.nl):
            assert len(sentence.split()) <= 20


if __name__ == "__main__":
    for language, path in GOLDEN.items():
        path.write_text(golden(language), encoding="utf-8")
