"""From a guarded function's signature to the JSON it takes and gives: nothing is declared twice.

What the server itself supplies (`actor` or `viewer`, `now`, `key`) is not in the body. Requests are read strictly: an
unknown field, a number in quotes or a date that is a number is refused, in nested values too. Bytes travel as base64,
dates as `2026-11-25`, times with their zone, amounts as integer fen.

Whatever the types allow, a text has no NUL and no more than `LONGEST_TEXT` characters, a number fits PostgreSQL's
bigint, and a date lies in `FIRST_DAY` … `LAST_DAY`, so that nothing below meets a value it can only break on.
"""

from __future__ import annotations

import base64
import inspect
import json
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model
from pydantic_core import to_jsonable_python

from doudi.server.desks.endpoints.errors import Fault, Malformed, not_json
from doudi.server.kernel.errors import Refused
from doudi.words import Words

SUPPLIED = frozenset({"actor", "viewer", "now", "key"})
LONGEST_TEXT = 20_000
LARGEST = 2**63 - 1
FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2199, 12, 31)
"""Assumed: no hospital or person is older, no period longer; sums of days stay far from the ends of the calendar."""

READS = ConfigDict(
    extra="forbid", strict=True, val_json_bytes="base64", allow_inf_nan=False, str_max_length=LONGEST_TEXT
)


def pascal(name: str) -> str:
    """`find_at_facility` as `FindAtFacility`."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace(".", "_").split("_"))


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The types of a guarded function's words; `return` is what it answers."""
    return typing.get_type_hints(function, include_extras=True)


def asked_of(function: Callable[..., Any]) -> dict[str, tuple[Any, Any]]:
    """The words a caller gives: type, and default (`...` where it must be given)."""
    hints = hints_of(function)
    return {
        name: (
            plain_kind(hints[name]),
            ... if parameter.default is inspect.Parameter.empty else parameter.default,
        )
        for name, parameter in inspect.signature(function).parameters.items()
        if name not in SUPPLIED
    }


