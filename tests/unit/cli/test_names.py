"""`fotopoort names check`: texts in, by argument or line by line, and what is said of each."""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from tests.waiting import PATIENCE

from fotopoort.errors import TextTooLong
from fotopoort.names.places import MAX_CHARACTERS

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done, Fotopoort

SERVICE = Path(__file__).parents[3] / "service"

Pipe: TypeAlias = "Callable[..., Done]"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A file with three names."""
    path = tmp_path / "namen.txt"
    path.write_text("Sem de Groot\nNoor Bakker\nRoos Kok\n", "utf-8")
    return path


@pytest.fixture
def pipe(fotopoort: Fotopoort, listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipe:
    """Give bytes to `fotopoort names check - --json` on stdin, with three names to look for."""

    def run(content: bytes, *arguments: str | Path) -> Done:
        (tmp_path / "stdin").write_bytes(content)
        with (tmp_path / "stdin").open() as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            return fotopoort("names", "check", *(arguments or ("-", "--json", "--names", listed)))

    return run


@pytest.fixture
def school(fotopoort: Fotopoort, class_list: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a registry with the fixtures' class list in it."""
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    assert fotopoort("registry", "import", class_list, "--apply").status == 0
    return tmp_path / "data"


def found(document: dict[str, Any]) -> list[str]:
    """What was found; with a question mark where it is not certain."""
    return [hit["text"] + "?" * (not hit["certain"]) for hit in document["hits"]]


def refused(done: Done) -> str:
    """The one sentence of a wrong use."""
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1), done.err
    return done.err


# --- texts as people type them ---------------------------------------------------------------------------

TYPED = [
    ("#semennoor", ["sem", "noor"], "#[naam]"),
    ("#noorjarig", ["noorjarig"], "#[naam]"),
    ("via @lottevdmeer", ["lottevdmeer"], "via @[naam]"),
    ("@noorbakker5 is er ook", ["noorbakker5"], "@[naam] is er ook"),
    ("IG: noor_bakker", ["noor_bakker"], "IG: [naam]"),
    ("Foto: @sem.degroot", ["sem.degroot"], "Foto: @[naam]"),
    ("mail noor.bakker@school.nl", ["noor.bakker@school.nl"], "mail [naam]"),
    ("Nooooor!", ["Nooooor"], "[naam]!"),
    ("Semmm!!!", ["Semmm"], "[naam]!!!"),
    ("SEM EN NOOR WINNEN DE QUIZ!", ["SEM", "NOOR"], "TWEE KINDEREN WINNEN DE QUIZ!"),
    ("Roos in de klas", ["Roos?"], "Een kind in de klas"),
    ("pim pam pet", [], "pim pam pet"),
]


def test_names_are_found_in_handles_hashtags_and_other_ways_of_writing(pipe: Pipe, class_list: Path) -> None:
    """Of a class list with a group, as a school has it."""
    texts = "\n".join(text for text, _, _ in TYPED).encode()
    done = pipe(texts, "-", "--json", "--registry", class_list, "--group", "groep 5")
    assert [(found(document), document["clean"]) for document in done.documents] == [
        (names, clean) for _, names, clean in TYPED
    ]


# --- one text --------------------------------------------------------------------------------------------


def test_a_text_gets_one_object_with_its_names_and_a_copy_without_them(fotopoort: Fotopoort, listed: Path) -> None:
    done = fotopoort("names", "check", "Sem en Noor bouwen een toren.", "--names", listed, "--json")
    assert (done.status, done.err) == (0, "")
    assert done.out == (
        '{"text": "Sem en Noor bouwen een toren.", "hits": ['
        '{"start": 0, "end": 3, "text": "Sem", "person": "Sem de Groot", "certain": true}, '
        '{"start": 7, "end": 11, "text": "Noor", "person": "Noor Bakker", "certain": true}], '
        '"clean": "Twee kinderen bouwen een toren."}\n'
    )


def test_several_texts_get_an_object_each_in_order(fotopoort: Fotopoort, listed: Path) -> None:
    done = fotopoort("names", "check", "Noor zingt", "", "niets", "--names", listed, "--json", "--", "-n Sem")
    assert [document["text"] for document in done.documents] == ["Noor zingt", "", "niets", "-n Sem"]
    assert [found(document) for document in done.documents] == [["Noor"], [], [], ["Sem"]]
    assert [document["clean"] for document in done.documents][1:3] == ["", "niets"]


