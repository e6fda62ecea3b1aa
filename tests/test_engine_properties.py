"""What the engine promises about every policy, tried on random persons and years; and the known mistakes of others."""

import copy
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from doudi.engine.answer import answer
from doudi.engine.beyond import measure
from doudi.engine.data import Balances, Bill, Facts, Holding, Person, Span
from doudi.engine.decision import Decision
from doudi.engine.periods import period_key
from doudi.engine.read import read_facts
from doudi.engine.record import canonical
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settlement, Settler
from doudi.policy.benefits import Benefit, Cap
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.policy.meaning import conditions_of
from doudi.policy.payers import Payer
from doudi.policy.problems import PolicyError
from doudi.policy.scalars import ShareOf
from support.bills import OPEN, Maker
from support.files import a_bill, a_file, as_file, settled, shares, shuffled, yuan_sum
from support.policies import ALL_IDS, ROOT, SHIPPED_IDS, one_benefit, policy, settler, written

LIUZHI = "guizhou/liuzhi/triple-guarantee-2017"
NATIONAL = "national/medical-assistance-2021"
BAISHAN = "jilin/baishan/major-disease-2017"


def years(
    policy_id: str, seed: int, count: int, bills: int = 4
) -> Iterator[tuple[Person, list[Bill], Settlement]]:
    """Random years of a policy that it settles."""
    maker, made, tries = Maker(policy(policy_id).document, seed), 0, 0
    while made < count:
        tries += 1
        assert tries < 20 * count, "almost every year is refused"
        person, year = maker.year(tries, bills)
        try:
            settlement = settler(policy_id).settle(person, year)
        except Refused:
            continue
        made += 1
        yield person, year, settlement


# --- every bill of every policy -----------------------------------------------------------------------------


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_t01_t02_every_fen_is_borne_once_and_no_payer_draws_more_than_is_left(policy_id: str) -> None:
    for _, _, settlement in years(policy_id, 1, 40):
        for decision in settlement.decisions:
            assert sum(decision.shares.values()) + decision.hospital + decision.patient == decision.bill.total
            assert decision.patient >= decision.patient_in_scope >= 0
            draws_within_what_is_left(decision)


def draws_within_what_is_left(decision: Decision) -> None:
    r, plan = decision.registers, decision.plan
    left = dict(decision.bill.parts)
    if plan.rules:
        left = {part: r[register] for part, register in plan.rules[-1].after}
    assert sum(left.values()) + decision.hospital == decision.bill.total
    for payer in plan.payers:
        drawn = {part: r[register] for part, register in payer.drawn}
        assert sum(drawn.values()) == decision.shares[payer.name] >= 0
        assert all(0 <= amount <= left[part] for part, amount in drawn.items())
        left = {part: left[part] - drawn.get(part, 0) for part in left}
    assert left == {part: r[register] for part, register in plan.left}
    assert sum(left.values()) == decision.patient


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_caps_are_never_exceeded_over_a_year(policy_id: str) -> None:
    """Added up here from what each benefit paid, not read from the accumulators; recorded amounts are not capped."""
    for _, _, settlement in years(policy_id, 2, 40, 6):
        paid: dict[tuple[str, str], int] = {}
        most: dict[tuple[str, str], int] = {}
        for decision in settlement.decisions:
            for key, amount, limit in capped(decision):
                paid[key] = paid.get(key, 0) + amount
                most[key] = max(most.get(key, 0), limit)
                assert paid[key] <= most[key], key


def capped(decision: Decision) -> Iterator[tuple[tuple[str, str], int, int]]:
    """((cap, period), paid, limit) of every benefit of a bill that paid by its rule."""
    r = decision.registers
    accumulators = {form.name: form for _, form, _ in decision.compiled.program.accumulators}
    for payer in decision.plan.payers:
        if not r[payer.applies] or (payer.given_known is not None and r[payer.given_known]):
            continue
        for benefit in payer.benefits:
            for limit in benefit.limits:
                if r[benefit.chosen] and limit.kind == "cap":
                    form = accumulators.get(limit.name) if limit.used is not None else None
                    period = period_key(form, decision.bill) if form else f"bill {decision.bill.id}"
                    yield (
                        (f"{payer.name} {limit.name} {limit.period}", period),
                        r[benefit.amount],
                        r[limit.limit],
                    )


# --- P9: a pure function of its facts -----------------------------------------------------------------------


