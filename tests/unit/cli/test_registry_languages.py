"""What the registry's commands print is in the language that was asked for: all of it, and in both."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer import rich_utils

from fotopoort.cli import registry
from fotopoort.cli.app import COMMANDS as ALL
from fotopoort.cli.app import WITH_DUTCH, _load
from fotopoort.cli.registry.dutch import HELP
from fotopoort.cli.registry.headings import HEADINGS, VALUES
from fotopoort.jobs.job import JobState
from fotopoort.policy.policy import Ground
from fotopoort.registry.access.roles import KeyRole
from fotopoort.registry.consent.derivation import Capacity
from fotopoort.registry.school_settings import Unjudged
from fotopoort.vocabulary import ConsentState, Language, Role

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Fotopoort

LIST = "id;naam;groep;website\n101;Noor van den Berg;groep 5;ja\n102;Sem Bakker;groep 5;\n"
COMMANDS = Path(registry.__file__).parent
FILES = [
    *sorted(COMMANDS.glob("*.py")),
    COMMANDS.parent / "audit.py",
    COMMANDS.parent / "serve.py",
    *(COMMANDS.parent / name / "app.py" for name in ("jobs", "pull", "users", "webhooks")),
    COMMANDS.parent / "doctor" / "command.py",
    COMMANDS.parent / "webhooks" / "sources.py",
]
SPEAKERS = {"echo", "confirm", "say", "show", "print"}
# Words of one language that the other does not have, of those that stand in these lines.
ENGLISH = re.compile(r"\b(the|there|nothing|nobody|written|done|taken|rows?|photos|shown|said|does|leave|was)\b", re.I)
DUTCH = re.compile(r"\b(het|de|er|niets|niemand|opgeschreven|klaar|regels?|foto's|alleen|geen|wordt|zijn|niet)\b", re.I)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_line_is_printed_that_is_in_one_language_only(file: Path) -> None:
    """Whatever is printed comes from a `Text`, and so do the parts that are put together for it."""
    for call in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in SPEAKERS:
            said = [*call.args, *(word.value for word in call.keywords if word.arg == "nothing")]
            literal = [part for part in said if isinstance(part, ast.JoinedStr | ast.Constant)]
            assert not [ast.unparse(part) for part in literal if re.search("[A-Za-z]{2}", _words(part))]


def _words(part: ast.expr) -> str:
    """What a string says itself, without what is filled in."""
    parts = part.values if isinstance(part, ast.JoinedStr) else [part]
    return " ".join(str(piece.value) for piece in parts if isinstance(piece, ast.Constant))


@pytest.mark.parametrize(("language", "own", "other"), [("nl", DUTCH, ENGLISH), ("en", ENGLISH, DUTCH)])
def test_every_command_speaks_the_language_that_was_asked_for(
    language: str, own: re.Pattern[str], other: re.Pattern[str], fotopoort: Fotopoort, tmp_path: Path
) -> None:
    (tmp_path / "lijst.csv").write_text(LIST)
    (tmp_path / "later.csv").write_text("id;naam;groep;website\n101;Bo Smit;groep 5;ja\n")
    commands: list[list[str | Path]] = [
        ["registry", "init"],
        ["registry", "people"],
        ["registry", "import", tmp_path / "lijst.csv"],
        ["registry", "import", tmp_path / "lijst.csv", "--apply"],
        ["registry", "import", tmp_path / "lijst.csv"],
        ["registry", "add", "103", "Lotte Smit", "--group", "groep 5"],
        ["registry", "change", "103", "--leaves", "2020-07-01"],
        ["registry", "consent", "101", "website", "objected"],
        ["registry", "import", tmp_path / "later.csv"],
        ["registry", "consents", "102"],
        ["registry", "lists"],
        ["registry", "basis", "tv"],
        ["registry", "unjudged", "tv"],
        ["registry", "groups", "--year", "1999"],
        ["registry", "move-up", "--year", "2026"],
        ["registry", "erase", "103", "--reason", "x", "--yes"],
        ["registry", "takedowns"],
        ["registry", "blocks"],
        ["block", "0" * 64, "--reason", "x"],
        ["registry", "retention"],
        ["registry", "keep", "cleared", "900", "--reason", "x"],
        ["registry", "daily"],
        ["jobs", "list"],
        ["jobs", "retry", "--all"],
        ["registry", "backup", tmp_path / "backup.gz"],
        ["registry", "rotate-key"],
        ["registry", "keys", "list"],
        ["registry", "keys", "add", "machine", "--label", "x"],
    ]
    said = []
    for command in commands:
        done = fotopoort("--lang", language, *command)
        assert done.status == 0, done.err
        said += done.err.splitlines()
    for line in said:
        assert not other.search(re.sub(r"`[^`]*`|\bUndoes\b", "", line)), line
    assert sum(bool(own.search(line)) for line in said) > len(said) / 2
    verified = fotopoort("--lang", language, "audit", "verify").out
    assert own.search(verified)
    assert not other.search(verified)


def columns_shown() -> set[str]:
    """Every column that some table of these commands has: the words in the tuples that are called `columns`, or given
    to `show`."""
    columns: set[str] = set()
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "columns":
                columns |= _constants(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "show":
                columns = columns.union(*(_constants(part) for part in node.args if isinstance(part, ast.Tuple)))
    return columns


def _constants(node: ast.expr) -> set[str]:
    return {str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant)}


def test_every_column_of_every_table_has_a_dutch_heading() -> None:
    shown = columns_shown()
    assert {"at", "speaker", "may_be_shown", "nl"} <= shown  # they are found
    assert shown <= HEADINGS.keys()


def test_every_value_of_a_fixed_choice_has_a_dutch_word() -> None:
    assert {"basis": set(VALUES["basis"]), "capacity": set(VALUES["capacity"])} == {
        "basis": {ground.value for ground in Ground},
        "capacity": {capacity.value for capacity in Capacity},
    }
    assert {role.value for role in (*Role, *KeyRole)} == set(VALUES["role"])
    assert {state.value for state in (*ConsentState, *JobState)} == set(VALUES["state"])
    assert set(VALUES["unjudged"]) == {what.value for what in Unjudged}


def test_tables_are_in_the_language_that_was_asked_for_and_json_stays_as_it_was(
    fotopoort: Fotopoort, tmp_path: Path
) -> None:
    (tmp_path / "lijst.csv").write_text(LIST)
    dutch = fotopoort("--lang", "nl", "registry", "import", tmp_path / "lijst.csv", "--apply").out
    assert "gezegd" in dutch
    assert "website toestemming" in dutch
    fotopoort("registry", "consent", "102", "website", "refused", "--by", "moeder")
    command = ("registry", "consents", "102")
    table = fotopoort("--lang", "nl", *command).out
    assert {"wanneer", "doel", "geweigerd"} <= set(re.split(r"\s{2,}|\n", table))
    assert "refused" not in table
    assert "refused" in fotopoort(*command).out
    assert '"word": "refused"' in fotopoort("--lang", "nl", *command, "--json").out
    people = fotopoort("--lang", "nl", "registry", "people").out
    assert "leerling" in people
    assert "pupil" not in people


def test_what_to_look_at_in_a_list_is_told_in_both_languages(fotopoort: Fotopoort, tmp_path: Path) -> None:
    (tmp_path / "lijst.csv").write_text(LIST)
    fotopoort("registry", "import", tmp_path / "lijst.csv", "--apply")
    fotopoort("registry", "consent", "101", "website", "objected")
    fotopoort("registry", "change", "102", "--leaves", "2020-07-01")
    again = tmp_path / "later.csv"
    again.write_text("id;naam;groep;website\n101;Bo Smit;groep 5;ja\n102;Sem Bakker;groep 5;\n")
    dutch = fotopoort("--lang", "nl", "registry", "import", again).err
    english = fotopoort("--lang", "en", "registry", "import", again).err
    for words in (
        "Regel 2: de lijst zegt ja",
        "Regel 2: het register heeft een heel andere naam",
        "Regel 3: deze persoon",
    ):
        assert words in dutch
    for words in ("Line 2: the list says yes", "Line 2: the registry has quite another name", "Line 3: this person"):
        assert words in english
    (tmp_path / "zonder.csv").write_text("naam;groep\nNoor Berg;groep 6\n")
    assert "geen id's" in fotopoort("--lang", "nl", "registry", "import", tmp_path / "zonder.csv").err
    assert "has no ids" in fotopoort("registry", "import", tmp_path / "zonder.csv").err


# --- help ------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def english_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards the headings of help are English again, for whatever else runs in this process."""
    for title in ("ARGUMENTS_PANEL_TITLE", "OPTIONS_PANEL_TITLE", "COMMANDS_PANEL_TITLE"):
        monkeypatch.setattr(rich_utils, title, getattr(rich_utils, title))


