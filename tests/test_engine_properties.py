"""What the engine promises about every policy, tried on random persons and years."""

import copy
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from doudi.engine.answer import answer
from doudi.engine.data import Balances, Bill, Facts, Person
from doudi.engine.decision import Decision
from doudi.engine.periods import period_key
from doudi.engine.read import read_facts
from doudi.engine.record import canonical
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.policy.benefits import Benefit, Cap
from doudi.policy.document import PolicyDocument
from doudi.policy.meaning import conditions_of
from doudi.policy.payers import Payer
from doudi.policy.scalars import ShareOf
from support.bills import Maker
from support.files import a_bill, a_file, as_file, shares, shuffled
from support.policies import ALL_IDS, ROOT, SHIPPED_IDS, policy, settler, written
from support.years import years

LIUZHI = "guizhou/liuzhi/triple-guarantee-2017"
NATIONAL = "national/medical-assistance-2021"


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


RECORDED = """payers:
  - payer: aid
    assumed: 测试用
    decided: elsewhere
    choose: CHOICE
    benefits: [{benefit: one, rate: 60%}, {benefit: two, rate: 90%}]
  - {payer: rest, assumed: 测试用, benefits: [{benefit: share, rate: 10%}]}
"""


@pytest.mark.parametrize("choice", ["first", "best", "all"])
def test_a_recorded_amount_takes_the_place_of_whatever_the_rule_gives(choice: str, tmp_path: Path) -> None:
    """Also where it is more than the rule leaves over, and up to all that is left of its parts."""
    trial = written(tmp_path, RECORDED.replace("CHOICE", choice))
    for recorded, rest in (("0.00", "10.00"), ("50.00", "5.00"), ("97.00", "0.30"), ("100.00", "0.00")):
        (bill,) = shares(trial, a_bill(in_scope="100", recorded={"aid": recorded}))
        assert (bill["aid"], bill["rest"]) == (recorded, rest)
    rule = {"first": "60.00", "best": "90.00", "all": "96.00"}[choice]
    assert shares(trial, a_bill(in_scope="100"))[0]["aid"] == rule


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
