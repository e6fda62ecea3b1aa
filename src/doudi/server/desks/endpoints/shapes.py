"""From a guarded function's signature to the JSON it takes and gives: nothing is declared twice.

What the server itself supplies (`actor` or `viewer`, `now`, `key`) is not in the body. Bytes travel as base64. Unknown
fields are refused.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable
from typing import Any

from pydantic import Base64Bytes, BaseModel, ConfigDict, create_model

SUPPLIED = frozenset({"actor", "viewer", "now", "key"})


def words_of(name: str) -> str:
    """`people.find_at_facility` as `PeopleFindAtFacility`."""
    return "".join(part.capitalize() for part in name.replace(".", "_").split("_"))


def body_of(name: str, function: Callable[..., Any]) -> type[BaseModel]:
    """The request of a guarded function."""
    hints = typing.get_type_hints(function)
    fields: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name in SUPPLIED or parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            continue
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[parameter.name] = (portable(hints[parameter.name]), default)
    model: type[BaseModel] = create_model(
        f"{words_of(name)}Request",
        __config__=ConfigDict(extra="forbid", arbitrary_types_allowed=False),
        **fields,
    )
    return model


def answer_of(function: Callable[..., Any]) -> Any:
    """The type of the answer of a guarded function."""
    return portable(typing.get_type_hints(function)["return"])


def portable(kind: Any) -> Any:
    """The type with bytes as base64, wherever they stand."""
    if kind is bytes:
        return Base64Bytes
    arguments = typing.get_args(kind)
    if not arguments or typing.get_origin(kind) is typing.Literal:
        return kind
    inner = tuple(portable(argument) for argument in arguments)
    if inner == arguments:
        return kind
    if isinstance(kind, types.UnionType):
        return typing.Union[inner]  # noqa: UP007 - built at run time
    origin: Any = typing.get_origin(kind)
    return origin[inner]
