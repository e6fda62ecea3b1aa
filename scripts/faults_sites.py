"""Every place of a policy file where an author's hand may slip, and what stands there afterwards. See faults.py.

A fault is one change of the text: from `start` to `end` stands `new`. The file is read as YAML with the place of every
node; an operator of `OPERATORS` is handed each key with its value, or each list, and answers the changes it knows. So
the file stays YAML, and its comments and layout stay as they are.

Left alone by rule, because nothing that a bill meets depends on it: comments, and what stands below the keys of
`WORDS` – titles and names, quoted passages and reasons, what a document leaves open, who advances money and where
papers are handed in. The order of a list counts only below the keys of `ORDERED`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, get_args

import yaml

from doudi.engine.vocabulary import CARES, CHANNELS, GRADES, LEVELS, PLACES
from doudi.policy.benefits import Period
from doudi.policy.beyond import Measure
from doudi.policy.conditions import PARTS
from doudi.policy.payers import DateOfBill

WORDS = {"title", "zh", "en", "name", "note", "gaps", "sources", "range", "basis", "department", "approver", "clearing",
         "claims", "entitlements", "policy", "cases", "extends", "reason", "passage"}  # fmt: skip
CITES = ("cite", "assumed")
ORDERED = {"payers", "benefits", "bands", "bill", "covers", "order", "of"}
ENUMS: dict[str, tuple[str, ...]] = {
    "care": CARES, "level": LEVELS, "levels": LEVELS, "grade": GRADES, "place": PLACES, "channel": CHANNELS,
    "covers": (*PARTS, "total"), "of": (*PARTS, "total"), "to": PARTS, "per": get_args(Period),
    "as_of": get_args(DateOfBill), "choose": ("first", "best", "all"), "several": ("best_per_payer", "best_single"),
    "mode": ("half_up", "half_even", "down"), "draw": ("in_order", "pro_rata"), "edges": ("absolute", "above_deductible"),
    "across": ("whole", "split"), "across_year": ("old", "difference", "new"), "cumulative": get_args(Period),
    "numerator": get_args(Measure), "denominator": get_args(Measure), "pays": ("difference", "catch_up"),
    "decided": ("here", "elsewhere"), "settled": ("bill", "year_end"), "pay": ("direct", "first_refund_later"),
    "schedule": ("marginal", "slab", "lump", "quick"), "number": ("rate", "deductible", "cap"), "by": ("level", "grade"),
    "below": ("actual", "price"),
}  # fmt: skip
NAMED = ("people", "disease", "procedure", "programme", "routed", "designated_for", "filing", "any", "all", "none",
         "less", "offset", "names", "cap", "fund", "scheme", "schemes", "tier", "cite")  # fmt: skip
TWINS = {"above": "reaching", "reaching": "above", "at_least": "at_most", "at_most": "at_least", "any": "all",
         "from": "until", "raises_to": "own_at_least", "points": "at_least", "rate": "portion"}  # fmt: skip
_AMOUNT = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]{1,2})?")
_RATE = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]{1,2})?%")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CODE = re.compile(r"[A-Z]?[0-9][0-9A-Za-z.]*(-[A-Z]?[0-9][0-9A-Za-z.]*)?")
Path = tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """One change of a file's text."""

    operator: str
    path: Path
    start: int
    end: int
    new: str

    def applied(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.end :]


@dataclass(frozen=True)
class Entry:
    """A key with its value (`key` None: an item of a list), where it stands, and what stands beside it."""

    path: Path
    key: Any
    value: Any
    owner: Any
    index: int
    text: str

    @property
    def start(self) -> int:
        return (self.key or self.value).start_mark.index

    @property
    def end(self) -> int:
        return end_of(self.value)

    @property
    def name(self) -> str:
        """The key under which the value stands; an item of a list stands under the list's."""
        return next(step for step in reversed(self.path) if not step.startswith("["))

    @property
    def scalar(self) -> str | None:
        return self.value.value if isinstance(self.value, yaml.ScalarNode) else None

    @property
    def siblings(self) -> list[Entry]:
        return children(self.owner, self.path[:-1], self.text)


