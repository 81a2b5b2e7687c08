"""`fotopoort screen` with several photos: they are a post, and what is asked about them is asked once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fotopoort.application.contract.documents import Json, Post
from fotopoort.cli.screen.post import print_post
from fotopoort.policy_file import load_policy
from fotopoort.vocabulary import Language

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Fotopoort

CHANNELS = ("--channel", "website", "--channel", "facebook", "--channel", "social_schools")
NAMED = ("IMG_2031.jpg", "IMG_2040.jpg")


def test_one_list_for_all_photos_and_channels_and_its_answer_settles_them(
    fotopoort: Fotopoort, samples: Path, class_list: Path, tmp_path: Path
) -> None:
    photos = [samples / name for name in NAMED]
    shas = [hashlib.sha256(photo.read_bytes()).hexdigest() for photo in photos]
    screen = ("screen", *photos, *CHANNELS, "--registry", class_list, "--group", "groep 5", "--json", "--post")
    first, second, last = fotopoort(*screen).documents
    post = Post.model_validate(last["post"])
    (listed,) = (question for question in post.questions if question.kind == "any_of_these")
    assert listed.photos == shas
    assert set(listed.faces) <= set(shas)
    alone = {question["id"] for document in (first, second) for question in document["asks"]}
    assert len(post.questions) <= len(alone), "asked of one by one it is no less"
    said = {"posts": [{"photos": listed.photos} | listed.answer]}
    (tmp_path / "answers.json").write_text(json.dumps(said))
    *_, last = fotopoort(*screen, "--answers", tmp_path / "answers.json").documents
    answered = Post.model_validate(last["post"]).questions
    assert listed.id not in {question.id for question in answered}
    assert not any(question.kind == "any_of_these" for question in answered)


def test_without_the_option_there_is_one_object_for_each_photo(fotopoort: Fotopoort, photos: Path) -> None:
    assert len(fotopoort("screen", photos, *CHANNELS, "--json").documents) == len(list(photos.iterdir()))


def test_people_read_the_questions_once_after_the_photos(fotopoort: Fotopoort, samples: Path, class_list: Path) -> None:
    options = (*CHANNELS, "--registry", class_list, "--group", "groep 5")
    two = " ".join(fotopoort("screen", *(samples / name for name in NAMED), *options).out.split())
    before, together, after = two.partition("Over deze foto's samen")
    assert together
    assert "? " not in before
    assert after.count("mogen niet overal te zien zijn") == 1
    assert after.count("Kan iemand hier last van krijgen") <= 1
    one = " ".join(fotopoort("screen", samples / NAMED[0], *options).out.split())
    assert one.count("mogen niet overal te zien zijn") == 1
    assert "Over deze foto's samen" not in one
    english = fotopoort("screen", *(samples / name for name in NAMED), *options, "--lang", "en").out
    assert "About these photos together" in english


BURST = {f"IMG_{number}": f"IMG_{number}.jpg" for number in range(1, 9)}


@pytest.mark.parametrize(
    ("photos", "faces", "language", "says"),
    [
        ([*BURST][:5], {}, "nl", "IMG_1.jpg t/m IMG_4.jpg (4 van één moment); IMG_5.jpg"),
        ([*BURST][:5], {}, "en", "IMG_1.jpg to IMG_4.jpg (4 of one moment); IMG_5.jpg"),
        (["IMG_1", "IMG_2"], {}, "nl", "2 van één moment: IMG_1.jpg, IMG_2.jpg"),
        (["IMG_1", "IMG_3", "IMG_4"], {}, "nl", "3 van één moment: IMG_1.jpg, IMG_3.jpg, IMG_4.jpg"),
        (["IMG_1", "IMG_5", "IMG_2"], {}, "nl", "2 van één moment: IMG_1.jpg, IMG_2.jpg; IMG_5.jpg"),
        (["IMG_5", "IMG_6"], {}, "nl", "IMG_5.jpg, IMG_6.jpg"),
        (
            ["IMG_1", "IMG_2", "IMG_5"],
            {"IMG_1": ["f1", "f2"], "IMG_2": ["f1"], "IMG_5": ["f3"]},
            "nl",
            "2 van één moment: IMG_1.jpg (f1 f2), IMG_2.jpg (f1); IMG_5.jpg (f3)",
        ),
    ],
)
def test_photos_of_one_moment_are_named_as_one(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    photos: list[str],
    faces: Json,
    language: Language,
    says: str,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    question: Json = {"kind": "point_out", "nl": "Wie?", "en": "Who?", "photos": photos, "faces": faces}
    post: Json = {"questions": [question], "bursts": [[*BURST][:4]]}
    print_post(post, load_policy(), BURST, language)
    _, _, about = capsys.readouterr().out.splitlines()
    assert about.strip() == says


def test_nothing_is_told_of_photos_that_need_nothing(fotopoort: Fotopoort, photos: Path, tmp_path: Path) -> None:
    sha256 = hashlib.sha256((photos / "IMG_1.png").read_bytes()).hexdigest()
    (tmp_path / "answers.json").write_text(json.dumps({"photos": {sha256: {"harmful": False}}}))
    twice = (photos / "IMG_1.png", photos / "IMG_1.png")
    done = fotopoort("screen", *twice, *CHANNELS, "--answers", tmp_path / "answers.json")
    assert "Over deze foto's samen" not in done.out
