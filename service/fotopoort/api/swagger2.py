"""The gate's part of the published contract in an older form: Swagger 2.0, which some programs take alone.

What that form cannot say is left out (null as a type, several types), never said otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]

PREFIX: Final = "/v1/gate"
REF: Final = "#/components/schemas/"
# Of a schema, what both forms have and mean alike.
KEPT: Final = (
    "description", "format", "default", "title", "maximum", "minimum", "maxLength", "minLength", "pattern", "maxItems",
    "minItems", "uniqueItems", "enum", "required",
)  # fmt: skip
OF_PARAMETERS: Final = frozenset({*KEPT, "type", "items"}) - {"title", "required"}
METHODS: Final = ("get", "put", "post", "delete", "patch")


def gate_part(openapi: Mapping[str, Any], host: str | None = None) -> Schema:
    """The routes of the gate as Swagger 2.0.

    Args:
        openapi: the whole contract, as OpenAPI 3.1.
        host: of the service, with its port; None: left out.
    """
    paths = {
        path: {method: _operation(routes[method]) for method in METHODS if method in routes}
        for path, routes in openapi["paths"].items()
        if path == PREFIX or path.startswith(f"{PREFIX}/")
    }
    return {
        "swagger": "2.0",
        "info": {name: openapi["info"][name] for name in ("title", "version")},
        **({"host": host} if host else {}),
        "basePath": "/",
        "schemes": ["https"],
        "paths": paths,
        "definitions": _definitions(paths, openapi["components"]["schemas"]),
        "securityDefinitions": {
            "key": {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "description": "The word Bearer, a space, and the key.",
            }
        },
        "security": [{"key": []}],
    }


def _operation(operation: Mapping[str, Any]) -> Schema:
    parameters = [_parameter(parameter) for parameter in operation.get("parameters", [])]
    made: Schema = {name: operation[name] for name in ("summary", "description", "operationId") if name in operation}
    if "requestBody" in operation:
        made["consumes"] = ["multipart/form-data"]
        parameters += _form(operation["requestBody"]["content"]["multipart/form-data"]["schema"])
    produced = {kind for answer in operation["responses"].values() for kind in answer.get("content", {})}
    made["produces"] = sorted(produced)
    made["parameters"] = parameters
    made["responses"] = {status: _response(answer) for status, answer in operation["responses"].items()}
    return made


def _parameter(parameter: Mapping[str, Any]) -> Schema:
    made = {name: parameter[name] for name in ("name", "in", "description", "required") if name in parameter}
    return _plain(parameter["schema"]) | made


def _form(schema: Mapping[str, Any]) -> list[Schema]:
    """The fields of a form."""
    found = []
    for name, field in schema["properties"].items():
        kind = _plain(field)
        if field.get("format") == "binary" or "contentMediaType" in field:
            kind = {"type": "file"} | {key: kind[key] for key in ("description",) if key in kind}
        if kind["type"] == "array":
            kind["collectionFormat"] = "multi"
        found.append({"name": name, "in": "formData", "required": name in schema.get("required", ())} | kind)
    return found


def _plain(schema: Mapping[str, Any]) -> Schema:
    """The schema of a parameter: a string where it is something that this form has no word for."""
    made = {key: value for key, value in _schema(schema).items() if key in OF_PARAMETERS}
    if made.get("type") not in ("string", "number", "integer", "boolean", "array"):
        made["type"] = "string"
    if made["type"] == "array":
        made["items"] = _plain(made.get("items", {}))
    return made


def _response(answer: Mapping[str, Any]) -> Schema:
    made: Schema = {"description": answer.get("description", "")}
    content = answer.get("content", {})
    if "application/json" in content:
        made["schema"] = _schema(content["application/json"].get("schema", {}))
    elif content:
        made["schema"] = {"type": "file"}
    if "headers" in answer:
        made["headers"] = {name: _plain(header.get("schema", {})) for name, header in answer["headers"].items()}
    return made


def _schema(schema: Mapping[str, Any]) -> Schema:
    if "$ref" in schema:
        return {"$ref": "#/definitions/" + str(schema["$ref"]).removeprefix(REF)}
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            choices = [choice for choice in schema[several] if choice.get("type") != "null"]
            about = {"description": schema["description"]} if "description" in schema else {}
            if len(choices) != 1:
                return about
            only = _schema(choices[0])
            return only if "$ref" in only else only | about
    made: Schema = {key: schema[key] for key in KEPT if key in schema}
    kind = schema.get("type")
    if isinstance(kind, list):
        kinds = [name for name in kind if name != "null"]
        kind = kinds[0] if len(kinds) == 1 else None
    if kind:
        made["type"] = kind
    if "const" in schema:
        made["enum"] = [schema["const"]]
    if "items" in schema:
        made["items"] = _schema(schema["items"])
    elif kind == "array":
        made["items"] = {}
    if "properties" in schema:
        made["properties"] = {name: _schema(part) for name, part in schema["properties"].items()}
    if isinstance(extra := schema.get("additionalProperties"), dict):
        made["additionalProperties"] = _schema(extra)
    elif isinstance(extra, bool):
        made["additionalProperties"] = extra
    return made


def _definitions(paths: Schema, schemas: Mapping[str, Any]) -> Schema:
    """Those that are referred to, and those that they refer to."""
    found: Schema = {}
    left = list(_references(paths))
    while left:
        name = left.pop()
        if name not in found:
            found[name] = _schema(schemas[name])
            left.extend(_references(found[name]))
    return dict(sorted(found.items()))


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)
