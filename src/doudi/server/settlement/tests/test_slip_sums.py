"""What a slip says adds up: every printed sum, every row, every total, for random bills of every policy."""

import re
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from doudi.server.settlement.slip.compose import SlipContradicts, compose
from doudi.server.settlement.slip.data import Payment
from support.policies import ALL_IDS, SHIPPED_IDS, policy
from support.slips import a_slip, every_slip, many_payers, record_of, w1_record

RECORDS = {policy_id: 30 if policy_id in SHIPPED_IDS else 6 for policy_id in ALL_IDS}
UNIT = {"fen": Fraction(1, 100), "jiao": Fraction(1, 10), "yuan": Fraction(1)}
AMOUNT = re.compile(r"-?\d[\d,]*\.\d{2,6}")
FIGURES = re.compile(r"[\d,]*\d(?:\.\d+)?%?|[×+−()=→]")


def yuan(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def bare(text: str) -> str:
    """A line without its words: brackets of words, the edges of a band and what stands before a colon go."""
    return re.sub(r"（[^）]*）", "", text).rpartition("：")[2]


def value(expression: str) -> Fraction:
    """A sum of products with one level of brackets, left to right as people read it."""
    while inner := re.search(r"\(([^()]*)\)", expression):
        expression = expression.replace(inner[0], f" {_products(inner[1])} ")
    return _products(expression)


def _products(text: str) -> Fraction:
    total, sign = Fraction(0), 1
    for piece in re.split(r"([+−])", text):
        if piece in "+−":
            sign = 1 if piece == "+" else -1
            continue
        product = Fraction(1)
        for factor in piece.split("×"):
            told = factor.replace(",", "").strip()
            product *= Fraction(told[:-1]) / 100 if told.endswith("%") else Fraction(told)
        total += sign * product
    return total


def sums_of(line: str) -> list[tuple[Fraction, Fraction, bool]]:
    """For every = of a line: what stands before it and behind it comes to, and whether it is said to the last digit."""
    told = "".join(f" {one} " if one in "×+−()=→" else one for one in FIGURES.findall(bare(line)))
    sides = [side.split("→")[0].strip() for side in told.split("=")]
    return [
        (value(left), value(right), bool(re.search(r"\.\d{3,}$", right))) for left, right in pairwise(sides)
    ]


def check_lines(row: dict[str, Any], tolerance: Fraction, seen: Counter[str]) -> None:
    """Every printed sum of a row is right, and the last figure is what the payer pays."""
    told = [line["text"] for line in row["lines"] if line["kind"] != "note"]
    for text in told:
        if "=" not in text or re.search("[a-z]", text):
            continue  # a formula of the policy, told with its operands
        for before, after, exact in sums_of(text):
            seen["sums"] += 1
            assert abs(before - after) <= (0 if exact else tolerance), text


def last_figure(row: dict[str, Any]) -> str | None:
    """The amount at which the lines of a row arrive."""
    told = [line["text"] for line in row["lines"] if line["kind"] != "note"]
    told = [text for text in told if not text.startswith(("起付线 ", "比例 ", "封顶 ")) or "：" in text]
    figures = [figure for text in told for figure in AMOUNT.findall(re.sub(r"（[^）]*）$", "", text))]
    return figures[-1] if figures else None


def check_totals(told: dict[str, Any], bill: dict[str, Any]) -> None:
    costs, rows = told["costs"], told["payers"]
    parts = [yuan(costs[part]) for part in ("in_scope", "first_pay", "over_limit", "own_pay")]
    assert sum(parts) == yuan(costs["total"]) == yuan(bill["total"])
    assert sum(yuan(row["amount"]) for row in rows) == yuan(told["payers_total"])
    assert yuan(told["payers_total"]) + yuan(told["hospital"]) + yuan(told["patient"]) == yuan(costs["total"])
    assert yuan(told["patient_in_scope"]) + yuan(told["patient_outside"]) == yuan(told["patient"])
    assert [yuan(row["amount"]) for row in rows] == [yuan(amount) for amount in bill["shares"].values()]
    assert [row["payer"] for row in rows] == list(bill["shares"])


def one_figure(step: dict[str, Any]) -> bool:
    """Whether the row of a payer arrives at one figure: it pays by one benefit, by its own rule."""
    return sum(benefit["chosen"] for benefit in step["benefits"]) == 1 and "recorded" not in step


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_every_sum_on_the_slips_of_random_bills_is_right(policy_id: str) -> None:
    rounding = policy(policy_id).document.rounding
    tolerance = UNIT[rounding.to] / (1 if rounding.mode == "down" else 2)
    seen: Counter[str] = Counter()
    for slip in every_slip(policy_id, 31, RECORDS[policy_id]):
        told, bill = compose(slip), slip.record["answer"]["bills"][slip.bill]
        steps = {step["payer"]: step for step in bill["explanation"] if step["step"] == "payer"}
        check_totals(told, bill)
        seen["bills"] += 1
        for row in told["payers"]:
            assert row["lines"], "a row without a reason"
            check_lines(row, tolerance, seen)
            if row["pays"] and one_figure(steps[row["payer"]]):
                figure = last_figure(row)
                assert figure is not None, row
                assert yuan(figure) == yuan(row["amount"]), row
                seen["figures"] += 1
    assert seen["bills"] >= RECORDS[policy_id]
    assert policy_id not in SHIPPED_IDS or min(seen["figures"], seen["sums"]) > 20


def test_the_bill_of_the_readme() -> None:
    told = compose(a_slip())
    assert [(row["name"], row["amount"]) for row in told["payers"]] == [
        ("新农合基本医疗补偿", "17,990.00"),
        ("大病补充保险", "1,206.00"),
        ("民政医疗救助", "4,762.80"),
    ]
    assert told["payers"][0]["lines"][0]["text"] == "政策范围内 (26,000.00 − 起付线 300.00) × 70% = 17,990.00"
    assert (told["patient"], told["capitals"]) == ("6,041.20", "陆仟零肆拾壹元贰角")
    assert (told["share_in_scope"], told["share_total"]) == ("92.1%", "79.9%")
    assert (told["patient_in_scope"], told["patient_outside"]) == ("2,041.20", "4,000.00")
    paid = {"name": "大病补充保险·累计已付", "period": "2017", "amount": "1,206.00", "limit": "100,000.00"}
    assert paid in told["year"]
    assert any("报销比例是60%" in source["passages"] for source in told["sources"])


def test_two_equal_payments_are_two_rows(tmp_path: Path) -> None:
    """A known slip collected its totals in a set: 1,200 + 1,200 + 800 came to 2,000."""
    payers = "payers:\n" + "".join(
        f"  - {{payer: {name}, assumed: 测试用, benefits: [{{benefit: share, whole: true, rate: {rate}}}]}}\n"
        for name, rate in (("basic", "12%"), ("charity", "12%"), ("aid", "8%"))
    )
    told = compose(a_slip(record_of(tmp_path, payers, in_scope="10000.00")))
    assert [row["amount"] for row in told["payers"]] == ["1,200.00", "1,200.00", "800.00"]
    assert (told["payers_total"], told["patient"]) == ("3,200.00", "6,800.00")


def test_a_bill_that_no_one_pays(tmp_path: Path) -> None:
    benefit = "{benefit: share, when: {care: outpatient}, rate: 70%}"
    payers = f"payers:\n  - {{payer: aid, assumed: 测试用, benefits: [{benefit}]}}\n"
    told = compose(a_slip(record_of(tmp_path, payers, in_scope="100.00")))
    assert (told["payers_total"], told["patient"], told["share_total"]) == ("0.00", "100.00", "0.0%")
    (line,) = told["payers"][0]["lines"]
    assert "要求门诊，本单是住院" in line["text"]


def test_twelve_payers_and_the_largest_bill(tmp_path: Path) -> None:
    record = record_of(tmp_path, many_payers(12, bands=6), in_scope="1000000000.00")
    told = compose(a_slip(record))
    assert len(told["payers"]) == 12
    check_totals(told, record["answer"]["bills"][0])
    assert told["costs"]["total"] == "1,000,000,000.00"


@pytest.mark.parametrize(
    ("payment", "said"),
    [
        (Payment("at_once", 604120, "一卡通"), "当场付清 6,041.20（一卡通）"),
        (Payment("later", 100000, "现金"), "先诊疗后付费：当场付 1,000.00（现金），余 5,041.20 出院后付"),
        (
            Payment("instalments", 4120, "", (("2017-10-01", 300000), ("2017-11-01", 300000))),
            "分期付款：当场付 41.20，其余分 2 期：2017-10-01 3,000.00；2017-11-01 3,000.00",
        ),
    ],
)
def test_how_the_patient_pays(payment: Payment, said: str) -> None:
    assert compose(a_slip(payment=payment))["payment"] == said


@pytest.mark.parametrize(
    "payment",
    [
        Payment("at_once", 604119),
        Payment("later", 604121),
        Payment("later", -1),
        Payment("instalments", 0, "", (("2017-10-01", 604121),)),
    ],
)
def test_a_payment_that_is_not_the_patients_share_is_refused(payment: Payment) -> None:
    with pytest.raises(SlipContradicts, match="payment"):
        compose(a_slip(payment=payment))


def test_a_record_that_was_changed_is_not_printed() -> None:
    record = w1_record()
    record["answer"]["bills"][0]["patient"] = "41.20"
    with pytest.raises(SlipContradicts, match="sha256"):
        compose(a_slip(record))
