"""What is read by a kept text is what Django reads: every condition twice, the second time by the text."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max, Q
from django.test.utils import CaptureQueriesContext

from doudi.server.kernel import compiled
from doudi.server.kernel.compiled import rows_where
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people.models import Person
from doudi.server.people.queries.visible import opened, with_household
from doudi.server.reference.models import Facility
from support import standing

pytestmark = pytest.mark.django_db
ALL = Scope(EVERYWHERE)
DAY = date(1980, 1, 1)


def conditions(known: list[int]) -> list[Q]:
    return [
        Q(),
        Q(pk=known[1]),
        Q(pk=known[2], name="王某"),
        Q(name="'; DROP TABLE x; --%s"),
        Q(pk__in=known[:2]) | Q(pk=known[3]),
        Q(pk__in=set(known[1:4]), birth_date__lte=DAY, merged_into__isnull=True),
        ~Q(pk=known[0]) & (Q(birth_date__gt=DAY) | Q(birth_date=DAY)),
        Q(pk__in=[]) | Q(region__gte=520203000, region__lt=520204000),
        Q(pk__in=[]),
        Q(name__contains="王", pk__gte=known[2]),
        Q(pk__in=known * 30),
        Q(guardian_id=None),
        opened() | Q(pk=known[4]),
    ]


@pytest.mark.parametrize("place", range(13))
def test_the_same_rows_in_the_same_order(place: int) -> None:
    people = [standing.person() for _ in range(6)]
    for known in (people, people[::-1]):
        condition = conditions(known)[place]
        for order, most in ((("-birth_date", "pk"), None), (("-pk",), 2)):
            with scoped(ALL):
                rows = rows_where("test.people", Person.objects.all, condition, *order, most=most)
                plain = list(Person.objects.filter(condition).order_by(*order)[:most])
            assert [_told(row) for row in rows] == [_told(row) for row in plain]


def _told(row: Person) -> dict[str, Any]:
    return {
        field.attname: bytes(value) if isinstance(value := getattr(row, field.attname), memoryview) else value
        for field in Person._meta.concrete_fields
    }


@pytest.mark.parametrize(
    "condition",
    [
        lambda known: Q(pk=known),
        lambda known: Q(guardian_id=known),
        lambda known: Q(pk__in=(known, known + 1)) | Q(birth_date__gt=date(1970, 1, known % 9 + 1)),
        lambda known: (Q(region__gte=known, region__lt=known + 5) | opened()) & Q(pk=known),
        lambda known: Q(name=str(known), guardian_id__in={known}),
    ],
)
def test_the_second_time_django_builds_nothing(
    monkeypatch: pytest.MonkeyPatch, condition: Callable[[int], Q]
) -> None:
    people = [standing.person() for _ in range(3)]

    def read(number: int) -> list[Person]:
        return rows_where("test.once", lambda: with_household(Person.objects.all()), condition(number), "pk")

    with scoped(ALL):
        read(people[0])
        monkeypatch.setattr(compiled, "_query", None)
        with CaptureQueriesContext(connection) as asked:
            read(people[2])
    assert len(asked) == 1
    assert str(people[2]) in asked[0]["sql"]


def test_what_is_annotated_comes_along() -> None:
    standing.person()
    base = lambda: Facility.objects.annotate(last=Max("standings__id"))  # noqa: E731
    with scoped(ALL):
        for _ in range(2):
            rows = rows_where("test.annotated", base, Q(pk__in=[7, 8]), "pk")
            assert [(row.pk, row.last) for row in rows] == [
                (row.pk, row.last) for row in base().filter(pk__in=[7, 8]).order_by("pk")
            ]
            assert rows[0].code == "H52020300007"


def test_no_more_shapes_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MOST", 0)
    monkeypatch.setattr(compiled, "_kept", {})
    with scoped(ALL):
        rows_where("test.full", Person.objects.all, Q(pk=1))
    assert compiled._kept == {}
