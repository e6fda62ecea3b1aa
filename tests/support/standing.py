"""Builders for the standing apps: officers, a window, persons, and the terms of what is entered for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from doudi.server.access.api import Role
from doudi.server.enrolment.data import Terms as EnrolmentTerms
from doudi.server.filings.data import Terms as FilingTerms
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import Scope, scoped
from doudi.server.people.models import Person
from doudi.server.recognition.data import Terms as RecognitionTerms

LIUZHI, RONGJIANG = 520203000000, 522632000000
TOWN, OTHER_TOWN, FAR_TOWN = 520203101, 520203102, 522632101
TODAY = date(2017, 9, 1)
NOW = datetime(2017, 9, 1, 2, tzinfo=UTC)
HOSPITAL, OTHER_HOSPITAL = 7, 8


def officer(role: Role = Role.COUNTY, region: int = LIUZHI, user: int = 1) -> Actor:
    return Actor(user=user, login=f"u{user}", roles=frozenset({role}), ranges=Ranges.of([region]))


def window(facility: int = HOSPITAL, user: int = 9) -> Actor:
    return Actor(user=user, login=f"u{user}", roles=frozenset({Role.WINDOW}), facility=facility)


def person(region: int = TOWN, name: str = "王某") -> int:
    with scoped(Scope(Ranges(((0, 1_000_000_000),)))):
        _hospitals()
        row = Person.objects.create(
            region=region, name=name, sex="1", birth_date=date(1980, 1, 1), number_kind="none"
        )
    return row.pk


def _hospitals() -> None:
    """The hospitals that filings speak of."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO reference_facility (id, code, name, region, credit_code, opened_on, is_fictional)"
            " VALUES (%s, %s, '医院', 520203101, '', '2000-01-01', true) ON CONFLICT DO NOTHING",
            [[number, f"H520203{number:05d}"] for number in (HOSPITAL, OTHER_HOSPITAL, 99)],
        )


def opened(number: int, facility: int = HOSPITAL, region: int = TOWN) -> None:
    """The facility has found the person by the exact number."""
    with scoped(Scope(facility=facility)), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_opening (person_id, region, facility_id, user_id, kind, reason, opened_at, until_at)"
            " VALUES (%s, %s, %s, 9, 'found', '', now(), now() + interval '1 hour')",
            [number, region, facility],
        )


def recognition(category: str = "subsistence_allowance", **other: Any) -> RecognitionTerms:
    terms = RecognitionTerms(category, TODAY, None, "", "六枝民发〔2017〕12号")
    return replace(terms, **other)


def enrolment(scheme: str = "resident", year: int = 2017, **other: Any) -> EnrolmentTerms:
    terms = EnrolmentTerms(scheme, year, "insured", TODAY, date(year + 1, 1, 1), premium_fen=18_000)
    return replace(terms, **other)


def referral(**other: Any) -> FilingTerms:
    terms = FilingTerms(
        "referral", TODAY, TODAY + timedelta(days=30), target_facility=OTHER_HOSPITAL, reason="病情需要"
    )
    return replace(terms, **other)


def numbered(count: int, region: int = TOWN, area: int = 520203) -> dict[str, int]:
    """Persons with valid numbers, entered in bulk: number → person. All are called 王某."""
    from doudi.server.people import vault
    from doudi.server.people.numbers import read_number
    from support.people import numbers

    read = [read_number(text, today=date.max) for text in numbers(count, area=area)]
    with scoped(Scope(Ranges(((0, 1_000_000_000),)))):
        rows = Person.objects.bulk_create(
            Person(
                region=region,
                name="王某",
                sex=number.sex,
                birth_date=number.birth_date,
                number_kind=number.kind,
                number_sealed=b"not opened here",
                number_index=index,
            )
            for number, index in zip(read, vault.number_indexes(read), strict=True)
        )
    return {number.key.split(":")[-1]: row.pk for number, row in zip(read, rows, strict=True)}


class Import:
    """What imports does with a kind, without files: examine, apply what is not refused, examine again, undo."""

    def __init__(self, kind: Any, actor: Actor | None = None, now: datetime = NOW, **options: Any) -> None:
        self.kind, self.actor, self.now, self.options = kind, actor or officer(), now, options

    def task(self, *, locking: bool = False) -> Any:
        from doudi.server.imports.api import Task
        from doudi.server.kernel.clock import business_date

        return Task(
            5, self.actor, self.now, business_date(self.now), LIUZHI // 1000,
            {option.name: self.options.get(option.name, option.default) for option in self.kind.options}, locking,
        )  # fmt: skip

    def rows(self, *values: dict[str, Any]) -> list[Any]:
        from doudi.server.imports.api import Row

        return [Row(place, line) for place, line in enumerate(values, 2)]

    def examine(self, *values: dict[str, Any]) -> list[Any]:
        with scoped(self.actor.scope):
            return self.kind.examine(self.rows(*values), self.task())

    def apply(self, *values: dict[str, Any]) -> list[Any]:
        """The changes; what was written is what was read."""
        with scoped(self.actor.scope):
            task, rows = self.task(locking=True), self.rows(*values)
            verdicts = self.kind.examine(rows, task)
            taken = [
                (row, verdict)
                for row, verdict in zip(rows, verdicts, strict=True)
                if verdict.judgement in ("new", "changed")
            ]
            changes = self.kind.apply(taken, task)
            again = self.kind.examine([row for row, _ in taken], self.task())
            assert [verdict.judgement for verdict in again] == ["unchanged"] * len(taken)
        return list(changes)

    def undo(self, changes: list[Any]) -> list[Any]:
        with scoped(self.actor.scope):
            return list(self.kind.undo(changes[::-1], self.task(locking=True)))
