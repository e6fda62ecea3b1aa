"""From fee lines and a catalogue to the four cost parts of a bill, line by line.

Class 甲: in scope. Class 乙: a first-pay rate, the rest in scope. Class 丙: own pay. What a line costs above the price
ceiling of its own day is over limit. A catalogue entry may mark lines for a portion (中医药, 基本药物 …).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from doudi.engine.data import FeeLine, Span
from doudi.engine.fields import Fields
from doudi.engine.refusals import Refused
from doudi.money import BP_ONE, MAX_BILL, MoneyError, Rounding, allocate, parse_percent, share
from doudi.policy.conditions import PARTS

CLASSES = ("甲", "乙", "丙")
_QUANTITY = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")
_PER_UNIT = 10_000


@dataclass(frozen=True)
class Entry:
    """One row of a catalogue, valid in its span; `ceiling_fen` a unit, None: no ceiling."""

    kind: str
    first_pay_bp: int
    ceiling_fen: int | None
    span: Span
    portions: tuple[str, ...]


Catalogue = dict[str, list[Entry]]


def read_catalogue(data: Any) -> Catalogue | None:
    """A catalogue: a list of {code, class, first_pay, ceiling, from, until, portions}."""
    if data is None:
        return None
    catalogue: Catalogue = {}
    keys = ("code", "name", "class", "first_pay", "ceiling", "from", "until", "portions")
    for item, path in Fields({"catalogue": data}, "").objects("catalogue"):
        fields = Fields(item, path, keys)
        kind = fields.one_of("class", CLASSES)
        if kind is None:
            raise Refused("field_missing", fields.at("class"), key="class")
        ceiling = fields.yuan("ceiling") if fields.has("ceiling") else None
        entry = Entry(
            kind, _percent(fields, "first_pay"), ceiling, Span(fields.day("from"), fields.day("until")),
            fields.texts("portions"),
        )  # fmt: skip
        catalogue.setdefault(fields.name("code"), []).append(entry)
    return catalogue


def _percent(fields: Fields, key: str) -> int:
    text = fields.text(key)
    if text is None:
        return 0
    try:
        rate = int(parse_percent(text))
    except MoneyError:
        rate = -1
    if not 0 <= rate <= BP_ONE:
        raise Refused("field_type", fields.at(key), key=key, kind="百分比", kind_en="a percentage")
    return rate


def read_lines(fields: Fields, catalogue: Catalogue, day: date) -> tuple[tuple[FeeLine, ...], dict[str, int]]:
    """The fee lines of a bill with their parts, and the portions that the catalogue marks."""
    lines: list[FeeLine] = []
    portions: dict[str, int] = {}
    keys = ("line", "code", "name", "day", "quantity", "price", "amount")
    for item, path in fields.objects("lines"):
        line = Fields(item, path, keys)
        code, on = line.name("code"), line.day("day") or day
        entries = [entry for entry in catalogue.get(code, []) if entry.span.holds(on)]
        if not entries:
            raise Refused("line_unknown", line.at("code"), item=code, day=on)
        if len(entries) > 1:
            raise Refused("catalogue_twice", line.at("code"), item=code, day=on)
        entry = entries[0]
        parts = _parts(entry, *_amount_and_over(line, entry))
        lines.append(FeeLine(line.text("line") or str(len(lines) + 1), parts))
        for portion in entry.portions:
            portions[portion] = portions.get(portion, 0) + parts["in_scope"]
    return tuple(lines), portions


def _amount_and_over(line: Fields, entry: Entry) -> tuple[int, int]:
    """What a line costs and what of it lies above the ceiling, in fen."""
    quantity = _quantity(line)
    if line.has("amount"):
        amount = line.yuan("amount")
    else:
        line.need("price")
        amount = Rounding().divide(line.yuan("price") * quantity, _PER_UNIT)
    if amount > MAX_BILL:
        raise Refused("amount_too_large", line.at("amount"), key="amount")
    if entry.ceiling_fen is None:
        return amount, 0
    return amount, max(0, amount - Rounding().divide(entry.ceiling_fen * quantity, _PER_UNIT))


def _quantity(line: Fields) -> int:
    """The quantity in ten-thousandths; 1 where none is given."""
    text = line.text("quantity") or "1"
    if not _QUANTITY.fullmatch(text):
        raise Refused("field_type", line.at("quantity"), key="quantity", kind="数量", kind_en="a quantity")
    whole, _, fraction = text.partition(".")
    return int(whole) * _PER_UNIT + int(fraction.ljust(4, "0"))


def _parts(entry: Entry, amount: int, over: int) -> dict[str, int]:
    if entry.kind == "丙":
        return dict(zip(PARTS, (0, 0, 0, amount), strict=True))
    first = share(amount - over, entry.first_pay_bp) if entry.kind == "乙" else 0
    return dict(zip(PARTS, (amount - over - first, first, over, 0), strict=True))


def draw_over_lines(
    lines: tuple[FeeLine, ...], drawn: dict[str, int], left: dict[str, list[int]]
) -> list[int]:
    """Spread a payer's draw over the lines of each part in proportion to what each line still holds.

    `left[part]` is what each line holds of a part; it is reduced. Answers the payer's amount on each line.
    """
    shares = [0] * len(lines)
    for part, amount in drawn.items():
        for index, piece in enumerate(allocate(amount, left[part])) if amount else []:
            shares[index] += piece
            left[part][index] -= piece
    return shares