def sentences(command: Any) -> set[str]:  # noqa: ANN401 - typer's own command
    """Every sentence in the help of a command and of those in it."""
    said = {command.help or "", *(getattr(param, "help", None) or "" for param in command.params)}
    return said.union(*(sentences(inner) for inner in getattr(command, "commands", {}).values())) - {""}


def office_commands() -> set[str]:
    """Every command that stands where the office's do, in whatever file."""
    modules = {f"fotopoort.cli.{file.relative_to(COMMANDS.parent).with_suffix('').as_posix()}" for file in FILES}
    return {name for name, place in ALL.items() if place.partition(":")[0] in {m.replace("/", ".") for m in modules}}


def test_every_command_of_the_office_is_found() -> None:
    assert office_commands() == WITH_DUTCH
    assert office_commands() >= {"registry", "audit", "block", "own-child", "answer"}


@pytest.mark.parametrize("name", sorted(office_commands()))
def test_all_help_can_be_in_dutch(name: str) -> None:
    english, dutch = sentences(_load(name)), sentences(_load(name, Language.NL))
    assert english <= HELP.keys(), "add them to cli/registry/dutch.py"
    assert dutch <= {*HELP.values()}


def test_the_list_of_all_commands_is_in_the_language_that_was_asked_for(fotopoort: Fotopoort) -> None:
    english, dutch = fotopoort("--help").out, fotopoort("--lang", "nl", "--help").out
    assert not DUTCH.search(english)
    assert not ENGLISH.search(re.sub(r"--\S+", "", dutch))
    assert "Maak de kopie van een foto" in dutch
    for name in ALL:
        assert _load(name).help in HELP, "its sentence in the list of all commands"


def test_help_is_in_the_language_that_was_asked_for(fotopoort: Fotopoort) -> None:
    assert "Everyone in the registry" in fotopoort("registry", "--help").out
    done = fotopoort("--lang", "nl", "registry", "--help")
    assert "Iedereen in het register" in done.out
    assert "Laat deze tekst zien" in done.out
