"""What recognitions, enrolments and filings have in common: facts with a period that are never changed in place.

- A *period* runs from a day until before a day.
- A change *retires* the row as it stands (replaced, or void) and adds a *renewed* copy, so that what was believed on any
  earlier day can be told again (P10).
- A change that reaches back further than some days is *late*: it needs four eyes.
- Two clerks at one person wait for each other (an advisory lock on the person); a list of a whole county waits for all
  clerks of the county, and they for it. The database's constraints are the net under this.
"""

from __future__ import annotations

from copy import copy
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, models

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.locks import Within
from doudi.server.recognition.persons import records_of
from doudi.words import Words

M = TypeVar("M", bound=models.Model)


def lock_person(person: int, region: int) -> None:
    """Be the only one who changes the standing of a person, all records of theirs, until the transaction ends."""
    first = min(records_of(person)) % 2**31
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, %s), pg_advisory_xact_lock(%s, %s)",
            [Within.COUNTYS_STANDING, region // 1000, Within.PERSONS_STANDING, first],
        )


def lock_county(region: int) -> None:
    """Be the only one who changes the standing of anybody in the county of a region key, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Within.COUNTYS_STANDING, region // 1000])


def check_period(from_date: date, until_date: date | None) -> None:
    """Refuse a period that ends before it begins."""
    if until_date is not None and until_date <= from_date:
        raise Refused(
            "period_reversed",
            Words(
                f"截止日期 {until_date} 不晚于起始日期 {from_date}。",
                f"The end, {until_date}, is not after the beginning, {from_date}.",
            ),
            remedy=Words(
                "截止日期是不再有效的第一天，请核对。", "The end is the first day no longer valid; check it."
            ),
            where="until_date",
        )


def check_recent(day: date, *, now: datetime, days: int, where: str) -> None:
    """Refuse a change that reaches back more than `days` days: it is proposed, and approved by somebody else."""
    earliest = business_date(now) - timedelta(days=days)
    if day < earliest:
        raise Refused(
            "late_change",
            Words(
                f"{day} 早于 {earliest}，追溯超过 {days} 天。",
                f"{day} is before {earliest}: it reaches back more than {days} days.",
            ),
            remedy=Words(
                "请作为追溯变更提交，由另一人审批。",
                "Propose it as a late change for somebody else to approve.",
            ),
            where=where,
        )


def check_known(known_since: date | None, now: datetime) -> date:
    """The day on which something became known here: today unless stated; never later than today."""
    today = business_date(now)
    if known_since is not None and known_since > today:
        raise Refused(
            "known_in_future",
            Words(
                f"知悉日期 {known_since} 在今天之后。",
                f"The day it became known, {known_since}, is yet to come.",
            ),
            remedy=Words("请填写名单或材料送达的日期。", "State the day the list or paper arrived."),
            where="known_since",
        )
    return known_since or today


def fitting(text: str, words: Words, where: str, longest: int = 200) -> str:
    """A text that fits its column, without spaces at its ends."""
    text = text.strip()
    if len(text) > longest:
        raise Refused(
            "text_too_long",
            Words(f"{words.zh}超过{longest}个字。", f"{words.en} is longer than {longest} characters."),
            remedy=Words("请缩短；全文请作为材料上传。", "Shorten it; attach the whole as a paper."),
            where=where,
        )
    return text


def needed(text: str, words: Words, where: str) -> str:
    """A text that must not be empty and fits its column, without spaces at its ends."""
    text = fitting(text, words, where)
    if not text:
        raise Refused(
            "text_missing", Words(f"没有填写{words.zh}。", f"{words.en} is missing."), where=where,
            remedy=Words("请填写后再提交。", "Fill it in."),
        )  # fmt: skip
    return text


def retire(row: Any, *, state: str, actor: Actor, now: datetime, reason: str = "") -> None:
    """Stop believing a version. The row stays as it is, with who retired it and why."""
    row.state, row.known_until = state, business_date(now)
    row.retired_by, row.retired_reason = actor.user, reason
    row.save(update_fields=["state", "known_until", "retired_by", "retired_reason"])


def renewed(row: M, *, actor: Actor, now: datetime, **changes: Any) -> M:
    """An unsaved copy of a retired row that takes its place, with `changes`."""
    fresh: Any = copy(row)
    fresh.pk, fresh._state = None, models.base.ModelState()  # noqa: SLF001 - how Django says "not saved yet"
    fresh.replaces, fresh.known_since, fresh.known_until = row.pk, business_date(now), None
    fresh.entered_by, fresh.entered_at, fresh.import_number = actor.user, now, None
    fresh.retired_by, fresh.retired_reason = None, ""
    for name, value in changes.items():
        setattr(fresh, name, value)
    result: M = fresh
    return result


def believed_on(day: date | None) -> models.Q:
    """The versions believed at the end of `day`; None is now."""
    if day is None:
        return models.Q(known_until__isnull=True)
    return models.Q(known_since__lte=day) & (
        models.Q(known_until__isnull=True) | models.Q(known_until__gt=day)
    )


def valid_on(day: date) -> models.Q:
    """The rows whose period holds `day`."""
    return models.Q(from_date__lte=day) & (models.Q(until_date__isnull=True) | models.Q(until_date__gt=day))


def overlapping(from_date: date, until_date: date | None) -> models.Q:
    """The rows whose period shares a day with this one."""
    shared = models.Q(until_date__isnull=True) | models.Q(until_date__gt=from_date)
    return shared if until_date is None else shared & models.Q(from_date__lt=until_date)
