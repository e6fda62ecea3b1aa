"""From fee lines to the parts of a bill, and from a payer's draw back to its lines, without losing a fen."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from doudi.engine.data import FeeLine
from doudi.engine.lines import draw_over_lines
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused
from doudi.money import share
from doudi.policy.conditions import PARTS
from support.files import Json, a_bill, a_file, settled, yuan_sum
from support.policies import policy, written

CATALOGUE = [
    {"code": "A", "class": "甲"},
    {"code": "B", "class": "乙", "first_pay": "10%"},
    {"code": "C", "class": "丙"},
    {"code": "L", "class": "甲", "ceiling": "10.00", "until": "2017-09-05"},
    {"code": "L", "class": "甲", "ceiling": "8.00", "from": "2017-09-05"},
    {"code": "M", "class": "乙", "first_pay": "20%", "ceiling": "100"},
    {"code": "T", "class": "甲", "portions": ["tcm", "essential"]},
    {"code": "U", "class": "乙", "first_pay": "20%", "portions": ["tcm"]},
    {"code": "V", "class": "丙", "ceiling": "1.00"},
]


def file_of(*lines: Json, **changes: Any) -> Json:
    return a_file(a_bill(lines=list(lines), **changes), catalogue=CATALOGUE)


def parts_of(*lines: Json) -> tuple[int, ...]:
    """in_scope, first_pay, over_limit, own_pay in fen."""
    return tuple(read_facts(file_of(*lines)).bills[0].parts[part] for part in PARTS)


class TestParts:
    def test_class_one_is_in_scope(self) -> None:
        assert parts_of({"code": "A", "amount": "33.33"}) == (3333, 0, 0, 0)

    def test_class_two_pays_its_rate_first_rounded_half_up(self) -> None:
        assert parts_of({"code": "B", "amount": "33.33"}) == (3000, 333, 0, 0)
        assert parts_of({"code": "B", "amount": "0.05"}) == (4, 1, 0, 0)
        assert parts_of({"code": "B", "amount": "0.04"}) == (4, 0, 0, 0)

    def test_class_three_is_all_own_pay_whatever_its_ceiling(self) -> None:
        assert parts_of({"code": "C", "amount": "20"}) == (0, 0, 0, 2000)
        assert parts_of({"code": "V", "amount": "20"}) == (0, 0, 0, 2000)

    def test_what_lies_above_the_ceiling_is_over_limit_and_has_no_first_pay(self) -> None:
        assert parts_of({"code": "M", "amount": "150"}) == (8000, 2000, 5000, 0)
        assert parts_of({"code": "M", "amount": "100.00"}) == (8000, 2000, 0, 0)

    def test_a_line_takes_the_ceiling_of_its_own_day(self) -> None:
        old = {"code": "L", "day": "2017-09-04", "quantity": "2", "price": "12"}
        new = {"code": "L", "day": "2017-09-05", "quantity": "2", "price": "12"}
        assert parts_of(old) == (2000, 0, 400, 0)
        assert parts_of(new) == (1600, 0, 800, 0)
        assert parts_of(old, new) == (3600, 0, 1200, 0)

    def test_a_line_without_a_day_is_of_the_day_of_admission(self) -> None:
        assert parts_of({"code": "L", "quantity": "2", "price": "12"}) == (2000, 0, 400, 0)

    def test_a_fraction_of_a_quantity_is_not_lost(self) -> None:
        assert parts_of({"code": "A", "quantity": "2.5", "price": "3.00"}) == (750, 0, 0, 0)
        assert parts_of({"code": "A", "quantity": "0.3333", "price": "100"}) == (3333, 0, 0, 0)
        assert parts_of({"code": "L", "quantity": "0.5", "price": "12"}) == (500, 0, 100, 0)

    def test_price_times_quantity_is_rounded_once_half_up(self) -> None:
        assert parts_of({"code": "A", "quantity": "0.5", "price": "0.01"}) == (1, 0, 0, 0)
        assert parts_of({"code": "A", "quantity": "0.4999", "price": "0.03"}) == (1, 0, 0, 0)
        assert parts_of({"code": "A", "quantity": "1.1", "price": "1.15"}, {"code": "A", "price": "1"}) == (
            227,
            0,
            0,
            0,
        )

    def test_a_stated_amount_counts_before_price_times_quantity(self) -> None:
        line = {"code": "A", "quantity": "3", "price": "3.33", "amount": "10.00"}
        assert parts_of(line) == (1000, 0, 0, 0)

    def test_the_parts_of_the_bill_are_the_sums_of_the_lines(self) -> None:
        bill = read_facts(file_of(*[{"code": code, "amount": "12.34"} for code in "ABCLM"])).bills[0]
        assert bill.total == 5 * 1234
        for part in PARTS:
            assert bill.parts[part] == sum(line.parts[part] for line in bill.lines)
        assert [line.id for line in bill.lines] == ["1", "2", "3", "4", "5"]

    def test_a_total_that_is_not_the_sum_of_the_lines_is_refused(self) -> None:
        with pytest.raises(Refused, match="parts_differ_from_total"):
            read_facts(file_of({"code": "A", "amount": "1"}, total="1.01"))

    def test_parts_written_beside_lines_must_agree_with_them(self) -> None:
        assert read_facts(file_of({"code": "A", "amount": "1"}, in_scope="1.00")).bills[0].total == 100
        with pytest.raises(Refused, match="parts_differ_from_lines"):
            read_facts(file_of({"code": "A", "amount": "1"}, in_scope="99.00"))

    def test_no_part_of_a_line_is_ever_negative(self) -> None:
        random = Random(5)
        for _ in range(300):
            line = {
                "code": random.choice("ABCLMTUV"),
                "price": f"{random.randint(0, 500)}.{random.randint(0, 99):02d}",
                "quantity": f"{random.randint(0, 20)}.{random.randint(0, 9999):04d}",
            }
            # The second line keeps the bill from being empty.
            bill = read_facts(file_of(line, {"code": "A", "amount": "1"})).bills[0]
            assert min(bill.lines[0].parts.values()) >= 0
            if line["code"] == "M":
                counted = bill.lines[0].parts["in_scope"] + bill.lines[0].parts["first_pay"]
                assert bill.lines[0].parts["first_pay"] == share(counted, 2000)


class TestPortions:
    def test_the_catalogue_marks_the_in_scope_part_of_a_line(self) -> None:
        bill = read_facts(file_of({"code": "T", "amount": "50.05"}, {"code": "U", "amount": "10"})).bills[0]
        assert bill.portions == {"tcm": 5005 + 800, "essential": 5005}

    def test_a_portion_stated_on_the_bill_counts_before_the_marked_one(self) -> None:
        assert (
            read_facts(file_of({"code": "T", "amount": "50"}, portions={"tcm": "7"})).bills[0].portions["tcm"]
            == 700
        )

    def test_two_entries_of_one_code_and_day_are_refused_and_not_the_first_taken(self) -> None:
        catalogue = [{"code": "A", "class": "甲"}, {"code": "A", "class": "丙"}]
        with pytest.raises(Refused, match="catalogue_twice"):
            read_facts(a_file(a_bill(lines=[{"code": "A", "amount": "1"}]), catalogue=catalogue))


class TestDrawing:
    def test_a_draw_is_spread_in_proportion_by_largest_remainder_and_ties_go_by_line(self) -> None:
        lines = tuple(FeeLine(str(n), {"in_scope": 100}) for n in range(3))
        left = {"in_scope": [100, 100, 100]}
        assert draw_over_lines(lines, {"in_scope": 100}, left) == [34, 33, 33]
        assert left == {"in_scope": [66, 67, 67]}
        assert draw_over_lines(lines, {"in_scope": 101}, left) == [33, 34, 34]
        assert draw_over_lines(lines, {"in_scope": 0}, left) == [0, 0, 0]

    def test_random_draws_are_exact_and_never_more_than_a_line_holds(self) -> None:
        random = Random(11)
        for _ in range(300):
            count = random.randint(1, 9)
            lines = tuple(FeeLine(str(n), {}) for n in range(count))
            left = {part: [random.choice((0, 1, random.randint(0, 9999))) for _ in lines] for part in PARTS}
            for _payer in range(4):
                drawn = {part: random.randint(0, sum(left[part])) for part in PARTS}
                before = [sum(left[part][n] for part in PARTS) for n in range(count)]
                shares = draw_over_lines(lines, drawn, left)
                assert sum(shares) == sum(drawn.values())
                assert all(0 <= amount <= held for amount, held in zip(shares, before, strict=True))
                assert min(min(left[part]) for part in PARTS) >= 0

    def test_the_answer_gives_every_payer_and_the_patient_exactly_by_line(self) -> None:
        lines = [
            {"line": f"l{n}", "code": code, "amount": f"{n + 1}.3{n}"} for n, code in enumerate("ABCLMTABT")
        ]
        file = file_of(*lines, admitted="2020-03-05", discharged="2020-03-10")
        file["catalogue"] = [
            {key: value for key, value in one.items() if key != "until"}
            for one in CATALOGUE
            if "from" not in one
        ]
        (bill,) = settled(policy("fee-lines"), *file["bills"], catalogue=file["catalogue"])["bills"]
        assert [told["line"] for told in bill["lines"]] == [line["line"] for line in lines]
        for payer in ("basic", "tcm"):
            assert (
                yuan_sum([told["shares"][payer] for told in bill["lines"]]) == bill["shares"][payer] != "0.00"
            )
        assert yuan_sum([told["patient"] for told in bill["lines"]]) == bill["patient"]
        for told in bill["lines"]:
            assert yuan_sum([*told["shares"].values(), told["patient"]]) == yuan_sum(
                list(told["parts"].values())
            )

    def test_a_bill_without_lines_or_with_changed_parts_tells_no_lines(self, tmp_path: Path) -> None:
        body = """bill: [{rule: price, when: {emergency: true}, fixed_price: 5, assumed: 测试用}]
payers:
  - {payer: aid, assumed: 测试用, benefits: [{benefit: share, rate: 50%}]}
"""
        trial = written(tmp_path, body)
        assert "lines" not in settled(trial, a_bill(in_scope="10.00"))["bills"][0]
        file = file_of({"code": "A", "amount": "10"}, emergency=True)
        bill = settled(trial, *file["bills"], catalogue=CATALOGUE)["bills"][0]
        assert (bill["lines"], bill["shares"]["aid"], bill["hospital"]) == ([], "2.50", "5.00")
