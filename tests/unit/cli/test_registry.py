"""The registry from the command line, as whoever keeps it would use it."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from fotopoort.errors import RegistryUnavailable
from fotopoort.policy_file import PACKAGED
from fotopoort.registry import retention
from fotopoort.registry.store.database import Database

from .conftest import Done, Fotopoort

LIST = (
    "Leerlingnummer;Roepnaam;Voorvoegsel;Achternaam;Groep;Geboortedatum;website;facebook\n"
    "101;Noor;van den;Berg;groep 5;12-03-2016;ja;nee\n"
    "102;Sem;;Bakker;groep 5;1 juli 2010;;bezwaar\n"
)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def school(fotopoort: Fotopoort, tmp_path: Path) -> Fotopoort:
    """A registry with the two of the list in it."""
    (tmp_path / "lijst.csv").write_text(LIST)
    assert well(fotopoort("registry", "import", tmp_path / "lijst.csv", "--apply"))
    return fotopoort


def well(done: Done) -> Done:
    assert done.status == 0, done.err
    return done


def test_without_a_registry_it_is_said_how_to_make_one(fotopoort: Fotopoort, data_folder: Path) -> None:
    done = fotopoort("registry", "people")
    assert done.status == 2
    assert "fotopoort registry init" in done.err
    assert not data_folder.exists()
    well(fotopoort("registry", "init"))
    assert "Nobody" in fotopoort("registry", "people").err


def test_a_list_is_told_first_and_imported_when_that_is_asked(fotopoort: Fotopoort, tmp_path: Path) -> None:
    (tmp_path / "lijst.csv").write_text(LIST)
    told = well(fotopoort("registry", "import", tmp_path / "lijst.csv", "--json"))
    assert [(row["line"], row["person"], row["new"]) for row in told.documents] == [(2, "101", True), (3, "102", True)]
    assert "Nothing was done" in told.err
    assert fotopoort("registry", "people", "--json").documents == []
    assert "All of it was done" in well(fotopoort("registry", "import", tmp_path / "lijst.csv", "--apply")).err
    people = well(fotopoort("registry", "people", "--json")).documents
    assert [(row["id"], row["name"], row["groups"]) for row in people] == [
        ("101", "Noor van den Berg", ["groep 5"]),
        ("102", "Sem Bakker", ["groep 5"]),
    ]


def test_what_is_wrong_with_a_list_is_told_and_nothing_is_done(fotopoort: Fotopoort, tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["Pasnr", "Naam", "Kleur"])
    sheet.append([1, "Noor", "rood"])
    workbook.save(tmp_path / "lijst.xlsx")
    done = fotopoort("registry", "import", tmp_path / "lijst.xlsx", "--apply")
    assert done.status == 2
    assert "“Pasnr”, is unknown" in done.err
    assert "rood" not in done.err
    assert fotopoort("registry", "people", "--json").documents == []
    renamed = ("--rename", "Pasnr=id", "--ignore", "Kleur")
    well(fotopoort("registry", "import", tmp_path / "lijst.xlsx", "--apply", *renamed))
    assert fotopoort("registry", "import", tmp_path / "lijst.xlsx", "--rename", "id").status == 2
    assert fotopoort("registry", "import", tmp_path / "nothing.csv").status == 2
    for options, says in (
        (("--rename", "Pasnr=id", "--rename", "Pasnr=naam"), "“Pasnr” is renamed twice"),
        ((*renamed, "--ignore", "BSN"), "The option for “bsn”: no column of the list"),
        ((*renamed, "--rename", "Kleur=website"), "The option for “kleur”: named twice"),
    ):
        done = fotopoort("registry", "import", tmp_path / "lijst.xlsx", *options)
        assert done.status == 2
        assert says in done.err


def may_be_shown(school: Fotopoort) -> bool:
    rows = well(school("registry", "state", "groep 5", "website", "--json")).documents
    return next(bool(row["may_be_shown"]) for row in rows if row["id"] == "101")


def test_a_no_of_today_comes_after_a_yes_of_today(school: Fotopoort) -> None:
    said = ("registry", "consent", "101", "website")
    well(school(*said, "granted", "--by", "moeder"))
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date().isoformat()
    well(school(*said, "withdrawn", "--by", "moeder", "--at", today))
    assert may_be_shown(school) is False
    no = well(school("registry", "consents", "101", "--json")).documents[-1]["id"]
    well(school(*said, "granted", "--by", "moeder", "--at", today, "--undoes", no))
    assert may_be_shown(school) is True


def test_a_word_holds_and_is_shown(school: Fotopoort) -> None:
    def may(channel: str) -> dict[str, bool]:
        rows = well(school("registry", "state", "groep 5", channel, "--json")).documents
        return {row["id"]: row["may_be_shown"] for row in rows}

    assert may("website") == {"101": True, "102": False}
    well(school("registry", "consent", "101", "website", "withdrawn", "--by", "moeder"))
    assert may("website") == {"101": False, "102": False}
    words = well(school("registry", "consents", "101", "--json")).documents
    assert [(row["purpose"], row["word"], row["speaker"]) for row in words][-1] == ("website", "withdrawn", "moeder")
    listed = well(school("registry", "lists", "--json")).documents
    assert ("conflict", "101", "website") in {(row["what"], row["person"], row["purpose"]) for row in listed}
    well(school("registry", "consent", "101", "facebook", "objected"))
    no = well(school("registry", "consents", "101", "--json")).documents[-1]["id"]
    well(school("registry", "consent", "101", "facebook", "granted"))
    assert not may("facebook")["101"]
    well(school("registry", "consent", "101", "facebook", "granted", "--undoes", no))
    assert well(school("registry", "consents", "101", "--json")).documents[-1]["undoes"] == no
    assert school("registry", "consent", "101", "website", "granted", "--undoes", no).status == 2
    assert school("registry", "consent", "999", "website", "granted").status == 2
    assert school("registry", "consent", "101", "tv", "granted").status == 2


def test_who_is_no_pupil_says_yes_themselves(school: Fotopoort) -> None:
    well(school("registry", "add", "t12", "Juf Wil", "--role", "staff", "--group", "groep 5"))
    yes = ("registry", "consent", "t12", "website", "granted")

    def may_be_shown() -> bool:
        rows = well(school("registry", "state", "groep 5", "website", "--json")).documents
        return next(bool(row["may_be_shown"]) for row in rows if row["id"] == "t12")

    for guardian in (yes, (*yes, "--by", "moeder")):
        refused = school("--lang", "nl", *guardian)
        assert refused.status == 2
        assert "--own" in refused.err
        assert not may_be_shown()
    well(school(*yes, "--own"))
    assert may_be_shown()
    well(school("registry", "consent", "t12", "website", "withdrawn"))
    assert not may_be_shown()


def test_the_ground_of_a_channel_can_be_changed_with_a_reason(school: Fotopoort) -> None:
    assert school("registry", "basis", "website", "objection").status == 2
    well(school("registry", "basis", "website", "objection", "--reason", "ouderraad"))
    rows = {row["channel"]: row for row in well(school("registry", "basis", "--json")).documents}
    assert (rows["website"]["basis"], rows["website"]["reason"]) == ("objection", "ouderraad")
    assert rows["facebook"]["since"] is None


def test_what_a_website_does_with_other_files_is_set_per_channel(school: Fotopoort) -> None:
    assert school("registry", "unjudged", "website", "allow").status == 2  # a reason is wanted
    well(school("registry", "unjudged", "website", "allow", "--reason", "de nieuwsbrief is een PDF"))
    rows = {row["channel"]: row["unjudged"] for row in well(school("registry", "unjudged", "--json")).documents}
    assert (rows["website"], rows["facebook"]) == ("allow", "hold")
    assert "toelaten" in well(school("--lang", "nl", "registry", "unjudged", "website")).out


def test_a_channel_without_consent_asks_who_weighed_it(school: Fotopoort) -> None:
    assert "who made it" in well(school("registry", "basis")).err
    weighed = (
        "--weighed-by",
        "directie en MR",
        "--weighed-on",
        "2026-05-01",
        "--filed",
        "map AVG 3",
        "--reason",
        "besluit",
    )
    assert school("registry", "basis", "social_schools", "objection", *weighed[2:]).status == 2
    well(school("registry", "basis", "social_schools", "objection", *weighed))
    done = well(school("registry", "basis", "social_schools", "--json"))
    assert (done.documents[0]["weighed_by"], done.documents[0]["weighed_on"]) == ("directie en MR", "2026-05-01")
    assert "who made it" not in done.err
    assert "door directie en MR" in well(school("policy", "show", "--page", "parents")).out


def test_the_pages_follow_the_registry(school: Fotopoort, tmp_path: Path) -> None:
    rules = well(school("policy", "show", "--lang", "en")).out
    assert "everybody except those who objected" in rules
    well(school("registry", "basis", "social_schools", "consent", "--reason", "ouderraad"))
    assert "everybody except those who objected" not in well(school("policy", "show", "--lang", "en")).out
    well(school("policy", "show", "--page", "parents", "--out", tmp_path / "ouders.html"))
    page = (tmp_path / "ouders.html").read_text("utf-8")
    assert "geen toestemming" not in page
    assert "ouderraad" not in page
    assert "ouderraad" in well(school("policy", "show", "--page", "officer")).out


def test_consents_that_cannot_be_shown_are_listed(
    school: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = well(school("registry", "unproven", "--json")).documents
    assert (row["person"], row["channel"], row["lacks"]) == ("101", "website", ["no_wording", "nobody_named"])
    assert "wie het zei" in well(school("--lang", "nl", "registry", "unproven")).out
    path = tmp_path / "school.toml"
    path.write_text("[[wordings]]\npurpose = 'website'\nversion = '1'\nchannels = ['website']\nnl = 'Mag het?'\n")
    monkeypatch.setenv("FOTOPOORT_SCHOOL_FILE", str(path))
    well(school("registry", "consent", "101", "website", "granted", "--by", "moeder", "--wording", "1"))
    assert "Every consent can be shown" in well(school("registry", "unproven")).err
    (tmp_path / "lijst.csv").write_text("id;naam;Beeldmateriaal website;Geslacht\n102;Sem Bakker;ja;M\n")
    done = well(school("registry", "import", tmp_path / "lijst.csv", "--apply", "--wording", "1"))
    assert "“Beeldmateriaal website” = website" in done.err
    assert "Not needed, and not read: “Geslacht”" in done.err
    (row,) = well(school("registry", "unproven", "--json")).documents
    assert (row["person"], row["lacks"]) == ("102", ["nobody_named"])
    path.write_text("nmae = 'x'")
    assert school("registry", "people").status == 2


def test_people_are_added_changed_moved_up_and_erased(school: Fotopoort) -> None:
    well(school("registry", "add", "201", "Juf Anna", "--role", "staff", "--group", "groep 5"))
    well(school("registry", "change", "101", "--name", "Noor Berg", "--group", "groep 8", "--leaves", "31-07-2030"))
    assert [row["people"] for row in well(school("registry", "groups", "--json")).documents] == [2, 1]
    assert school("registry", "move-up", "--year", "2026", "--to", "x").status == 2
    moves = well(school("registry", "move-up", "--year", "2026", "--apply", "--json")).documents
    assert all(set(move) == {"group", "to", "persons"} for move in moves)
    well(school("registry", "erase", "101", "--reason", "ouders vroegen het", "--yes"))
    assert "101" not in school("registry", "export").out
    assert json.loads(well(school("registry", "export-person", "102")).out)["person"]["name"] == "Sem Bakker"
    well(school("audit", "verify"))


def test_who_comes_back_is_asked_again_unless_the_day_was_wrong(school: Fotopoort) -> None:
    def may() -> bool:
        rows = well(school("registry", "state", "groep 5", "website", "--json")).documents
        return any(row["may_be_shown"] for row in rows if row["id"] == "101")

    assert may()
    well(school("registry", "change", "101", "--leaves", "2026-07-01"))
    assert not may()
    assert "ask again" in well(school("registry", "change", "101", "--stays")).err
    assert not may()
    person = next(row for row in well(school("registry", "people", "--json")).documents if row["id"] == "101")
    assert (person["leaves"], len(person["had_left"])) == (None, 1)
    assert "ask again" not in well(school("registry", "change", "101", "--correction")).err
    assert may()
    well(school("registry", "change", "101", "--leaves", "2026-07-01"))
    assert "ask again" not in well(school("registry", "change", "101", "--stays", "--correction")).err
    assert may()
    assert school("registry", "change", "101", "--stays", "--leaves", "2026-07-01").status == 2
    well(school("audit", "verify"))


def test_a_purpose_that_is_gone_is_told_where_people_said_no_to_it(
    school: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    well(school("registry", "consent", "101", "social_media", "objected"))
    renamed = tmp_path / "policy.toml"
    renamed.write_text(PACKAGED.read_text("utf-8").replace('"social_media"', '"socials"'), "utf-8")
    monkeypatch.setenv("FOTOPOORT_POLICY_FILE", str(renamed))
    done = well(school("registry", "lists", "--json"))
    told = [row for row in done.documents if row["what"] == "gone purpose"]
    assert [(row["person"], row["purpose"], row["people"]) for row in told] == [(None, "social_media", 2)]
    assert "social_media" in done.err
    assert "doel is weg" in well(school("--lang", "nl", "registry", "lists")).out
    rows = well(school("registry", "state", "groep 5", "facebook", "--json")).documents
    assert not any(row["may_be_shown"] for row in rows), "the noes go on counting"


def test_a_photo_from_verdict_to_takedown(school: Fotopoort, photos: Path, tmp_path: Path) -> None:
    well(school("registry", "add", "103", "Lotte Smit", "--group", "groep 5"))  # two faces are of two people
    well(school("registry", "consent", "103", "website", "granted"))
    place = "website=https://school.example/1"
    arguments = (photos / "IMG_2.jpg", "--channel", "website", "--group", "groep 5", "--place", place, "--json")
    (document,) = well(school("screen", *arguments)).documents
    assert [question["persons"] for question in document["verdicts"]["website"]["questions"]] == [["102"]]
    (tmp_path / "said.json").write_text('{"absent": ["102"]}')
    out = ("--out", tmp_path / "out")
    (again,) = well(school("answer", document["id"], "--answers", tmp_path / "said.json", "--json", *out)).documents
    assert again["verdicts"]["website"]["questions"] == []
    assert Path(again["verdicts"]["website"]["rendition"]["path"]).is_file()
    taken_back = well(school("answer", document["id"], "--retract", again["answer"], "--json")).documents[0]
    assert taken_back["verdicts"]["website"]["questions"] == document["verdicts"]["website"]["questions"]
    assert school("answer", document["id"], "--retract", again["answer"]).status == 2, "it was taken back"
    said = well(school("answer", document["id"], "--answers", tmp_path / "said.json"))
    assert f"fotopoort answer {document['id']} --retract 3" in said.err
    replaced = ("--retract", 3, "--answers", tmp_path / "said.json", "--json")
    assert well(school("answer", document["id"], *replaced)).documents[0]["answer"] == 5
    done = well(school("registry", "consent", "101", "website", "objected"))
    assert "Photos to take down: 1" in done.err
    (task,) = well(school("registry", "takedowns", "--json")).documents
    assert (task["place"], task["person"]) == ("https://school.example/1", "101")
    well(school("registry", "taken-down", task["id"]))
    assert "Nothing" in school("registry", "takedowns").err
    rows = well(school("audit", "show", "--photo", photos / "IMG_2.jpg", "--json")).documents
    assert [row["kind"] for row in rows] == [
        *("verdict", "answer", "verdict", "answer.retracted", "verdict", "answer", "verdict"),
        *("answer.retracted", "answer", "verdict", "takedown", "takedown.done"),
    ]
    assert school("answer", "nothing", "--answers", tmp_path / "said.json").status == 2


def test_after_an_answer_nothing_looser_lies_where_the_photo_was_screened_to(
    school: Fotopoort, photos: Path, tmp_path: Path
) -> None:
    """Under the name that it had there, which an answer does not know; and nothing else is taken away."""
    out = ("--out", tmp_path / "out")
    (document,) = well(school("screen", photos / "IMG_1.png", "--channel", "website", "--json", *out)).documents
    earlier = Path(document["verdicts"]["website"]["rendition"]["path"])
    others = {"own.jpg": b"a photo of the school's own", "IMG_9.jpg": earlier.read_bytes() + b"\0"}
    for name, content in others.items():
        (earlier.parent / name).write_bytes(content)
    (tmp_path / "said.json").write_text('{"harmful": true}')
    (again,) = well(school("answer", document["id"], "--answers", tmp_path / "said.json", "--json", *out)).documents
    assert again["verdicts"]["website"]["outcome"] == "reject"
    assert {path.name for path in earlier.parent.iterdir()} == others.keys()


def test_an_answer_takes_away_what_an_earlier_run_wrote_long_ago(
    school: Fotopoort, photos: Path, tmp_path: Path
) -> None:
    """The same photo gives the same rendition: it lies there also where the photo was screened again since."""
    out, screen = ("--out", tmp_path / "out"), ("screen", photos / "IMG_1.png", "--channel", "website", "--json")
    earlier = Path(well(school(*screen, *out)).documents[0]["verdicts"]["website"]["rendition"]["path"])
    os.utime(earlier, (0, 0))
    (document,) = well(school(*screen)).documents
    (tmp_path / "said.json").write_text('{"harmful": true}')
    well(school("answer", document["id"], "--answers", tmp_path / "said.json", "--json", *out))
    assert not earlier.exists()


def test_a_blocked_photo_is_rejected_until_it_is_lifted(school: Fotopoort, photos: Path) -> None:
    photo = photos / "IMG_1.png"

    def rules() -> set[str]:
        (document,) = well(school("screen", photo, "--channel", "website", "--json")).documents
        return {reason["rule"] for reason in document["verdicts"]["website"]["reasons"]}

    assert "R02" not in rules()
    earlier = well(school("block", photo, "--reason", "ouder belde", "--json")).documents
    assert [row["outcome"] for row in earlier] == ["publish"]
    assert "R02" in rules()
    (block,) = well(school("registry", "blocks", "--json")).documents
    well(school("registry", "unblock", block["id"], "--reason", "mag weer"))
    assert "R02" not in rules()
    assert "alone" in well(school("block", "0" * 64, "--reason", "x")).err
    assert school("block", "nothing.jpg", "--reason", "x").status == 2
    (photos / "IMG_3.jpg.icloud").write_bytes(b"bplist")
    not_here = school("--lang", "nl", "block", photos / "IMG_3.jpg.icloud", "--reason", "x")
    assert (not_here.status, "iCloud" in not_here.err) == (2, True)


def test_an_override_holds_when_the_photo_is_judged_again(school: Fotopoort, photos: Path) -> None:
    (document,) = well(school("screen", photos / "IMG_2.jpg", "--channel", "website", "--json")).documents
    well(school("registry", "override", document["id"], "website", "R30", "--reason", "afscheid"))
    assert school("registry", "override", document["id"], "website", "R22", "--reason", "x").status == 2


def test_a_backup_is_restored_elsewhere(school: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    well(school("registry", "backup", tmp_path / "backup.gz"))
    assert school("registry", "restore", tmp_path / "backup.gz").status == 2
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "elsewhere"))
    well(school("registry", "restore", tmp_path / "backup.gz"))
    assert len(well(school("registry", "people", "--json")).documents) == 2


def test_the_daily_round_signs_the_log(school: Fotopoort, data_folder: Path) -> None:
    well(school("registry", "daily"))
    assert len(list((data_folder / "heads").iterdir())) == 1
    assert "1 signed heads" in well(school("audit", "verify")).out
    head = next((data_folder / "heads").iterdir())
    head.write_text(head.read_text().replace('"seq": ', '"seq": 1'))
    broken = school("audit", "verify")
    assert (broken.status, head.name in broken.err) == (1, True)
    well(school("registry", "keep", "cleared", "900", "--reason", "korter"))
    rows = {row["rule"]: row["days"] for row in well(school("registry", "retention", "--json")).documents}
    assert rows["cleared"] == 900
    well(school("registry", "retention", "--apply"))
    well(school("registry", "rotate-key"))


def test_who_was_erased_is_off_the_disk_also_where_another_could_not_be(
    school: Fotopoort, monkeypatch: pytest.MonkeyPatch
) -> None:
    vacuumed: list[bool] = []

    def failing(*_: object) -> None:
        raise RegistryUnavailable

    monkeypatch.setattr(Database, "vacuum", lambda _: vacuumed.append(True))
    monkeypatch.setattr(retention, "apply_in_parts", failing)
    assert school("registry", "retention", "--apply").status != 0
    assert vacuumed == [True]


def test_keys_are_shown_once(school: Fotopoort) -> None:
    key = well(school("registry", "keys", "add", "teacher", "--label", "juf Anna", "--group", "groep 5")).out.strip()
    (row,) = well(school("registry", "keys", "list", "--json")).documents
    assert key not in json.dumps(row)
    assert (row["role"], row["groups"], row["revoked"]) == ("teacher", ["groep 5"], None)
    well(school("registry", "keys", "revoke", row["id"]))
    assert school("registry", "keys", "revoke", row["id"]).status == 2
    assert school("registry", "keys", "add", "teacher", "--label", "x").status == 2


def test_a_registry_that_does_not_answer_rejects_every_photo(
    school: Fotopoort, photos: Path, data_folder: Path
) -> None:
    (data_folder / "registry.db").write_bytes(b"no database" * 1000)
    done = school("screen", photos, "--channel", "website", "--json")
    assert done.status == 1
    for document in done.documents:
        assert document["error"]["code"] == "registry_unavailable"
        assert [reason["rule"] for reason in document["verdicts"]["website"]["reasons"]] == ["R01"]


@pytest.mark.parametrize(("content", "words"), [(None, "no file with answers"), (b"\xff\xfe{}", "not JSON in UTF-8")])
def test_answers_that_cannot_be_read_are_one_sentence(
    fotopoort: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, words: str
) -> None:
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    assert fotopoort("registry", "init").status == 0
    answers = tmp_path / "antwoorden.json"
    if content is not None:
        answers.write_bytes(content)
    done = fotopoort("answer", "0" * 32, "--answers", answers)
    assert done.status == 2
    assert words in done.err
    assert len(done.err.splitlines()) == 1