def plain_kind(kind: Any) -> Any:
    """The type as JSON has it: whatever can be gone through once is an array, read whole before the work begins."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Iterable, Sequence, Collection):
        return tuple[plain_kind(arguments[0]), ...]  # type: ignore[misc]
    if origin is Mapping:
        return dict[tuple(plain_kind(one) for one in arguments)]  # type: ignore[misc]
    if origin in (types.UnionType, typing.Union):
        return typing.Union[tuple(plain_kind(one) for one in arguments)]  # noqa: UP007 - built at run time
    return kind


def body_of(name: str, function: Callable[..., Any]) -> type[BaseModel]:
    """The request of a guarded function."""
    app, _, verb = name.partition(".")
    words: dict[str, Any] = dict(asked_of(function))
    model: type[BaseModel] = create_model(
        f"{pascal(verb)}Request", __config__=READS, __module__=f"doudi.server.{app}.requests", **words
    )
    return model


def keeps_answers(function: Callable[..., Any]) -> bool:
    """Whether a repeated key is answered with the first answer: not where the answer is secret."""
    return hints_of(function).get("key") is not types.NoneType and bool(getattr(function, "remembered", True))


def takes_bytes(kind: Any, seen: frozenset[Any] = frozenset()) -> bool:
    """Whether a file travels in a value of this type."""
    if kind is bytes:
        return True
    if kind in seen:
        return False
    inner = list(typing.get_args(kind))
    if isinstance(kind, type) and is_dataclass(kind):
        inner += typing.get_type_hints(kind).values()
    return any(takes_bytes(one, seen | {kind}) for one in inner)


def read(model: type[BaseModel], text: bytes) -> dict[str, Any]:
    """The words of a request; `Refused` where it is no JSON, or not of this shape."""
    try:
        asked = model.model_validate_json(text)
    except ValidationError as error:
        raise _refusal(error) from None
    except RecursionError:
        raise not_json("too deeply nested") from None
    words = {name: getattr(asked, name) for name in model.model_fields}
    if faults := tuple(_faults(words, "")):
        raise Malformed(faults)
    return words


def _refusal(error: ValidationError) -> Refused:
    """The errors of pydantic in our words. Only their kind and place are told: the rest may repeat what was sent."""
    found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return not_json(str(found[0].get("ctx", {}).get("error", "malformed")))
    for one in found:
        ours = one.get("ctx", {}).get("error")
        if isinstance(ours, Refused):
            return ours
    return Malformed(tuple(Fault(_place(one["loc"]), _said(one["type"], one["msg"])) for one in found[:20]))


KINDS: dict[str, Words] = {
    "missing": Words("缺少这个字段", "this field is missing"),
    "extra_forbidden": Words("没有这个字段", "there is no such field"),
    "unexpected_keyword_argument": Words("没有这个字段", "there is no such field"),
    "model_type": Words("须为 JSON 对象", "this must be an object"),
    "dataclass_type": Words("须为 JSON 对象", "this must be an object"),
    "dict_type": Words("须为 JSON 对象", "this must be an object"),
    "tuple_type": Words("须为数组", "this must be an array"),
    "list_type": Words("须为数组", "this must be an array"),
    "is_instance_of": Words("须为数组", "this must be an array"),
    "int_type": Words("须为整数", "this must be an integer"),
    "int_parsing_size": Words("整数过大", "this integer is too large"),
    "string_type": Words("须为文本", "this must be a text"),
    "string_too_long": Words(f"文本不得超过 {LONGEST_TEXT} 字", f"a text has at most {LONGEST_TEXT} characters"),
    "bool_type": Words("须为 true 或 false", "this must be true or false"),
    "date_type": Words("须为日期，如 2026-11-25", "this must be a date such as 2026-11-25"),
    "bytes_invalid_encoding": Words("须为 base64", "this must be base64"),
    "timezone_aware": Words("时间须带时区", "a time needs its zone"),
}  # fmt: skip
SAFE = (
    "enum",
    "literal_error",
    "date_from_datetime_parsing",
    "date_parsing",
    "datetime_parsing",
    "datetime_from_date_parsing",
)
"""Kinds whose message lists what is allowed, or how reading failed, and nothing that was sent."""


def _said(kind: str, message: str) -> Words:
    if kind in KINDS:
        return KINDS[kind]
    return Words(
        f"内容不符合要求（{message}）" if kind in SAFE else "内容不符合要求",
        message if kind in SAFE else "this is not as it must be",
    )


def _place(path: tuple[int | str, ...]) -> str:
    """`terms.category`. A name that the caller made up is shortened: it may be content in the wrong place."""
    return ".".join(str(part)[:40] for part in path)[:200]


def _faults(value: Any, where: str) -> Iterator[Fault]:
    """Values no table can hold, wherever they stand."""
    if isinstance(value, str):
        if "\0" in value:
            yield Fault(where, Words("文本中不能有空字符（U+0000）", "a text has no character U+0000"))
    elif isinstance(value, datetime):
        if value.tzinfo is None:
            yield Fault(where, KINDS["timezone_aware"])
        elif not FIRST_DAY < value.date() < LAST_DAY:
            yield Fault(where, _OUT_OF_TIME)
    elif isinstance(value, date):
        if not FIRST_DAY <= value <= LAST_DAY:
            yield Fault(where, _OUT_OF_TIME)
    elif isinstance(value, float):  # where anything may stand: amounts and rates are integers here
        yield Fault(where, KINDS["int_type"])
    elif isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            yield Fault(where, KINDS["int_parsing_size"])
    else:
        for part, inner in _inside(value):
            yield from _faults(inner, f"{where}.{part}" if where else str(part))


_OUT_OF_TIME = Words(
    f"日期须在 {FIRST_DAY.isoformat()} 与 {LAST_DAY.isoformat()} 之间",
    f"a date lies between {FIRST_DAY.isoformat()} and {LAST_DAY.isoformat()}",
)


def _inside(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield "(name)", name
            yield str(name)[:40].replace("\0", "?"), inner
    elif is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            yield item.name, getattr(value, item.name)
    elif isinstance(value, list | tuple | set | frozenset):
        yield from enumerate(value)


def answer_of(function: Callable[..., Any]) -> TypeAdapter[Any]:
    """Writes the answers of a guarded function."""
    return TypeAdapter(hints_of(function)["return"])


def write(adapter: TypeAdapter[Any], answer: Any) -> bytes:
    """An answer as JSON: the same answer is the same bytes."""
    return json.dumps(
        adapter.dump_python(answer), default=_plain, ensure_ascii=False, allow_nan=False
    ).encode()


def _plain(value: Any) -> Any:
    """What JSON itself does not know: base64 with the standard alphabet, sets in order, the rest as pydantic has it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, timedelta):  # RFC 3339 knows no parts of a second in a duration
        return f"PT{value // timedelta(seconds=1)}S"
    return to_jsonable_python(value)