def digest_of_everything(seed: int) -> str:
    """One hash over the canonical answers of some years of every shipped package."""
    sums = hashlib.sha256()
    for policy_id in SHIPPED_IDS:
        for person, year, _ in years(policy_id, seed, 3, 3):
            sums.update(canonical(answer(Settler(policy(policy_id)), Facts(person, tuple(year), Balances()))))
    return sums.hexdigest()


def test_p9_the_same_facts_give_the_same_bytes_in_any_process() -> None:
    here = digest_of_everything(3)
    assert here == digest_of_everything(3) != digest_of_everything(4)
    script = "import test_engine_properties as t; print(t.digest_of_everything(3))"
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    for hash_seed in ("0", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
        command = [sys.executable, "-c", script]
        told = subprocess.run(
            command, capture_output=True, text=True, check=True, env=environment, timeout=120
        )
        assert told.stdout.strip() == here


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_p9_the_order_of_keys_and_of_unordered_lists_does_not_matter(policy_id: str) -> None:
    random = Random(5)
    for person, year, settlement in years(policy_id, 5, 8):
        file = as_file(person, [replace(bill, decisions={}) for bill in year])
        plain = canonical(answer(settler(policy_id), read_facts(file)))
        assert canonical(answer(settler(policy_id), read_facts(shuffled(file, random)))) == plain
        if not any(bill.decisions for bill in year):
            told = [decision.shares for decision in settlement.decisions]
            again = settler(policy_id).settle(read_facts(file).person, read_facts(file).bills)
            assert [decision.shares for decision in again.decisions] == told


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_settling_changes_neither_the_opening_nor_the_facts_nor_the_policy(policy_id: str) -> None:
    law = policy(policy_id)
    text = repr(law.document)
    for person, year, settlement in years(policy_id, 6, 5):
        opening = settlement.balances
        kept = copy.deepcopy((opening, person, year))
        later = settler(policy_id).settle(person, [again(bill) for bill in year], opening)
        assert (opening, person, year) == kept
        assert later.balances is not opening
    assert repr(law.document) == text


def again(bill: Bill) -> Bill:
    """The bill once more, without what was decided for it case by case."""
    return replace(bill, id=f"{bill.id}x", stay=f"{bill.id}x", decisions={})


def test_a_refused_bill_leaves_everything_as_it_was() -> None:
    facts = read_facts(
        a_file(a_bill("b1", in_scope="9000"), a_bill("b2", in_scope="1", recorded={"basic": "2"}))
    )
    opening = Balances(person={"catastrophic_scope": {"2017": 5}})
    with pytest.raises(Refused):
        settler(LIUZHI).settle(facts.person, facts.bills, opening)
    assert opening == Balances(person={"catastrophic_scope": {"2017": 5}})


# --- monotony -----------------------------------------------------------------------------------------------


def plain_payer(payer: Payer) -> bool:
    """One cost part, no year-end; every benefit on what is left, without lump, slab, percent cap or formula."""
    return payer.settled == "bill" and all(plain_benefit(payer, benefit) for benefit in payer.benefits)


def plain_benefit(payer: Payer, benefit: Benefit) -> bool:
    odd: list[Any] = [benefit.whole, benefit.less, benefit.portion, benefit.without, benefit.counts_at_most,
                      benefit.offset, benefit.formula, benefit.kind != "marginal"]  # fmt: skip
    promises = (benefit.raises_to, benefit.own_at_least, benefit.patient_at_most)
    odd += [promise for promise in promises if promise and list(promise.of) != ["in_scope"]]
    odd += [adjust for adjust in benefit.adjust if adjust.number == "cap"]
    caps = [payer.caps[cap] if isinstance(cap, str) else cap for cap in (*benefit.cap, *payer.cap)]
    parts = benefit.covers or payer.covers or ["in_scope"]
    return (
        not any(odd) and not any(percent(cap) for cap in caps) and list(parts) in (["in_scope"], ["own_pay"])
    )


def percent(cap: Cap) -> bool:
    return isinstance(cap.value, ShareOf) and cap.value.of in (
        "total",
        "in_scope",
        "first_pay",
        "over_limit",
        "own_pay",
    )


def plain(document: PolicyDocument) -> bool:
    if document.rounding.to != "fen" or document.bill or document.identity.several == "best_single":
        return False
    cliffs = [when for _, when in conditions_of(document) if when.amount is not None]
    return not cliffs and all(map(plain_payer, document.payers))


PLAIN_IDS = [policy_id for policy_id in ALL_IDS if plain(policy(policy_id).document)]


def test_enough_policies_are_plain() -> None:
    assert {LIUZHI, NATIONAL, "shandong/catastrophic-2014"} <= set(PLAIN_IDS)
    assert len(PLAIN_IDS) >= 25
    assert not {"slab", "lump", "quick", "formula", "caps"} & set(PLAIN_IDS)


@pytest.mark.parametrize("policy_id", PLAIN_IDS)
def test_t06_more_in_scope_never_lowers_what_the_payers_pay_nor_what_the_patient_pays(policy_id: str) -> None:
    """At equal accumulators and equal recorded amounts, for one fen more and for much more."""
    random, maker, tried = Random(7), Maker(policy(policy_id).document, 7), 0
    for number in range(400):
        person, bill = maker.person(number), maker.bill(number)
        _, balances = filled(policy_id, person, maker)
        more = random.choice((1, 2, 99, 10_000, 1_234_567, 90_000_000))
        larger = replace(bill, parts={**bill.parts, "in_scope": bill.parts["in_scope"] + more})
        try:
            small, _ = settler(policy_id).settle_bill(person, bill, balances)
            large, _ = settler(policy_id).settle_bill(person, larger, balances)
        except Refused:
            continue
        tried += 1
        assert sum(large.shares.values()) >= sum(small.shares.values()), (person, bill, more)
        assert large.patient >= small.patient, (person, bill, more)
        if tried >= 60:
            break
    assert tried >= 30


def filled(policy_id: str, person: Person, maker: Maker) -> tuple[list[Bill], Balances]:
    """Accumulators after a bill of the same year, or none."""
    bill = replace(maker.bill(999), id="earlier", stay="earlier")
    if maker.random.random() < 0.5:
        return [], Balances()
    try:
        return [bill], settler(policy_id).settle_bill(person, bill, Balances())[1]
    except Refused:
        return [], Balances()


def test_t06_a_slab_table_is_not_monotone_and_says_so() -> None:
    """In a slab the patient gains by one more fen: 10,000.00 × 30 % but 10,000.01 × 40 %."""
    dates = {"admitted": "2020-03-01", "discharged": "2020-03-09"}
    told = [shares(policy("slab"), a_bill(in_scope=x, **dates))[0] for x in ("10000.00", "10000.01")]
    assert [bill["aid"] for bill in told] == ["3000.00", "4000.00"]
    assert [bill["patient"] for bill in told] == ["7000.00", "6000.01"]
    assert policy("slab").document.payers[0].benefits[0].accepted is not None


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


# --- the hash of a policy ------------------------------------------------------------------------------------

PAYER = (
    "payers:\n  - {payer: aid, assumed: 测试用, covers: in_scope, benefits: [{benefit: share, rate: 70%}]}\n"
)


class TestHash:
    def test_a_comment_or_layout_changes_nothing(self, tmp_path: Path) -> None:
        block = """payers:
  # 医疗救助
  - payer: aid
    covers: in_scope        # 政策范围内
    assumed: 测试用
    benefits:
      - benefit: share
        rate: "70%"
"""
        assert written(tmp_path, PAYER).hash == written(tmp_path, block).hash

    def test_a_number_a_name_or_an_order_changes_it(self, tmp_path: Path) -> None:
        second = "  - {payer: more, assumed: 测试用, benefits: [{benefit: share, rate: 10%}]}\n"
        head, _, first = PAYER.partition("\n")
        variants = [PAYER, PAYER.replace("70%", "71%"), PAYER.replace("aid", "help"), PAYER + second,
                    f"{head}\n{second}{first}", PAYER.replace("测试用", "推定")]  # fmt: skip
        hashes = [written(tmp_path, body).hash for body in variants]
        assert len(set(hashes)) == len(variants)

    def test_what_a_policy_inherits_is_part_of_it(self, tmp_path: Path) -> None:
        def child() -> Policy:
            return written(tmp_path, "extends: parent\n", "child")

        written(tmp_path, PAYER, "parent")
        before = child().hash
        assert child().hash == before
        written(tmp_path, PAYER.replace("70%", "71%"), "parent")
        assert child().hash != before

    def test_the_order_of_groups_counts_because_ties_go_by_it(self, tmp_path: Path) -> None:
        """`best_single` breaks ties in the order of `people`: two orders are two laws."""
        poor = "poor: {zh: 低保, any: [subsistence_allowance], assumed: 测试用}"
        veteran = "veteran: {zh: 优抚, any: [entitled_veteran], assumed: 测试用}"
        laws = [
            written(tmp_path, f"identity: {{several: best_single}}\npeople:\n  {a}\n  {b}\n{PAYER}")
            for a, b in ((poor, veteran), (veteran, poor))
        ]
        person = {"categories": [{"code": "entitled_veteran"}, {"code": "subsistence_allowance"}]}
        told = [
            settled(law, a_bill(in_scope="1"), person=person)["bills"][0]["explanation"][0] for law in laws
        ]
        assert [step["as_category"] for step in told] == ["subsistence_allowance", "entitled_veteran"]
        assert laws[0].hash != laws[1].hash


# --- mistakes that happened to others ------------------------------------------------------------------------


class TestMistakesOfOthers:
    def test_a_fraction_is_not_dropped_by_reading_an_amount_as_a_whole_number(self, tmp_path: Path) -> None:
        trial = written(tmp_path, one_benefit("rate: 100%"))
        assert shares(trial, a_bill(in_scope="1234.56"))[0]["aid"] == "1234.56"
        line = {"code": "A", "price": "0.99", "quantity": "1.5"}
        (bill,) = shares(trial, a_bill(lines=[line]), catalogue=[{"code": "A", "class": "甲"}])
        assert bill["aid"] == "1.49"

    def test_being_of_age_is_tested_and_not_assumed(self, tmp_path: Path) -> None:
        trial = written(tmp_path, one_benefit("rate: 50%, when: {age: {at_least: 18}}"))
        born = {"2017-09-01": "0.00", "1999-09-02": "0.00", "1999-09-01": "50.00"}
        assert {
            day: shares(trial, a_bill(in_scope="100"), person={"born": day})[0]["aid"] for day in born
        } == born

    def test_balances_of_another_year_are_not_counted_again(self, tmp_path: Path) -> None:
        trial = written(tmp_path, one_benefit("rate: 100%, cap: {per: year, amount: 100}"))
        opening = {"accumulators": {"person": {"aid_paid": {"2016": "100.00", "2018": "100.00"}}}}
        assert shares(trial, a_bill(in_scope="150"), opening=opening)[0]["aid"] == "100.00"
        opening["accumulators"]["person"]["aid_paid"]["2017"] = "40.00"
        assert shares(trial, a_bill(in_scope="150"), opening=opening)[0]["aid"] == "60.00"

    def test_an_outpatient_bill_after_an_inpatient_one_settles(self) -> None:
        assert [bill["patient"] for bill in shares(policy(LIUZHI), a_bill("b1", in_scope="9000"),
                a_bill("b2", care="outpatient", own_pay="20"), a_bill("b3", in_scope="9000"))][1] == "20.00"  # fmt: skip

    def test_two_policies_settle_side_by_side_and_neither_overwrites_the_other(self) -> None:
        """Settlers of every package alive at once answer as they do alone."""
        alone = {policy_id: told(policy_id) for policy_id in SHIPPED_IDS}
        settlers = {policy_id: Settler(policy(policy_id)) for policy_id in SHIPPED_IDS}
        for _ in range(2):
            assert {policy_id: told(policy_id, one) for policy_id, one in settlers.items()} == alone
        assert len(set(alone.values())) == len(alone)

    def test_equal_payers_in_a_year_are_not_merged(self) -> None:
        bills = [a_bill(f"b{n}", in_scope="6000.00", **DATES_2020) for n in range(3)]
        assert [bill["patient"] for bill in shares(policy("equal-payers"), *bills)] == ["2800.00"] * 3

    def test_commercial_insurance_never_raises_aid(self, tmp_path: Path) -> None:
        trial, random = written(tmp_path, OFFSET), Random(13)
        for _ in range(100):
            own, given = random.randint(1, 10**6), 0
            aids = []
            for given in (0, own // 2, own):
                recorded = {"commercial": f"{given // 100}.{given % 100:02d}"}
                bill = a_bill(in_scope="5000", own_pay=f"{own // 100}.{own % 100:02d}", recorded=recorded)
                aids.append(int(shares(trial, bill)[0]["aid"].replace(".", "")))
            assert aids == sorted(aids, reverse=True)

    def test_no_float_pushes_a_value_over_its_limit(self, tmp_path: Path) -> None:
        """0.1 + 0.2 against a limit of 0.30, and products that floats round the wrong way."""
        trial = written(tmp_path, one_benefit("rate: 100%, cap: {per: year, amount: 0.30}"))
        bills = [a_bill(f"b{n}", in_scope=x) for n, x in enumerate(("0.10", "0.20", "0.01"))]
        assert [bill["aid"] for bill in shares(trial, *bills)] == ["0.10", "0.20", "0.00"]
        half = written(tmp_path, one_benefit("rate: 50%"), "half")
        odd = {"2.01": "1.01", "1.15": "0.58", "8.05": "4.03", "0.57": "0.29", "1.11": "0.56"}
        assert {x: shares(half, a_bill(in_scope=x))[0]["aid"] for x in odd} == odd
        third = written(tmp_path, one_benefit("rate: 33.33%"), "third")
        assert shares(third, a_bill(in_scope="999999999.99"))[0]["aid"] == "333300000.00"

    def test_more_than_255_groups_are_told_apart(self, tmp_path: Path) -> None:
        groups = "".join(f"  g{n}: {{zh: 组{n}, icd10: [X{n:03d}], assumed: 测试用}}\n" for n in range(300))
        rows = ", ".join(f"g{n}: {n % 100}.{n // 100 + 1}%" for n in range(300))
        body = f"diseases:\n{groups}" + one_benefit(f"rate: {{by: disease, rows: {{{rows}}}}}")
        one = Settler(written(tmp_path, body))
        for n in (0, 44, 255, 256, 257, 299):
            expected = f"{n % 100}.{n // 100 + 1}0"
            assert shares(one, a_bill(in_scope="100", diagnoses=[f"X{n:03d}.9"]))[0]["aid"] == expected

    @pytest.mark.parametrize("policy_id", SHIPPED_IDS)
    def test_no_float_is_in_any_answer(self, policy_id: str) -> None:
        for person, year, _ in years(policy_id, 14, 3):
            assert not list(floats(answer(settler(policy_id), Facts(person, tuple(year), Balances()))))

    def test_a_balance_opens_exactly_where_it_was_closed(self, tmp_path: Path) -> None:
        trial = written(tmp_path, one_benefit("rate: 33.33%, cumulative: year"))
        bills = [a_bill(f"b{n}", in_scope="0.10") for n in range(10)]
        opening: Any = None
        paid = []
        for bill in bills:
            one = settled(trial, bill, opening=opening)
            after = one["accumulators"]
            opening = {"accumulators": {scope: after[scope] for scope in ("person", "household")}}
            paid.append(one["bills"][0]["shares"]["aid"])
        assert paid == [bill["aid"] for bill in shares(trial, *bills)]
        assert yuan_sum(paid) == "0.33"


def told(policy_id: str, one: Settler | None = None) -> bytes:
    person, year, _ = next(years(policy_id, 15, 1))
    return canonical(answer(one or Settler(policy(policy_id)), Facts(person, tuple(year), Balances())))


def floats(data: Any) -> Iterator[float]:
    if isinstance(data, float):
        yield data
    for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from floats(item)


# --- silence is never a yes ----------------------------------------------------------------------------------

SILENCE = """payers:
  - {payer: basic, decided: elsewhere, assumed: 测试用}
grants:
  - {grant: death, name: {zh: 补助}, event: death, when: {designated: false}, amount: 1000, per: event, assumed: 测试用}
targets:
  - {target: own, name: {zh: 负担}, numerator: patient, denominator: total, when: {in_pooling_area: false}, per: year,
     goal: {at_most: 10%}, assumed: 测试用}
"""


class TestSilence:
    def test_a_grant_is_not_paid_on_a_fact_nobody_knows(self, tmp_path: Path) -> None:
        """Refusing the policy or the event is as good as giving nothing."""
        with suppress(Refused, PolicyError):
            trial = written(tmp_path, SILENCE)
            file = a_file(events=[{"event": "death", "date": "2017-09-09"}])
            (given,) = answer(Settler(trial), read_facts(file))["grants"]
            assert given["amounts"] == {}

    @pytest.mark.parametrize("span", ["at_least: 60", "below: 15", "at_least: 15, below: 60"])
    def test_an_age_nobody_knows_is_neither_reached_nor_missed(self, span: str, tmp_path: Path) -> None:
        trial = written(tmp_path, one_benefit(f"rate: 50%, when: {{age: {{{span}}}}}"))
        with pytest.raises(Refused, match="fact_missing") as caught:
            settled(trial, a_bill(in_scope="100"))
        assert caught.value.path == "person.born"

    def test_a_disease_of_children_asks_for_the_age_of_those_who_have_it(self, tmp_path: Path) -> None:
        disease = "diseases: {child: {zh: 白血病, icd10: [C91], age: {below: 15}, assumed: 测试用}}\n"
        trial = written(tmp_path, disease + one_benefit("rate: 50%, when: {disease: child}"))
        assert shares(trial, a_bill(in_scope="100", diagnoses=["A15"]))[0]["aid"] == "0.00"
        assert (
            shares(trial, a_bill(in_scope="100", diagnoses=["C91"]), person={"born": "2010-01-01"})[0]["aid"]
            == "50.00"
        )
        with pytest.raises(Refused, match="fact_missing"):
            settled(trial, a_bill(in_scope="100", diagnoses=["C91"]))

    @pytest.mark.parametrize(
        ("when", "unknown"),
        [
            ("level: county", {"facility": {"region": "520203"}}),
            ("not: {level: county}", {"facility": {"region": "520203"}}),
            ("grade: '2'", {}),
            ("care: inpatient", {"care": None}),
            ("designated: true", {}),
            ("designated: false", {}),
            ("not: {designated: true}", {}),
            ("in_pooling_area: false", {"facility": {"level": "county"}}),
            ("in_province: false", {"facility": {"level": "county"}}),
            ("place: elsewhere", {"facility": {"level": "county"}}),
        ],
    )
    def test_a_fact_nobody_knows_is_asked_for(self, when: str, unknown: Any, tmp_path: Path) -> None:
        trial = written(tmp_path, one_benefit(f"rate: 50%, when: {{{when}}}"))
        with pytest.raises(Refused, match="fact_missing"):
            settled(trial, a_bill(in_scope="100", **unknown))

    @pytest.mark.parametrize(
        "when", ["any: [{care: inpatient}, {designated: true}]", "not: {care: outpatient, grade: '2'}"]
    )
    def test_a_fact_that_decides_nothing_is_not_asked_for(self, when: str, tmp_path: Path) -> None:
        trial = written(tmp_path, one_benefit(f"rate: 50%, when: {{{when}}}"))
        assert shares(trial, a_bill(in_scope="100"))[0]["aid"] == "50.00"

    def test_a_bill_from_nobody_knows_where_is_not_counted_as_outside(self, tmp_path: Path) -> None:
        trial = written(tmp_path, SILENCE.replace("when: {designated: false}, ", ""))
        bill = a_bill(in_scope="1", facility={"level": "county"}, recorded={"basic": "0"})
        (target,) = settled(trial, bill)["targets"]
        assert target["denominator"] == "0.00"

    def test_a_year_end_payer_without_a_number_that_day_is_refused(self, tmp_path: Path) -> None:
        body = """payers:
  - {payer: basic, decided: elsewhere, assumed: 测试用}
  - payer: fund
    assumed: 测试用
    settled: year_end
    for: person
    covers: total
    benefits: [{benefit: share, rate: [{from: 2019-01-01, value: 50%}]}]
"""
        trial = written(tmp_path, body)
        with pytest.raises(Refused, match="no_value"):
            settled(trial, a_bill(in_scope="100", recorded={"basic": "0"}), year_end=["2017"])


def test_a_policy_in_force_until_a_day_settles_bills_before_it(tmp_path: Path) -> None:
    head = "in_force: {from: 2017-09-01, until: 2017-09-11, assumed: 测试用}\n"
    trial = Settler(written(tmp_path, one_benefit("rate: 50%"), head=head))
    person = Person("p", categories=(Holding("x", Span(None, None)),))
    day = date(2017, 9, 10)
    parts = {"in_scope": 100, "first_pay": 0, "over_limit": 0, "own_pay": 0}
    bill = Bill("b", "inpatient", day, day, day, parts, stay="b")
    assert trial.settle_bill(person, bill, Balances())[0].shares == {"aid": 50}
    for outside in (date(2017, 8, 31), date(2017, 9, 11)):
        with pytest.raises(Refused, match="date_outside_policy"):
            trial.settle_bill(
                person, replace(bill, admitted=outside, discharged=outside, settled=outside), Balances()
            )
