"""The scalars of the policy language: amounts in yuan, rates in percent, dates, truth, names, regions, codes.

Each reader takes the text as the author wrote it and answers an exact value (fen, basis points, date …) or
one precise complaint. How an amount or a rate may be written, `doudi.money` decides; here its reasons become
findings.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from doudi.money import (
    BP_ONE,
    MAX_BILL,
    MAX_RATE,
    MoneyError,
    check_fen,
    format_percent,
    format_yuan,
    parse_percent,
    parse_yuan,
)
from doudi.words import Words

# The reasons of `doudi.money` → codes of findings. What is not listed is "malformed".
_AMOUNT_CODES = {
    "full_width": "amount_full_width",
    "percent_sign": "amount_percent",
    "thousands_separator": "amount_grouped",
    "scientific": "amount_scientific",
    "unit": "amount_unit",
    "leading_zero": "amount_leading_zero",
    "decimals": "amount_decimals",
    "overflow": "amount_too_large",
}
_RATE_CODES = {
    "full_width": "rate_full_width",
    "tenths": "rate_tenths",
    "decimals": "rate_decimals",
    **dict.fromkeys(("rate_too_high", "overflow"), "rate_too_large"),
}
_TRUE = {"true", "yes", "on", "y", "1", "是", "有", "对"}
_FALSE = {"false", "no", "off", "n", "0", "否", "无", "不"}


@dataclass(frozen=True)
class ShareOf:
    """`10% of income`: basis points of a figure of the policy or of a part of the bill."""

    rate_bp: int
    of: str


def _wrong(code: str, **values: object) -> PydanticCustomError:
    """A complaint that `validate` turns into the finding of this code."""
    return PydanticCustomError(code, code, values)


def _text(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise _wrong(EXPECTED_TEXT)


EXPECTED_TEXT = "expected_text"


def read_yuan(value: Any) -> int:
    """An amount in yuan as fen, at least 0."""
    text = _text(value)
    if re.fullmatch(r"[-−－][0-9.]+", text):
        raise _wrong("amount_negative", text=text)
    return _fen(text, signed=False)


def read_signed_yuan(value: Any) -> int:
    """An amount in yuan as fen; a leading minus is allowed."""
    return _fen(_text(value), signed=True)


def _fen(text: str, *, signed: bool) -> int:
    try:
        return check_fen(parse_yuan(text, signed=signed), MAX_BILL)
    except MoneyError as error:
        reason = error.code
    if reason == "spaces":
        joined = re.sub(r"\s", "", text)
        try:
            parse_yuan(joined, signed=signed)
            reason = "thousands_separator"
        except MoneyError as error:
            reason = error.code
    if reason == "unit" and not re.search(r"[0-9]", text):
        reason = "not_a_number"
    values = {"text": text, "plain": _plain(text), "limit": format_yuan(MAX_BILL)}
    raise _wrong(_AMOUNT_CODES.get(reason, "amount_malformed"), **values)


def _plain(text: str) -> str:
    """The number of yuan probably meant: `1.2万元` → 12000, `6,000` → 6000; 6000 if it cannot be told."""
    found = re.fullmatch(r"[¥￥]?([0-9]+)(?:\.([0-9]+))?([万亿]?)元?", re.sub(r"[,，'_\s]", "", text))
    if found is None:
        return "6000"
    whole, decimals, unit = found[1], found[2] or "", found[3]
    places = {"万": 4, "亿": 8}.get(unit, 0)
    shifted = (whole + decimals[:places].ljust(places, "0")).lstrip("0") or "0"
    return shifted + (f".{rest}" if (rest := decimals[places:]) else "")


def read_any_rate(value: Any) -> int:
    """A percentage as basis points; may exceed 100 %."""
    return _basis_points(_text(value), MAX_RATE)


def read_rate(value: Any) -> int:
    """A percentage from 0 % to 100 % as basis points."""
    return _basis_points(_text(value), BP_ONE)


def _basis_points(text: str, limit: int) -> int:
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        raise _wrong("rate_without_percent", text=text, hint=_with_percent(text))
    if re.fullmatch(r"[-−－][0-9.]+%?", text):
        raise _wrong("rate_negative", text=text)
    try:
        rate = parse_percent(text)
        if rate > limit:
            raise MoneyError("rate_too_high", text, format_percent(limit))
    except MoneyError as error:
        found = re.search(r"[1-9][0-9]*(\.[0-9]{1,2})?", text)
        values = {
            "text": text,
            "limit": format_percent(limit),
            "plain": f"{found.group()}%" if found else "60%",
        }
        raise _wrong(_RATE_CODES.get(error.code, "rate_malformed"), **values) from None
    return rate


def _with_percent(text: str) -> Words:
    """What a bare number may have meant: 60 → 60%; 0.6 → 60% or 0.6%."""
    whole, _, decimals = text.partition(".")
    if int(whole) > 1 or len(decimals) > 4:
        return Words(f"写成 {text}%。", f"Write {text}%.")
    hundredfold = format_percent(int(whole + decimals.ljust(4, "0")))
    return Words(
        f"指 {hundredfold} 就写 {hundredfold}，指百分之 {text} 就写 {text}%。",
        f"Write {hundredfold}, or {text}% if that little is meant.",
    )


def read_amount_or_share(value: Any) -> int | ShareOf:
    """An amount as fen, or `10% of income` as `ShareOf`."""
    text = _text(value)
    shares = re.fullmatch(r"(.*?)\s+of\b\s*(.*)", text)
    if shares is None:
        return read_yuan(text)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", shares[2]):
        raise _wrong("share_of_malformed", text=text)
    return ShareOf(read_any_rate(shares[1]), shares[2])


def read_date(value: Any) -> date:
    """A date written 2017-06-01."""
    text = _text(value)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise _wrong("date_format", text=text, hint=_example(text))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _wrong("date_impossible", text=text, hint=_calendar(text)) from None


def _calendar(text: str) -> Words:
    """Which part of a date goes beyond the calendar."""
    year, month, _ = (int(part) for part in text.split("-"))
    if not 1 <= month <= 12:
        return Words("月份从 01 到 12。", "Months go from 01 to 12.")
    days = calendar.monthrange(year, month)[1]
    return Words(f"这个月有 {days} 天。", f"That month has {days} days.")


def _example(text: str) -> Words:
    """How to write the date that was probably meant, else some date."""
    parts = re.findall(r"[0-9]+", text)
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if len(parts) == 3 and len(parts[0]) == 4:
        meant = f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2}"
        return Words(f"写成 {meant}。", f"Write {meant}.")
    return Words("写成 2017-06-01 这样。", "Write it like 2017-06-01.")


def read_truth(value: Any) -> bool:
    """`true` or `false`; no other spelling."""
    text = _text(value)
    if text in ("true", "false"):
        return text == "true"
    near = "true" if text.lower() in _TRUE else "false" if text.lower() in _FALSE else ""
    hint = Words(f"写 {near}。", f"Write {near}.") if near else _EITHER
    raise _wrong("truth_format", text=text, hint=hint)


_EITHER = Words("写 true 或 false。", "Write true or false.")


def _matching(code: str, pattern: str, mended: Callable[[str], str] = str.strip) -> Callable[[Any], str]:
    """A reader of texts of one pattern; `mended` guesses what was meant, and is told if it fits."""
    compiled = re.compile(pattern)

    def read(value: Any) -> str:
        text = _text(value)
        if not compiled.fullmatch(text):
            guess = mended(text)
            near = Words(f"写成 {guess}。", f"Write {guess}.") if compiled.fullmatch(guess) else Words("", "")
            raise _wrong(code, text=text, hint=near)
        return text

    return read


def read_count(value: Any) -> int:
    """A whole number from 0 to 999,999."""
    text = _text(value)
    if not re.fullmatch(r"0|[1-9][0-9]{0,5}", text):
        raise _wrong("count_malformed", text=text)
    return int(text)


def _snake(text: str) -> str:
    return re.sub(r"[\s-]+", "_", text).lower()


def _path(text: str) -> str:
    return re.sub(r"[\s_]+", "-", text.removesuffix(".yaml").removeprefix("policies/")).lower()


def _division(text: str) -> str:
    digits = "".join(re.findall(r"[0-9]+", text)).lstrip("0")
    return digits[:6] if len(digits) == 9 else digits


def _month_day(text: str) -> str:
    return "-".join(f"{part:0>2}" for part in re.findall(r"[0-9]+", text)[-2:])


def _code(text: str) -> str:
    return re.sub(r"\s*[-–—~～至到]\s*", "-", text).upper()


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
Truth = Annotated[bool, PlainValidator(read_truth), WithJsonSchema({"enum": [True, False, "true", "false"]})]
Count = Annotated[int, PlainValidator(read_count), WithJsonSchema({"type": ["integer", "string"]})]
Name = Annotated[
    str,
    PlainValidator(_matching("name_format", r"[a-z][a-z0-9_]*", _snake)),
    WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}),
]
PolicyId = Annotated[
    str,
    PlainValidator(_matching("id_format", r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*", _path)),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9-]+(/[a-z0-9-]+)*$"}),
]
Region = Annotated[
    str,
    PlainValidator(_matching("region_format", r"[0-9]{6}([0-9]{6})?", _division)),
    WithJsonSchema({"type": ["string", "integer"], "pattern": "^[0-9]{6}([0-9]{6})?$", "minimum": 100000}),
]
Digits = Annotated[
    str,
    PlainValidator(_matching("digits_format", r"[0-9]{2,12}")),
    WithJsonSchema({"type": ["string", "integer"], "pattern": "^[0-9]{2,12}$"}),
]
MonthDay = Annotated[
    str,
    PlainValidator(_matching("month_day_format", r"(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])", _month_day)),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}),
]
CodePrefix = Annotated[
    str,
    PlainValidator(
        _matching("code_prefix_format", r"[A-Z]?[0-9][0-9A-Za-z.+*]*(-[A-Z]?[0-9][0-9A-Za-z.]*)?", _code)
    ),
    WithJsonSchema({"type": _NUMBER_OR_TEXT}),
]
Text = Annotated[str, PlainValidator(_text), WithJsonSchema({"type": _NUMBER_OR_TEXT})]
