"""Of the photos of one moment the one to use is proposed, per channel, by the same ranking as everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from tests.entries import Json, entry, face, failed, verdict

from fotopoort.application.posts.bursts import Shot
from fotopoort.batch.entry import Entry
from fotopoort.batch.report.bursts import Frame, found
from fotopoort.photo.perceptual_hash import BYTES
from fotopoort.policy.crops.burst import Usable, Worth, ranked

LIKENESS = "0" * 2 * BYTES
NINE = "2024-03-12T09:00:00"


def best(*entries: Entry) -> dict[str, int]:
    (burst,) = found(Frame.of(number, entry) for number, entry in enumerate(entries))
    return dict(burst.best)


def shot(name: str, faces: Sequence[Json] = (), website: Json | None = None) -> Entry:
    return entry(f"{name}.jpg", captured_at=NINE, likeness=LIKENESS, faces=faces, website=website)


def covering(*boxes: tuple[int, int, int, int]) -> Json:
    return verdict("blur", "website/1.jpg", covered=boxes)


def test_what_goes_out_as_it_is_comes_before_what_is_covered() -> None:
    frontal = shot("1", [face(1, frontal=True)])
    covered = shot("2", [face(1), face(2)], website=covering((0, 0, 900, 900)))
    assert best(frontal, covered) == {"social_schools": 1, "website": 0}


def test_of_which_a_part_may_go_out_comes_before_what_is_covered() -> None:
    part = covering((0, 0, 900, 900)) | {"crop": {"box": [0, 0, 2000, 3000], "applied": False}}
    assert best(shot("1", website=covering((0, 0, 9, 9))), shot("2", website=part)) == {
        "social_schools": 0,
        "website": 1,
    }


def test_the_fewest_frontal_faces_come_before_the_least_covered() -> None:
    frontal = shot("1", [face(1, frontal=True)], website=covering((0, 0, 9, 9)))
    covered = shot("2", [face(1), face(2)], website=covering((0, 0, 900, 900)))
    assert best(frontal, covered) == {"social_schools": 1, "website": 1}


def test_of_equals_the_least_covered_is_taken_and_then_the_first() -> None:
    more = shot("1", website=covering((0, 0, 500, 500), (600, 0, 500, 500)))
    less, equal = (shot(name, website=covering((0, 0, 500, 500))) for name in "23")
    assert best(more, less, equal) == {"social_schools": 0, "website": 1}


def test_a_frontal_face_too_small_to_recognise_does_not_count() -> None:
    assert best(shot("1", [face(1, frontal=True)]), shot("2", [face(1, frontal=True, recognisable=False)])) == {
        "social_schools": 1,
        "website": 1,
    }


def test_what_may_not_be_published_is_never_proposed() -> None:
    assert best(shot("1", website=verdict("reject")), shot("2", [face(1, frontal=True)])) == {
        "social_schools": 0,
        "website": 1,
    }
    part = verdict("reject") | {"crop": {"box": [0, 0, 2000, 3000], "applied": False}}
    assert best(shot("1", website=part), shot("2", website=verdict("reject"))) == {"social_schools": 0}


def test_a_photo_that_was_not_judged_is_worth_nothing() -> None:
    assert Frame.of(0, failed()).worths == {}


frames = st.lists(
    st.builds(
        lambda number, worths: Frame(Shot(number, f"{number:05}.jpg", NINE, LIKENESS), worths),
        st.integers(0, 10_000),
        st.dictionaries(
            st.sampled_from(["website", "facebook"]),
            st.builds(Worth, st.sampled_from(Usable), st.integers(0, 3), st.floats(0, 1, width=16)),
        ),
    ),
    unique_by=lambda frame: frame.shot.photo,
    min_size=2,
    max_size=25,
)


@given(frames)
def test_no_other_photo_of_a_burst_is_better_than_the_one_proposed(some: list[Frame]) -> None:
    worths = {frame.shot.photo: frame.worths for frame in some}
    for burst in found(some):
        assert set(burst.best) == {channel for photo in burst.photos for channel in worths[photo]}
        for channel, proposed in burst.best.items():
            others = [photo for photo in burst.photos if channel in worths[photo]]
            for other in others:
                pair = {photo: [worths[photo][channel]] for photo in others if photo in (proposed, other)}
                assert ranked(pair)[0] == proposed
