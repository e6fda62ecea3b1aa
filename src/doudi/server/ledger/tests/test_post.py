from datetime import date

import pytest

from doudi.server.kernel.scope import scoped
from doudi.server.ledger.api import Amount, post
from doudi.server.ledger.models import Entry, Line
from support import actors
from support.two_counties import NOW


@pytest.mark.django_db
def test_a_bill() -> None:
    who = actors.officer(actors.LIUZHI)
    with scoped(who.scope):
        for _ in range(2):
            number = post(
                actor=who,
                now=NOW,
                posted_on=date(2026, 11, 1),
                region=actors.LIUZHI_TOWN // 1000 if actors.LIUZHI_TOWN > 10**9 else actors.LIUZHI_TOWN,
                template="settle",
                facility=7,
                person=5,
                source_kind="settlement",
                source_id=3,
                amounts=[
                    Amount("share", "basic", 100),
                    Amount("share", "medical_assistance", 50),
                    Amount("patient", "", 9),
                    Amount("hospital", "", 0),
                ],
            )
        assert Entry.objects.count() == 2
        assert sorted(Line.objects.filter(entry=number).values_list("fen", flat=True)) == [-159, 9, 50, 100]
