"""What other programs, and people's habits, may count on: routes, documents, words, columns, options, exit statuses.

One line for each thing that is promised. `published.txt` has all that was ever promised; today's must have them too.
To write down what is new: `python -m tests.published`, which only ever adds.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin
from unittest.mock import MagicMock

from pydantic.json_schema import models_json_schema
from tests.texts_in_code import modules
from typer.main import get_group

from fotopoort import vocabulary
from fotopoort.api.app import create_app
from fotopoort.application.contract import documents
from fotopoort.batch.report import results
from fotopoort.cli import app as command_line
from fotopoort.errors import FotopoortError
from fotopoort.policy.rules import RULES
from fotopoort.policy_file import PACKAGED, load_policy
from fotopoort.registry.answers import answers, answers_file
from fotopoort.registry.lists import columns
from fotopoort.registry.store.tables import metadata
from fotopoort.settings import PREFIX, Settings

LIST: Final = Path(__file__).with_suffix(".txt")
NEEDS: Final = "needs: "  # begins what a caller must give: of what is there, that may become less and never more

Schema = Mapping[str, Any]


def published() -> frozenset[str]:
    """What is promised today."""
    return frozenset((*http(), *only_documents(), *words(), *errors(), *command_lines(), *environment(), *files()))


# --- the service -----------------------------------------------------------------------------------------


def http() -> Iterator[str]:
    """Routes, what they take, what they answer, and the documents in both."""
    policy = load_policy()
    registry = MagicMock(channels=policy.channels, parents_word=policy.settings.parents_word_at_16)
    app = create_app(Settings(), screeners=MagicMock(count=1), policy=policy, registry=registry)
    openapi = app.openapi()
    schemas: Mapping[str, Schema] = openapi["components"]["schemas"]
    taken, given = set[str](), set[str]()
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            route = f"http {method.upper()} {path}"
            yield route
            yield from _parameters(route, operation)
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                yield from _fields(f"{route} takes {kind}", content.get("schema", {}), needed=True)
                taken |= _named(content.get("schema", {}), schemas)
            for status, answer in operation["responses"].items():
                for kind, content in answer.get("content", {"nothing": {}}).items():
                    yield f"{route} answers {status} {kind}"
                    yield from _fields(f"{route} answers {status} {kind}", content.get("schema", {}), needed=False)
                    given |= _named(content.get("schema", {}), schemas)
    for name, schema in schemas.items():
        if name in taken:
            yield from _fields(f"{name} (taken)", schema, needed=True)
        if name in given:
            yield from _fields(f"{name} (given)", schema, needed=False)


def _parameters(route: str, operation: Mapping[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", ()):
        what = f"{route} {parameter['in']} {parameter['name']}"
        yield from (f"{what}: {kind}" for kind in _kinds(parameter.get("schema", {})))
        if parameter.get("required"):
            yield NEEDS + what


def _fields(what: str, schema: Schema, *, needed: bool) -> Iterator[str]:
    """What one schema promises: what it is, or its fields; and which of these a caller must give, or always gets."""
    for kind in _kinds(schema):
        if kind != "object":
            yield f"{what}: {kind}"
    for name, field in schema.get("properties", {}).items():
        yield from (f"{what} {name}: {kind}" for kind in _kinds(field))
    for name in schema.get("required", ()):
        yield f"{NEEDS}{what} {name}" if needed else f"{what} {name}: always"


def _kinds(schema: Schema) -> Iterator[str]:
    """Each kind of value that it may be: words by themselves, so that one may be added."""
    if "$ref" in schema:
        yield schema["$ref"].rpartition("/")[2]
    for several in ("anyOf", "oneOf", "allOf"):
        for one_of_them in schema.get(several, ()):
            yield from _kinds(one_of_them)
    if "enum" in schema or "const" in schema:
        yield from (f"“{word}”" for word in schema.get("enum", [schema.get("const")]))
    elif schema.get("type") == "array":
        parts = [*schema.get("prefixItems", ()), *([schema["items"]] if isinstance(schema.get("items"), dict) else [])]
        yield from (f"list of {kind}" for part in parts for kind in _kinds(part))
    elif isinstance(schema.get("additionalProperties"), dict):
        yield from (f"by key {kind}" for kind in _kinds(schema["additionalProperties"]))
    elif "type" in schema:
        yield schema["type"]


def _named(schema: object, schemas: Mapping[str, Schema]) -> set[str]:
    """The names of the schemas that it has in it, and theirs."""
    found, open_still = set[str](), [schema]
    while open_still:
        part = open_still.pop()
        if isinstance(part, Mapping):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                open_still.append(schemas[name])
            open_still.extend(part.values())
        elif isinstance(part, list):
            open_still.extend(part)
    return found


def only_documents() -> Iterator[str]:
    """The documents as the command line prints them; the service has most of them too."""
    models = [
        kind for kind in vars(documents).values() if isinstance(kind, type) and issubclass(kind, documents.Document)
    ]
    _, schema = models_json_schema([(model, "serialization") for model in models])
    for name, definition in schema["$defs"].items():
        yield from _fields(f"document {name}", definition, needed=False)


# --- words -----------------------------------------------------------------------------------------------


def words() -> Iterator[str]:
    """The rules, and the words of documents and answers."""
    yield from (f"rule {rule.id}" for rule in RULES)
    for kind in vars(vocabulary).values():
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum:
            yield from (f"word {kind.__name__} “{word.value}”" for word in kind)
    yield from (f"answers {key}" for key in answers.KEYS)
    yield from (f"answers faces {key}" for key in answers.FACE_KEYS)
    yield from (f"answers posts {key}" for key in answers_file.POST_KEYS)


def errors() -> Iterator[str]:
    """Every error's code, with its statuses, and the exit statuses that are no error's."""
    kinds = [FotopoortError]
    while kinds:
        kind = kinds.pop()
        kinds += [inner for inner in kind.__subclasses__() if inner.__module__ == FotopoortError.__module__]
        yield f"error {kind.code}: HTTP {kind.http_status}, exit {kind.exit_status}"
    for module, tree in modules():
        for call in ast.walk(tree) if module.startswith("cli/") else ():
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("typer.Exit", "sys.exit"):
                for status in call.args:
                    if isinstance(status, ast.Constant):
                        yield f"exit {status.value!r}"


# --- the command line and the environment ----------------------------------------------------------------


def command_lines() -> Iterator[str]:
    """Every command with its arguments and options."""
    root = get_group(command_line.app)
    context = root.make_context("fotopoort", [], resilient_parsing=True)
    yield from _options("cli", root)
    for name in root.list_commands(context):
        yield from _command(f"cli {name}", root.get_command(context, name))


def _command(path: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - typer's own
    yield path
    yield from _options(path, command)
    for name, inner in getattr(command, "commands", {}).items():
        yield from _command(f"{path} {name}", inner)


def _options(path: str, command: Any) -> Iterator[str]:  # noqa: ANN401
    for parameter in command.params:
        is_argument = parameter.param_type_name == "argument"
        names = [f"<{parameter.name}>"] if is_argument else [*parameter.opts, *parameter.secondary_opts]
        variables = parameter.envvar or ()
        for name in names:
            yield f"{path} {name}"
            yield from (f"{path} {name} “{choice}”" for choice in _choices(parameter.type_descriptor.annotation))
            for variable in (variables,) if isinstance(variables, str) else variables:
                yield f"{path} {name} from {variable}"
        if parameter.required:
            yield f"{NEEDS}{path} {names[0]}"
        if parameter.nargs == -1 or parameter.multiple:
            yield f"{path} {names[0]} several"


def _choices(annotation: Any) -> Iterator[str]:  # noqa: ANN401 - a type, or one of several
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        yield from annotation
    elif get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    else:
        for part in get_args(annotation):
            yield from _choices(part)


def environment() -> Iterator[str]:
    """Every variable of the environment that is read, and the words that it takes."""
    for name, field in Settings.model_json_schema()["properties"].items():
        variable = f"environment {PREFIX}{name.upper()}"
        yield variable
        yield from (f"{variable} {kind}" for kind in _kinds(field) if kind.startswith("“"))
    yield from (
        f"environment {node.value}"
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_variable(node.value)
    )


def _is_variable(text: str) -> bool:
    return text.startswith(PREFIX) and text != PREFIX and text.replace("_", "").isalpha() and text.isupper()


# --- files and tables ------------------------------------------------------------------------------------


def files() -> Iterator[str]:
    """Columns of tables and lists, and the keys of the rules' file."""
    yield from (f"table {table.name} {column.name}" for table in metadata.sorted_tables for column in table.columns)
    yield from (f"{results.TABLE} {title}" for title in (*results.PHOTO_COLUMNS, *results.ERROR_COLUMNS))
    yield from (f"{results.TABLE} <channel>: {title}" for title in (*results.CHANNEL_COLUMNS, results.LABEL_COLUMN))
    for what, titles in (("class list", columns.PEOPLE), ("consent list", columns.STATEMENTS)):
        yield from (f"{what} column “{title}”: {meaning}" for title, meaning in titles.items())
    yield from _keys("policy.toml", tomllib.loads(PACKAGED.read_text(encoding="utf-8")))


