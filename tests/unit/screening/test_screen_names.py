"""Names in and around a photo, and what they do to its verdicts and renditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from fotopoort.errors import TextTooLong, TooMuchText
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Array, Detectors
from fotopoort.screening.screen import Request, Screening, ScreeningJob, screen
from fotopoort.vocabulary import (
    Answers,
    Box,
    NameEntry,
    NamePlace,
    Outcome,
    People,
    Person,
    QuestionKind,
    Role,
    TextLine,
)

from .detectors import NOBODY, ScriptedFinder, ScriptedReader, outcomes, rules

NAMES = (NameEntry("Fenna Hoekstra", "p7"), NameEntry("Sem de Groot", "p4"), NameEntry("Roos Kok", "p17"))
BOTH = ("social_schools", "website")


def line(text: str, y: float = 400) -> TextLine:
    """A line of text in the photo, each character 20 pixels wide and 30 high."""
    right = 300 + 20 * len(text)
    corners = ((300.0, y), (right, y), (right, y + 30), (300.0, y + 30))
    return TextLine(text, corners, tuple(n / len(text) for n in range(len(text) + 1)))


def test_a_caption_is_text(plain: bytes, policy: Policy) -> None:
    with_text = screen(
        plain, ScreeningJob(Request(("website",), caption="Een dag"), policy), Detectors(ScriptedFinder([]), NOBODY)
    )
    without = screen(
        plain, ScreeningJob(Request(("website",), caption=""), policy), Detectors(ScriptedFinder([]), NOBODY)
    )
    assert (rules(with_text, "website"), rules(without, "website")) == ({"R14", "R50"}, {"R50"})


@pytest.mark.parametrize(
    "names", [(), (NameEntry("Sem", "p9", role=Role.STAFF),)], ids=["no list", "a list of nobody to look for"]
)
def test_text_in_the_picture_that_is_held_against_no_list_is_told(
    names: tuple[NameEntry, ...], plain: bytes, policy: Policy
) -> None:
    reader = ScriptedReader([line("Sem leest")])
    screening = screen(
        plain, ScreeningJob(Request(BOTH), policy, names=names), Detectors(ScriptedFinder([]), NOBODY, reader)
    )
    assert rules(screening, "website") == {"R14", "R50"}
    assert rules(screening, "social_schools") == {"R50"}
    assert not screening.findings.names_checked
    assert screening.verdicts["website"].neutral_name, "the file name was not checked either"
    assert screening.clean is None


def test_a_name_in_the_caption_keeps_a_photo_from_public_channels_until_it_is_changed(
    plain: bytes, policy: Policy
) -> None:
    def judged(caption: str) -> Screening:
        return screen(
            plain,
            ScreeningJob(Request(BOTH, caption=caption), policy, names=NAMES),
            Detectors(ScriptedFinder([]), NOBODY),
        )

    named = judged("Sem en Fenna bouwen een toren.")
    assert outcomes(named) == {"social_schools": Outcome.PUBLISH, "website": Outcome.REJECT}
    assert rules(named, "website") == {"R10"}
    assert named.verdicts["website"].questions == ()
    assert set(named.renditions) == {"social_schools"}
    assert named.clean == "Twee kinderen bouwen een toren."
    assert outcomes(judged(named.clean)) == dict.fromkeys(BOTH, Outcome.PUBLISH)
    assert judged("").clean is None


def test_a_word_that_may_be_a_name_counts_until_the_teacher_says_that_it_is_none(plain: bytes, policy: Policy) -> None:
    def judged(*not_names: str, caption: str = "Een lieve Roos") -> Screening:
        request = Request(BOTH, Answers(not_names=frozenset(not_names)), caption)
        return screen(plain, ScreeningJob(request, policy, names=NAMES), Detectors(ScriptedFinder([]), NOBODY))

    asking = judged()
    (hit,) = asking.findings.names
    (question,) = asking.verdicts["website"].questions
    assert (question.kind, question.name, "Roos" in question.nl) == (QuestionKind.IS_NAME, hit.id, True)
    assert outcomes(asking) == {"social_schools": Outcome.PUBLISH, "website": Outcome.REJECT}
    assert outcomes(judged(hit.id)) == dict.fromkeys(BOTH, Outcome.PUBLISH)
    assert outcomes(judged("n1", "n00000000"))["website"] is Outcome.REJECT, "another answer is none"
    assert rules(judged(hit.id, caption="Een lieve Roos en Sem"), "website") == {"R10"}, "nor about another name"
    assert (
        screen(
            plain,
            ScreeningJob(Request(("social_schools",), caption="Een lieve Roos"), policy, names=NAMES),
            Detectors(ScriptedFinder([]), NOBODY),
        )
        .verdicts["social_schools"]
        .questions
        == ()
    )


@pytest.mark.parametrize(
    ("file_name", "neutral", "expected"),
    [("Sem op het plein", True, {"R11", "R50"}), ("groep 5/fenna_2", True, {"R11", "R50"}), ("plein", False, {"R50"}),
     (None, False, {"R50"})],
)  # fmt: skip
def test_a_name_in_the_file_name_gives_the_rendition_another_one(
    file_name: str | None, neutral: bool, expected: set[str], plain: bytes, policy: Policy
) -> None:
    request = Request(BOTH, file_name=file_name)
    screening = screen(plain, ScreeningJob(request, policy, names=NAMES), Detectors(ScriptedFinder([]), NOBODY))
    assert (screening.verdicts["website"].neutral_name, rules(screening, "website")) == (neutral, expected)
    assert (screening.verdicts["social_schools"].neutral_name, rules(screening, "social_schools")) == (False, {"R50"})


def test_names_that_the_file_carries_are_told_on_every_channel(read: Callable[[str], bytes], policy: Policy) -> None:
    data = read("20260312_101544.jpg")
    asked = screen(data, ScreeningJob(Request(BOTH), policy, names=NAMES), Detectors(ScriptedFinder([]), NOBODY))
    assert "p7" in {hit.person for hit in asked.findings.names if hit.place is NamePlace.METADATA}
    assert [rules(asked, channel) for channel in BOTH] == [{"R12", "R25"}] * 2, "it also says that she is in the photo"
    fenna = Person("p7", "Fenna Hoekstra", groups=frozenset({"groep 5"}))
    answered = Request(BOTH, Answers(absent=frozenset({"p7"})))
    job = ScreeningJob(answered, policy, People({"p7": fenna}, "1"), NAMES)
    screening = screen(data, job, Detectors(ScriptedFinder([]), NOBODY))
    assert [rules(screening, channel) for channel in BOTH] == [{"R12", "R50"}] * 2
    assert len(screening.renditions) == 2
    assert not [
        rendition
        for rendition in screening.renditions.values()
        if b"Fenna" in rendition.jpeg or b"Hoekstra" in rendition.jpeg
    ]


def test_a_name_in_the_picture_is_covered_and_the_words_beside_it_are_not(plain: bytes, policy: Policy) -> None:
    board = line("Vandaag leest Sem voor")
    reader = ScriptedReader([board], [line("Vandaag leest voor")])
    screening = screen(
        plain,
        ScreeningJob(Request(("website",)), policy, names=NAMES),
        Detectors(ScriptedFinder([], []), NOBODY, reader),
    )
    assert (outcomes(screening), rules(screening, "website")) == ({"website": Outcome.BLUR}, {"R13"})
    (covered,) = screening.verdicts["website"].covered
    assert covered.overlap(board.box(14, 17)) == board.box(14, 17).area
    assert not covered.overlap(board.box(0, 12))
    assert screening.renditions["website"].verified
    assert reader.looks == [], "the rendition was read again"


@pytest.mark.parametrize("third", [[], [line("Sem")]], ids=["gone", "still there"])
def test_a_name_that_is_read_again_is_covered_more_widely_or_the_photo_stays_here(
    third: Sequence[TextLine], plain: bytes, policy: Policy
) -> None:
    reader = ScriptedReader([line("Sem")], [line("Sem")], third)
    screening = screen(
        plain,
        ScreeningJob(Request(("website",)), policy, names=NAMES),
        Detectors(ScriptedFinder([], [], []), NOBODY, reader),
    )
    if third:
        assert outcomes(screening) == {"website": Outcome.REJECT}
        assert rules(screening, "website") == {"R41", "R13"}
    else:
        (cover,) = screening.verdicts["website"].covered
        assert max(box.area for box in screening.renditions["website"].covered) > 1.5 * cover.area


def test_a_word_in_the_picture_that_is_no_name_stays(plain: bytes, policy: Policy) -> None:
    board = [line("Roos"), line("Sem", 600)]

    def judged(again: Sequence[TextLine], answers: Answers = Answers()) -> Screening:  # noqa: B008 - a frozen value
        request = Request(("website",), answers)
        reader = ScriptedReader(board, again)
        return screen(
            plain, ScreeningJob(request, policy, names=NAMES), Detectors(ScriptedFinder([], []), NOBODY, reader)
        )

    asking = judged([])
    roos, sem = asking.findings.names
    assert (roos.certain, sem.certain, len(asking.verdicts["website"].covered)) == (False, True, 2)
    screening = judged(board[:1], Answers(not_names=frozenset({roos.id})))
    (covered,) = screening.verdicts["website"].covered
    assert covered.overlap(board[1].box())
    assert screening.renditions["website"].verified, "that it is read again is no reason to cover it"


def test_what_is_no_name_in_the_caption_is_one_in_the_picture_all_the_same(plain: bytes, policy: Policy) -> None:
    tag = [line("Roos")]
    caption = "In de vaas staat de mooie Roos"

    def judged(answers: Answers) -> Screening:
        reader = ScriptedReader(tag, tag, tag)
        request = Request(("website",), answers, caption)
        return screen(
            plain, ScreeningJob(request, policy, names=NAMES), Detectors(ScriptedFinder([], [], []), NOBODY, reader)
        )

    in_caption, _ = judged(Answers()).findings.names
    screening = judged(Answers(not_names=frozenset({in_caption.id})))
    assert rules(screening, "website") == {"R13", "R41"}, "it is still read under both covers"


def test_more_text_than_can_be_read_is_no_reason_to_publish(plain: bytes, policy: Policy) -> None:
    class Full(ScriptedReader):
        def read(
            self, pixels: Array, scale: float = 1.0, min_words: int = 0, *, complete: bool = False, side: int = 0
        ) -> tuple[TextLine, ...]:
            if complete:
                raise TooMuchText
            return ()

    def judged(channel: str) -> Screening:
        return screen(
            plain, ScreeningJob(Request((channel,)), policy, names=NAMES), Detectors(ScriptedFinder([]), NOBODY, Full())
        )

    assert rules(judged("website"), "website") == {"R01"}
    assert judged("social_schools").findings.failure is None


def test_a_code_with_a_name_in_it_is_covered_whole(plain: bytes, policy: Policy) -> None:
    corners = ((500.0, 300.0), (600.0, 300.0), (600.0, 400.0), (500.0, 400.0))
    code = TextLine("https://school.example/klas/sem-de-groot", corners, code=True)
    reader = ScriptedReader([], [], [], [], codes=[code])
    screening = screen(
        plain,
        ScreeningJob(Request(("website",)), policy, names=NAMES),
        Detectors(ScriptedFinder([], [], []), NOBODY, reader),
    )
    assert screening.verdicts["website"].covered == (Box(500, 300, 100, 100),)
    assert rules(screening, "website") == {"R13", "R41"}, "this reader sees it through every cover"


@pytest.mark.parametrize(("names", "outcome"), [(4, Outcome.PUBLISH), (5, Outcome.REJECT)])
def test_many_names_on_the_closed_channel_may_be_a_list_that_is_not_for_all_parents(
    names: int, outcome: Outcome, plain: bytes, policy: Policy
) -> None:
    def judged(answers: Answers) -> Screening:
        reader = ScriptedReader(
            [line(text, 100.0 * n) for n, text in enumerate(["Sem", "Fenna"] * 2 + ["Sem"], 1)][:names]
        )
        request = Request(("social_schools",), answers)
        return screen(plain, ScreeningJob(request, policy, names=NAMES), Detectors(ScriptedFinder([]), NOBODY, reader))

    screening = judged(Answers())
    assert outcomes(screening) == {"social_schools": outcome}
    kinds = [question.kind for question in screening.verdicts["social_schools"].questions]
    assert kinds == [QuestionKind.IS_PRIVATE_LIST] * (outcome is Outcome.REJECT)
    assert outcomes(judged(Answers(not_a_private_list=True))) == {"social_schools": Outcome.PUBLISH}


def test_a_caption_too_long_to_look_through_is_wrong_use(plain: bytes, policy: Policy) -> None:
    request = Request(BOTH, caption="x" * 1_000_001)
    with pytest.raises(TextTooLong):
        screen(plain, ScreeningJob(request, policy, names=NAMES), Detectors(ScriptedFinder([]), NOBODY))
