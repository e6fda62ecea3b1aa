"""What a person's year has used: one statement reads all that a bill's decision depends on beside its facts.

Read under the lock (`subjects.lock`) it is the truth until the transaction ends; read without, it is a trial's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from doudi.engine.data import Balances
from doudi.engine.settle import Settler
from doudi.server.kernel.arrays import array

_READ = """
SELECT
 CASE WHEN %(facility)s > 0 THEN nextval('settlement_settlement_id_seq') END,
 (SELECT json_agg(json_build_array(scope, subject_id, name, period, used_fen)) FROM settlement_accumulator
   WHERE (scope = 'person' AND subject_id = ANY(%(records)s::bigint[]))
      OR (scope = 'household' AND subject_id = ANY(%(homes)s::bigint[]))),
 (SELECT json_agg(json_build_array(id, registration_id, scope, name, period, held_fen - posted_fen)
         ORDER BY id)
    FROM settlement_hold
   WHERE state = 'held' AND ((scope = 'person' AND subject_id = ANY(%(records)s::bigint[]))
      OR (scope = 'household' AND subject_id = ANY(%(homes)s::bigint[])))),
 (SELECT json_agg(json_build_object('id', id, 'root', root_id, 'facility', facility_id, 'stay', stay, 'care', care,
         'year', benefit_year, 'posted_no', posted_no, 'kind', kind, 'admission', admission, 'total', total_fen,
         'admitted', admitted_on, 'discharged', discharged_on, 'registration', registration_id) ORDER BY root_id)
    FROM settlement_settlement
   WHERE person_id = ANY(%(records)s::bigint[]) AND superseded_at IS NULL),
 (SELECT json_agg(json_build_object('id', id, 'facility', facility_id, 'care', care, 'admitted', admitted_on))
    FROM settlement_registration
   WHERE person_id = ANY(%(records)s::bigint[]) AND state = 'open'),
 (SELECT json_build_object('id', id, 'request', request_sm3) FROM settlement_settlement
   WHERE facility_id = %(facility)s AND serial = %(serial)s AND version = 1),
 (SELECT json_build_object('id', id, 'reason', reason, 'serial', reversal_serial) FROM settlement_parkedreversal
   WHERE facility_id = %(facility)s AND serial = %(serial)s AND state = 'parked')
"""


Place = tuple[str, str, str]
"""Scope, name and period of an accumulator."""
Reserved = tuple[int, str, str, str, int]
"""A hold, the place it reserves in, fen."""


def counted(
    opening: Balances,
    settler: Settler,
    used: Iterable[tuple[Place, int]],
    stays: Iterable[tuple[str, int]],
) -> Balances:
    """What a bill counts on: the opening, what was used since, and the number of each stay of each year.

    `stays`: (stay, year) of the standing bills in the order of posting; they are numbered by that order, as the engine
    numbers them. Settling and replaying count by this one function. What is zero is left out: as if it had never been.
    """
    found = opening.copy()
    for (scope, name, period), fen in used:
        periods = found.of(scope).setdefault(name, {})
        periods[period] = periods.get(period, 0) + fen
    for names in (found.person, found.household):
        for name in list(names):
            names[name] = {period: fen for period, fen in names[name].items() if fen}
            if not names[name]:
                del names[name]
    for stay, in_year in stays:
        year = str(in_year)
        key = settler.stay_key(stay, year)
        if key not in found.stays:
            found.admissions[year] = found.admissions.get(year, 0) + 1
            found.stays[key] = found.admissions[year]
    return found


def home_of(household: int | None, person: int) -> int:
    """Under which number what a household shares is counted: who has none is one alone, under their negative number."""
    return household if household is not None else -person


@dataclass(frozen=True, slots=True)
class Past:
    """A bill settled before, by its current version."""

    id: int
    root: int
    facility: int
    stay: str
    care: str
    year: int
    posted_no: int
    kind: str
    admission: int | None
    total: int
    admitted: date
    discharged: date
    registration: int | None


@dataclass(frozen=True, slots=True)
class Open:
    """A registration that is open somewhere."""

    id: int
    facility: int
    care: str
    admitted: date


@dataclass(frozen=True, slots=True)
class HeldSum:
    """A hold that stands."""

    id: int
    registration: int
    scope: str
    name: str
    period: str
    fen: int


@dataclass(frozen=True, slots=True)
class State:
    """All of it. `number`: of the settlement that is written next, None for a trial.

    `own`: rows of the person (their first record) and household; `others`: of records merged into the person.
    """

    number: int | None
    own: Mapping[tuple[str, str, str], int]
    others: Mapping[tuple[str, str, str], int]
    holds: tuple[HeldSum, ...]
    past: tuple[Past, ...]
    open: tuple[Open, ...]
    earlier: Mapping[str, Any] | None
    parked: Mapping[str, Any] | None

    def balances(self, opening: Balances, settler: Settler, registration: int | None) -> Balances:
        """What the engine counts on: opening, used, and what others hold of a limit; never positions."""
        held = [
            ((scope, name, period), fen)
            for _, scope, name, period, fen in self.reserved(settler.limits, registration)
        ]
        stays = [
            (one.stay, one.year) for one in self.past if one.admission is not None and one.kind != "reversed"
        ]
        return counted(opening, settler, [*self.own.items(), *self.others.items(), *held], stays)

    def reserved(self, limits: frozenset[str], registration: int | None) -> list[Reserved]:
        """What others have reserved: holds of any other stay, as they are kept with the bill that was judged so."""
        return [
            (one.id, one.scope, one.name, one.period, one.fen)
            for one in self.holds
            if one.name in limits and one.registration != registration
        ]

    def posts(self, moved: Mapping[tuple[str, str, str], int], registration: int | None) -> dict[int, int]:
        """What a bill of the stay takes of the stay's own holds: hold → fen."""
        left = dict(moved)
        found = {}
        for one in self.holds:
            if one.registration == registration:
                place = one.scope, one.name, one.period
                found[one.id] = max(0, min(one.fen, left.get(place, 0)))
                left[place] = left.get(place, 0) - found[one.id]
        return found

    def next_no(self, year: int) -> int:
        """The next place in the person-year."""
        return max((one.posted_no for one in self.past if one.year == year), default=0) + 1


def read(
    person: int, records: Sequence[int], household: int | None, *, facility: int = 0, serial: str = ""
) -> State:
    """The state of a person with these records. One statement."""
    words: dict[str, Any] = {
        "records": array(records),
        "homes": array([household] if household is not None else [-one for one in records]),
        "facility": facility,
        "serial": serial,
    }
    with connection.cursor() as cursor:
        cursor.execute(_READ, words)
        number, used, holds, past, open_, earlier, parked = map(_loaded, cursor.fetchone())
    own: dict[tuple[str, str, str], int] = {}
    others: dict[tuple[str, str, str], int] = {}
    for scope, subject, name, period, fen in used or ():
        mine = subject == (home_of(household, person) if scope == "household" else person)
        kept = own if mine else others
        kept[scope, name, period] = kept.get((scope, name, period), 0) + fen
    opened = tuple(
        Open(row["id"], row["facility"], row["care"], date.fromisoformat(row["admitted"]))
        for row in open_ or ()
    )
    pasts, held = tuple(_past(row) for row in past or ()), tuple(HeldSum(*row) for row in holds or ())
    return State(number, own, others, held, pasts, opened, earlier, parked)


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _past(row: Mapping[str, Any]) -> Past:
    days = {key: date.fromisoformat(row[key]) for key in ("admitted", "discharged")}
    return Past(**{**row, **days})
