"""What a card says is what the engine does: every number and every "applies", for shipped, small and random policies."""

from dataclasses import replace
from datetime import date

import pytest

from doudi.engine.data import Balances, Bill, Facility, Holding, Insurance, Person, Span
from doudi.engine.entitlement import Subject, card
from doudi.engine.settle import Settler
from doudi.policy.library import Policy
from support.entitlement import Compared, compare, one_day
from support.policies import ALL_IDS, SHIPPED_IDS, policy
from support.random_policies import random_policy
from support.random_years import some_years

SLICES = [range(start, 80, 4) for start in range(4)]


def against_years(tried: Policy, seed: int, count: int) -> Compared:
    """Random persons of a policy with random bills, each bill on one day."""
    found, settler = Compared(), Settler(tried)
    elsewhere = {payer.payer for payer in tried.document.payers if payer.decided != "here"}
    for facts in some_years(tried, seed, count):
        for bill in facts.bills:
            compare(tried, facts.person, one_day(bill, bill.settled, elsewhere), found, settler)
    return found


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_every_number_of_a_card_is_the_one_the_engine_uses(policy_id: str) -> None:
    found = against_years(policy(policy_id), 7, 12)
    assert found.wrong == []
    assert found.applies > 0


def test_shipped_policies_are_compared_in_earnest() -> None:
    found = [against_years(policy(policy_id), 11, 20) for policy_id in SHIPPED_IDS]
    assert sum(one.numbers for one in found) > 800
    assert all(one.numbers > 20 for one in found)


@pytest.mark.parametrize("seeds", SLICES, ids=str)
def test_random_policies_too(seeds: range) -> None:
    wrong = [said for seed in seeds for said in against_years(random_policy(seed), seed, 2).wrong]
    assert wrong == []


# --- by amounts alone: the engine as a black box -----------------------------------------------------------------

TRIPLE = "guizhou/liuzhi/triple-guarantee-2017"
DAY = date(2017, 9, 1)
POOR = Person(
    "p", born=date(1957, 3, 1), insured=(Insurance("rural", None, Span(None, None)),),
    categories=(Holding("subsistence_allowance", Span(date(2016, 1, 1), None)),),
)  # fmt: skip


def bill(in_scope: int, level: str = "county", care: str = "inpatient", number: int = 1) -> Bill:
    parts = {"in_scope": in_scope, "first_pay": 0, "over_limit": 0, "own_pay": 0}
    facility = Facility(level=level, region="520203", designated=True)
    return Bill(f"b{number}", care, DAY, DAY, DAY, parts, facility, stay=f"s{number}")


def shares(in_scope: int, level: str = "county", opening: Balances | None = None) -> dict[str, int]:
    decision, _ = Settler(policy(TRIPLE)).settle_bill(POOR, bill(in_scope, level), opening or Balances())
    return decision.shares


def told(kind: str, payer: int, benefit: int, level: str) -> int:
    """The number of the card for a level."""
    given = card(policy(TRIPLE), Subject(POOR), DAY)
    lines = [line for line in given.payers[payer].benefits[benefit].lines if line.kind == kind]
    figure = lines[0].figure
    assert figure is not None
    case = next(one for one in figure.cases if not one.tests or ("level", level) in one.tests)
    assert case.value is not None
    return case.value


@pytest.mark.parametrize("level", ["township", "county", "city", "province"])
def test_payment_begins_at_the_deductible_that_is_told(level: str) -> None:
    deductible = told("deductible", 0, 0, level)
    assert shares(deductible, level)["basic"] == 0
    assert shares(deductible + 100, level)["basic"] > 0


@pytest.mark.parametrize("level", ["township", "county", "city", "province"])
def test_the_rate_that_is_told_is_the_one_of_the_next_yuan(level: str) -> None:
    rate = told("rate", 0, 0, level)
    assert shares(200_000, level)["basic"] - shares(190_000, level)["basic"] == rate


def test_a_cumulative_deductible_is_where_the_year_begins_to_pay() -> None:
    begins = told("deductible", 1, 0, "county")
    left = card(
        policy(TRIPLE), Subject(POOR), DAY, Balances(person={"catastrophic_scope": {"2017": 450_000}})
    )
    (meter,) = [one for one in left.options[0].meters if one.kind == "threshold"]
    assert meter.left == begins - 450_000
    opening = Balances(person={"catastrophic_scope": {"2017": 450_000}})
    deductible, rate = told("deductible", 0, 0, "county"), told("rate", 0, 0, "county")

    def after_basic(base: int) -> int:
        return deductible + base * 10_000 // (10_000 - rate)

    assert shares(after_basic(meter.left - deductible - 100), opening=opening)["catastrophic"] == 0
    assert shares(after_basic(meter.left + 100), opening=opening)["catastrophic"] > 0


@pytest.mark.parametrize("used", [0, 1, 9_999_999, 10_000_000, 12_000_000])
def test_what_is_left_of_a_cap_is_what_the_largest_bill_gets(used: int) -> None:
    balances = Balances(person={"catastrophic_paid": {"2017": used}, "catastrophic_scope": {"2017": 600_000}})
    given = card(policy(TRIPLE), Subject(POOR), DAY, balances)
    (cap,) = [one for one in given.options[0].meters if one.kind == "cap"]
    assert cap.used == used
    assert cap.left == max(0, 10_000_000 - used)
    assert shares(10_000_000_000, opening=balances)["catastrophic"] == cap.left


def test_a_category_counts_for_a_payer_exactly_when_losing_it_changes_what_is_paid() -> None:
    given = card(policy(TRIPLE), Subject(POOR), DAY)
    (category,) = given.categories
    assert category.counts_for == ("assistance",)
    without = replace(POOR, categories=())
    settled = [
        Settler(policy(TRIPLE)).settle_bill(one, bill(3_000_000), Balances())[0].shares
        for one in (POOR, without)
    ]
    assert {name for name in settled[0] if settled[0][name] != settled[1][name]} == {"assistance"}


def test_the_law_of_the_day_is_told() -> None:
    rates = []
    for day in (date(2017, 8, 31), date(2017, 9, 1)):
        aid = card(policy(TRIPLE), Subject(POOR), day).payers[2].benefits[1]
        rates += [line.text.zh for line in aid.lines if line.kind == "rate"]
    assert rates == ["60%", "70%"]