@pytest.mark.parametrize(
    ("text", "names", "clean"),
    [
        ("😀😀 Vandaag las Sem voor", ["Sem"], "😀😀 Vandaag las een kind voor"),
        ("👩‍👧‍👦🏳️‍🌈 met Noor", ["Noor"], "👩‍👧‍👦🏳️‍🌈 met een kind"),
        ("<p><b>Sem</b> &amp; <a href='x?a=1&b=2'>Noor</a></p>", ["Sem", "Noor"],
         "<p><b>[naam]</b> &amp; <a href='x?a=1&b=2'>[naam]</a></p>"),
        ("S\u200bem en N\u00adoor", ["S\u200bem", "N\u00adoor"], "Twee kinderen"),
        ("שלום Sem מה שלומך", ["Sem"], "שלום een kind מה שלומך"),
        ("\u202eNoor\u202c", ["Noor"], "\u202e[naam]\u202c"),
        ("Een mooie Roos", ["Roos?"], "Een mooie [naam]"),
        ("twee regels:\nSem en\nNoor", ["Sem", "Noor"], "twee regels:\nTwee kinderen"),
        ("a\x1b[2J\x07 Sem", ["Sem"], "a\x1b[2J\x07 [naam]"),
    ],
    ids=["emoji", "joined emoji", "HTML", "zero width", "right to left", "turned", "a word", "lines", "control"],
)  # fmt: skip
def test_offsets_are_in_characters_whatever_stands_before(
    text: str, names: list[str], clean: str, fotopoort: Fotopoort, listed: Path
) -> None:
    (document,) = fotopoort("names", "check", text, "--names", listed, "--json").documents
    assert document["text"] == text
    assert found(document) == names
    assert [text[hit["start"] : hit["end"]] for hit in document["hits"]] == [name.rstrip("?") for name in names]
    assert document["clean"] == clean


# --- what people read ------------------------------------------------------------------------------------


def test_people_read_it_in_their_language(fotopoort: Fotopoort, listed: Path) -> None:
    texts = ("Sem en een lieve Roos", "Wij bouwen een toren.")
    assert fotopoort("names", "check", *texts, "--names", listed).out.splitlines() == [
        "Sem en een lieve Roos",
        "  Sem: naam van een kind (Sem de Groot)",
        "  Roos: misschien een naam van een kind (Roos Kok)",
        "  zonder namen: Een kind en een lieve [naam]",
        "Wij bouwen een toren.",
        "  geen naam van een kind gevonden",
    ]
    assert fotopoort("names", "check", *texts, "--names", listed, "--lang", "en").out.splitlines()[1:3] == [
        "  Sem: a child's name (Sem de Groot)",
        "  Roos: perhaps a child's name (Roos Kok)",
    ]


def test_a_name_of_several_children_is_nobody_in_particular(fotopoort: Fotopoort, tmp_path: Path) -> None:
    (tmp_path / "namen.txt").write_text("Emma Bos\nEmma Dekker\n")
    done = fotopoort("names", "check", "Daar is Emma", "--names", tmp_path / "namen.txt")
    assert "  Emma: naam van een kind\n" in done.out


def test_a_text_does_nothing_to_the_terminal(fotopoort: Fotopoort, listed: Path) -> None:
    done = fotopoort("names", "check", "\x1b[2J\x07\u202e[bold]Sem[/bold]\x9b", "--names", listed)
    assert done.status == 0
    assert "[bold]Sem[/bold]" in done.out
    assert not set(done.out) & set("\x1b\x07\x9b\u202e")