def end_of(node: Any) -> int:
    """Where the text of a node ends; a block ends with the last thing in it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return end_of(last[1] if isinstance(last, tuple) else last)


def children(node: Any, path: Path, text: str) -> list[Entry]:
    """What stands directly below a node."""
    if isinstance(node, yaml.MappingNode):
        return [
            Entry((*path, key.value), key, value, node, i, text) for i, (key, value) in enumerate(node.value)
        ]
    if isinstance(node, yaml.SequenceNode):
        return [
            Entry((*path, f"[{_called(item, i)}]"), None, item, node, i, text)
            for i, item in enumerate(node.value)
        ]
    return []


def _called(item: Any, index: int) -> str:
    """An item's first value if that is a name, else its number."""
    if isinstance(item, yaml.MappingNode) and item.value and isinstance(item.value[0][1], yaml.ScalarNode):
        return f"{item.value[0][0].value} {item.value[0][1].value}"
    return str(index)


def entries(text: str) -> Iterator[Entry]:
    """Every key and item of a file that a bill may meet."""

    def below(node: Any, path: Path) -> Iterator[Entry]:
        for entry in children(node, path, text):
            if entry.name in WORDS:
                continue
            yield entry
            if entry.name not in CITES:
                yield from below(entry.value, entry.path)

    yield from below(yaml.compose(text, Loader=yaml.SafeLoader), ())


# --- values --------------------------------------------------------------------------------------------------


def _value(entry: Entry, new: str) -> tuple[int, int, str]:
    """Another scalar in the place of one, quoted as that one was."""
    mark = entry.text[entry.value.start_mark.index]
    quoted = f"{mark}{new}{mark}" if mark in "\"'" else new
    return entry.value.start_mark.index, entry.value.end_mark.index, quoted


def _amounts(entry: Entry) -> str | None:
    fits = (
        entry.scalar is not None
        and _AMOUNT.fullmatch(entry.scalar)
        and entry.name not in ("region", "pooling_area")
    )
    return entry.scalar if fits else None


