"""`fotopoort registry …`: people, their groups, and the year's end."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import typer

from fotopoort.cli.registry.rows import AsJson, day, say, show, spoken
from fotopoort.cli.registry_session import open_registry, reading, writing
from fotopoort.errors import UseError
from fotopoort.registry.access.roles import Act
from fotopoort.registry.people import erasure, groups, people, school_years
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Role, Text

Id = Annotated[str, typer.Argument(metavar="ID", help="The school's own id, a pupil number.")]
Day = datetime | None
Year = Annotated[int | None, typer.Option(help="The year in which the school year begins; this one if left out.")]
ASK_AGAIN: Final = Text(
    nl="Deze persoon was van school. Een ja van eerder telt niet meer: vraag het opnieuw. Was de laatste dag verkeerd"
    " opgeschreven? Zeg dat dan met `fotopoort registry change ID --correction`.",
    en="This person had left. An earlier yes no longer counts: ask again. If the last day was written down wrongly, say"
    " so with `fotopoort registry change ID --correction`.",
)
FOR_GOOD: Final = Text(nl="Deze persoon voorgoed wissen?", en="Erase this person for good?")
DAYS = ["%Y-%m-%d", "%d-%m-%Y"]


def list_people(
    context: typer.Context,
    group: Annotated[str | None, typer.Option(help="Only who is in this group.")] = None,
    year: Year = None,
    as_json: AsJson = False,
) -> None:
    """Everyone in the registry, by name."""
    with reading(Act.SEE_PEOPLE) as session:
        groups_of = groups.by_person(session, year)
        refs = {person_id: ref for ref, person_id in people.ids(session).items()}
        rows = [
            {
                "id": record.id,
                "name": record.name,
                "role": record.role,
                "groups": sorted(groups_of.get(refs[record.id], ())),
                "own_from": record.own_from,
                "leaves": record.leaves,
                "informed": record.informed,
                "had_left": list(record.had_left),
            }
            for record in people.records(session, group, year)
        ]
    show(
        context,
        rows,
        ("id", "name", "role", "groups", "leaves"),
        as_json=as_json,
        nothing=Text(nl="Er staat niemand in het register.", en="Nobody is in the registry."),
    )


def add_person(
    context: typer.Context,
    person: Id,
    name: Annotated[str, typer.Argument(help="The name as it is used.")],
    role: Annotated[Role, typer.Option(help="pupil, staff or other.")] = Role.PUPIL,
    group: Annotated[list[str] | None, typer.Option(help="A group; may be repeated.")] = None,
    sixteen: Annotated[Day, typer.Option(formats=DAYS, help="The 16th birthday of a pupil.")] = None,
) -> None:
    """Write one person down."""
    record = people.PersonRecord(person, name=name, role=role, own_from=day(sixteen))
    with writing(Act.EDIT_PEOPLE) as session:
        people.add(session, record, group or ())
    say(context, Text(nl="Opgeschreven.", en="Written down."))


def change_person(
    context: typer.Context,
    person: Id,
    name: Annotated[str | None, typer.Option(help="The name as it is used.")] = None,
    role: Annotated[Role | None, typer.Option(help="pupil, staff or other.")] = None,
    group: Annotated[list[str] | None, typer.Option(help="The groups of this school year; replaces them.")] = None,
    sixteen: Annotated[Day, typer.Option(formats=DAYS, help="The 16th birthday of a pupil.")] = None,
    leaves: Annotated[Day, typer.Option(formats=DAYS, help="The last day at school.")] = None,
    stays: Annotated[bool, typer.Option("--stays", help="There is no last day at school, or no longer.")] = False,
    correction: Annotated[
        bool, typer.Option("--correction", help="The last day was written down wrongly: what was said goes on.")
    ] = False,
    never_locatable: Annotated[bool | None, typer.Option("--never-locatable/--locatable")] = None,
    informed: Annotated[
        Day, typer.Option(formats=DAYS, help="The day a pupil was told that they decide from 16 on.")
    ] = None,
) -> None:
    """Change what is written down of one person."""
    if leaves and stays:
        raise UseError(
            Text(nl="--leaves en --stays gaan niet samen.", en="--leaves and --stays do not go together."),
            hint=Text(nl="Kies er een.", en="Choose one of them."),
        )
    changes = {
        "name": name,
        "role": role,
        "own_from": day(sixteen),
        "leaves": day(leaves),
        "never_locatable": never_locatable,
        "informed": day(informed),
    }
    with writing(Act.EDIT_PEOPLE) as session:
        changed = {field: value for field, value in changes.items() if value is not None}
        before = people.find(session, person)
        after = people.change(session, person, corrected=correction, **changed | ({"leaves": None} if stays else {}))
        if group:
            people.join(session, person, group)
    say(context, Text(nl="Veranderd.", en="Changed."))
    if len(after.had_left) > len(before.had_left):
        say(context, ASK_AGAIN)


def erase_person(
    context: typer.Context,
    person: Id,
    reason: Annotated[str, typer.Option(help="Why; it is kept as a hash.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take everything that says who a person was out of the registry. This cannot be undone."""
    if not yes and not typer.confirm(spoken(context, FOR_GOOD)):
        raise typer.Exit(2)
    with open_registry(load_settings()) as (registry, caller):
        with registry.write(caller, Act.ERASE) as session:
            erasure.erase(session, person, reason)
        registry.database.vacuum()
    say(context, Text(nl="Gewist.", en="Erased."))


def list_groups(context: typer.Context, year: Year = None, as_json: AsJson = False) -> None:
    """The groups of a school year, with how many are in each."""
    with reading(Act.SEE_GROUP) as session:
        rows = [
            {"group": group, "people": len(people.members(session, group, year))}
            for group in groups.groups(session, year)
        ]
    show(
        context,
        rows,
        ("group", "people"),
        as_json=as_json,
        nothing=Text(nl="In dit schooljaar zijn er geen groepen.", en="There are no groups in this school year."),
    )


def move_up(
    context: typer.Context,
    year: Annotated[int, typer.Option(help="The school year that ends: the year it began in.")],
    to: Annotated[list[str] | None, typer.Option(metavar="GROUP=GROUP", help="Where a group goes.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without, it is only told.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put every pupil in the next group; who is in the last one leaves."""
    onward = {}
    for pair in to or []:
        group, equals, next_group = pair.partition("=")
        if not equals:
            raise UseError(
                Text(nl="Bij --to horen twee groepen.", en="--to takes two groups."),
                hint=Text(nl="Zoals in --to 'kleuters=groep 3'.", en="As in --to 'kleuters=groep 3'."),
            )
        onward[group] = next_group
    with writing(Act.EDIT_PEOPLE) as session:
        moves = school_years.move_up(session, year, onward, apply=apply)
    show(
        context,
        moves,
        ("group", "to", "persons"),
        as_json=as_json,
        nothing=Text(nl="In dat schooljaar zijn er geen groepen.", en="There are no groups in that school year."),
    )
    if not apply:
        say(
            context,
            Text(
                nl="Er is niets veranderd. Voeg --apply toe om het te doen.",
                en="Nothing was changed. Add --apply to do it.",
            ),
        )
