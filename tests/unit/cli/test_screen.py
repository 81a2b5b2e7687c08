"""`fotopoort screen`: what it prints, writes, takes away and refuses."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fotopoort.application.input_files import PhotoFile
from fotopoort.application.output_paths import OutputPaths, write_renditions
from fotopoort.errors import OutputUnwritable, ScreeningTimeout
from fotopoort.policy.policy import Policy
from fotopoort.screening.screen import Request, unjudged

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done, Fotopoort

WEBSITE = ("--channel", "website")


def outcomes(document: dict[str, Any]) -> dict[str, str]:
    return {channel: verdict["outcome"] for channel, verdict in document["verdicts"].items()}


def rules(verdict: dict[str, Any]) -> list[str]:
    return [reason["rule"] for reason in verdict["reasons"]]


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# --- what comes out --------------------------------------------------------------------------------------


def test_json_has_one_object_a_line_in_the_order_given(fotopoort: Fotopoort, photos: Path) -> None:
    named = [photos / "IMG_2.jpg", photos / "IMG_1.png", photos / "IMG_2.jpg"]
    done = fotopoort("screen", *named, "--json", "--channel", "facebook", "--channel", "social_schools")
    assert done.status == 0
    assert [document["file"] for document in done.documents] == [str(path) for path in named]
    assert [list(outcomes(document)) for document in done.documents] == [["facebook", "social_schools"]] * 3
    assert outcomes(done.documents[1]) == {"facebook": "publish", "social_schools": "publish"}
    assert outcomes(done.documents[0]) == {"facebook": "blur", "social_schools": "blur"}
    assert all(verdict["rendition"] for verdict in done.documents[0]["verdicts"].values())
    assert "3 photos" in done.err


def test_renditions_are_written_and_originals_left_alone(fotopoort: Fotopoort, photos: Path, tmp_path: Path) -> None:
    shutil.copy(photos / "IMG_2.jpg", photos / "Fenna op het plein.jpg")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in photos.iterdir()}
    out = tmp_path / "uit"
    done = fotopoort("screen", photos, *WEBSITE, "--channel", "social_schools", "--out", out, "--json")
    assert done.status == 0
    neutral = f"website/foto-{hashlib.sha256(before[photos / 'IMG_2.jpg'][0]).hexdigest()[:12]}.jpg"
    assert files_in(out) == {
        "website/IMG_1.jpg", "website/IMG_2.jpg", neutral,
        "social_schools/IMG_1.jpg", "social_schools/IMG_2.jpg", "social_schools/Fenna op het plein.jpg",
    }  # fmt: skip
    for document in done.documents:
        for verdict in document["verdicts"].values():
            content = Path(verdict["rendition"]["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == verdict["rendition"]["sha256"]
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in photos.iterdir()} == before


def test_without_out_nothing_is_written(
    fotopoort: Fotopoort, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = files_in(tmp_path)
    assert fotopoort("screen", photos, *WEBSITE, "--json").status == 0
    assert files_in(tmp_path) == before


def test_people_read_a_table_in_their_language(fotopoort: Fotopoort, photos: Path) -> None:
    dutch = fotopoort("screen", photos / "IMG_1.png", *WEBSITE)
    english = fotopoort("screen", photos / "IMG_1.png", *WEBSITE, "--lang", "en")
    assert "plaatsen" in dutch.out
    assert "Deze foto mag zo" in " ".join(dutch.out.split())
    assert "publish" in english.out
    assert "IMG_1.png" in dutch.out


# --- what the teacher says -------------------------------------------------------------------------------


def test_the_class_list_and_what_is_said_of_the_photo_count(
    fotopoort: Fotopoort, samples: Path, class_list: Path
) -> None:
    photo = ("screen", samples / "IMG_2071.HEIC", *WEBSITE, "--json", "--registry", class_list)
    three = ("--group", "Groep 5", "--present", "p3", "--present", "p8", "--present", "p13")

    def outcome(*options: str) -> str:
        (document,) = fotopoort(*photo, *options).documents
        return outcomes(document)["website"]

    assert outcome() == "reject", "somebody in the school must never be found"
    assert outcome("--group", "groep 5") == "reject", "some of the group may not be shown"
    assert outcome(*three, "--only-present") == "publish"
    assert outcome(*three) == "reject", "others may be in it as well"
    away = [option for person in ("p2", "p4", "p9", "p14", "p20", "s3") for option in ("--absent", person)]
    assert outcome("--group", "groep 5", *away) in {"publish", "blur"}
    assert outcome("--group", "groep 5", *away, "--others") in {"blur", "reject"}, "nobody is shown by the group"


def test_a_caption_cannot_be_checked_without_names(fotopoort: Fotopoort, photos: Path) -> None:
    done = fotopoort("screen", photos / "IMG_1.png", *WEBSITE, "--caption", "Fenna viert feest", "--json")
    assert "R14" in rules(done.documents[0]["verdicts"]["website"])
    assert "Fenna" not in done.out + done.err


@pytest.mark.parametrize("key", ["name", "sha256"])
def test_answers_hold_for_the_photo_whose_sha256_they_name_and_a_name_alone_loosens_nothing(
    key: str, fotopoort: Fotopoort, samples: Path, class_list: Path, tmp_path: Path
) -> None:
    photo = samples / "IMG_2040.jpg"
    arguments = ("screen", photo, *WEBSITE, "--channel", "facebook", "--json", "--registry", class_list)
    (first,) = fotopoort(*arguments).documents
    sha256 = hashlib.sha256(photo.read_bytes()).hexdigest()
    faces = {
        face["id"]: {"person": person, "box": face["box"]}
        for face, person in zip(first["faces"], ("p5", "p6", "p1", "p8"), strict=True)
    }
    said: dict[str, object] = {"group": ["groep 5"], "faces": faces}
    bound = {photo.name: {"sha256": sha256, **said}} if key == "name" else {sha256: said}

    def screened(photos: object) -> Done:
        (tmp_path / "answers.json").write_text(json.dumps({"photos": photos}))
        return fotopoort(*arguments, "--answers", tmp_path / "answers.json")

    warning = "Of 1 photo in the answers only what tightens counts"
    alone = screened({photo.name: said})
    assert warning in alone.err
    assert [face["person"] for face in alone.documents[0]["faces"]] == [None] * 4
    assert outcomes(alone.documents[0]) == outcomes(first)
    done = screened(bound)
    assert warning not in done.err
    (document,) = done.documents
    assert outcomes(document) == {"website": "publish", "facebook": "blur"}
    assert [face["person"] for face in document["faces"]] == ["p5", "p6", "p1", "p8"]
    assert document["verdicts"]["facebook"]["faces"]["f3"] == {"action": "cover", "basis": "tapped"}


def test_a_photos_own_word_wins_of_the_options_that_are_about_all(
    fotopoort: Fotopoort, photos: Path, class_list: Path, tmp_path: Path
) -> None:
    """Absent, except here; and another group."""
    photo, answers = photos / "IMG_2.jpg", tmp_path / "answers.json"
    own = {"group": ["groep 6"], "present": ["p7"]}
    answers.write_text(json.dumps({"photos": {hashlib.sha256(photo.read_bytes()).hexdigest(): own}}))
    common = ("screen", photo, *WEBSITE, "--json", "--registry", class_list)
    done = fotopoort(*common, "--group", "groep 5", "--absent", "p7", "--absent", "p8", "--answers", answers)
    assert done.status == 0, done.err
    alone = fotopoort(*common, "--group", "groep 6", "--present", "p7", "--absent", "p8")
    assert done.documents[0]["receipt"]["answers"] == alone.documents[0]["receipt"]["answers"]


def test_answers_for_photos_that_are_not_here_are_counted(
    fotopoort: Fotopoort, photos: Path, class_list: Path, tmp_path: Path
) -> None:
    """A typing error in a file name must not pass for an answer. Counted, not named: the name may be a child's."""
    answers = {name: {"group": ["groep 5"]} for name in ("IMG_1.png", "Fenna.jpg", "0" * 64)}
    (tmp_path / "answers.json").write_text(json.dumps({"photos": answers}))
    done = fotopoort(
        "screen", photos / "IMG_1.png", *WEBSITE, "--registry", class_list, "--answers", tmp_path / "answers.json"
    )
    assert "answers for 2 photos that are not here" in done.err
    assert "Fenna" not in done.out + done.err


