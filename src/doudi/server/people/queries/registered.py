"""Rows of the vault as plain tuples, for reading many: a tenth of what models cost. They are not changed; models are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from doudi.server.people.models import Household, Membership, Person


class Registered(NamedTuple):
    """A person as the vault has it; the fields are those of `Person`."""

    pk: int
    region: int
    village_code: int | None
    name: str
    sex: str
    birth_date: date
    number_kind: str
    number_sealed: bytes | None
    number_index: bytes | None
    phone_sealed: bytes | None
    phone_index: bytes | None
    ethnicity: str
    status: str
    disability_category: int | None
    disability_level: int | None
    merged_into_id: int | None


class Home(NamedTuple):
    """A household and its number."""

    pk: int
    region: int
    number: str


class Member(NamedTuple):
    """Who is in which household now."""

    pk: int
    person_id: int
    household_id: int
    relation: str


def persons(rows: QuerySet[Person]) -> Iterator[Registered]:
    """The rows of a query, each as it comes."""
    return map(Registered._make, rows.values_list(*Registered._fields))


def homes(rows: QuerySet[Household]) -> Iterator[Home]:
    """The rows of a query, each as it comes."""
    return map(Home._make, rows.values_list(*Home._fields))


def members(rows: QuerySet[Membership]) -> Iterator[Member]:
    """The rows of a query, each as it comes."""
    return map(Member._make, rows.values_list(*Member._fields))
