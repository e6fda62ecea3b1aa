"""Curves of who pays what: cliffs to the fen, kinks where the law has them, exact amounts at the bills shown."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.money import Rounding
from doudi.proof.curves import SHOWN, UP_TO, Curve, curve, curves, trace
from doudi.proof.curves_facts import Setting, stage_of
from support.policies import ALL_IDS, one_benefit, policy, written


def only(policy_id: str) -> Curve:
    """The only curve of a small policy."""
    (found,) = curves(stage_of(policy(policy_id)))
    return found


def jumps(found: Curve) -> list[tuple[int, int, int, int]]:
    """(bill before, patient before, bill after, patient after) of every cliff."""
    return [(c.before.total, c.before.patient, c.after.total, c.after.patient) for c in found.cliffs]


# what the small policies of the language say by hand: (bill, patient) on either side of each cliff
CLIFFS = {
    "amount-cliff": [  # 50 % below 10,000, 60 % from 10,000 on, 70 % above 20,000
        (999_999, 499_999, 1_000_000, 400_000),
        (2_000_000, 800_000, 2_000_001, 600_000),
    ],
    "slab": [  # 30 % to 10,000, 40 % above, 50 % from 50,000 on
        (1_000_000, 700_000, 1_000_001, 600_001),
        (4_999_999, 2_999_999, 5_000_000, 2_500_000),
    ],
    "lump": [  # 8,000 from 10,000 on, 10,000 above 20,000, 12,000 above 40,000
        (999_999, 999_999, 1_000_000, 200_000),
        (2_000_000, 1_200_000, 2_000_001, 1_000_001),
        (4_000_000, 3_000_000, 4_000_001, 2_800_001),
    ],
}


@pytest.mark.parametrize("policy_id", CLIFFS)
def test_known_cliffs_are_found_to_the_fen(policy_id: str) -> None:
    assert jumps(only(policy_id)) == CLIFFS[policy_id]


def test_a_cliff_knows_its_benefit_and_why_it_stays() -> None:
    first, second = only("amount-cliff").cliffs
    assert first.causes == (("aid", "middle", "测试用的跳变"), ("aid", "small", None))
    assert second.causes == (("aid", "large", "测试用的跳变"), ("aid", "middle", "测试用的跳变"))
    assert second.jump == -200_000


def test_a_marginal_schedule_has_kinks_and_no_cliff(tmp_path: Path) -> None:
    """The law names the edge, so the corner lies on it: 50 % up to 23,456.78, 80 % above."""
    body = one_benefit("bands: [{up_to: 23456.78, rate: 50%}, {above: 23456.78, rate: 80%}]")
    (found,) = curves(stage_of(written(tmp_path, body, name="kink")))
    assert found.cliffs == ()
    corner = next(point for point in found.points if point.total >= 2_345_000)
    assert abs(corner.total - 2_345_678) <= 10
    assert found.at(2_345_678).patient in (1_172_838, 1_172_839, 1_172_840)


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_every_curve_adds_up_and_its_shown_bills_are_settled_ones(policy_id: str) -> None:
    """Shares, hospital and patient are the bill at every point; the bills shown are points, not estimates."""
    stage = stage_of(policy(policy_id))
    for setting in stage.settings:
        found = curve(stage, setting, stage.places[-1])
        assert found.points, found.refused
        assert all(p.total == p.patient + p.hospital + sum(p.shares) for p in found.points)
        totals = [point.total for point in found.points]
        assert totals == sorted(set(totals))
        assert set(SHOWN) <= set(totals)
        assert (totals[0], totals[-1]) == (0, UP_TO)


def test_the_line_between_points_is_what_the_settler_says() -> None:
    """Between corners, off the grid of the search, the picture is true to a few fen."""
    stage = stage_of(policy("guizhou/liuzhi/triple-guarantee-2017"))
    assisted = next(setting for setting in stage.settings if setting.group == "assisted")
    found = curve(stage, assisted, stage.places[1])
    person, empty = stage.person(assisted), stage.bill(stage.places[1])
    for total in (12_345, 333_333, 1_234_567, 7_654_321, 23_456_789, 49_876_543):
        bill = type(empty)(**{**vars(empty), "parts": {**empty.parts, "in_scope": total}})
        decision, _ = stage.settler.settle_bill(person, bill, stage.balances)
        assert abs(found.at(total).patient - decision.patient) <= 4


def test_the_stage_takes_plain_facts_and_says_them() -> None:
    stage = stage_of(policy("guizhou/liuzhi/triple-guarantee-2017"))
    assert (stage.care, str(stage.day)) == ("inpatient", "2017-09-01")  # the newest rate begins that day
    assert [place.level for place in stage.places] == ["township", "county", "city", "province"]
    assert stage.settings[0] == Setting(None)
    said = [words.zh for words in stage.assumed()]
    assert "住院，2017-09-01 出院" in said
    assert "新农合基本医疗补偿由别的系统决定，这里按所写规则试算" in said


def test_a_policy_about_other_care_is_drawn_with_it(tmp_path: Path) -> None:
    clinic = written(tmp_path, one_benefit("when: {care: outpatient}, rate: 50%"), name="clinic")
    stage = stage_of(clinic)
    assert stage.care == "outpatient"
    assert curves(stage)[0].at(1_000_000).patient == 500_000


def test_a_policy_by_grade_is_drawn_by_grade(tmp_path: Path) -> None:
    graded = one_benefit('rate: {by: grade, rows: {"1": 80%, "2": 60%, "3": 40%}}')
    drawn = curves(stage_of(written(tmp_path, graded, name="graded")))
    assert [(one.place.words.zh, one.at(1_000_000).patient) for one in drawn] == [
        ("一级", 200_000), ("二级", 400_000), ("三级", 600_000),
    ]  # fmt: skip


def test_where_the_law_gives_no_number_the_curve_says_so(tmp_path: Path) -> None:
    body = one_benefit("rate: {by: level, rows: {county: 60%}}") + (
        "      - {benefit: other, when: {level: city}, rate: {by: level, rows: {county: 60%}}}\n"
    )
    drawn = curves(stage_of(written(tmp_path, body, name="gap")))
    refused = {one.place.level: one.refused for one in drawn}
    assert refused["county"] is None
    assert refused["city"] is not None
    assert "share" in refused["city"].en


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 9_999_998), st.integers(0, 10_000), st.integers(0, 500_000)), max_size=5
    ),
    st.integers(0, 10_000),
)
def test_any_piecewise_line_is_followed(pieces: list[tuple[int, int, int]], first: int) -> None:
    """Random kinks and jumps that no seed names: a jump larger than a quarter of the grid's step is found to the fen."""
    edges = sorted({edge: (rate, jump) for edge, rate, jump in pieces}.items())
    rounding = Rounding()

    def function(at: int) -> tuple[int, ...]:
        value, rate, last = 0, first, 0
        for edge, (following, jump) in edges:
            if at < edge:
                break
            value, rate, last = value + (edge - last) * rate + jump * 10_000, following, edge
        return (rounding.divide(value + (at - last) * rate, 10_000),)

    found = trace(function, (), 10_000_000, 2)
    assert all(function(at) == value for at, value in found)
    pairs = {(one, other) for (one, _), (other, _) in pairwise(found)}
    alone = [edge for edge, (_, jump) in edges if jump > 125_010 and _far(edge, edges)]
    assert {(edge - 1, edge) for edge in alone} <= pairs


def _far(edge: int, edges: list[tuple[int, tuple[int, int]]]) -> bool:
    """Whether no other edge shares the step of the search's grid."""
    return all(other == edge or other // 500_000 != edge // 500_000 for other, _ in edges)
