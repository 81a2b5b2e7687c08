"""`fotopoort registry`: who may be shown where, by whose word, since when."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import typer

from fotopoort.cli.registry import consents, keys, people, photos, upkeep
from fotopoort.cli.registry.rows import say
from fotopoort.cli.registry_session import open_registry
from fotopoort.settings import load_settings
from fotopoort.vocabulary import Text

app = typer.Typer(help="Who may be shown where, by whose word, since when.", no_args_is_help=True)


@app.command()
def init(context: typer.Context) -> None:
    """Make an empty registry for this school, or bring the one that is there up to date."""
    with open_registry(load_settings(), make=True):
        pass
    say(context, Text(nl="Het register is er.", en="The registry is there."))


Commands: TypeAlias = dict[str, Callable[..., None]]

PEOPLE: Commands = {
    "import": upkeep.import_list,
    "export": upkeep.export,
    "export-person": upkeep.export_person,
    "people": people.list_people,
    "add": people.add_person,
    "change": people.change_person,
    "erase": people.erase_person,
    "groups": people.list_groups,
    "move-up": people.move_up,
}
CONSENTS: Commands = {
    "consent": consents.record_consent,
    "consents": consents.list_consents,
    "state": consents.state,
    "lists": consents.lists,
    "unproven": consents.list_unproven,
    "confirm": consents.confirm,
    "basis": consents.basis,
    "first-say-who": consents.first_say_who,
}
PHOTOS: Commands = {
    "takedowns": photos.list_takedowns,
    "taken-down": photos.taken_down,
    "blocks": photos.list_blocks,
    "unblock": photos.unblock,
    "override": photos.override,
    "unjudged": photos.unjudged,
}
UPKEEP: Commands = {
    "retention": upkeep.show_retention,
    "keep": upkeep.keep,
    "daily": upkeep.daily,
    "backup": upkeep.make_backup,
    "restore": upkeep.restore,
    "rotate-key": upkeep.rotate_key,
}
PANELS: dict[str, Commands] = {
    "People": PEOPLE,
    "Consents": CONSENTS,
    "Photos": PHOTOS,
    "Upkeep": UPKEEP,
}
for panel, commands in PANELS.items():
    for name, command in commands.items():
        app.command(name, rich_help_panel=panel)(command)
app.add_typer(keys.app, name="keys", rich_help_panel="Upkeep")
