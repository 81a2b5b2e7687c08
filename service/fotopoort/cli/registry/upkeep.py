"""`fotopoort registry …`: lists in and out, backups, and what is kept for how long."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from fotopoort.application.contract.plain import plain
from fotopoort.cli.registry.people import DAYS, Day, Id, Year
from fotopoort.cli.registry.rows import AsJson, day, say, show, spoken
from fotopoort.cli.registry_session import open_registry, writing
from fotopoort.errors import BadClassList, FileMissing, UseError
from fotopoort.files import write_whole
from fotopoort.registry import maintenance, retention, school_settings
from fotopoort.registry.access.roles import Act, console
from fotopoort.registry.lists import exports, imports
from fotopoort.registry.lists.parsed_list import ImportOptions, renames
from fotopoort.registry.lists.sheets import MAX_BYTES, read_sheets
from fotopoort.registry.registry import Registry
from fotopoort.registry.store import backup, sealed_files
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Text

Apply = Annotated[bool, typer.Option("--apply", help="Do it; without, it is only told.")]
Out = Annotated[Path | None, typer.Option(help="The file to write; stdout if left out.")]


ALL_DONE: Final = Text(nl="Alles is gedaan.", en="All of it was done.")
NOTHING_DONE: Final = Text(
    nl="Er is niets gedaan. Voeg --apply toe om het te doen.", en="Nothing was done. Add --apply to do it."
)


def import_list(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV file or a spreadsheet.")],
    apply: Apply = False,
    year: Year = None,
    rename: Annotated[list[str] | None, typer.Option(metavar="TITLE=COLUMN", help="What a title stands for.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="TITLE", help="A column to leave out.")] = None,
    leave_on: Annotated[
        Day, typer.Option(formats=DAYS, help="Who is in a group on the list, and not on it, leaves on this day.")
    ] = None,
    wording: Annotated[str, typer.Option(help="Which version of the question the answers are to.")] = "",
    as_json: AsJson = False,
) -> None:
    """Import a class list: tell line by line what it changes; with --apply, do all of it or nothing."""
    renamed = renames(_pair(text) for text in rename or [])
    options = ImportOptions(renamed, tuple(ignore or ()), year, day(leave_on), wording)
    content = _read(file)
    sheets = read_sheets(content)
    with open_registry(load_settings(), make=True) as (registry, caller):
        with registry.write(caller, Act.IMPORT) as session:
            plan = imports.plan(session, content, options, sheets)
            if apply:
                imports.apply(session, plan)
    columns = ("line", "person", "new", "fields", "groups", "words")
    show(
        context,
        plan.changes,
        columns,
        as_json=as_json,
        nothing=Text(nl="Er is niets anders.", en="Nothing is different."),
    )
    if read := [title for title in plan.titles if title.read_as]:
        titles = "; ".join(f"“{title.title}” = {title.read_as}" for title in read)
        say(context, Text(nl=f"Gelezen als toestemming: {titles}.", en=f"Read as consents: {titles}."))
    if left_out := [title.title for title in plan.titles if not title.read_as and not title.biometric]:
        titles = ", ".join(f"“{title}”" for title in left_out)
        say(context, Text(nl=f"Niet nodig, en niet gelezen: {titles}.", en=f"Not needed, and not read: {titles}."))
    for nl, en in zip(plan.warnings_nl, plan.warnings, strict=True):
        say(context, Text(nl, en))
    changed, unchanged, leaving = len(plan.changes), plan.unchanged, len(plan.leaving)
    say(
        context,
        Text(
            nl=f"{changed} regels veranderen iets, {unchanged} niet; {leaving} mensen gaan van school.",
            en=f"{changed} lines change something, {unchanged} do not; {leaving} people leave.",
        ),
    )
    say(context, ALL_DONE if apply else NOTHING_DONE)


def export(
    group: Annotated[str | None, typer.Option(help="Only this group.")] = None,
    consents: Annotated[bool, typer.Option("--consents", help="All that was said, in place of the people.")] = False,
    out: Out = None,
) -> None:
    """The class list, or all that was said, as a CSV that can be imported again."""
    with writing(Act.EXPORT) as session:
        content = exports.consents(session) if consents else exports.class_list(session, group)
    _write(content, out)


def export_person(person: Id, out: Out = None) -> None:
    """Everything that is known of one person, as JSON: for when they or their parents ask."""
    with writing(Act.EXPORT) as session:
        content = exports.person_export(session, person)
    _write((json.dumps(plain(content), indent=2, ensure_ascii=False) + "\n").encode(errors="replace"), out)


def show_retention(context: typer.Context, apply: Apply = False, as_json: AsJson = False) -> None:
    """What has been kept long enough; with --apply, take it away."""
    with open_registry(load_settings()) as (registry, caller):
        if apply:
            try:
                due = retention.apply_in_parts(registry, caller)
            finally:
                registry.database.vacuum()
        else:
            with registry.read(caller, Act.MAINTAIN) as session:
                due = retention.plan(session)
    show(
        context,
        due,
        ("rule", "days", "count", spoken(context, Text("nl", "en"))),
        as_json=as_json,
        nothing=Text(nl="Er zijn geen regels.", en="There are no rules."),
    )
    if not apply:
        say(
            context,
            Text(
                nl="Er is niets weggehaald. Voeg --apply toe om het te doen.",
                en="Nothing was taken away. Add --apply to do it.",
            ),
        )


def keep(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(help="As `registry retention` shows it.")],
    days: Annotated[int, typer.Argument(min=1, max=36_500)],
    reason: Annotated[str, typer.Option(help="Why, in a few words.")],
) -> None:
    """Lay down how many days a kind of record is kept."""
    with writing(Act.SET) as session:
        school_settings.set_days(session, retention.setting(rule), days, reason)
    say(context, Text(nl="Vastgelegd.", en="Laid down."))


def daily(context: typer.Context) -> None:
    """What `fotopoort serve` does by itself once a day: retention, and the signed head of the audit log."""
    with open_registry(load_settings()) as (registry, _):
        maintenance.frequent(registry)
        maintenance.daily(registry)
    say(context, Text(nl="Klaar.", en="Done."))


def make_backup(context: typer.Context, file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write the whole registry, of every school, to one file. Key files and held photos are not in it."""
    with open_registry(load_settings()) as (registry, caller):
        rows = backup.backup(registry, caller, file)
    say(
        context,
        Text(
            nl=f"{rows} regels in de back-up. Er staan namen in: bewaar hem waar ook het register zou mogen staan.",
            en=f"{rows} rows in the backup. It holds names: keep it where the registry could be kept.",
        ),
    )