def tenfold(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    if (text := _amounts(entry)) and text != "0":
        yield _value(entry, f"{text}0" if "." not in text else text.replace(".", "", 1))


def tenth(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    if (text := _amounts(entry)) and "." not in text and text != "0":
        yield _value(entry, text[:-1] if text.endswith("0") else f"{text[:-1] or '0'}.{text[-1]}")


def digit(entry: Entry, r: Random) -> Iterator[tuple[int, int, str]]:
    """One digit of an amount one more or less."""
    if text := _amounts(entry):
        place = r.choice([i for i, mark in enumerate(text) if mark.isdigit()])
        other = str(
            int(text[place]) + (1 if text[place] in "01" else r.choice((-1, 1)) if text[place] != "9" else -1)
        )
        yield _value(entry, text[:place] + other + text[place + 1 :])


def swapped_digits(entry: Entry, r: Random) -> Iterator[tuple[int, int, str]]:
    """Two neighbouring digits of an amount or rate the other way round."""
    text = entry.scalar or ""
    if _amounts(entry) or _RATE.fullmatch(text):
        pairs = [i for i in range(len(text) - 1) if text[i : i + 2].isdigit() and text[i] != text[i + 1]]
        pairs = [i for i in pairs if not (i == 0 and text[1] == "0")]
        if pairs:
            i = r.choice(pairs)
            yield _value(entry, text[:i] + text[i + 1] + text[i] + text[i + 2 :])


def points(entry: Entry, r: Random) -> Iterator[tuple[int, int, str]]:
    """A rate some points more or less."""
    if entry.scalar is not None and _RATE.fullmatch(entry.scalar):
        whole, mark, rest = entry.scalar.removesuffix("%").partition(".")
        step = r.choice([step for step in (-10, -5, -1, 1, 5, 10) if 0 <= int(whole) + step <= 99] or [-1])
        yield _value(entry, f"{int(whole) + step}{mark}{rest}%")


def year(entry: Entry, r: Random) -> Iterator[tuple[int, int, str]]:
    """A date a year earlier or later."""
    if entry.scalar is not None and _DATE.fullmatch(entry.scalar):
        day = date.fromisoformat(entry.scalar)
        yield _value(entry, day.replace(year=day.year + r.choice((-1, 1)), day=min(day.day, 28)).isoformat())


def flag(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    if entry.scalar in ("true", "false"):
        yield _value(entry, "false" if entry.scalar == "true" else "true")


def word(entry: Entry, r: Random) -> Iterator[tuple[int, int, str]]:
    """Another word of the enumeration: another level, part, period, date, way to choose."""
    words = ENUMS.get(entry.name, ())
    if entry.scalar in words:
        yield _value(entry, r.choice([other for other in words if other != entry.scalar]))


def code(entry: Entry, r: Random) -> Iterator[tuple[int, int, str]]:
    """One digit of a diagnosis or procedure code another."""
    if entry.name in ("icd10", "icd9cm3") and entry.scalar and _CODE.fullmatch(entry.scalar):
        place = r.choice([i for i, mark in enumerate(entry.scalar) if mark.isdigit()])
        other = str((int(entry.scalar[place]) + r.choice((1, 2))) % 10)
        yield _value(entry, entry.scalar[:place] + other + entry.scalar[place + 1 :])


def misspelt(entry: Entry, r: Random) -> Iterator[tuple[int, int, str]]:
    """A name with a letter lost."""
    if entry.scalar and entry.name in NAMED and re.fullmatch("[a-z][a-z_0-9]{2,}", entry.scalar):
        place = r.randrange(1, len(entry.scalar))
        yield _value(entry, entry.scalar[:place] + entry.scalar[place + 1 :])


def mistaken(entry: Entry, r: Random) -> Iterator[tuple[int, int, str]]:
    """A name taken for another that stands under the same key elsewhere in the file."""
    if entry.scalar and entry.name in NAMED and entry.name != "cite":
        beside = {other.scalar for other in entry.siblings} if entry.key is None else {entry.scalar}
        known = sorted(
            {other.scalar for other in entries(entry.text) if other.name == entry.name and other.scalar}
        )
        if others := [other for other in known if other not in beside]:
            yield _value(entry, r.choice(others))


# --- keys and structure --------------------------------------------------------------------------------------


def _removed(entry: Entry) -> Iterator[tuple[int, int, str]]:
    """An entry taken away, with its comma, dash or line; the last one left stays."""
    beside = entry.siblings
    if len(beside) == 1:
        return
    if entry.index + 1 < len(beside):
        yield entry.start, beside[entry.index + 1].start, ""
    else:
        yield beside[entry.index - 1].end, entry.end, ""


def _dropping(*keys: str) -> Callable[[Entry, Random], Iterator[tuple[int, int, str]]]:
    return lambda entry, _: _removed(entry) if entry.key is not None and entry.key.value in keys else iter(())


def drop_row(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    """A row of a table."""
    if entry.key is not None and "rows" in entry.path[-3:-1]:
        yield from _removed(entry)


def drop_item(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    """An item of a list: a category, a code, a payer, a benefit, a reading; bands are `drop_band`'s."""
    if entry.key is None and entry.name not in ("bands", "cite"):
        yield from _removed(entry)


def drop_band(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    if entry.key is None and entry.name == "bands":
        yield from _removed(entry)


def drop_key(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    """Any other key."""
    told = (*CITES, "when", "cap", "deductible")
    if entry.key is not None and entry.key.value not in told and "rows" not in entry.path[-3:-1]:
        yield from _removed(entry)


def swap_items(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    """Two neighbours of a list whose order counts: payers, benefits, bands, parts."""
    if entry.key is None and entry.name in ORDERED and entry.index + 1 < len(entry.siblings):
        other = entry.siblings[entry.index + 1].value
        if not _exclude_each_other(entry.value, other):
            yield _exchanged(entry.text, entry.value, other)


def _exclude_each_other(one: Any, other: Any) -> bool:
    """Whether two benefits can never hold together, so that their order means nothing."""
    mine, theirs = _tests(one), _tests(other)
    return any(not (mine[key] & theirs[key]) for key in mine.keys() & theirs.keys())


def _tests(node: Any) -> dict[str, set[str]]:
    """The words that a benefit's plain tests of care, level, place and the like allow."""
    when = dict(_pairs(node)).get("when")
    allowed = {}
    for key, value in _pairs(when):
        if key in ("care", "level", "grade", "place", "channel"):
            items = value.value if isinstance(value, yaml.SequenceNode) else [value]
            allowed[key] = {item.value for item in items}
    return allowed


def _pairs(node: Any) -> list[tuple[str, Any]]:
    return [(key.value, value) for key, value in node.value] if isinstance(node, yaml.MappingNode) else []


def swap_rows(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    """The numbers of two neighbouring rows of a table."""
    if entry.key is not None and "rows" in entry.path[-3:-1] and entry.index + 1 < len(entry.siblings):
        yield _exchanged(entry.text, entry.value, entry.siblings[entry.index + 1].value)


def swap_edges(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    """The edges of two neighbouring bands."""
    if entry.key is None and entry.name == "bands" and entry.index + 1 < len(entry.siblings):
        mine, other = (
            [value for key, value in band.value.value if key.value in ("above", "reaching")]
            for band in (entry, entry.siblings[entry.index + 1])
        )
        if mine and other:
            yield _exchanged(entry.text, mine[0], other[0])


def _exchanged(text: str, one: Any, other: Any) -> tuple[int, int, str]:
    a, b, c, d = one.start_mark.index, end_of(one), other.start_mark.index, end_of(other)
    return a, d, text[c:d] + text[b:c] + text[a:b]


def twice(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    """A key with its value written twice."""
    if entry.key is not None:
        between = ", " if entry.owner.flow_style else "\n" + " " * entry.key.start_mark.column
        yield entry.start, entry.start, entry.text[entry.start : entry.end] + between


def misspelt_key(entry: Entry, r: Random) -> Iterator[tuple[int, int, str]]:
    """A key with a letter lost."""
    if entry.key is not None and re.fullmatch("[a-z][a-z_0-9]{2,}", entry.key.value):
        place = r.randrange(1, len(entry.key.value))
        spelt = entry.key.value[:place] + entry.key.value[place + 1 :]
        yield entry.start, entry.key.end_mark.index, spelt


def twin_key(entry: Entry, _: Random) -> Iterator[tuple[int, int, str]]:
    """A key taken for its twin: above for reaching, at_least for at_most."""
    if entry.key is not None and (other := TWINS.get(entry.key.value)):
        yield entry.start, entry.key.end_mark.index, other


OPERATORS: dict[str, Callable[[Entry, Random], Iterator[tuple[int, int, str]]]] = {
    "amount ×10": tenfold,
    "amount ÷10": tenth,
    "one digit off": digit,
    "two digits swapped": swapped_digits,
    "rate off by points": points,
    "date off by a year": year,
    "flag turned": flag,
    "another word": word,
    "code off by a digit": code,
    "name misspelt": misspelt,
    "another name": mistaken,
    "key misspelt": misspelt_key,
    "key for its twin": twin_key,
    "key twice": twice,
    "two rows swapped": swap_rows,
    "two items swapped": swap_items,
    "two edges swapped": swap_edges,
    "row dropped": drop_row,
    "band dropped": drop_band,
    "item dropped": drop_item,
    "when dropped": _dropping("when"),
    "cap dropped": _dropping("cap"),
    "deductible dropped": _dropping("deductible"),
    "citation dropped": _dropping(*CITES),
    "key dropped": drop_key,
}


def faults(text: str, seed: str) -> list[Fault]:
    """Every fault of a file, one for each operator and place, the same for a seed."""
    found = []
    for entry in entries(text):
        for name, operator in OPERATORS.items():
            chance = Random(f"{seed}/{name}/{'.'.join(entry.path)}")
            found += [Fault(name, entry.path, *change) for change in operator(entry, chance)]
    return [fault for fault in found if fault.applied(text) != text]
