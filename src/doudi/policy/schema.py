"""The published JSON Schema of the policy language, and the keys each form has."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel

from doudi.policy.document import PolicyDocument

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def keys_at(loc: tuple[str | int, ...]) -> list[str]:
    """The keys that the form at a location can have."""
    models: list[type[BaseModel]] = [PolicyDocument]
    for step in loc:
        found: list[type[BaseModel]] = []
        for model in models:
            for name, field in model.model_fields.items():
                if step in (name, field.alias):
                    found += _models(field.annotation)
        models = found or models
    return sorted({field.alias or name for model in models for name, field in model.model_fields.items()})


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models inside an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]


def policy_schema() -> dict[str, Any]:
    """The JSON Schema of a policy file, for editors that complete and check."""
    schema = PolicyDocument.model_json_schema(by_alias=True, mode="validation")
    for definition in schema["$defs"].values():
        _also_short_forms(definition)
    schema["properties"]["overrides"] = _OVERRIDES
    schema["required"] = ["policy"]
    return {"$schema": SCHEMA_ID, "title": "Doudi policy / 兜底政策", **schema}


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


def _also_short_forms(definition: dict[str, Any]) -> None:
    """A number may be a scalar or a dated list, and `amount` is a synonym of `value`."""
    properties = definition.get("properties", {})
    if "rows" in properties and "dated" in properties:
        item = properties.pop("dated")
        listed = next((form for form in item.get("anyOf", [item]) if form.get("type") == "array"), item)
        properties["value"] = {"anyOf": [properties["value"], listed]}
        properties["amount"] = properties["value"]
        full = {key: definition.pop(key) for key in list(definition) if key not in ("title", "description")}
        definition["anyOf"] = [{"type": ["number", "string"]}, listed, full]
    elif "rows" in properties:
        properties["amount"] = properties["value"]
    elif set(properties) >= {"per", "as", "when"} or set(properties) == {"zh", "en"}:
        full = {key: definition.pop(key) for key in list(definition) if key not in ("title", "description")}
        definition["anyOf"] = [{"type": "string"}, full]
