"""How well children's names are found in pictures, and covered: the limits that `benchmarks/names.py` names.

The pictures are drawn with fonts of Debian's; some of them over the evaluation photos, or where those are not, over the
sample photos in which no face is either: a photo that is rejected for a face has no rendition to read.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from benchmarks import names, text_scenes
from tests.eval.conftest import PHOTOS
from tests.measurements import measured
from tests.needed import lacking

pytestmark = pytest.mark.eval

WITHOUT_A_FACE = ("IMG_2051.jpg", "IMG_2055.png")  # of the samples


@pytest.fixture(scope="module")
def seen(samples: Path) -> names.Pictures:
    if missing := text_scenes.missing_fonts():
        lacking("fonts are not here (on Debian: apt-get install " + " ".join(missing) + ")")
    photos = sorted((PHOTOS / "no_faces").glob("*.jpg")) or [samples / name for name in WITHOUT_A_FACE]
    kept = measured(
        "names",
        photos,
        lambda: {key: _listed(value) for key, value in asdict(names.pictures(120, 60, photos)).items()},
        [
            Path(names.__file__),
            Path(text_scenes.__file__),
            *(text_scenes.FONT_FOLDER / font for font in text_scenes.FONTS),
        ],
    )
    fields: dict[str, Any] = {
        key: frozenset(value) if isinstance(value, list) else value for key, value in kept.items()
    }
    return names.Pictures(**fields)


def _listed(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def test_names_in_pictures_are_found(seen: names.Pictures) -> None:
    assert len(seen.large) + len(seen.small) == 120
    assert seen.share(seen.large) >= names.FOUND


def test_no_name_is_read_again_where_it_was_covered(seen: names.Pictures) -> None:
    assert len(seen.covered) > 100
    assert not seen.read_again


def test_pictures_without_a_name_are_left_alone(seen: names.Pictures) -> None:
    assert seen.falsely <= names.FALSELY