def test_a_name_in_the_answers_that_two_photos_have_is_refused(
    fotopoort: Fotopoort, photos: Path, tmp_path: Path
) -> None:
    (tmp_path / "Fenna.png").write_bytes((photos / "IMG_1.png").read_bytes())
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "Fenna.png").write_bytes((photos / "IMG_1.png").read_bytes())
    (tmp_path / "answers.json").write_text(json.dumps({"photos": {"Fenna.png": {"faces": {"f1": "cover"}}}}))
    both = (tmp_path / "Fenna.png", tmp_path / "b" / "Fenna.png")
    done = fotopoort("screen", *both, *WEBSITE, "--answers", tmp_path / "answers.json")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "photos[0] has a name that more than one photo has" in done.err
    assert "Fenna" not in done.err


def test_together_every_channel_gets_the_same_file(fotopoort: Fotopoort, photos: Path, tmp_path: Path) -> None:
    done = fotopoort(
        "screen", photos / "IMG_2.jpg", *WEBSITE, "--channel", "social_schools", "--together", "--json",
        "--out", tmp_path / "uit",
    )  # fmt: skip
    verdicts = done.documents[0]["verdicts"]
    assert verdicts["website"]["rendition"]["sha256"] == verdicts["social_schools"]["rendition"]["sha256"]
    assert len({path.read_bytes() for path in (tmp_path / "uit").rglob("*.jpg")}) == 1


