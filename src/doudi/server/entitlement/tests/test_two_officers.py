"""Two officers at once: one policy is put in force, the other is refused; the database would refuse it too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, connections

from doudi.server.access.api import Role
from doudi.server.entitlement import api
from doudi.server.entitlement.models import AssumptionCheck, PolicyInForce
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.scope import scoped
from support.standing import NOW, RONGJIANG, officer

COUNTY, TRIPLE = 520203000, "guizhou/liuzhi/triple-guarantee-2017"


def put(user: int, barrier: Barrier | None = None) -> str:
    try:
        if barrier is not None:
            barrier.wait(10)
        api.put_in_force(actor=officer(Role.COUNTY_APPROVER, user=user), now=NOW, key=None, region=COUNTY,
                         policy=TRIPLE, from_date=date(2017, 6, 1))  # fmt: skip
    except Refused as refused:
        return refused.code
    finally:
        if barrier is not None:
            connections.close_all()
    return "done"


def test_of_four_officers_at_once_one_puts_the_policy_in_force(fresh_database: str) -> None:
    assert fresh_database
    barrier = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda user: put(user, barrier), range(2, 6)))
    assert sorted(answers) == ["done", "policy_overlaps", "policy_overlaps", "policy_overlaps"]
    with scoped(officer().scope):
        assert PolicyInForce.objects.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_a_second_row_of_the_same_days() -> None:
    put(2)
    with scoped(officer().scope):
        row = PolicyInForce.objects.get()
        row.pk = None
        with pytest.raises(Exception, match="entitlement_policy_once_a_day"):
            row.save(force_insert=True)


@pytest.mark.django_db
def test_no_other_county_can_write_there_and_checks_are_never_changed() -> None:
    put(2)
    with scoped(officer(region=RONGJIANG).scope):
        assert PolicyInForce.objects.filter(region=COUNTY).update(policy="x") == 0
    with scoped(officer().scope):
        row = PolicyInForce.objects.get()
    path = api.assumptions(viewer=officer(), in_force=row.pk)[0].path
    api.confirm_assumption(actor=officer(), now=NOW, key=None, in_force=row.pk, path=path, is_so=True)
    with scoped(officer().scope), pytest.raises(Exception, match=r"permission denied|append-only"):
        AssumptionCheck.objects.update(note="x")


def test_without_a_scope_nothing_is_seen(fresh_database: str) -> None:
    assert fresh_database
    put(2)
    with connection.cursor() as cursor:
        for table in ("policyinforce", "assumptioncheck", "openingbalance"):
            cursor.execute(f"SELECT count(*) FROM entitlement_{table}")
            assert cursor.fetchone() == (0,)
