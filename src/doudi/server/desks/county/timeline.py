"""A person's standing as one line of time: recognitions, enrolments and filings, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from doudi.server.desks.filings_forms import about
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
    source: Words
    note: str
    deeds: tuple[tuple[str, str, Words], ...] = ()
    """What can be done with it now: address name, rule, verb."""


END = ("county.recognition_end", "recognition.end", Words("终止", "End"))
CORRECT = ("county.recognition_correct", "recognition.correct", Words("更正", "Correct"))
PAY = ("county.enrolment_pay", "enrolment.pay", Words("登记缴费", "Paid"))
LAPSE = ("county.enrolment_lapse", "enrolment.lapse", Words("停保", "Lapse"))
REFUND = ("county.enrolment_refund", "enrolment.refund", Words("退费", "Refund"))
WITHDRAW = ("county.filing_withdraw", "filings.withdraw", Words("撤销", "Withdraw"))


def timeline(
    recognitions: Iterable[Recognition],
    enrolments: Iterable[Enrolment],
    filings: Iterable[Filing],
    day: date,
    names: Mapping[int, str],
) -> tuple[Event, ...]:
    """All of it, by first day, the newest first. `names`: the facilities that the filings speak of."""
    events = [
        *(_recognition(one, day) for one in recognitions),
        *(_enrolment(one, day) for one in enrolments),
        *(_filing(one, day, names) for one in filings),
    ]
    return tuple(sorted(events, key=lambda event: (event.from_date, event.kind, event.number), reverse=True))


def _plain(text: str) -> Words:
    return Words(text, text)


def _recognition(one: Recognition, day: date) -> Event:
    stands, ended = one.state == "valid", one.until_date is not None and one.until_date <= day
    state = Words("已终止", "Ended") if stands and ended else one.state_words
    return Event(
        "recognition", one.id, one.words, state, stands and one.holds(day), stands, one.from_date, one.until_date,
        _plain(one.source_department), one.retired_reason or one.ended_reason or one.evidence,
        () if not stands else (CORRECT,) if ended else (END, CORRECT),
    )  # fmt: skip


def _enrolment(one: Enrolment, day: date) -> Event:
    stands = one.state == "valid"
    words = Words(f"{one.year} 年{one.words.zh}", f"{one.words.en} {one.year}")
    deeds = {"unpaid": (PAY,), "insured": (LAPSE, REFUND)}.get(one.status, ())
    return Event(
        "enrolment", one.id, words, one.status_words, stands and one.insures(day), stands,
        one.from_date, one.until_date, _plain(one.subsidy_source),
        one.retired_reason or one.changed_reason or one.evidence, deeds if stands else (),
    )  # fmt: skip


def _filing(one: Filing, day: date, names: Mapping[int, str]) -> Event:
    stands, shown = one.state == "valid", one.shown(day)
    return Event(
        "filing", one.id, one.words, SHOWN_WORDS[shown], stands and one.holds(day), stands,
        one.from_date, one.until_date, about(one, names), one.retired_reason or one.ended_reason or one.reason,
        (WITHDRAW,) if shown == "valid" else (),
    )  # fmt: skip