# --- names of children -----------------------------------------------------------------------------------

BOTH = (*WEBSITE, "--channel", "social_schools")


def test_a_name_in_the_caption_holds_back_the_public_copy_and_the_text_without_it_is_offered(
    fotopoort: Fotopoort, photos: Path, class_list: Path
) -> None:
    photo = ("screen", photos / "IMG_1.png", *BOTH, "--registry", class_list, "--json")
    (named,) = fotopoort(*photo, "--caption", "Sem en Noor bouwen een toren.").documents
    assert outcomes(named) == {"website": "reject", "social_schools": "publish"}
    assert rules(named["verdicts"]["website"]) == ["R10"]
    assert [(hit["place"], hit["text"], hit["person"], hit["start"], hit["end"]) for hit in named["names"]] == [
        ("caption", "Sem", "p4", 0, 3),
        ("caption", "Noor", "p1", 7, 11),
    ]
    assert (named["names_checked"], named["clean"]) == (True, "Twee kinderen bouwen een toren.")
    (changed,) = fotopoort(*photo, "--caption", named["clean"]).documents
    assert outcomes(changed) == {"website": "publish", "social_schools": "publish"}
    assert changed["names"] == []


def test_a_word_that_may_be_a_name_is_asked_about_and_an_answer_settles_it(
    fotopoort: Fotopoort, photos: Path, class_list: Path, tmp_path: Path
) -> None:
    photo = ("screen", photos / "IMG_1.png", *BOTH, "--registry", class_list, "--caption", "Een lieve Roos")
    (asking,) = fotopoort(*photo, "--json").documents
    (question,) = asking["verdicts"]["website"]["questions"]
    assert (question["kind"], question["name"]) == ("is_name", asking["names"][0]["id"])
    assert outcomes(asking) == {"website": "reject", "social_schools": "publish"}
    assert "Is “Roos” hier de naam van een kind?" in " ".join(fotopoort(*photo).out.split())
    said = {asking["sha256"]: {"not_names": [question["name"]]}}
    (tmp_path / "answers.json").write_text(json.dumps({"photos": said}))
    (settled,) = fotopoort(*photo, "--json", "--answers", tmp_path / "answers.json").documents
    assert outcomes(settled) == {"website": "publish", "social_schools": "publish"}
    assert settled["verdicts"]["website"]["questions"] == []


