"""Mistakes that happened to others and must not happen here; what a policy's hash stands for; silence."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from doudi.engine.answer import answer
from doudi.engine.data import Balances, Bill, Facts, Holding, Person, Span
from doudi.engine.read import read_facts
from doudi.engine.record import canonical
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.policy.library import Policy
from doudi.policy.problems import PolicyError
from support.files import a_bill, a_file, settled, shares, yuan_sum
from support.policies import SHIPPED_IDS, one_benefit, policy, settler, written
from support.years import years

LIUZHI = "guizhou/liuzhi/triple-guarantee-2017"
DATES_2020: dict[str, Any] = {"admitted": "2020-03-01", "discharged": "2020-03-09"}
OFFSET = """payers:
  - {payer: commercial, decided: elsewhere, covers: own_pay, assumed: 测试用}
  - payer: aid
    assumed: 测试用
    covers: in_scope
    benefits: [{benefit: share, rate: 70%, offset: [commercial]}]
"""
PAYER = (
    "payers:\n  - {payer: aid, assumed: 测试用, covers: in_scope, benefits: [{benefit: share, rate: 70%}]}\n"
)


# --- the hash of a policy ------------------------------------------------------------------------------------


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
