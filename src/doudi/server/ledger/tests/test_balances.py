"""Balances: sums by day and the lines since always make what the whole journal makes, whenever it was counted."""

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.kernel.scope import scoped
from doudi.server.ledger.api import (
    Amount,
    Posting,
    account_lines,
    close_period,
    later,
    month_of,
    open_period,
    owed_to,
    post_many,
    sum_days,
    trial_balance,
)
from support import actors, ledger
from support.ledger import COUNTY, HOSPITAL, TOWN, bill, shares, write

pytestmark = pytest.mark.django_db
OFFICER = actors.officer()
Model = dict[tuple[str, str, int], dict[date, int]]
FIRST, DAYS = date(2026, 6, 1), 150


def some(dice: random.Random) -> Posting:
    day = FIRST + timedelta(days=dice.randrange(DAYS))
    if dice.random() < 0.3:
        amounts = (Amount("from_float", dice.choice(ledger.FUNDS), dice.randrange(1, 500)),)
        return bill(posted_on=day, template="hospital_paid", amounts=amounts, person=None)
    return bill(
        posted_on=day, facility=dice.choice([HOSPITAL, 5]), region=dice.choice([TOWN, TOWN + 1, COUNTY]),
        amounts=shares(patient=dice.randrange(-9, 90), nrcms=dice.randrange(1, 999), civil_affairs=dice.randrange(1, 99)),
    )  # fmt: skip


def enter(model: Model, posting: Posting) -> None:
    """The arithmetic of the templates once more, by hand."""
    if posting.template == "hospital_paid":
        (amount,) = posting.amounts
        for key, sign in (
            (("float", amount.fund, 0), 1), (("bank", amount.fund, 0), -1),
            (("received", amount.fund, HOSPITAL), 1), (("due", amount.fund, HOSPITAL), -1),
        ):  # fmt: skip
            model[key][posting.posted_on] += sign * amount.fen
        return
    for amount in posting.amounts:
        kind = {"share": "due", "patient": "patient", "hospital": "own"}[amount.column]
        model[kind, amount.fund, posting.facility][posting.posted_on] += amount.fen
        model["charges", "", posting.facility][posting.posted_on] -= amount.fen


def agrees(model: Model, month: date) -> None:
    seen = trial_balance(viewer=OFFICER, region=TOWN, month=month)
    assert seen.balances
    assert sum(line.closing_fen for line in seen.lines) == 0
    until = later(month)
    for line in seen.lines:
        days = model[line.account.kind, line.account.fund, line.account.facility]
        assert line.opening_fen == sum(fen for day, fen in days.items() if day < month)
        assert line.closing_fen == sum(fen for day, fen in days.items() if day < until)
    told = {(line.account.kind, line.account.fund, line.account.facility) for line in seen.lines}
    moved = {key for key, days in model.items() if any(fen and day < until for day, fen in days.items())}
    assert moved <= told


@pytest.mark.parametrize("seed", range(4))
def test_the_trial_balance_is_that_of_a_plain_model_however_it_is_counted(seed: int) -> None:
    dice = random.Random(seed)
    model: Model = defaultdict(lambda: defaultdict(int))
    months = [month_of(FIRST + timedelta(days=30 * n)) for n in range(6)]
    open_period(actor=actors.approver(), now=actors.NOW, key=None, region=COUNTY, month=months[0])
    closed = 0
    for _ in range(8):
        postings = [
            one for one in (some(dice) for _ in range(15)) if one.posted_on >= later(months[0], closed)
        ]
        with scoped(SYSTEM.scope):
            post_many(actor=SYSTEM, now=actors.NOW, rows=postings)
        for one in postings:
            enter(model, one)
        if dice.random() < 0.5:
            sum_days(actor=SYSTEM, now=actors.NOW)
        if dice.random() < 0.4 and closed < 4:
            close_period(
                actor=actors.approver(),
                now=actors.NOW,
                key=None,
                region=COUNTY,
                month=later(months[0], closed),
            )
            closed += 1
        for month in months:
            agrees(model, month)


def test_the_queries_of_a_trial_balance_do_not_grow() -> None:
    counts = []
    for size in (1, 40):
        for number in range(size):
            write(facility=100 + number)
        with CaptureQueriesContext(connection) as queries:
            trial_balance(viewer=OFFICER, region=COUNTY, month=ledger.DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_an_account_line_by_line_with_its_running_balance() -> None:
    write(posted_on=date(2026, 10, 5))
    for day in (3, 1, 2, 1):
        write(posted_on=date(2026, 11, day), amounts=shares(patient=day))
    sum_days(actor=SYSTEM, now=actors.NOW)
    write(posted_on=date(2026, 11, 2), amounts=shares(patient=10))
    month = trial_balance(viewer=OFFICER, region=COUNTY, month=date(2026, 11, 1))
    account = next(line for line in month.lines if line.account.kind == "patient")
    words = {"account": account.account.id, "from_date": date(2026, 11, 1), "until_date": date(2026, 12, 1)}
    seen = account_lines(viewer=OFFICER, **words)
    assert seen.opening_fen == account.opening_fen == 3_000
    assert [(line.posted_on.day, line.fen) for line in seen.page.items] == [
        (1, 1),
        (1, 1),
        (2, 2),
        (2, 10),
        (3, 3),
    ]
    assert [line.balance_fen for line in seen.page.items] == [3001, 3002, 3004, 3014, 3017]
    assert seen.page.items[-1].balance_fen == account.closing_fen
    paged = [account_lines(viewer=OFFICER, number=number, size=2, **words).page for number in range(3)]
    assert [line for page in paged for line in page.items] == list(seen.page.items)
    with pytest.raises(NotFound):
        account_lines(viewer=actors.officer(actors.RONGJIANG), **words)
    with pytest.raises(NotFound):
        account_lines(viewer=OFFICER, account=10**9)


@pytest.mark.parametrize("viewer", [OFFICER, actors.clerk(HOSPITAL)])
def test_what_is_owed_to_a_hospital(viewer: Actor) -> None:
    write(posted_on=date(2026, 10, 5), amounts=shares(nrcms=100, civil_affairs=30))
    write(posted_on=date(2026, 11, 5), amounts=shares(nrcms=50))
    sum_days(actor=SYSTEM, now=actors.NOW)
    back = write(posted_on=date(2026, 11, 6), amounts=shares(nrcms=-10))
    write(
        posted_on=date(2026, 11, 9), template="hospital_paid", person=None, back=back,
        amounts=[Amount("from_fund", "nrcms", 90), Amount("from_float", "civil_affairs", 30)],
    )  # fmt: skip
    write(facility=5)
    seen = owed_to(viewer=viewer, facility=HOSPITAL)
    assert [(one.month.month, one.fund, one.owed_fen, one.paid_fen, one.open_fen) for one in seen] == [
        (11, "civil_affairs", 0, 30, -30), (11, "nrcms", 40, 90, -50),
        (10, "civil_affairs", 30, 0, 30), (10, "nrcms", 100, 0, 100),
    ]  # fmt: skip
    assert {one.region for one in seen} == {COUNTY}
    assert owed_to(viewer=viewer, facility=0) == ()