# --- line by line ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"Sem", ["Sem"]),
        (b"Sem\n", ["Sem"]),
        (b"\nSem\n\n\nNoor\n\n", ["", "Sem", "", "", "Noor", ""]),
        (b"Sem\r\n\r\nNoor\r\n", ["Sem", "", "Noor"]),
        (b"Sem\rNoor\n", ["Sem\rNoor"]),
        ("Sem\u2028Noor\x85\x0c\nNoor".encode(), ["Sem\u2028Noor\x85\x0c", "Noor"]),
        ("\ufeffSem\nZoë".encode(), ["Sem", "Zoë"]),
        ("Sem 😀\r\nZoë\n".encode("utf-16"), ["Sem 😀", "Zoë"]),
        ("\ufeffSem ਊ\nZoë".encode("utf-16-be"), ["Sem ਊ", "Zoë"]),
        ("Zoë – “Sem”\nNoor €".encode("cp1252"), ["Zoë – “Sem”", "Noor €"]),
        ("Zoë\n".encode() + "Zoë\n".encode("cp1252"), ["Zoë", "Zoë"]),
    ],
    ids=["nothing", "an empty line", "no end", "one line", "empty lines", "CRLF", "CR alone", "other ends", "UTF-8 BOM",
         "UTF-16", "UTF-16 BE", "Windows-1252", "mixed"],
)  # fmt: skip
def test_each_line_gets_an_object(content: bytes, texts: list[str], pipe: Pipe) -> None:
    done = pipe(content)
    assert (done.status, done.err) == (0, "")
    assert [document["text"] for document in done.documents] == texts
    for document in done.documents:
        assert found(document) == [name for name in ("Sem", "Noor") if name in document["text"]]


def test_lines_and_arguments_keep_their_order_and_stdin_is_read_once(pipe: Pipe, listed: Path) -> None:
    done = pipe(b"een\ntwee\n", "nul", "-", "drie", "-", "--names", listed, "--json")
    assert [document["text"] for document in done.documents] == ["nul", "een", "twee", "drie"]


