"""A person's standing as one line of time: recognitions, enrolments and filings, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from doudi.server.enrolment.api import Enrolment
from doudi.server.filings.api import SHOWN_WORDS, Filing
from doudi.server.recognition.api import Recognition
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Event:
    """One entry: what, from when until when, whether it holds on the day of the page, and its papers."""

    kind: Literal["recognition", "enrolment", "filing"]
    number: int
    words: Words
    state: Words
    holds: bool
    stands: bool
    """False where it was replaced, withdrawn or voided: kept to be seen, no longer true."""
    from_date: date
    until_date: date | None
    source: str
    note: str


def timeline(
    recognitions: Iterable[Recognition], enrolments: Iterable[Enrolment], filings: Iterable[Filing], day: date
) -> tuple[Event, ...]:
    """All of it, by first day, the newest first."""
    events = [
        *(_recognition(one, day) for one in recognitions),
        *(_enrolment(one, day) for one in enrolments),
        *(_filing(one, day) for one in filings),
    ]
    return tuple(sorted(events, key=lambda event: (event.from_date, event.kind, event.number), reverse=True))


def _recognition(one: Recognition, day: date) -> Event:
    stands = one.state == "valid"
    return Event(
        "recognition", one.id, one.words, one.state_words, stands and one.holds(day), stands,
        one.from_date, one.until_date, one.source_department, one.retired_reason or one.ended_reason or one.evidence,
    )  # fmt: skip


def _enrolment(one: Enrolment, day: date) -> Event:
    stands = one.state == "valid"
    words = Words(f"{one.year} 年{one.words.zh}", f"{one.words.en} {one.year}")
    return Event(
        "enrolment", one.id, words, one.status_words, stands and one.insures(day), stands,
        one.from_date, one.until_date, one.subsidy_source, one.retired_reason or one.changed_reason or one.evidence,
    )  # fmt: skip


def _filing(one: Filing, day: date) -> Event:
    stands = one.state == "valid"
    return Event(
        "filing", one.id, one.words, SHOWN_WORDS[one.shown(day)], stands and one.holds(day), stands,
        one.from_date, one.until_date, one.target_level, one.retired_reason or one.ended_reason or one.reason,
    )  # fmt: skip
