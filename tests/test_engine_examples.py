"""The invariants and negative tests of the policy facts, T-03 to T-14, as far as one person is concerned."""

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from doudi.engine.beyond import measure
from doudi.engine.data import Balances, Holding
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused
from support.bills import OPEN, Maker
from support.files import a_bill, a_file, shares, yuan_sum
from support.policies import SHIPPED_IDS, one_benefit, policy, settler, written
from support.years import years

LIUZHI = "guizhou/liuzhi/triple-guarantee-2017"
NATIONAL = "national/medical-assistance-2021"
BAISHAN = "jilin/baishan/major-disease-2017"


# --- T-03, T-04, T-05, T-07 … T-14 --------------------------------------------------------------------------

ASSISTED = {"categories": [{"code": "subsistence_allowance"}]}
DATES_2020: dict[str, Any] = {"admitted": "2020-03-01", "discharged": "2020-03-09"}


def test_t03_aid_begins_where_the_catastrophic_payment_ends() -> None:
    for _, _, settlement in years(LIUZHI, 8, 60):
        for decision in settlement.decisions:
            r = decision.registers
            _, catastrophic, aid = decision.plan.payers
            for benefit in aid.benefits:
                if r[aid.applies] and r[benefit.chosen]:
                    left = (
                        decision.bill.parts["in_scope"]
                        - decision.shares["basic"]
                        - decision.shares["catastrophic"]
                    )
                    assert r[benefit.base.amount] == left
                    if r[catastrophic.applies]:
                        base = r[catastrophic.benefits[0].base.amount]
                        assert left == base - decision.shares["catastrophic"]


CUMULATIVE = {LIUZHI: "catastrophic", "shandong/catastrophic-2014": "catastrophic", "bands-absolute": "catastrophic",
              "bands-above-deductible": None, "cumulative-per-quarter": None}  # fmt: skip


