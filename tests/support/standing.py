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
        row = Person.objects.create(
            region=region, name=name, sex="1", birth_date=date(1980, 1, 1), number_kind="none"
        )
    return row.pk


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
