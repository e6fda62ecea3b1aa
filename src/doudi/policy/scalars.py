"""The scalars of the policy language: amounts in yuan, rates in percent, dates, truth, names, regions, counts.

Each reader takes the text as the author wrote it and answers an exact value (fen, basis points, date …) or one
precise complaint. The complaints are tables of patterns: the first that fits names the mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from doudi.money import MAX_BILL, parse_percent, parse_yuan

_FULL_WIDTH = re.compile(r"[０-９．，％]")

_AMOUNT = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]{1,2})?")
_AMOUNT_MISTAKES: list[tuple[str, re.Pattern[str]]] = [
    ("amount_full_width", _FULL_WIDTH),
    ("amount_percent", re.compile(r".*[%％].*")),
    ("amount_grouped", re.compile(r"-?[0-9]{1,3}([,，' _][0-9]{3})+(\.[0-9]*)?")),
    ("amount_scientific", re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+")),
    ("amount_unit", re.compile(r"[¥￥]?\s*[0-9.,]+\s*(元|万|万元|亿|亿元|角|分|yuan|RMB|CNY)?", re.IGNORECASE)),
    ("amount_negative", re.compile(r"[-−][0-9.]+")),
]
_RATE = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]{1,2})?%")
_RATE_MISTAKES: list[tuple[str, re.Pattern[str]]] = [
    ("rate_full_width", _FULL_WIDTH),
    ("rate_without_percent", re.compile(r"[0-9.]+")),
    ("rate_decimals", re.compile(r"[0-9]+\.[0-9]{3,}\s*%")),
]


@dataclass(frozen=True, slots=True)
class ShareOf:
    """`10% of income`: basis points of a figure of the policy or of a part of the bill."""

    rate_bp: int
    of: str


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    raise PydanticCustomError("expected_text", "text expected")


def _mistake(text: str, table: list[tuple[str, re.Pattern[str]]], otherwise: str) -> PydanticCustomError:
    for code, pattern in table:
        found = pattern.search(text) if pattern is _FULL_WIDTH else pattern.fullmatch(text)
        if found:
            return PydanticCustomError(code, code, {"text": text})  # type: ignore[arg-type]  # codes are data here
    return PydanticCustomError(otherwise, otherwise, {"text": text})  # type: ignore[arg-type]


def read_yuan(value: Any) -> int:
    """An amount in yuan as fen."""
    text = _text(value)
    if re.fullmatch(r"0[0-9]+(\.[0-9]+)?", text):
        raise PydanticCustomError("amount_leading_zero", "leading zero", {"text": text})
    if re.fullmatch(r"[0-9]+\.[0-9]{3,}", text):
        raise PydanticCustomError("amount_decimals", "too many decimals", {"text": text})
    if not _AMOUNT.fullmatch(text):
        raise _mistake(text, _AMOUNT_MISTAKES, "amount_malformed")
    if len(text) > 16 or (fen := int(parse_yuan(text))) > MAX_BILL:
        raise PydanticCustomError("amount_too_large", "too large", {"text": text})
    return fen


def read_signed_yuan(value: Any) -> int:
    """An amount in yuan as fen; a leading minus is allowed."""
    text = _text(value)
    return -read_yuan(text[1:]) if text.startswith("-") else read_yuan(text)


def read_any_rate(value: Any) -> int:
    """A percentage as basis points; may exceed 100 %."""
    text = _text(value)
    if not _RATE.fullmatch(text):
        raise _mistake(text, _RATE_MISTAKES, "rate_malformed")
    return int(parse_percent(text))


def read_rate(value: Any) -> int:
    """A percentage from 0 % to 100 % as basis points."""
    rate = read_any_rate(value)
    if rate > 10_000:
        raise PydanticCustomError("rate_too_high", "above 100 %", {"text": value})
    return rate


def read_amount_or_share(value: Any) -> int | ShareOf:
    """An amount as fen, or `10% of income` as `ShareOf`."""
    text = _text(value)
    if " of " not in text:
        return read_yuan(text)
    rate, _, of = text.partition(" of ")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", of.strip()):
        raise PydanticCustomError("share_of_malformed", "share of what", {"text": text})
    return ShareOf(read_any_rate(rate.strip()), of.strip())


def read_date(value: Any) -> date:
    """A date written 2017-06-01."""
    text = _text(value)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise PydanticCustomError("date_format", "date", {"text": text})
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("date_impossible", "date", {"text": text}) from error


def read_truth(value: Any) -> bool:
    """`true` or `false`; no other spelling."""
    if value not in ("true", "false"):
        raise PydanticCustomError("truth_format", "truth", {"text": value})
    return bool(value == "true")


def _matching(code: str, pattern: str) -> Callable[[Any], str]:
    compiled = re.compile(pattern)

    def read(value: Any) -> str:
        text = _text(value)
        if not compiled.fullmatch(text):
            raise PydanticCustomError(code, code, {"text": text})  # type: ignore[arg-type]  # codes are data here
        return text

    return read


def read_count(value: Any) -> int:
    """A whole number from 0 to 100,000."""
    text = _text(value)
    if not re.fullmatch(r"0|[1-9][0-9]{0,5}", text):
        raise PydanticCustomError("count_malformed", "count", {"text": text})
    return int(text)


_NUMBER_OR_TEXT = ["number", "string"]
_PERCENT_SCHEMA = {"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]{1,2})?%$"}

Yuan = Annotated[int, PlainValidator(read_yuan), WithJsonSchema({"type": _NUMBER_OR_TEXT})]
SignedYuan = Annotated[int, PlainValidator(read_signed_yuan), WithJsonSchema({"type": _NUMBER_OR_TEXT})]
YuanOrShare = Annotated[
    int | ShareOf, PlainValidator(read_amount_or_share), WithJsonSchema({"type": _NUMBER_OR_TEXT})
]
Rate = Annotated[int, PlainValidator(read_rate), WithJsonSchema(_PERCENT_SCHEMA)]
AnyRate = Annotated[int, PlainValidator(read_any_rate), WithJsonSchema(_PERCENT_SCHEMA)]
Day = Annotated[date, PlainValidator(read_date), WithJsonSchema({"type": "string", "format": "date"})]
Truth = Annotated[bool, PlainValidator(read_truth), WithJsonSchema({"type": "boolean"})]
Count = Annotated[int, PlainValidator(read_count), WithJsonSchema({"type": ["integer", "string"]})]
Name = Annotated[
    str,
    PlainValidator(_matching("name_format", r"[a-z][a-z0-9_]*")),
    WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}),
]
PolicyId = Annotated[
    str,
    PlainValidator(_matching("id_format", r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*")),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9-]+(/[a-z0-9-]+)*$"}),
]
Region = Annotated[
    str,
    PlainValidator(_matching("region_format", r"[0-9]{6}([0-9]{6})?")),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{6}([0-9]{6})?$"}),
]
Digits = Annotated[
    str,
    PlainValidator(_matching("digits_format", r"[0-9]{2,12}")),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{2,12}$"}),
]
MonthDay = Annotated[
    str,
    PlainValidator(_matching("month_day_format", r"(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])")),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}),
]
CodePrefix = Annotated[
    str,
    PlainValidator(_matching("code_prefix_format", r"[A-Z]?[0-9][0-9A-Za-z.+*]*(-[A-Z]?[0-9][0-9A-Za-z.]*)?")),
    WithJsonSchema({"type": "string"}),
]
Text = Annotated[str, PlainValidator(_text), WithJsonSchema({"type": "string"})]