def restore(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="A file that `registry backup` wrote.")]
) -> None:
    """Fill an empty registry from a backup: all of it, or nothing."""
    settings = load_settings()
    registry = Registry.open(settings, migrate=False)
    try:
        rows = backup.restore(registry, console(settings.tenant), file)
    finally:
        registry.close()
    say(
        context,
        Text(
            nl=f"{rows} regels teruggezet; het logboek klopt. Wat na de back-up is gezegd, is weg: voer elk nee, elke"
            " blokkade en elke wissing van daarna opnieuw in, en zet daarna pas de dienst aan.",
            en=f"{rows} rows restored; the audit log holds together. What was said after the backup is gone: enter each"
            " no, each block and each erasure since then again, and only then start the service.",
        ),
    )


def rotate_key(context: typer.Context) -> None:
    """Hold the photos that wait for answers under a new key, and let the old key go."""
    with writing(Act.MAINTAIN) as session:
        count = sealed_files.rotate(session)
    say(context, Text(nl=f"Bestanden onder de nieuwe sleutel: {count}.", en=f"Files under the new key: {count}."))


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise BadClassList(
                Text(
                    nl=f"Het bestand is groter dan {MAX_BYTES // 1_000_000} MB.",
                    en=f"The file is larger than {MAX_BYTES // 1_000_000} MB.",
                ),
                hint=Text(nl="Importeer het in delen.", en="Import it in parts."),
            )
        return file.read_bytes()
    except FileNotFoundError:
        raise FileMissing(
            Text(nl="Op dat pad staat geen klassenlijst.", en="There is no class list at that path.")
        ) from None
    except OSError:
        raise BadClassList(
            Text(nl="De klassenlijst kan niet worden gelezen.", en="The class list cannot be read."),
            hint=Text(nl="Noem een bestand dat je mag lezen.", en="Name a file that you may read."),
        ) from None


def _write(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        write_whole(out, content, mode=0o600)


def _pair(text: str) -> tuple[str, str]:
    title, equals, column = text.rpartition("=")
    if not equals:
        raise UseError(
            Text(nl="Bij --rename horen een titel en een kolom.", en="--rename takes a title and a column."),
            hint=Text(nl="Zoals in --rename 'Lln.nr=id'.", en="As in --rename 'Lln.nr=id'."),
        )
    return title, column