def test_with_a_list_only_a_file_name_with_a_name_in_it_is_changed(
    fotopoort: Fotopoort, photos: Path, class_list: Path, tmp_path: Path
) -> None:
    (photos / "IMG_2.jpg").unlink()
    for name in ("Sem op het plein.png", "op het plein.png"):
        shutil.copy(photos / "IMG_1.png", photos / name)
    digest = hashlib.sha256((photos / "IMG_1.png").read_bytes()).hexdigest()[:12]
    done = fotopoort("screen", photos, *BOTH, "--registry", class_list, "--json", "--out", tmp_path / "uit")
    assert files_in(tmp_path / "uit" / "website") == {"IMG_1.jpg", f"foto-{digest}.jpg", "op het plein.jpg"}
    assert "Sem op het plein.jpg" in files_in(tmp_path / "uit" / "social_schools")
    rules_by_photo = {
        Path(document["file"]).stem: rules(document["verdicts"]["website"]) for document in done.documents
    }
    assert rules_by_photo == {"IMG_1": ["R50"], "Sem op het plein": ["R11", "R50"], "op het plein": ["R50"]}


def test_names_run_together_in_file_names_are_changed_too(
    fotopoort: Fotopoort, photos: Path, class_list: Path, tmp_path: Path
) -> None:
    """As parents name the photos they send: two names, a name and a word, a surname cut short."""
    for path in photos.iterdir():
        if path.suffix != ".png":
            path.unlink()
    plain = photos / "IMG_1.png"
    names = ("lottevdmeer", "semennoor", "fotovannoor", "noorjarig", "noorderlicht", "sportdag")
    for number, name in enumerate(names):
        (photos / f"{name}.png").write_bytes(plain.read_bytes() + bytes(number))
    plain.unlink()
    people = ("--registry", class_list, "--group", "groep 5")
    done = fotopoort("screen", photos, *WEBSITE, *people, "--json", "--out", tmp_path / "uit")
    written = files_in(tmp_path / "uit" / "website")
    assert {name for name in written if not name.startswith("foto-")} == {"noorderlicht.jpg", "sportdag.jpg"}
    assert len(written) == len(names)
    asked = [document["verdicts"]["website"]["questions"] for document in done.documents]
    assert asked == [[]] * len(names), "another file name costs nobody anything, a question does"


def test_names_that_the_file_carries_are_told_and_left_behind(
    fotopoort: Fotopoort, samples: Path, class_list: Path, tmp_path: Path
) -> None:
    done = fotopoort(
        "screen", samples / "20260312_101544.jpg", *BOTH, "--registry", class_list, "--group", "groep 5",
        "--absent", "p2", "--json", "--out", tmp_path / "uit",
    )  # fmt: skip
    (document,) = done.documents
    assert "p7" in {hit["person"] for hit in document["names"] if hit["place"] == "metadata"}
    assert ["R12" in rules(verdict) for verdict in document["verdicts"].values()] == [True, True]
    written = [path.read_bytes() for path in (tmp_path / "uit").rglob("*.jpg")]
    assert written
    assert not [content for content in written if b"Fenna" in content or b"Hoekstra" in content]


def test_names_on_the_board_are_covered_on_public_channels(
    fotopoort: Fotopoort, samples: Path, class_list: Path
) -> None:
    present = ("--present", "p5", "--present", "p10", "--only-present")
    done = fotopoort("screen", samples / "IMG_2063.jpg", *BOTH, "--registry", class_list, *present, "--json")
    (document,) = done.documents
    boxes = [hit["box"] for hit in document["names"] if hit["place"] == "picture"]
    assert len(boxes) == 2
    assert outcomes(document) == {"website": "blur", "social_schools": "publish"}
    assert rules(document["verdicts"]["website"])[0] == "R13"
    for x, y, w, h in boxes:
        assert any(
            left <= x and top <= y and left + width >= x + w and top + height >= y + h
            for left, top, width, height in document["verdicts"]["website"]["covered"]
        )


