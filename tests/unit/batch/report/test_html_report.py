"""The report of a folder: what stands in it, and that nothing of a photo can break it. In a browser: `tests/web`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.entries import FACTS, Json, any_of_these, entry, face, failed, outsiders, verdict

from fotopoort.batch.entry import Entry
from fotopoort.batch.report import html_report
from fotopoort.batch.report.html_report import PAGE, Facts, write_report
from fotopoort.batch.report.texts import TEXTS
from fotopoort.batch.storage.folder import Folder
from fotopoort.errors import FotopoortError, ModelFailed, OutputUnwritable, PhotoError
from fotopoort.photo.perceptual_hash import BYTES
from fotopoort.policy.posts.questions import TAP_THE_FACE
from fotopoort.vocabulary import Scene

TEMPLATES = Path(html_report.__file__).with_name("templates")
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
LATER = replace(FACTS, finished=FACTS.finished.replace(hour=12))


def page(out: Path, entries: Iterable[Entry] = (), facts: Facts = FACTS) -> str:
    write_report(entries, facts, Folder(out))
    return (out / PAGE).read_text("utf-8")


def beside(out: Path, name: str) -> list[Any]:
    """What the page would be given by the files of that name, as one list."""
    found = []
    for path in sorted((out / "report").glob(f"*-{name}*.js")):
        called, content = re.fullmatch(r'fotopoort\("([\w-]+)",(.*)\);\n', path.read_text("ascii"), re.DOTALL).groups()  # type: ignore[union-attr]
        assert path.stem.endswith(called)
        found += json.loads(content)
    return found


def data(html: str) -> Json:
    found: Json = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html).group(1))  # type: ignore[union-attr]
    return found


def plain(html: str) -> str:
    """What is read on the page in Dutch, without what the script adds."""
    body = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    dutch = re.sub(r"</?span[^>]*>", "", re.sub(r'<span lang="en">.*?</span>', "", body))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", dutch)).split())


def test_every_photo_is_told_in_the_order_given(tmp_path: Path) -> None:
    thumbnail = "report/thumbnails/ab/abc.jpg"
    on_website = verdict("blur", "website/a/2.jpg")
    page(
        tmp_path,
        [
            entry("b/1.jpg", thumbnail=thumbnail, captured_at="2024-03-12T10:00:00", groups=("groep 5",)),
            entry("a/2.jpg", website=on_website, social_schools=verdict("reject")),
            failed("c.jpg"),
        ],
    )
    first, second, third = beside(tmp_path, "photos")
    assert (first["file"], first["picture"], first["taken"]) == ("b/1.jpg", thumbnail, "2024-03-12T10:00:00")
    assert first["groups"] == ["groep 5"]
    assert [(outcome, address) for outcome, address, _ in second["verdicts"]] == [
        ("reject", None),
        ("blur", "website/a/2.jpg"),
    ]
    assert third["failure"] == 0
    assert third["picture"] is None


def test_where_each_face_is_stands_in_thousandths_of_the_photo(tmp_path: Path) -> None:
    page(tmp_path, [entry(faces=[face(1), face(9)]), failed()])
    judged, unjudged = beside(tmp_path, "photos")
    assert judged["faces"] == [["f1", 38, 70, 25, 40], ["f9", 238, 70, 25, 40]]
    assert unjudged["faces"] == []


def test_a_photo_of_which_a_part_may_go_out_says_on_which_channels(tmp_path: Path) -> None:
    def with_crop(outcome: str, *, applied: bool = False) -> Json:
        return verdict(outcome) | {"crop": {"box": [0, 0, 2000, 3000], "applied": applied}}

    page(
        tmp_path,
        [
            entry("1.jpg", website=with_crop("blur")),
            entry("2.jpg", website=with_crop("reject"), social_schools=with_crop("blur")),
            entry("3.jpg", website=with_crop("publish", applied=True)),
            failed(),
        ],
    )
    assert [photo.get("crops") for photo in beside(tmp_path, "photos")] == [[1], [0, 1], None, None]


def test_few_overviews_are_told_of_a_post_on_a_public_channel(tmp_path: Path) -> None:
    """As `about_all` tells it: of those that go out or still can, of more than one, and each photo once."""
    of_post = replace(FACTS, mostly_overviews=frozenset({"website"}))
    group, overview = entry("1.jpg", faces=[face()]), entry("3.jpg")
    waits = entry("2.jpg", faces=[face()], website=verdict("reject") | {"not_yet": True})
    told = "Overzichtsfoto's: 1 van de 3."
    text = plain(page(tmp_path, [group, group, waits, overview, failed()], of_post))
    assert text.count(told) == text.count("Overzichtsfoto's:") == 1
    assert "Overzichtsfoto" not in plain(page(tmp_path, [group, waits, overview], FACTS)), "the folder is no post"
    assert "Overzichtsfoto" not in plain(page(tmp_path, [group, group, failed()], of_post)), "it is one photo"
    out = entry("4.jpg", faces=[face()], website=verdict("reject"))
    assert "Overzichtsfoto" not in plain(page(tmp_path, [overview, group, out], of_post)), "half of those that go out"


def test_reasons_are_told_once_and_referred_to(tmp_path: Path) -> None:
    reasons = data(page(tmp_path, [entry(f"{n}.jpg") for n in range(3)]))["reasons"]
    assert [rule for rule, _, _ in reasons] == ["R50"]
    assert {
        number for photo in beside(tmp_path, "photos") for _, _, reasons in photo["verdicts"] for number, _ in reasons
    } == {0}


def test_many_photos_are_in_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "PHOTOS_PER_FILE", 4)
    html = page(tmp_path, [entry(f"{n}.jpg") for n in range(9)])
    assert data(html)["files"] == len(list((tmp_path / "report").glob("*-photos-*.js"))) == 3
    assert [photo["file"] for photo in beside(tmp_path, "photos")] == [f"{n}.jpg" for n in range(9)]


def test_photos_are_read_once_and_not_all_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "PHOTOS_PER_FILE", 2)
    written_before = []

    def come() -> Iterable[Entry]:
        for number in range(6):
            written_before.append(len(list((tmp_path / "report").glob("*-photos-*.js"))))
            yield entry(f"{number}.jpg")

    page(tmp_path, come())
    assert written_before == [0, 0, 1, 1, 2, 2]


def test_outcomes_are_counted_per_channel_and_rules_too(tmp_path: Path) -> None:
    waits = verdict("reject") | {"not_yet": True}
    html = page(
        tmp_path, [entry("1.jpg"), entry("2.jpg", website=verdict("blur")), failed(), entry("4.jpg", website=waits)]
    )
    text = plain(html)
    assert "Social Schools 3 plaatsen 0 plaatsen, bedekt 0 nog niet 1 niet plaatsen" in text
    assert "De website 1 plaatsen 1 plaatsen, bedekt 1 nog niet 1 niet plaatsen" in text
    assert "R01 Deze foto kon niet worden beoordeeld. 1 1" in text
    assert "R22 Dit kan iemand zijn die niet op dit kanaal mag. 0 1" in text
    assert dict(data(html)["rules"]) == {"R01": 1, "R22": 1, "R30": 1, "R50": 3}


def test_what_could_not_be_judged_is_told_with_why(tmp_path: Path) -> None:
    text = plain(page(tmp_path, [failed("1.jpg"), failed("2.jpg"), failed("3.jpg", "unheard_of")]))
    assert "sla hem in een fotoprogramma opnieuw op als JPEG. 2 foto's" in text
    assert "It went wrong. 1 foto" in text


def test_an_error_without_a_text_of_the_report_is_told_in_its_own_words(tmp_path: Path) -> None:
    """Those that an older version recorded have no Dutch."""
    older, newer = failed("1.jpg", "unheard_of"), failed("2.jpg", "unheard_of", nl="Het ging mis.")
    html = page(tmp_path, [older, newer])
    assert "It went wrong. 1 foto" in plain(html)
    assert "Het ging mis. 1 foto" in plain(html)
    assert data(html)["failures"] == [["It went wrong.", "It went wrong."], ["Het ging mis.", "It went wrong."]]


def test_one_error_is_told_once_whichever_version_recorded_it(tmp_path: Path) -> None:
    html = page(tmp_path, [failed("1.jpg"), failed("2.jpg", nl="Het ging mis.")])
    assert len(data(html)["failures"]) == 1


def test_a_photo_that_was_judged_for_other_channels_only_is_told(tmp_path: Path) -> None:
    judged = entry("1.jpg")
    verdicts = dict(judged.document["verdicts"])
    verdicts.pop(next(iter(FACTS.channels)))
    text = plain(page(tmp_path, [replace(judged, document=judged.document | {"verdicts": verdicts})]))
    assert "De foto is nog niet voor al deze kanalen beoordeeld. 1 foto" in text


def test_what_was_passed_over_is_told(tmp_path: Path) -> None:
    facts = replace(FACTS, hidden=2, unsupported=1234, unreadable=("2019/<b>geheim</b>",), gone=3)
    text = plain(page(tmp_path, [], facts))
    assert "Verborgen bestanden: 2" in text
    assert "Bestanden die geen foto zijn: 1 234" in text
    assert "Map die niet geopend kan worden: 2019/<b>geheim</b>" in text
    assert "wat ervan gemaakt was, is verwijderd: 3" in text
    assert "Snelkoppelingen" not in text


def test_an_empty_folder_has_a_report_too(tmp_path: Path) -> None:
    html = page(tmp_path)
    assert data(html)["photos"] == data(html)["files"] == 0
    assert "Hier is een mens nodig" not in html.split("<script")[0]


def test_on_this_page_nobody_is_asked_to_tap(tmp_path: Path) -> None:
    question = any_of_these()
    question["nl"] += TAP_THE_FACE.nl
    page(tmp_path, [entry("1.jpg", asks=[question])])
    assert [question["nl"] for question in beside(tmp_path, "questions")] == [
        "Let op: Noor mag niet overal te zien zijn. Is dat gezicht op een van deze foto's te zien?"
    ]


def test_questions_and_bursts_name_photos_by_their_place(tmp_path: Path) -> None:
    alike = {"likeness": "0" * 2 * BYTES, "captured_at": "2024-03-12T10:00:00"}
    asks = [any_of_these(), outsiders("f2")]
    page(tmp_path, [failed(), entry("1.jpg", asks=asks, faces=[face(2)], **alike), entry("2.jpg", **alike)])  # type: ignore[arg-type]
    (question, other), (burst,) = beside(tmp_path, "questions"), beside(tmp_path, "bursts")
    assert (question["photos"], question["answer"], question["ticked"]) == ([1], {"absent": ["p1"]}, None)
    assert (other["photos"], other["answer"], other["faces"]) == ([1], None, {"1": ["f2"]})
    assert burst == {"photos": [1, 2], "best": [1, 1]}


def test_hostile_names_stay_data(tmp_path: Path) -> None:
    nasty = f"{HOSTILE}/{HOSTILE}.jpg"
    judged = verdict("blur", f"website/{nasty}")
    judged["reasons"][0] |= {"nl": HOSTILE, "en": HOSTILE}
    html = page(
        tmp_path, [entry(nasty, website=judged, asks=[any_of_these("p1", HOSTILE)])], replace(FACTS, folder=HOSTILE)
    )
    assert html.count("<script") == html.count("</script>") == 2
    assert "<img" not in html.split("<script")[0]
    assert HOSTILE in data(html)["reasons"][1]
    assert beside(tmp_path, "photos")[0]["file"] == nasty


@pytest.mark.parametrize(
    ("path", "shown", "address"),
    [
        ("een\nnaam.jpg", "een\\nnaam.jpg", "website/een%0Anaam.jpg"),
        ("caf\udce9.jpg", "caf\\xe9.jpg", "website/caf%E9.jpg"),
        ("juf & meester #1?.jpg", "juf & meester #1?.jpg", "website/juf%20%26%20meester%20%231%3F.jpg"),
        ("100%.jpg", "100%.jpg", "website/100%25.jpg"),
        ("javascript:alert(1).jpg", "javascript:alert(1).jpg", "website/javascript%3Aalert%281%29.jpg"),
        ("Zoë.jpg", "Zoë.jpg", "website/Zo%C3%AB.jpg"),
    ],
)
def test_any_name_is_shown_and_has_an_address(tmp_path: Path, path: str, shown: str, address: str) -> None:
    page(tmp_path, [entry(path)])
    (photo,) = beside(tmp_path, "photos")
    assert (photo["file"], photo["verdicts"][1][1]) == (shown, address)


@pytest.mark.parametrize("path", ["../1.jpg", "/etc/1.jpg", "website/../../1.jpg"])
def test_a_picture_outside_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        page(tmp_path, [entry(website=verdict("publish", path))])
    assert not (tmp_path / "report.html").exists()


def test_a_rejected_photo_has_no_picture_even_when_one_is_named(tmp_path: Path) -> None:
    page(tmp_path, [entry(website=verdict("reject", "website/IMG_1.jpg"))])
    assert beside(tmp_path, "photos")[0]["verdicts"][1][1] is None


def test_a_new_report_takes_the_place_of_the_old_one_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "PHOTOS_PER_FILE", 1)
    before = page(tmp_path, [entry("1.jpg"), entry("2.jpg")])
    thumbnail = tmp_path / "report" / "thumbnails" / "1.jpg"
    thumbnail.parent.mkdir()
    thumbnail.write_bytes(b"picture")

    def stop() -> Iterable[Entry]:
        yield entry("3.jpg")
        yield entry("4.jpg")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        page(tmp_path, stop(), LATER)
    assert (tmp_path / "report.html").read_text("utf-8") == before
    stamp = data(before)["stamp"]
    assert len(list((tmp_path / "report").glob(f"{stamp}-photos-*.js"))) == 2

    after = page(tmp_path, [entry("5.jpg")], LATER)
    assert [photo["file"] for photo in beside(tmp_path, "photos")] == ["5.jpg"]
    assert all(path.name.startswith(data(after)["stamp"]) for path in (tmp_path / "report").glob("*.js"))
    assert thumbnail.is_file()


def test_a_folder_that_takes_no_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputUnwritable):
        page(tmp_path / "file" / "out")


def test_nothing_is_fetched_from_elsewhere_and_nothing_runs_but_its_own_script(tmp_path: Path) -> None:
    html = page(tmp_path, [entry()])
    assert not re.findall(r"(?:https?:)?//\w", html)
    assert "url(" not in html
    (rules,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    assert "default-src 'none'" in rules
    assert "unsafe" not in rules
    assert not re.findall(r"\son\w+=", html.split("<script")[0])
    assert not re.findall(r"\sstyle=", html.split("<script")[0])


def test_every_text_is_used_and_every_text_there_is_is_known() -> None:
    used = "".join(path.read_text("utf-8") for path in TEMPLATES.iterdir())
    built = {f"answer_{kind}" for kind in ("any_of_these", "is_name", "is_private_list", "is_harmful")}
    built |= {"answer_unseen_people", "answer_unseen_person", "answer_may_face_camera"}
    built |= {"who_close_up", "who_frontal", "who_other"} | {scene.value for scene in Scene}
    plainly = [key for key in TEXTS if not key.startswith("failure_") and key not in built]
    assert [key for key in plainly if f'"{key}"' not in used] == []
    spoken = re.findall(r'(?<![\w])say\("(\w+)"[,)]', used)
    assert set(spoken) <= TEXTS.keys()
    assert built <= TEXTS.keys()


def test_whatever_keeps_a_photo_from_being_judged_is_told_in_dutch() -> None:
    failures = {*concrete(PhotoError), ModelFailed.code, FotopoortError.code, "not_yet"}
    assert {key.removeprefix("failure_") for key in TEXTS if key.startswith("failure_")} == failures


def concrete(error: type[FotopoortError]) -> set[str]:
    """The codes of an error's kinds, and of theirs."""
    kinds = error.__subclasses__()
    return {kind.code for kind in kinds}.union(*map(concrete, kinds))


def test_languages_say_the_same_things() -> None:
    for key, text in TEXTS.items():
        assert text.nl, key
        assert text.en, key
        assert sorted(re.findall(r"\{\w+\}", text.nl)) == sorted(re.findall(r"\{\w+\}", text.en)), key
