"""Calls of any guarded function, made from its own signature and aimed at the records of one county.

A word that names a record (`person`, `filing` …) gets that record's number; a word whose meaning depends on the function
(`number`) gets each kind's in turn; texts look like what they are called. Nothing here knows a function: one that is
made tomorrow is probed too. A word of a new kind of record belongs in `RECORDS`.
"""

import inspect
import typing
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import Ranges
from doudi.words import Words
from support.two_counties import NOW, TODAY, County

FRAME = {"actor", "viewer", "now", "key", "return"}
RECORDS = {
    "person": "person", "persons": "person", "keep": "person", "absorb": "person", "head": "person",
    "guardian": "person", "household": "household", "recognition": "recognition", "enrolment": "enrolment",
    "filing": "filing", "facility": "facility", "target_facility": "facility", "contact": "contact",
    "proposal": "proposal", "grant": "grant", "post": "grant", "token": "token", "user": "user", "glass": "glass",
    "in_force": "in_force", "import_number": "import", "as_number": "person",
    "job": "job", "paper": "paper", "event": "event", "account": "account", "entry": "entry",
    "registration": "registration", "settlement": "settlement", "ask": "ask", "hold": "hold",
    "parked": "parked",
}  # fmt: skip
PAGING = {"page", "after", "before", "villages_in_each", "rows", "expected"}
SIMPLE = {"year": TODAY.year, "size": 50, "most": 50}


def calls(name: str, function: Callable[..., Any], county: County) -> list[dict[str, Any]]:
    """The words (without the frame) of some calls of `function` that reach for records of `county`.

    First with what must be given, then with everything: a filter that is left out and one that asks for the other
    county are different doors.
    """
    hints = {word: hint for word, hint in typing.get_type_hints(function).items() if word not in FRAME}
    parameters = inspect.signature(function).parameters
    needed = {word for word in hints if parameters[word].default is inspect.Parameter.empty}
    made = [_call(name, {word: hint for word, hint in hints.items() if word in needed}, county)]
    if set(hints) - needed:
        made.append(_call(name, hints, county))
    found = []
    for candidates in made:
        longest = max((len(values) for values in candidates.values()), default=1)
        found += [
            {word: values[place % len(values)] for word, values in candidates.items()}
            for place in range(longest)
        ]
    return found


def _call(name: str, hints: Mapping[str, Any], county: County) -> dict[str, list[Any]]:
    made = {word: candidates(name, word, hint, county) for word, hint in hints.items()}
    if "size" in hints and "number" in hints and hints["number"] is int:
        made["number"] = [0]  # of a page
    return made


def candidates(name: str, word: str, hint: Any, county: County) -> list[Any]:
    """Values for one word, at least one."""
    kind = _without_none(hint)
    origin = typing.get_origin(kind) or kind
    if origin is typing.Literal:
        return [typing.get_args(kind)[0]]
    if kind is str:
        return _texts(word, county)
    if kind is int:
        return _numbers(word, county)
    simple: dict[Any, list[Any]] = {
        bool: [True], date: [TODAY], datetime: [NOW + timedelta(days=30)], bytes: [b"x"], Words: [Words("字", "w")],
        Ranges: [Ranges.of([county.code])], NoneType: [None], Any: [None], object: [None],
    }  # fmt: skip
    if kind in simple:
        return simple[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [next(iter(kind))]
    if is_dataclass(kind) and isinstance(kind, type):
        return [_value(name, kind, county, narrow=narrow) for narrow in (False, True)]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return [{}]
    if isinstance(origin, type) and issubclass(origin, Collection | typing.Iterable):
        inner = [item for item in typing.get_args(kind) if item is not Ellipsis]
        values = candidates(name, word, inner[0], county) if inner else []
        return [tuple(values)]
    if origin in (Callable, typing.Callable):
        return [lambda *_facts, **_words: None]
    raise AssertionError(f"{name}: no probe for {word}: {hint}")


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (UnionType, typing.Union):
        return next((item for item in typing.get_args(hint) if item is not NoneType), NoneType)
    return hint


def _value(name: str, kind: type, county: County, *, narrow: bool) -> Any:
    """A dataclass with what it must have; `narrow`: also asking for the county's records. Regions are codes here."""
    hints = typing.get_type_hints(kind)
    given = {}
    for item in fields(kind):
        wanted = item.default is MISSING and item.default_factory is MISSING
        if item.init and (wanted or (narrow and item.name in NARROWING)):
            region = item.name == "region"
            given[item.name] = (
                county.code if region else candidates(name, item.name, hints[item.name], county)[0]
            )
    return kind(**given)


NARROWING = {"region", "region_code", "household", "facility"}


def _numbers(word: str, county: County) -> list[int]:
    if word in RECORDS:
        return county.ids.get(RECORDS[word], [0])
    if word in PAGING:
        return [0]
    if word in SIMPLE:
        return [SIMPLE[word]]
    if word in ("region", "from_region"):
        return [county.town, county.key, county.code]
    if word.endswith("code") or word in ("parent", "predecessors"):
        return [county.code]
    if word.endswith("_fen"):
        return [100]
    return [0, *(number for numbers in county.ids.values() for number in numbers)]


def _texts(word: str, county: County) -> list[str]:
    return {
        "number": [county.numbers[0], county.numbers[2]],
        "numbers": county.numbers,
        "text": [f"{county.mark}甲", county.numbers[0]],
        "name": [f"{county.mark}甲", "recognition.end_late"],
        "login": ["probe.user"],
        "phone": ["13800001111"],
        "policy": ["guizhou/ncms-2017"],
        "code": ["H52020399999"],
        "words": [f"officer{county.birth_area}"],
        "reference": ["0123456789abcdef"],
        "object_kind": ["enrolment"],
        "source_kind": ["settlement"],
    }.get(word, ["核对身份事由"])


def frame(kind: str, function: Callable[..., Any], who: Actor | None) -> dict[str, Any]:
    """Who asks and when, as the function names them."""
    words = set(inspect.signature(function).parameters)
    given: dict[str, Any] = {"actor" if kind == "operation" else "viewer": who}
    if "now" in words:
        given["now"] = NOW
    if kind == "operation" and "key" in words:
        given["key"] = None
    return given