def test_a_caption_too_long_to_look_through_is_wrong_use(fotopoort: Fotopoort, photos: Path, class_list: Path) -> None:
    done = fotopoort(
        "screen", photos / "IMG_1.png", *WEBSITE, "--registry", class_list, "--caption", "Sem " * 250_001, "--json"
    )
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert "longer than a million characters" in done.err


# --- exit status -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fail_on", "names", "status"),
    [
        (None, ["IMG_2.jpg"], 0),
        ("blur", ["IMG_1.png"], 0),
        ("blur", ["IMG_2.jpg", "IMG_1.png"], 3),
        ("reject", ["IMG_2.jpg"], 0),
        (None, ["IMG_1.png", "kapot.jpg"], 1),
        ("reject", ["kapot.jpg", "IMG_2.jpg"], 1),
    ],
)
def test_the_status_says_how_it_went(
    fail_on: str | None, names: list[str], status: int, fotopoort: Fotopoort, photos: Path
) -> None:
    (photos / "kapot.jpg").write_bytes((photos / "IMG_2.jpg").read_bytes()[:3000])
    done = fotopoort(
        "screen", *(photos / name for name in names), *WEBSITE, "--json", *(("--fail-on", fail_on) if fail_on else ())
    )
    assert done.status == status
    assert len(done.documents) == len(names), "every photo has its verdict, whatever became of the others"


def test_fail_on_reject_is_met_by_a_reject(fotopoort: Fotopoort, samples: Path) -> None:
    assert fotopoort("screen", samples / "IMG_2045.jpg", *WEBSITE, "--json", "--fail-on", "reject").status == 3


def test_a_photo_that_cannot_be_judged_is_a_reject_with_an_error(fotopoort: Fotopoort, photos: Path) -> None:
    (photos / "leeg.jpg").write_bytes(b"")
    done = fotopoort("screen", photos / "leeg.jpg", *WEBSITE, "--json")
    (document,) = done.documents
    assert document["error"]["code"] == "empty_file"
    assert (outcomes(document), rules(document["verdicts"]["website"])) == ({"website": "reject"}, ["R01"])
    assert "1 could not be judged" in done.err
    shown = fotopoort("screen", photos / "leeg.jpg", *WEBSITE)
    assert "The file is empty." in shown.out


