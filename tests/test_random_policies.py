"""Random policies cover the whole language and settle random years; what they found stays tried."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from doudi.engine.answer import answer
from doudi.engine.data import Balances, Bill, Facts, Person
from doudi.engine.decision import Decision
from doudi.engine.primitives import OPERATIONS
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.policy.advice import advice
from doudi.policy.citations import uncited
from doudi.policy.conditions import PARTS
from doudi.policy.library import Policy, all_problems
from doudi.policy.problems import PolicyError
from support.grammar import grammar, written
from support.policies import one_benefit, readd
from support.policies import written as policy_of
from support.random_policies import SIZES, drawn, random_files, random_policy
from support.random_years import random_year, some_years

SEEDS = range(200)
SLICES = [range(start, 200, 4) for start in range(4)]
NEVER = {  # key of the language → why no random policy holds it
    "PolicyDocument.abstract": "templates are the parents of random children; what they inherit holds no such key",
    "PolicyDocument.abstract=true": "a template settles no bill",
    "PolicyDocument.cases": "a random policy has no worked case",
}


def settled_years(policy: Policy, seed: int, count: int) -> tuple[list[Decision], int]:
    """The decisions of some years bill by bill, and how many bills were refused."""
    settler, decisions, refused = Settler(policy), [], 0
    for facts in some_years(policy, seed, count):
        balances = facts.opening
        for bill in facts.bills:
            try:
                decision, balances = settler.settle_bill(facts.person, bill, balances)
            except Refused:
                refused += 1
                continue
            decisions.append(decision)
    return decisions, refused


# --- the generator -------------------------------------------------------------------------------------------


def test_every_seed_is_a_policy_and_hardly_any_draw_is_refused() -> None:
    assert sum(drawn(seed).refused for seed in SEEDS) <= len(SEEDS) * 5 // 100
    assert len({random_policy(seed).hash for seed in SEEDS}) == len(SEEDS)


def test_the_same_seed_is_the_same_policy_and_the_same_year() -> None:
    for seed in (3, 8, 21):
        assert random_files(seed) == random_files(seed)
        assert drawn.__wrapped__(seed).policy.hash == random_policy(seed).hash
        assert random_year(random_policy(seed), 5) == random_year(random_policy(seed), 5)


def test_random_policies_have_sources_and_accept_their_jumps() -> None:
    """What only needs `cite` or `accepted` has it, so that what a check finds is about arithmetic."""
    for seed in SEEDS[:60]:
        policy = random_policy(seed)
        assert [one for one in all_problems(policy) if one.severity == "error"] == []
        assert uncited(policy) == []
        needless = {"jump_not_accepted", "source_unknown", "fund_unknown", "category_unknown"}
        assert [one for one in advice(policy) if one.code in needless] == []


def test_a_size_says_how_many_payers() -> None:
    for size, (fewest, most) in SIZES.items():
        counts = {len(random_policy(seed, size).document.payers) for seed in range(12)}
        assert min(counts) >= fewest
        assert max(counts) <= most


def test_every_key_and_word_of_the_language_is_drawn() -> None:
    tried = {key for seed in SEEDS for key in written(random_policy(seed).document)}
    assert sorted(grammar() - tried) == sorted(NEVER)


def test_some_policies_are_children_that_override() -> None:
    keys = Counter(
        key
        for seed in SEEDS
        if (child := list(drawn(seed).files.values())[-1])
        for key in ("extends:", "replace:", "add:", "until:", "overrides:")
        if "extends:" in child and key in child
    )
    assert min(keys[key] for key in ("extends:", "replace:", "add:", "until:", "overrides:")) >= 2


def test_every_operation_of_the_engine_is_compiled() -> None:
    programs = [Settler(random_policy(seed)).machine()[0].program for seed in SEEDS[:100]]
    used = Counter(step.operation for program in programs for step in program.instructions)
    assert set(OPERATIONS) - set(used) == set()


# --- years of random policies --------------------------------------------------------------------------------


@pytest.mark.parametrize("seeds", SLICES, ids=str)
def test_random_years_settle_mostly_and_keep_every_fen(seeds: range) -> None:
    settled = refused = paid = 0
    for seed in seeds:
        decisions, lost = settled_years(random_policy(seed), seed, 2)
        settled, refused = settled + len(decisions), refused + lost
        for decision in decisions:
            paid += any(decision.shares.values())
            draws_within_what_is_left(decision)
    assert settled >= 4 * refused
    assert paid * 2 >= settled


def draws_within_what_is_left(decision: Decision) -> None:
    r, plan = decision.registers, decision.plan
    left = dict(decision.bill.parts)
    if plan.rules:
        left = {part: r[register] for part, register in plan.rules[-1].after}
    assert all(amount >= 0 for amount in left.values())
    assert sum(left.values()) + decision.hospital == decision.bill.total
    for payer in plan.payers:
        drawn_parts = {part: r[register] for part, register in payer.drawn}
        assert sum(drawn_parts.values()) == decision.shares[payer.name] >= 0
        assert all(0 <= amount <= left[part] for part, amount in drawn_parts.items())
        left = {part: left[part] - drawn_parts.get(part, 0) for part in left}
    assert sum(left.values()) == decision.patient


def test_random_explanations_re_add() -> None:
    told = 0
    for seed in SEEDS[:60:2]:
        policy = random_policy(seed)
        try:
            answered = answer(Settler(policy), random_year(policy, seed, bills=2))
        except Refused:
            continue
        for bill in answered["bills"]:
            readd().bill(bill)
            told += 1
    assert told >= 20


# --- what random policies have found -------------------------------------------------------------------------


def settled(tmp_path: Path, body: str, *bills: Bill, head: str = "") -> list[Decision]:
    policy = policy_of(tmp_path, body, head=head)
    return list(Settler(policy).settle(Person("p1", region="520203"), bills).decisions)


def a_bill(day: date = date(2017, 3, 9), stay: str = "s1", **parts: int) -> Bill:
    amounts = {**dict.fromkeys(PARTS, 0), **parts}
    return Bill(f"{stay}-{day}", "inpatient", day, day, day, amounts, stay=stay)


def test_a_part_that_two_guarantees_promise_is_drawn_once(tmp_path: Path) -> None:
    """After basic 50.00 of 150.00 are paid; what is promised of the whole bill is no more than the 100.00 left."""
    promised = "covers: in_scope, raises_to: {share: 100%, of: total}, own_at_least: {share: 100%, of: total}"
    basic = "payers:\n  - {payer: basic, assumed: 测试用, benefits: [{benefit: share, rate: 50%}]}"
    body = one_benefit(promised).replace("payers:", basic, 1)
    (decision,) = settled(tmp_path, body, a_bill(in_scope=10_000, own_pay=5_000))
    assert (decision.shares, decision.patient) == ({"basic": 5_000, "aid": 10_000}, 0)


def test_a_payer_without_benefits_may_say_how_it_would_choose(tmp_path: Path) -> None:
    body = "payers: [{payer: basic, decided: elsewhere, choose: best, assumed: 测试用}]\n"
    bill = replace(a_bill(in_scope=10_000), recorded={"basic": 4_000})
    assert settled(tmp_path, body, bill)[0].shares == {"basic": 4_000}


def test_a_moved_share_is_no_more_than_the_part_where_amounts_are_rounded_to_yuan(tmp_path: Path) -> None:
    """99.99 % of 1989.55 is 1989.35; to the yuan 1989. Of 1989.65: 1989.45, 1989. Of 0.60: 1.00, and 0.60 is there."""
    rule = "bill: [{rule: all, move: 99.99%, of: over_limit, to: first_pay, assumed: 测试用}]\n"
    head = "rounding: {to: yuan, mode: half_up}\n" + rule
    (decision,) = settled(tmp_path, one_benefit("rate: 100%"), a_bill(in_scope=100, over_limit=60), head=head)
    assert {part: decision.registers[r] for part, r in decision.plan.left} == {
        "in_scope": 0, "first_pay": 60, "over_limit": 0, "own_pay": 0,
    }  # fmt: skip


def test_a_deductible_kept_from_before_the_new_year_is_the_one_that_is_told(tmp_path: Path) -> None:
    old = "[{from: 2017-01-01, value: 100}, {from: 2018-01-01, value: 300}]"
    policy = policy_of(tmp_path, one_benefit(f"deductible: {{amount: {old}, across_year: old}}, rate: 100%"))
    bills = a_bill(date(2017, 12, 30), in_scope=6_000), a_bill(date(2018, 1, 3), in_scope=50_000)
    told = answer(Settler(policy), Facts(Person("p1"), bills, Balances()))["bills"]
    assert [bill["shares"]["aid"] for bill in told] == ["0.00", "460.00"]
    assert told[1]["explanation"][1]["benefits"][0]["deductible"]["amount"] == "100.00"
    for bill in told:
        readd().bill(bill)


YEAR_END = (
    "{{payer: fund, settled: year_end, assumed: 测试用, "
    "benefits: [{{benefit: rest, covers: total, draw: in_order, {}}}]}}"
)
FIRST = (
    "{payer: basic, assumed: 测试用, "
    "benefits: [{benefit: share, covers: total, draw: in_order, deductible: 5, rate: 50%}]}"
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (f"[{FIRST}, {YEAR_END.format('rate: 50%, offset: [basic]')}]", "payer_not_earlier"),
        (f"[{FIRST}, {YEAR_END.format('rate: 50%, without: deductible_of basic')}]", "deductible_of_unknown"),
        (f"[{FIRST}, {YEAR_END.format('formula: paid_basic')}]", "formula_name"),
        (f"[{YEAR_END.format('rate: 50%')}, {FIRST.replace('rate: 50%', 'rate: 50%, offset: [fund]')}]",
         "payer_not_earlier"),
        (f"[{FIRST.replace('deductible: 5', 'cap: {per: bill, by: level, rows: {county: 30% of total}}')}]",
         "share_not_here"),
    ],
)  # fmt: skip
def test_what_the_engine_cannot_compile_is_told_when_the_policy_is_loaded(
    tmp_path: Path, body: str, code: str
) -> None:
    """The year's statement knows no payer of a bill, and a bill none of the year; a share of the bill has no rows."""
    with pytest.raises(PolicyError) as caught:
        policy_of(tmp_path, f"payers: {body}\n")
    assert [one.code for one in caught.value.problems] == [code]