def test_a_line_may_have_a_million_characters(pipe: Pipe) -> None:
    longest = "é" * (MAX_CHARACTERS - 4) + " Sem"
    (document, after) = pipe(f"{longest}\r\nNoor".encode()).documents
    assert document["text"] == longest
    assert (document["hits"][0]["end"], found(after)) == (1_000_000, ["Noor"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("more", [1, 2, 3, MAX_CHARACTERS + 5, 4 * MAX_CHARACTERS])
@pytest.mark.parametrize("last", [False, True], ids=["on the way", "at the end"])
def test_of_a_line_that_is_too_long_the_error_stands_in_its_place(
    last: bool, more: int, encoding: str, pipe: Pipe
) -> None:
    lines = ["Sem", "Noor" + "x" * (MAX_CHARACTERS - 4 + more)] + ["Roos leest voor"] * (not last)
    done = pipe("\n".join(lines).encode(encoding))
    assert done.status == 1
    first, wrong, *after = done.documents
    assert (found(first), [found(document) for document in after]) == (["Sem"], [["Roos"]] * (not last))
    assert wrong.keys() == {"error"}
    assert (wrong["error"]["code"], wrong["error"]["hint"]) == ("text_too_long", "Send it in parts.")
    assert done.err == ""


def test_a_line_is_looked_through_whole_or_not_at_all(pipe: Pipe) -> None:
    """Also where it could be cut off just behind a carriage return."""
    (wrong,) = pipe(b"x" * MAX_CHARACTERS + b"\rSem\n").documents
    assert wrong["error"]["code"] == "text_too_long"


@pytest.mark.parametrize(
    "line",
    [b"Noor \x81\x8d", b"No\0or", "Noor".encode("utf-16-le")],
    ids=["no known encoding", "a zero", "UTF-16 without a mark"],
)
def test_of_a_line_that_is_no_text_the_error_stands_in_its_place(line: bytes, pipe: Pipe) -> None:
    done = pipe(b"Sem\n" + line + b"\nRoos leest voor\n")
    first, wrong, after = done.documents
    assert (done.status, found(first), found(after)) == (1, ["Sem"], ["Roos"])
    assert wrong["error"] == {
        "code": "bad_names",
        "message": "The text is neither UTF-8 nor Windows-1252.",
        "hint": "Send it as UTF-8.",
    }
    assert done.err == ""


def test_people_read_of_a_line_that_went_wrong_too(pipe: Pipe, listed: Path) -> None:
    done = pipe(b"\x81\nSem\n", "-", "--names", listed)
    assert done.status == 1
    assert done.out.splitlines()[:2] == [
        "  The text is neither UTF-8 nor Windows-1252. Send it as UTF-8.",
        "Sem",
    ]


@pytest.mark.parametrize("as_json", [True, False], ids=["JSON", "people"])
def test_each_line_is_answered_before_the_next_one_comes(as_json: bool, listed: Path) -> None:
    """So that a CMS can keep it running."""
    running = subprocess.Popen(
        [sys.executable, "-m", "fotopoort", "names", "check", "-", "--names", listed, *["--json"] * as_json],
        env=os.environ | {"PYTHONPATH": str(SERVICE)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with running:
        assert running.stdin is not None
        assert running.stdout is not None
        for name in ("Sem", "Noor"):
            running.stdin.write(f"{name} zingt\n".encode())
            running.stdin.flush()
            answer = b""
            while name.encode() not in answer:
                assert select.select([running.stdout], [], [], PATIENCE)[0], "no answer"
                answer += os.read(running.stdout.fileno(), 1000)
        running.stdin.close()
        running.stdout.read()
    assert running.returncode == 0


# --- a list of names in a file ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "people"),
    [
        (b"Sem de Groot\nNoor Bakker", ["Sem de Groot", "Noor Bakker"]),
        ("\ufeffSem de Groot\r\n\r\n  Noor \t Bakker  \r\n".encode(), ["Sem de Groot", "Noor Bakker"]),
        (b"Sem de Groot\nSem  de Groot\nNoor Bakker\nSem de Groot\n", ["Sem de Groot", "Noor Bakker"]),
        (b"Groot, Sem de\nBakker, Noor\n", ["Groot, Sem de", "Bakker, Noor"]),
        ("Sem de Groot\nNoor Bakker\nZoë Jacobs".encode("cp1252"), ["Sem de Groot", "Noor Bakker"]),
        ("Sem de Groot\nNoor Bakker\n".encode("utf-16"), ["Sem de Groot", "Noor Bakker"]),
        (b"Sem\nNoor\n", ["Sem", "Noor"]),
    ],
    ids=["plain", "as Windows saves it", "twice", "surname first", "Windows-1252", "UTF-16", "first names"],
)
def test_a_list_has_a_name_on_each_line(
    content: bytes, people: list[str], fotopoort: Fotopoort, tmp_path: Path
) -> None:
    (tmp_path / "namen.txt").write_bytes(content)
    (document,) = fotopoort("names", "check", "Sem ziet Noor", "--names", tmp_path / "namen.txt", "--json").documents
    assert [hit["person"] for hit in document["hits"]] == people


def test_a_list_may_come_through_a_pipe(fotopoort: Fotopoort, tmp_path: Path) -> None:
    """As from `--names <(…)`."""
    end, start = os.pipe()
    os.write(start, b"Sem de Groot\n")
    os.close(start)
    try:
        (document,) = fotopoort("names", "check", "Sem", "--names", f"/dev/fd/{end}", "--json").documents
    finally:
        os.close(end)
    assert found(document) == ["Sem"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "no list of names at that path"),
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n  \r\n", "empty"),
        (b"Sem de Groot\nid;naam\n1;Noor\n", "Line 2"),
        (b"Sem de Groot,groep 5,ja\n", "Line 1"),
        (b"Sem de Groot " * 20, "Line 1"),
        (b"PK\x03\x04\0\0\0\0Sem", "not a text file"),
        (b"Sem de Groot\n" * 200_000, "larger than 2 MB"),
    ],
    ids=["none", "empty", "blank", "semicolons", "commas", "one long line", "a spreadsheet", "endless"],
)
def test_a_list_that_cannot_be_used_is_wrong_use(
    content: bytes | None, expected: str, fotopoort: Fotopoort, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "namen.txt").write_bytes(content)
    message = refused(fotopoort("names", "check", "Noor zingt", "--names", tmp_path / "namen.txt", "--json"))
    assert expected in message
    assert not {"Sem", "Noor", "Groot"} & set(message.split())


def test_a_folder_is_no_list(fotopoort: Fotopoort, tmp_path: Path) -> None:
    assert "Name a text file that you may read." in refused(fotopoort("names", "check", "Sem", "--names", tmp_path))


@pytest.mark.parametrize("more", [("--group", "groep 5"), ("--registry", "klas.csv")], ids=["group", "class list"])
def test_a_plain_list_has_no_groups(more: tuple[str, str], fotopoort: Fotopoort, listed: Path) -> None:
    assert "no groups" in refused(fotopoort("names", "check", "Sem", "--names", listed, *more))


# --- the school's own names ------------------------------------------------------------------------------


def test_a_class_list_is_searched_for_and_the_group_more_strictly(fotopoort: Fotopoort, class_list: Path) -> None:
    def look(*options: str) -> list[str]:
        text = "wij zien sem en sara, en juf Ellen"
        (document,) = fotopoort("names", "check", text, "--registry", class_list, "--json", *options).documents
        return found(document)

    assert look() == ["sem", "sara"], "no more than a few classes: all of them strictly"
    assert look("--group", "Groep  5") == ["sem", "sara?"]
    assert look("--group", "groep 6") == ["sem?", "sara"]
    assert look("--group", "groep 5", "--group", "groep 6") == ["sem", "sara"]


def test_the_registry_is_searched_for_and_tells_ids(school: Path, fotopoort: Fotopoort) -> None:
    (document,) = fotopoort("names", "check", "Sem en Sara", "--json", "--group", "groep 5").documents
    assert [(hit["text"], hit["person"]) for hit in document["hits"]] == [("Sem", "p4"), ("Sara", "p41")]
    assert "Sem: naam van een kind (p4)" in fotopoort("names", "check", "Sem zingt").out


@pytest.mark.parametrize("group", ["groep 7", "5", ""])
def test_an_unknown_group_is_wrong_use_and_the_groups_are_told(
    group: str, school: Path, fotopoort: Fotopoort, class_list: Path
) -> None:
    for source in ((), ("--registry", class_list)):
        message = refused(fotopoort("names", "check", "Noor zingt", "--group", group, *source))
        assert "groep" in message.partition("class list.")[2], "what there is, or what was meant"


@pytest.mark.parametrize("text", ["Sem", "-"])
def test_without_any_list_nothing_is_checked_and_it_is_said_what_to_do(text: str, pipe: Pipe) -> None:
    message = refused(pipe(b"", text, "--json"))
    assert "no list of names" in message
    for way in ("fotopoort registry import", "--names", "--registry"):
        assert way in message


def test_a_registry_of_nobody_is_no_list(fotopoort: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    assert fotopoort("registry", "init").status == 0
    assert "no list of names" in refused(fotopoort("names", "check", "Sem"))


def test_a_registry_that_cannot_be_read_is_status_1(school: Path, fotopoort: Fotopoort) -> None:
    """Rather than a text that passes for one without names."""
    for path in school.glob("registry.db*"):
        path.write_bytes(b"no database at all" * 1000)
    done = fotopoort("names", "check", "Sem", "--json")
    assert (done.status, done.out) == (1, "")
    assert "registry" in done.err
    assert "Traceback" not in done.err


def test_no_text_is_wrong_use(fotopoort: Fotopoort) -> None:
    done = fotopoort("names", "check")
    assert (done.status, done.out) == (2, "")


def test_nobody_is_named_in_the_log_or_on_stderr(
    pipe: Pipe, listed: Path, school: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="fotopoort")
    (tmp_path / "stuk.txt").write_text("Noor Bakker;Sem de Groot\n")
    runs = [
        pipe(b"Noor Bakker\n\x81 Sem\n" + b"Sem de Groot " * 100_000, "-", *options)
        for options in (("--names", listed), (), ("--group", "Noor Bakker"), ("--names", tmp_path / "stuk.txt"))
    ]
    assert [done.status for done in runs] == [1, 1, 2, 2]
    for output in (caplog.text, *(done.err for done in runs)):
        assert not [name for name in ("Noor", "Bakker", "Sem", "Groot") if name in output]


def test_json_is_plain_ascii_that_any_program_reads(fotopoort: Fotopoort, listed: Path) -> None:
    done = fotopoort("names", "check", "Zoë 😀 Sem", "--names", listed, "--json")
    assert done.out.isascii()
    assert json.loads(done.out)["text"] == "Zoë 😀 Sem"


def test_the_error_of_a_text_is_in_the_language_asked_for(fotopoort: Fotopoort, tmp_path: Path) -> None:
    (tmp_path / "namen.txt").write_text("Fenna Bakker\n", "utf-8")
    command = ("names", "check", "a" * (MAX_CHARACTERS + 1), "--names", tmp_path / "namen.txt", "--json")
    english, dutch = fotopoort(*command).documents[0], fotopoort("--lang", "nl", *command).documents[0]
    assert english == {"error": TextTooLong().as_dict("en")}
    assert dutch == {"error": TextTooLong().as_dict("nl")}
