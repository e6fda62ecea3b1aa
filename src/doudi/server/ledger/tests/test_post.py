"""One entry: its lines in one statement, added up by account; many at once are the same as one by one."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import InvariantBroken
from doudi.server.kernel.scope import scoped
from doudi.server.ledger.api import Amount, Posting, entries_of, entry, post, post_many
from doudi.server.ledger.models import Account, Entry, Line
from doudi.server.ledger.operations import post_many as many
from support import actors, ledger
from support.ledger import COUNTY, DAY, HOSPITAL, TOWN, as_dict, bill, shares, words_of, write

pytestmark = pytest.mark.django_db


def test_a_bill_is_posted_with_its_lines() -> None:
    number = write()
    seen = entry(viewer=SYSTEM, entry=number)
    assert as_dict(seen.lines) == {
        ("due", "nrcms", HOSPITAL): 60_000,
        ("due", "civil_affairs", HOSPITAL): 20_000,
        ("own", "", HOSPITAL): 500,
        ("patient", "", HOSPITAL): 3_000,
        ("charges", "", HOSPITAL): -83_500,
    }
    assert {line.account.region for line in seen.lines} == {COUNTY}
    assert (seen.region, seen.posted_on, seen.template, seen.facility, seen.person) == (
        TOWN,
        DAY,
        "settle",
        HOSPITAL,
        7,
    )
    assert (seen.source_kind, seen.source_id, seen.back, seen.by_user) == ("settlement", 1, None, SYSTEM.user)
    with scoped(SYSTEM.scope):
        lines = list(Line.objects.filter(entry=number))
        assert {(one.region, one.facility, one.person_id, one.posted_on) for one in lines} == {
            (TOWN, HOSPITAL, 7, DAY)
        }
        assert sorted(one.position for one in lines) == [1, 2, 3, 4, 5]


def test_taking_back_names_what_it_takes_back_and_leaves_nothing() -> None:
    first = write()
    back = write(amounts=[Amount(one.column, one.fund, -one.fen) for one in ledger.BILL], back=first)
    assert entry(viewer=SYSTEM, entry=back).back == first
    assert entry(viewer=SYSTEM, entry=first).taken_back_by == (back,)
    found = entries_of(viewer=SYSTEM, source_kind="settlement", source_id=1)
    assert [one.id for one in found] == [first, back]
    sums: dict[object, int] = {}
    for one in found:
        for key, fen in as_dict(one.lines).items():
            sums[key] = sums.get(key, 0) + fen
    assert set(sums.values()) == {0}


def test_one_statement_but_for_the_first_on_an_account() -> None:
    with scoped(SYSTEM.scope):
        with CaptureQueriesContext(connection) as first:
            post(actor=SYSTEM, now=actors.NOW, **words_of(bill()))
        with CaptureQueriesContext(connection) as second:
            post(actor=SYSTEM, now=actors.NOW, **words_of(bill(source_id=2)))
    assert (len(first), len(second)) == (3, 1)


def test_lines_of_one_account_are_added_up_and_nothing_is_left_out_silently() -> None:
    number = write(amounts=[*shares(nrcms=10, patient=5), *shares(nrcms=7, patient=-5)])
    assert as_dict(entry(viewer=SYSTEM, entry=number).lines) == {
        ("due", "nrcms", HOSPITAL): 17, ("charges", "", HOSPITAL): -17,
    }  # fmt: skip
    for amounts in ([], shares(nrcms=0), [*shares(nrcms=9), *shares(nrcms=-9)]):
        with pytest.raises(InvariantBroken, match="nothing_to_post"):
            write(amounts=amounts)
        with pytest.raises(InvariantBroken, match="nothing_to_post"), scoped(SYSTEM.scope):
            post_many(actor=SYSTEM, now=actors.NOW, rows=[bill(), bill(amounts=amounts)])


def test_posting_needs_a_scope() -> None:
    with pytest.raises(InvariantBroken, match="outside_scope"):
        post(actor=SYSTEM, now=actors.NOW, **words_of(bill()))
    with pytest.raises(InvariantBroken, match="outside_scope"):
        post_many(actor=SYSTEM, now=actors.NOW, rows=[bill()])


def random_posting(dice: random.Random, number: int) -> Posting:
    template = dice.choice(
        ["settle", "patient_paid", "patient_written_off", "hospital_paid", "individual", "float_deposit"]
    )
    amounts = {
        "settle": shares(
            patient=dice.randrange(-50, 50),
            hospital=dice.choice([0, 3]),
            nrcms=dice.randrange(1, 10**6),
            civil_affairs=7,
        ),
        "patient_paid": (Amount("paid", "", dice.randrange(1, 99)),),
        "patient_written_off": (Amount("written_off", "", 9),),
        "hospital_paid": (
            Amount("from_float", "civil_affairs", 70),
            Amount("from_fund", "nrcms", dice.randrange(1, 99)),
        ),
        "individual": (Amount("to_debt", "civil_affairs", 4), Amount("to_patient", "nrcms", 2)),
        "float_deposit": (Amount("sum", "civil_affairs", dice.randrange(1, 10**9)),),
    }[template]
    plain = template == "float_deposit"
    return Posting(
        posted_on=date(2024, 1, 1) + timedelta(days=dice.randrange(900)),
        region=dice.choice([TOWN, COUNTY, ledger.TOWN_THERE]), template=template, amounts=amounts,
        facility=0 if plain else dice.choice([HOSPITAL, 5]), person=None if plain else dice.choice([None, 7, 8]),
        source_kind=dice.choice(["", "settlement", "带'引号\\"]), source_id=number,
    )  # fmt: skip


def rows(numbers: list[int]) -> list[object]:
    with scoped(SYSTEM.scope):
        entries = Entry.objects.in_bulk(numbers)
        return [
            (
                tuple(
                    getattr(entries[number], name)
                    for name in (
                        "region", "posted_on", "template", "facility", "person_id", "source_kind", "source_id",
                        "line_count", "by_user",
                    )
                ),
                tuple(
                    Line.objects.filter(entry=number).order_by("position").values_list(
                        "position", "account", "region", "facility", "person_id", "posted_on", "fen"
                    )
                ),
            )
            for number in numbers
        ]  # fmt: skip


def test_many_at_once_are_the_same_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "AT_ONCE", 17)
    dice = random.Random(5)
    postings = [random_posting(dice, number) for number in range(100)]
    with scoped(SYSTEM.scope):
        bulk = post_many(actor=SYSTEM, now=actors.NOW, rows=iter(postings))
        single = [post(actor=SYSTEM, now=actors.NOW, **words_of(one)) for one in postings]
    assert bulk == sorted(bulk)
    assert len(set(bulk) | set(single)) == 200
    assert rows(bulk) == rows(single)


def test_many_take_a_constant_number_of_statements_each_batch() -> None:
    with scoped(SYSTEM.scope):
        post_many(actor=SYSTEM, now=actors.NOW, rows=[bill()])
        for count in (1, 300):
            with CaptureQueriesContext(connection) as queries:
                post_many(actor=SYSTEM, now=actors.NOW, rows=[bill(source_id=n) for n in range(count)])
            assert len(queries) == 4
        assert post_many(actor=SYSTEM, now=actors.NOW, rows=[]) == []


def test_two_counties_have_two_accounts_of_a_kind() -> None:
    write()
    write(region=ledger.TOWN_THERE)
    with scoped(SYSTEM.scope):
        found = set(Account.objects.filter(kind="charges").values_list("region", "facility"))
    assert found == {(COUNTY, HOSPITAL), (ledger.THERE, HOSPITAL)}
