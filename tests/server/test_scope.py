"""The database keeps the scope whatever the code above it asks."""

import pytest
from django.db import connection

from doudi.server.kernel import clock
from doudi.server.kernel.errors import InvariantBroken
from doudi.server.kernel.models import GivenAnswer
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import EVERYWHERE, NOTHING, Scope, scoped
from doudi.server.people.models import Person
from doudi.server.reference.models import Facility
from support.reference import facility

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


@pytest.mark.django_db
def test_what_the_server_itself_keeps_is_not_for_whoever_has_no_scope() -> None:
    """The server's own user number is 0, and so is that of a connection which has set none."""
    everywhere = Scope(EVERYWHERE)
    with scoped(everywhere):
        GivenAnswer.objects.create(
            user_id=0, operation="x.y", key="1", request_sm3="0" * 64, given_at=clock.now()
        )
        assert GivenAnswer.objects.count() == 1
    assert GivenAnswer.objects.count() == 0


@pytest.mark.django_db
def test_an_open_scope_is_not_changed_inside() -> None:
    with scoped(Scope(Ranges.of([LIUZHI]))):
        with scoped(Scope(Ranges.of([LIUZHI]))):
            assert Person.objects.count() == 0
        with pytest.raises(InvariantBroken, match=r"scope\.changed_inside"), scoped(NOTHING):
            pass
        with pytest.raises(InvariantBroken, match=r"scope\.nested_operation"):
            scoped(Scope(Ranges.of([LIUZHI])), durable=True).__enter__()


@pytest.mark.django_db
def test_reference_data_of_another_county_is_read_and_not_taken() -> None:
    """Everybody reads a hospital; who may not write it cannot make it theirs by giving it their own region either."""
    hospital = facility(region=520203101)
    with scoped(Scope(Ranges.of([RONGJIANG]))):
        assert Facility.objects.filter(pk=hospital).exists()
        assert Facility.objects.filter(pk=hospital).update(region=522632101) == 0
    with scoped(Scope(EVERYWHERE)):
        assert Facility.objects.get(pk=hospital).region == 520203101
