"""The database keeps the scope whatever the code above it asks."""

import pytest
from django.db import connection

from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import NOTHING, Scope, scoped
from doudi.server.people.models import Person

LIUZHI = 520203000000
RONGJIANG = 522632000000


def add(region: int, name: str) -> None:
    Person.objects.create(region=region, name=name, sex="1", birth_date="1980-01-01", number_kind="none")


@pytest.mark.django_db
def test_rows_outside_the_scope_do_not_exist() -> None:
    with scoped(Scope(Ranges.of([LIUZHI, RONGJIANG]))):
        add(520203101, "甲")
        add(522632101, "乙")
        assert Person.objects.count() == 2
    with scoped(Scope(Ranges.of([LIUZHI]))):
        assert [person.name for person in Person.objects.all()] == ["甲"]
    with scoped(NOTHING):
        assert Person.objects.count() == 0
    assert Person.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("doudi_runtime",)
