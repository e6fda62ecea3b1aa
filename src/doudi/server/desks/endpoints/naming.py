"""JSON Schema of our types, with names a reader of the document knows: `people.PersonSummary`, `filings.Terms`.

The name of a shape is its app and its class, whatever else exists, so that it does not change because somebody adds a
class of the same name elsewhere. A page of them is `people.PersonSummaryPage`. Where a shape is asked in one form and
answered in another (what has a default may be left out of a request, and always stands in an answer), the two are
`…Input` and `…Output`.
"""

from __future__ import annotations

import ast
import functools
import inspect
import itertools
import re
import sys
import typing
from typing import Any

from pydantic.json_schema import CoreModeRef, DefsRef, GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from doudi.server.desks.endpoints.shapes import LARGEST
from doudi.server.desks.endpoints.titles import field_of

_ARGUMENT = re.compile(r"([\w.]+):(\d+)")
APPS_OF_ARGUMENTS: dict[int, str] = {}
"""By the number that pydantic gives a class in a reference, the app of a class that pages are made of."""


def remember(kind: Any) -> None:
    """Let the classes inside a type be known by their app: pydantic's references to them have no module."""
    for inner in typing.get_args(kind):
        remember(inner)
        if isinstance(inner, type):
            APPS_OF_ARGUMENTS[id(inner)] = _split(f"{inner.__module__}.{inner.__qualname__}")[0]


def shape_name(core_ref: str, *, longer: bool = False) -> str:
    """`doudi.server.people.data.PersonSummary:140…` as `people.PersonSummary`, a page of them with `Page`.

    `longer`: with the module as well, for two classes of one name in one app.
    """
    outer, _, inner = core_ref.partition("[")
    app, name = _split(outer)
    arguments = [(APPS_OF_ARGUMENTS.get(int(number), app), one) for one, number in _ARGUMENT.findall(inner)]
    if arguments:
        app, name = arguments[0][0], "".join(one.rpartition(".")[2] for _, one in arguments) + name
    middle = outer.split(".")[-3:-2] if longer else []
    return ".".join(part for part in (app, "".join(one.capitalize() for one in middle) + name) if part)


def _split(reference: str) -> tuple[str, str]:
    """The app (or part of the library) and the class; what belongs to the project as a whole has no app."""
    parts = reference.partition(":")[0].split(".")
    known = parts[0] == "doudi" and len(parts) > 3
    return (parts[2] if parts[1] == "server" else parts[1]) if known else "", parts[-1]


class Shapes(GenerateJsonSchema):
    """Pydantic's generator with our names, our numbers and no titles made from names."""

    def get_defs_ref(self, core_mode_ref: CoreModeRef) -> DefsRef:
        """The name that stands in the document; a second one where requests and answers differ."""
        made = super().get_defs_ref(core_mode_ref)
        core_ref, mode = core_mode_ref
        name = shape_name(core_ref)
        form = "Input" if mode == "validation" else "Output"
        choices = self._prioritized_defsref_choices[made]
        self._prioritized_defsref_choices[made] = [
            DefsRef(name), DefsRef(f"{name}{form}"), DefsRef(shape_name(core_ref, longer=True)),
            *(choice for choice in choices if "__" in choice),
        ]  # fmt: skip
        return made

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """A number of 64 bits."""
        made = super().int_schema(schema) | {"format": "int64"}
        if self.mode == "validation":
            made = {"minimum": -LARGEST, "maximum": LARGEST} | made
        return made

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchemaValue:  # noqa: ARG002 - pydantic's signature
        """Base64 with the standard alphabet."""
        return {"type": "string", "format": "byte", "contentEncoding": "base64"}

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        """A record, with the texts that stand under its fields in our source."""
        made = super().dataclass_schema(schema)
        said = texts_of(schema["cls"].__module__).get(schema["cls"].__name__, {})
        for name, field in (made.get("properties") or {}).items():
            if name in said and "$ref" not in field:
                field.setdefault("description", said[name])
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        """A field's name is its title."""
        return False


@functools.cache
def texts_of(module: str) -> dict[str, dict[str, str]]:
    """By class and field, the text under each field of a module's classes. Pydantic's own reading takes seconds."""
    found: dict[str, dict[str, str]] = {}
    for one in ast.walk(ast.parse(inspect.getsource(sys.modules[module]))):
        if isinstance(one, ast.ClassDef):
            for field, text in itertools.pairwise(one.body):
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_text(text):
                    found.setdefault(one.name, {})[field.target.id] = inspect.cleandoc(text.value.value)  # type: ignore[attr-defined]
    return found


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def describe_fields(shape: Any, name: str = "") -> None:
    """Give every field that has no text of its own the text of its name, unit included; `name` is the shape's."""
    if isinstance(shape, dict):
        shape.pop("title", None)
        for word, field in (shape.get("properties") or {}).items():
            said = field_of(name, word)
            if said is not None and "description" not in field:
                field["description"] = f"{said.zh} · {said.en}"
        for inner in shape.values():
            describe_fields(inner, name)
    elif isinstance(shape, list):
        for inner in shape:
            describe_fields(inner, name)