@pytest.mark.parametrize("policy_id", CUMULATIVE)
def test_t04_splitting_a_bill_keeps_the_total_of_a_cumulative_tier_to_the_fen(policy_id: str) -> None:
    """The recorded amount of basic insurance is split with the base; tiers see only what it leaves."""
    random, maker, tried = Random(9), Maker(policy(policy_id).document, 9), 0
    cumulative = [p.payer for p in policy(policy_id).document.payers if any(b.cumulative for b in p.benefits)]
    payers = [CUMULATIVE[policy_id] or cumulative[0]]
    for number in range(300):
        bill = replace(maker.bill(number), portions={}, decisions={}, care="inpatient")
        bill = replace(bill, facility=replace(bill.facility, level="county"))
        bill = replace(
            bill, recorded={"basic": bill.parts["in_scope"] // 3} if "basic" in shares_of(policy_id) else {}
        )
        parts = {part: random.randint(0, amount) for part, amount in bill.parts.items()}
        given = {
            payer: random.randint(0, min(amount, parts["in_scope"]))
            for payer, amount in bill.recorded.items()
        }
        rest = {part: amount - parts[part] for part, amount in bill.parts.items()}
        if any(amount - given[payer] > rest["in_scope"] for payer, amount in bill.recorded.items()):
            continue
        first = replace(bill, parts=parts, recorded=given)
        second = replace(bill, id="second", stay=bill.stay, parts=rest,
                         recorded={payer: amount - given[payer] for payer, amount in bill.recorded.items()})  # fmt: skip
        person = maker.person(number)
        try:
            whole = settler(policy_id).settle(person, [bill])
            split = settler(policy_id).settle(person, [first, second])
        except Refused:
            continue
        tried += 1
        for payer in payers:
            assert sum(d.shares[payer] for d in split.decisions) == whole.decisions[0].shares[payer]
        assert split.balances.person.get(f"{payers[0]}_scope") == whole.balances.person.get(
            f"{payers[0]}_scope"
        )
    assert tried >= 40


def shares_of(policy_id: str) -> set[str]:
    return {payer.payer for payer in policy(policy_id).document.payers}


def test_t04_splitting_a_stay_into_two_stays_costs_a_second_deductible(tmp_path: Path) -> None:
    trial = written(tmp_path, one_benefit("deductible: {amount: 300}, rate: 70%"))
    two = [a_bill("b1", in_scope="1000"), a_bill("b2", in_scope="1000")]
    one_stay = [{**bill, "stay": "s"} for bill in two]
    assert [bill["aid"] for bill in shares(trial, *one_stay)] == ["490.00", "700.00"]
    assert [bill["aid"] for bill in shares(trial, *two)] == ["490.00", "490.00"]


def test_t05_a_bill_taken_out_and_posted_again_gives_the_same_year() -> None:
    maker = Maker(policy("bands-absolute").document, 10)
    for number in range(60):
        person, year = maker.year(number, 4)
        year = [bill for bill in year if bill.discharged.year == year[0].discharged.year]
        if len(year) < 3:
            continue
        whole = settler("bands-absolute").settle(person, year)
        without = settler("bands-absolute").settle(person, [year[0], *year[2:]])
        again = settler("bands-absolute").settle(person, [year[1]], without.balances)
        assert again.balances.person == whole.balances.person
        late = [*without.decisions, *again.decisions]
        for payer in ("basic", "catastrophic"):
            assert sum(d.shares[payer] for d in late) == sum(d.shares[payer] for d in whole.decisions)
        in_place = settler("bands-absolute").settle(person, year)
        assert [d.shares for d in in_place.decisions] == [d.shares for d in whole.decisions]


def test_t07_two_equal_payer_amounts_are_both_counted() -> None:
    """1,200 + 1,200 + 800 = 3,200; a set of amounts would make 2,000."""
    (bill,) = shares(policy("equal-payers"), a_bill(in_scope="6000.00", **DATES_2020))
    assert [bill[payer] for payer in ("one", "two", "three")] == ["1200.00", "1200.00", "800.00"]
    assert bill["patient"] == "2800.00"
    recorded = {"one": "1200.00", "two": "1200.00"}
    (bill,) = shares(policy("equal-payers"), a_bill(in_scope="6000.00", recorded=recorded, **DATES_2020))
    assert yuan_sum([bill["one"], bill["two"], bill["three"], bill["patient"]]) == "6000.00"
    assert bill["patient"] == "2800.00"


OFFSET = """payers:
  - {payer: commercial, decided: elsewhere, covers: own_pay, assumed: 测试用}
  - payer: aid
    assumed: 测试用
    covers: in_scope
    benefits: [{benefit: share, rate: 70%, offset: [commercial]}]
"""


def test_t08_commercial_insurance_reduces_aid_and_never_below_nothing(tmp_path: Path) -> None:
    trial = written(tmp_path, OFFSET)
    paid = []
    for commercial in ("0.00", "0.01", "1000.00", "6999.99", "7000.00", "9000.00"):
        bill = a_bill(in_scope="10000", own_pay="10000", recorded={"commercial": commercial})
        paid.append(shares(trial, bill)[0]["aid"])
    assert paid == ["7000.00", "6999.99", "6000.00", "0.01", "0.00", "0.00"]


@pytest.mark.parametrize("policy_id", SHIPPED_IDS)
def test_t09_one_more_identity_never_costs_a_patient_anything(policy_id: str) -> None:
    """就高不就低, on one bill at equal accumulators."""
    random, maker, tried = Random(11), Maker(policy(policy_id).document, 11), 0
    if not maker.categories:
        assert not policy(policy_id).document.people
        return
    for number in range(600):
        person, bill = maker.person(number), replace(maker.bill(number), decisions={})
        more = Holding(random.choice(maker.categories), OPEN)
        richer = replace(person, categories=(*person.categories, more))
        try:
            before, _ = settler(policy_id).settle_bill(person, bill, Balances())
            after, _ = settler(policy_id).settle_bill(richer, bill, Balances())
        except Refused:
            continue
        tried += 1
        assert after.patient <= before.patient, (person.categories, more.code, bill)
    assert tried >= 100


def test_t10_unreferred_care_outside_the_area_gets_no_aid_except_in_an_emergency() -> None:
    away = {
        "in_scope": "50000",
        "admitted": "2022-03-01",
        "discharged": "2022-03-09",
        "recorded": {"basic": "0"},
    }
    inside, outside = {"level": "city", "region": "360100"}, {"level": "city", "region": "360400"}
    person = {"region": "360102", **ASSISTED}
    aid = [
        shares(policy(NATIONAL), a_bill(facility=facility, **away, **how), person=person)[0]["assistance"]
        for facility, how in (
            (inside, {}),
            (outside, {}),
            (outside, {"referred": True}),
            (outside, {"emergency": True}),
        )
    ]
    assert aid[1] == "0.00"
    assert aid[0] == aid[2] == aid[3] != "0.00"


def test_t12_a_cap_shared_by_outpatient_and_inpatient_care_is_one_cap() -> None:
    """The combined cap of 1,000 lets 500 through for the outpatient after 500 for the inpatient, and nothing more."""
    bills = [
        a_bill("b1", first_pay="625.00", **DATES_2020),
        a_bill("b2", care="outpatient", first_pay="1600.00", **DATES_2020),
        a_bill("b3", first_pay="100.00", **DATES_2020),
    ]
    assert [bill["shared"] for bill in shares(policy("caps"), *bills)] == ["500.00", "500.00", "0.00"]


def test_t13_a_fixed_price_binds_funds_and_patient_and_the_hospital_bears_the_excess() -> None:
    def day_surgery(cost: str) -> Any:
        return shares(
            policy("bill-rules"), a_bill(care="day_surgery", in_scope=cost, own_pay="500", **DATES_2020)
        )[0]

    assert day_surgery("3500")["hospital"] == "1000.00"
    assert (day_surgery("3500")["basic"], day_surgery("3500")["patient"]) == ("2400.00", "600.00")
    assert day_surgery("9000")["patient"] == "600.00"
    for _, _, settlement in years(BAISHAN, 12, 60):
        for decision in settlement.decisions:
            rule = next(rule for rule in decision.plan.rules if rule.kind == "fixed_price")
            if decision.registers[rule.applies]:
                assert decision.hospital == max(
                    0, decision.bill.total - decision.registers[rule.number.register]
                )
                assert (
                    decision.patient + sum(decision.shares.values()) + decision.hospital
                    == decision.bill.total
                )


def test_t14_a_target_is_a_ratio_of_the_years_sums_and_not_a_mean_of_ratios() -> None:
    """Own shares of 0 % of 90,000 and 100 % of 10,000 are 10 % together, not 50 %."""
    law = policy("shandong/poverty-2017")
    poor = {"insured": {"scheme": "resident"}, "categories": [{"code": "registered_poor"}]}
    facts = read_facts(a_file(a_bill("b1", in_scope="90000", recorded={"basic": "90000"}),
                              a_bill("b2", own_pay="10000", recorded={"basic": "0"}), person=poor))  # fmt: skip
    decisions = list(settler("shandong/poverty-2017").settle(facts.person, facts.bills).decisions)
    (own,) = [found for found in measure(law.document, decisions) if found.target.target == "own_share"]
    assert own.denominator == 10_000_000
    assert own.numerator == sum(decision.patient for decision in decisions)
    assert own.rate_bp == own.numerator * 10_000 // own.denominator
    assert own.met == (own.numerator * 10 <= own.denominator)