def _keys(path: str, content: Mapping[str, Any]) -> Iterator[str]:
    for key, value in content.items():
        yield f"{path} {key}"
        if isinstance(value, dict):
            yield from _keys(f"{path} {key}", value)


# --- what was ever promised ------------------------------------------------------------------------------


def promised() -> frozenset[str]:
    """What stands in the list."""
    return frozenset(LIST.read_text(encoding="utf-8").splitlines())


def taken_away(before: frozenset[str], now: frozenset[str]) -> list[str]:
    """What was promised and is no more; and what a caller of something that was there must give now and did not."""
    gone = {line for line in before - now if not line.startswith(NEEDS)}
    wanted = {line for line in now - before if line.startswith(NEEDS) and _was_there(line, before)}
    return sorted(gone | wanted)


def _was_there(need: str, before: frozenset[str]) -> bool:
    words = need.removeprefix(NEEDS).split(" ")
    what = " ".join(words[:3] if words[0] == "http" else words[:-1])  # a route, whatever it takes
    return any(f"{line.removeprefix(NEEDS)} ".startswith(f"{what} ") for line in before)


if __name__ == "__main__":
    everything = (promised() if LIST.exists() else frozenset[str]()) | published()
    LIST.write_text("".join(f"{line}\n" for line in sorted(everything)), encoding="utf-8")
