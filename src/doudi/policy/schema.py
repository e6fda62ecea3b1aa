"""The published JSON Schema of the policy language, and the keys each form has."""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, Tag

from doudi.policy.document import PolicyDocument
from doudi.policy.values import Reading

Loc: TypeAlias = tuple[str | int, ...]

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def keys_at(loc: Loc, model: type[BaseModel] = PolicyDocument) -> list[str]:
    """The keys that an author can write in the form at a location below `model`."""
    forms = [form for form in _forms_at(loc, model) if _is_model(form)]
    return sorted({key for form in forms for key in _keys(form)})


def takes_number(loc: Loc) -> bool:
    """Whether a location of a policy takes a number of the law in any form (scalar, table, dated)."""
    forms = _forms_at(loc, PolicyDocument)
    items = [get_args(form)[0] for form in forms if get_origin(form) is list]
    models = [kind for form in (*forms, *items) for kind in _branches(form, None) if _is_model(kind)]
    return any(issubclass(model, Reading) or "value" in model.model_fields for model in models)


def _is_model(form: Any) -> bool:
    return isinstance(form, type) and issubclass(form, BaseModel)


def _forms_at(loc: Loc, model: type[BaseModel]) -> list[Any]:
    """The types at a location; a step that no type knows (a tag, a union's branch) is passed over."""
    forms: list[Any] = [model]
    for step in loc:
        found = [inner for form in forms for inner in _below(form, step)]
        forms = found or [kind for form in forms for kind in _branches(form, step)]
    return [kind for form in forms for kind in _branches(form, None)]


def _below(form: Any, step: str | int) -> list[Any]:
    """The types directly below a type."""
    below: list[Any] = []
    for kind in _branches(form, step):
        arguments = get_args(kind)
        if get_origin(kind) is dict and isinstance(step, str):
            below.append(arguments[1])
        elif get_origin(kind) is list:
            below += [arguments[0]] if isinstance(step, int) else _below(arguments[0], step)
        elif _is_model(kind):
            fields = kind.model_fields.items()
            below += [field.annotation for name, field in fields if step in (name, field.alias)]
    return below


def _branches(form: Any, step: str | int | None) -> list[Any]:
    """A type without its wrappings, one for each branch of a union; a step that is a tag picks its branch."""
    if get_origin(form) is Annotated:
        return _branches(get_args(form)[0], step)
    if get_origin(form) not in (Union, UnionType):
        return [form]
    branches = get_args(form)
    tagged = [branch for branch in branches if _tag(branch) is not None and _tag(branch) == step]
    return [kind for branch in tagged or branches for kind in _branches(branch, step)]


def _tag(form: Any) -> str | None:
    wrappings = get_args(form)[1:] if get_origin(form) is Annotated else ()
    return next((wrapping.tag for wrapping in wrappings if isinstance(wrapping, Tag)), None)


def _keys(model: type[BaseModel]) -> list[str]:
    """The keys of a form as an author writes them: a number's `dated` is a list below `value` or `amount`."""
    keys = [field.alias or name for name, field in model.model_fields.items() if name != "dated"]
    keys += ["amount"] if "rows" in keys else []
    return [*keys, "overrides"] if model is PolicyDocument else keys


def policy_schema() -> dict[str, Any]:
    """The JSON Schema of a policy file, for editors that complete and check."""
    schema = PolicyDocument.model_json_schema(by_alias=True, mode="validation")
    for title, definition in schema["$defs"].items():
        _also_short_forms(title, definition)
    _as_written(schema)
    schema["properties"]["overrides"] = _OVERRIDES
    schema["required"] = ["policy"]
    return {"$schema": SCHEMA_ID, **schema, "title": "Doudi policy / 兜底政策"}


_OVERRIDES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["path"],
        "additionalProperties": False,
        "properties": {
            "path": {"type": "string"},
            "replace": {},
            "add": {"type": ["number", "string"]},
            "remove": {"type": "boolean"},
            "from": {"type": "string", "format": "date"},
            "until": {"type": "string", "format": "date"},
            "cite": {},
            "assumed": {"type": "string"},
            "note": {"type": "string"},
        },
    },
}


def _also_short_forms(title: str, definition: dict[str, Any]) -> None:
    """What authors may write shorter than the typed form: a scalar, a list, a single item, a synonym."""
    properties = definition.get("properties", {})
    if "rows" in properties:
        short = [properties["value"]]
        if "dated" in properties:
            dated = properties.pop("dated")
            listed = next(form for form in dated["anyOf"] if form.get("type") == "array")
            short.append(listed)
            properties["value"] = {"anyOf": [*short]}
            if title != "Cap":
                _or(definition, *short)
        properties["amount"] = properties["value"]
    elif title in ("Title", "Cumulative"):
        _or(definition, {"type": "string"})
    elif title == "When":
        _or(definition, {"type": "array", "items": {"$ref": "#/$defs/When"}, "minItems": 1})
    elif title == "Programme":
        name = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
        properties["diseases"]["items"] = {"anyOf": [name, properties["diseases"]["items"]]}
    elif title in ("Payer", "Benefit"):
        properties["cap"] = {"anyOf": [properties["cap"]["items"], properties["cap"]]}


def _or(definition: dict[str, Any], *short: dict[str, Any]) -> None:
    """Let a definition also be written in short forms."""
    full = {key: definition.pop(key) for key in list(definition) if key not in ("title", "description")}
    definition["anyOf"] = [*short, full]


def _as_written(schema: Any) -> None:
    """Names are the only keys of named sections; a digit may be written without quotes."""
    if isinstance(schema, dict):
        if "patternProperties" in schema:
            schema["additionalProperties"] = False
        if all(isinstance(word, str) and word.isdigit() for word in schema.get("enum", ["-"])):
            schema["enum"] = [*schema["enum"], *(int(word) for word in schema["enum"])]
            del schema["type"]
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []:
        _as_written(inner)