def test_a_photo_that_is_too_large_is_not_even_read(
    fotopoort: Fotopoort, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOTOPOORT_MAX_MEGABYTES", "1")
    with (photos / "groot.jpg").open("wb") as file:
        file.truncate(2_000_000)
    done = fotopoort("screen", photos / "groot.jpg", *WEBSITE, "--json")
    assert (done.status, done.documents[0]["error"]["code"]) == (1, "too_many_bytes")


# --- wrong use -------------------------------------------------------------------------------------------

GOOD_LIST = "id;naam;groep;website\np1;Noor;groep 5;ja\n"
WRONG: dict[str, tuple[str, ...]] = {
    "no channel": ("{photo}",),
    "an unknown channel": ("{photo}", "--channel", "hyves"),
    "one unknown channel of two": ("{photo}", *WEBSITE, "--channel", "hyves"),
    "no such photo": ("{photo}", "{tmp}/nergens.jpg", *WEBSITE),
    "a name much too long": ("x" * 300, *WEBSITE),
    "an empty folder": ("{tmp}/leeg", *WEBSITE),
    "another --fail-on": ("{photo}", *WEBSITE, "--fail-on", "publish"),
    "no such class list": ("{photo}", *WEBSITE, "--registry", "{tmp}/nergens.csv"),
    "a broken line in the class list": ("{photo}", *WEBSITE, "--registry", "{tmp}/kapot.csv"),
    "a class list that is a folder": ("{photo}", *WEBSITE, "--registry", "{tmp}/leeg"),
    "an unknown group": ("{photo}", *WEBSITE, "--registry", "{tmp}/klas.csv", "--group", "groep 9"),
    "an unknown person": ("{photo}", *WEBSITE, "--registry", "{tmp}/klas.csv", "--present", "p99"),
    "present and absent": ("{photo}", *WEBSITE, "--present", "p1", "--absent", "p1"),
    "a day that has not come": ("{photo}", *WEBSITE, "--taken", "2999-01-01"),
    "no such answers": ("{photo}", *WEBSITE, "--answers", "{tmp}/nergens.json"),
    "answers that are not JSON": ("{photo}", *WEBSITE, "--answers", "{tmp}/kapot.csv"),
    "an output folder that is a file": ("{photo}", *WEBSITE, "--out", "{photo}"),
    "an output folder below a file": ("{photo}", *WEBSITE, "--out", "{photo}/uit"),
    "an output folder with the photos": ("{photo}", *WEBSITE, "--out", "{tmp}/fotos"),
    "an output folder around the photos": ("{tmp}/fotos", *WEBSITE, "--out", "{tmp}"),
    "an output folder that leads to the photos": ("{photo}", *WEBSITE, "--out", "{tmp}/omweg"),
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_wrong_use_is_one_sentence_and_status_2(
    arguments: tuple[str, ...], fotopoort: Fotopoort, photos: Path, tmp_path: Path
) -> None:
    (tmp_path / "leeg").mkdir()
    (tmp_path / "omweg").mkdir()
    (tmp_path / "omweg" / "website").symlink_to(photos)
    (tmp_path / "klas.csv").write_text(GOOD_LIST)
    (tmp_path / "kapot.csv").write_text(GOOD_LIST + "p2;Daan;groep 5;misschien\n")
    before = files_in(tmp_path)
    done = fotopoort("screen", *(word.format(photo=photos / "IMG_1.png", tmp=tmp_path) for word in arguments))
    assert done.status == 2
    assert done.out == ""
    assert done.err.strip()
    assert done.err.count("\n") == 1, "one line"
    assert "Traceback" not in done.err
    assert not {"Daan", "Noor", "Fenna"} & set(done.err.replace(".", " ").split()), "names nobody"
    assert files_in(tmp_path) == before, "nothing is left behind"


def test_an_output_that_fails_on_the_way_is_told_too(fotopoort: Fotopoort, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "uit").mkdir()
    (tmp_path / "uit" / "website").write_text("in the way")
    done = fotopoort("screen", photos / "IMG_1.png", *WEBSITE, "--out", tmp_path / "uit")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert files_in(tmp_path / "uit") == {"website"}


# --- a second run ----------------------------------------------------------------------------------------


def test_a_withdrawn_consent_takes_the_old_rendition_away(fotopoort: Fotopoort, samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "uit"

    def run(consent: str) -> str:
        (tmp_path / "klas.csv").write_text(f"id;naam;social_schools\np1;Noor;{consent}\n")
        done = fotopoort(
            "screen", samples / "IMG_2045.jpg", "--channel", "social_schools", "--json", "--out", out,
            "--registry", tmp_path / "klas.csv",
        )  # fmt: skip
        return outcomes(done.documents[0])["social_schools"]

    assert run("ja") == "publish"
    assert files_in(out) == {"social_schools/IMG_2045.jpg"}
    assert run("ingetrokken") == "reject"
    assert files_in(out) == set()


def test_a_rendition_under_a_neutral_name_takes_the_place_of_that_under_its_own(
    fotopoort: Fotopoort, photos: Path, tmp_path: Path
) -> None:
    """Also of photos that share a name but for its ending."""
    trip, out = tmp_path / "kamp", tmp_path / "uit"
    trip.mkdir()
    shutil.copy(photos / "IMG_1.png", trip / "kamp Noor.png")
    shutil.copy(photos / "IMG_2.jpg", trip / "kamp Noor.jpg")
    neutral = {f"foto-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}.jpg" for path in trip.iterdir()}

    def made_with(*people: str) -> set[str]:
        (tmp_path / "klas.csv").write_text("\n".join(["id;naam;website", "p1;Fenna Vos;ja", *people, ""]))
        done = fotopoort("screen", trip, *WEBSITE, "--json", "--out", out, "--registry", tmp_path / "klas.csv")
        places = {Path(document["verdicts"]["website"]["rendition"]["path"]) for document in done.documents}
        assert files_in(out) == {place.relative_to(out).as_posix() for place in places}, "and nothing beside them"
        return {place.name for place in places}

    own = made_with()
    assert own == {"kamp Noor.jpg", "kamp Noor-2.jpg"}
    assert made_with("p2;Noor Smit;ja") == neutral
    assert made_with() == own


@pytest.mark.parametrize("name", ["IMG_1.jpg", "Fenna.jpg"])
def test_a_photo_that_can_no_longer_be_judged_leaves_no_old_rendition(
    name: str, tmp_path: Path, policy: Policy
) -> None:
    """Whether the earlier run kept its name or gave it a neutral one."""
    data = b"a photo"
    neutral = f"foto-{hashlib.sha256(data).hexdigest()[:12]}.jpg"
    (tmp_path / "website").mkdir()
    for earlier in (name, neutral, "another.jpg"):
        (tmp_path / "website" / earlier).write_bytes(b"earlier")
    screening = unjudged(data, Request(("website",)), ScreeningTimeout(), policy=policy)
    file = PhotoFile(Path(name), name, Path(name))
    assert write_renditions(file, screening, OutputPaths(tmp_path)) == {}
    assert files_in(tmp_path) == {"website/another.jpg"}


def test_a_rendition_that_cannot_be_taken_away_is_told(tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "website" / "IMG_1.jpg").mkdir(parents=True)
    screening = unjudged(b"a photo", Request(("website",)), ScreeningTimeout(), policy=policy)
    file = PhotoFile(Path("IMG_1.jpg"), "IMG_1.jpg", Path("IMG_1.jpg"))
    with pytest.raises(OutputUnwritable):
        write_renditions(file, screening, OutputPaths(tmp_path))


# --- odd names -------------------------------------------------------------------------------------------

ODD = (
    "-x.png",
    "twee\nregels.png",
    os.fsdecode(b"geen-\xff-utf8.png"),
    "[red]rood[bold].png",
    "é ü 日本.png",
    "a;b&c.png",
)


def test_photos_with_odd_names_are_judged_and_shown(
    fotopoort: Fotopoort, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "vreemd"
    folder.mkdir()
    for name in ODD:
        shutil.copy(photos / "IMG_1.png", folder / name)
    monkeypatch.chdir(folder)
    done = fotopoort("screen", ".", "--channel", "social_schools", "--json", "--out", tmp_path / "uit")
    assert done.status == 0
    assert sorted(document["file"] for document in done.documents) == sorted(ODD)
    written = sorted(path.name for path in (tmp_path / "uit" / "social_schools").iterdir())
    assert written == sorted(name.removesuffix(".png") + ".jpg" for name in ODD)
    table = fotopoort("screen", "--channel", "social_schools", "--", *ODD)
    assert table.status == 0
    for shown in ("-x.png", "twee\\nregels.png", "geen-\\xff-utf8.png", "[red]rood[bold].png", "日本"):
        assert shown in table.out


def test_photos_with_one_name_do_not_write_over_each_other(fotopoort: Fotopoort, photos: Path, tmp_path: Path) -> None:
    shutil.copy(photos / "IMG_2.jpg", photos / "IMG_1.jpg")
    done = fotopoort(
        "screen", photos / "IMG_1.png", photos / "IMG_1.jpg", *WEBSITE, "--json", "--out", tmp_path / "uit"
    )
    renditions = [document["verdicts"]["website"]["rendition"] for document in done.documents]
    for rendition in renditions:
        assert hashlib.sha256(Path(rendition["path"]).read_bytes()).hexdigest() == rendition["sha256"]
    assert len(files_in(tmp_path / "uit")) == 2
