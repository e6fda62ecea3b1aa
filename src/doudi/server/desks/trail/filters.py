"""What part of the trail a page shows, read from its address: days, account, person number, event, region, outcome."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from doudi.server.audit.api import OUTCOME_NAMES, TrailFilter, known_events
from doudi.server.desks import fields
from doudi.words import Words

SHOWN = timedelta(days=7)
APPS: dict[str, Words] = {
    "access": Words("账号与登录", "Accounts and sign-in"),
    "budget": Words("额度", "Budgets"),
    "people": Words("人员", "People"),
    "recognition": Words("身份认定", "Recognition"),
    "enrolment": Words("参保", "Enrolment"),
    "filings": Words("备案", "Filings"),
    "entitlement": Words("政策与待遇", "Policy and entitlement"),
    "imports": Words("导入", "Imports"),
    "desks": Words("导出", "Exports"),
    "reference": Words("基础数据", "Reference data"),
    "trail": Words("审计", "Audit"),
}
_FIELD = re.compile(r"[（(]?\{\w+\}[）)]?")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter, with what its form shows: the last day is told as people count, inside the range."""

    wanted: TrailFilter
    first: date
    last: date
    event: str
    """One event's name, the name of an app, or nothing."""

    @property
    def days(self) -> int:
        """How many days are asked for."""
        return (self.last - self.first).days + 1


def asked(data: Mapping[str, Any], today: date) -> Asked:
    """Read the address; the last seven days where no day is given."""
    last = fields.day(data, "until", Words("止日", "last day"), required=False) or today
    first = fields.day(data, "from", Words("起日", "first day"), required=False) or last - SHOWN + timedelta(
        1
    )
    first = min(first, last)
    event = fields.text(data, "event", Words("事件", "event"), required=False, longest=80)
    person = fields.number(data, "person", Words("人员编号", "person"), required=False)
    outcome = fields.choice(data, "outcome", Words("结果", "outcome"), OUTCOME_NAMES, required=False)
    wanted = TrailFilter(
        persons=(person,) if person else (),
        login=fields.text(data, "login", Words("账号", "account"), required=False, longest=60),
        events=names_of(event),
        outcome=outcome or None,  # type: ignore[arg-type]
        from_day=first,
        until_day=last + timedelta(1),
        region_code=fields.number(data, "region", Words("区域", "region"), required=False),
        facility=fields.number(data, "facility", Words("机构", "facility"), required=False) or None,
    )
    return Asked(wanted, first, last, event)


def names_of(event: str) -> tuple[str, ...]:
    """The event of a name; of an app, all its events and doors."""
    if event in APPS:
        return tuple(name for name in known_events() if name.startswith(f"{event}."))
    return (event,) if event else ()


def event_choices() -> list[tuple[str, Words, list[tuple[str, Words]]]]:
    """App, its name, and its events by name with their texts, without the places that each event fills."""
    grouped: dict[str, list[tuple[str, Words]]] = {}
    for name, text in known_events().items():
        grouped.setdefault(name.partition(".")[0], []).append((name, short(text)))
    return [(app, words, sorted(grouped[app])) for app, words in APPS.items() if app in grouped]


def short(text: Words) -> Words:
    """A text without what is filled in."""
    return Words(_bare(text.zh), _bare(text.en))


def _bare(text: str) -> str:
    return re.sub(r"\s{2,}", " ", _FIELD.sub("…", text)).strip(" ，,：:")
