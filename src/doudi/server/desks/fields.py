"""Reading what a form sent: one function a kind of field, a refusal that names the field and says what to write.

Forms are sent by htmx and answered beside their button, so a refused form keeps what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from doudi.server.kernel.errors import Refused
from doudi.words import Words

_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def _refuse(field: str, code: str, zh: str, en: str) -> Refused:
    return Refused(code, Words(zh, en), where=field)


def text(
    data: Mapping[str, Any], field: str, words: Words, *, required: bool = True, longest: int = 200
) -> str:
    """A text without control and direction characters, trimmed; "" where not required and not given."""
    value = str(data.get(field, "") or "")
    if _NOT_TEXT.search(value):
        raise _refuse(
            field, "field_characters", f"“{words.zh}”含有不可见的字符，请重新输入。",
            f"{words.en} contains invisible characters; type it again.",
        )  # fmt: skip
    value = value.strip()
    if required and not value:
        raise _refuse(field, "field_missing", f"请填写“{words.zh}”。", f"Fill in {words.en}.")
    if len(value) > longest:
        raise _refuse(
            field, "field_too_long", f"“{words.zh}”最多 {longest} 个字，现在有 {len(value)} 个。",
            f"{words.en} has at most {longest} characters; there are {len(value)}.",
        )  # fmt: skip
    return value


def day(data: Mapping[str, Any], field: str, words: Words, *, required: bool = True) -> date | None:
    """A date: 2017-09-01, 2017/9/1, 20170901 or 2017年9月1日."""
    value = text(data, field, words, required=required, longest=20)
    if not value:
        return None
    found = _DAY.fullmatch(value)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise _refuse(
        field, "field_date", f"“{words.zh}”不是有效的日期：{value}。请写成 2017-09-01。",
        f"{words.en} is not a date: {value}. Write it as 2017-09-01.",
    )  # fmt: skip


def needed_day(data: Mapping[str, Any], field: str, words: Words) -> date:
    """A date that must be given."""
    value = day(data, field, words)
    if value is None:  # text() has refused an empty field
        raise _refuse(field, "field_missing", f"请填写“{words.zh}”。", f"Fill in {words.en}.")
    return value


def number(
    data: Mapping[str, Any],
    field: str,
    words: Words,
    *,
    least: int = 0,
    most: int = 10**12,
    required: bool = True,
) -> int | None:
    """A whole number between `least` and `most`, thousands separators allowed."""
    value = text(data, field, words, required=required, longest=20).replace(",", "").replace("，", "")
    if not value:
        return None
    if not re.fullmatch(r"-?\d+", value, re.ASCII) or not least <= int(value) <= most:
        raise _refuse(
            field, "field_number", f"“{words.zh}”应为 {least} 到 {most} 之间的整数。",
            f"{words.en} must be a whole number between {least} and {most}.",
        )  # fmt: skip
    return int(value)


def choice(
    data: Mapping[str, Any], field: str, words: Words, among: Iterable[str], *, required: bool = True
) -> str:
    """One of the values offered."""
    value = text(data, field, words, required=required, longest=80)
    if value and value not in set(among):
        raise _refuse(
            field, "field_choice", f"“{words.zh}”没有这个选项，请从列表中选择。",
            f"{words.en} has no such choice; pick one from the list.",
        )  # fmt: skip
    return value


def page_number(request: HttpRequest) -> int:
    """`?page=`, from 0; anything else is the first page."""
    value = request.GET.get("page", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else 0


def done(request: HttpRequest, address: str) -> HttpResponse:
    """After a write: go to `address`, also where htmx sent the form."""
    if getattr(request, "htmx", False):
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = address
        return answer
    return redirect(address)
