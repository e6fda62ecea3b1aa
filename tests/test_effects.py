"""Who gains and who loses: sums held against a hand-made example, and bills settled under two policies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.cli.main import main
from doudi.engine.settle import Settler
from doudi.proof.effects import NOBODY, UNKNOWN_LEVEL, Row, Tally, effects
from doudi.proof.effects_settle import File, Rehearsal, case_files, rows_of
from support.files import a_bill, a_file
from support.policies import one_benefit, policy, written

PERSON = {"id": "p1", "categories": [{"code": "destitute"}]}


def row(bill: str, patient_a: int, patient_b: int, **more: Any) -> Row:
    given_by = more.pop("total", 1000)
    told: dict[str, Any] = {
        "person": bill, "categories": ("destitute",), "level": "county", "total": given_by,
        "shares_a": {"aid": given_by - patient_a}, "shares_b": {"aid": given_by - patient_b},
    }  # fmt: skip
    return Row(bill=bill, patient_a=patient_a, patient_b=patient_b, **{**told, **more})


def test_a_hand_made_example() -> None:
    """Four bills: one pays 300 less, one 50 more, one the same, one is refused under the new policy."""
    found = effects(
        [
            row("b1", 500, 200, person="p1", categories=("destitute", "orphan")),
            row("b2", 100, 150, person="p1", level="city"),
            row("b3", 400, 400, categories=(), shares_b={"aid": 500, "charity": 100}),
            Row("b4", "p4", (), "county", 700, 70, 0, {"aid": 630}, {}, None, "no_value"),
        ]
    )
    assert (found.bills, found.compared.bills) == (4, 3)
    assert found.compared == Tally(3, 3000, 1000, 750, gains=1, gained=300, losses=1, lost=50)
    assert found.compared.change == -250
    assert found.compared.unchanged == 1
    assert found.payers == {"aid": (2000, 2150), "charity": (0, 100)}
    assert found.hospital == (0, 0)
    assert found.categories["destitute"] == Tally(2, 2000, 600, 350, 1, 300, 1, 50)
    assert found.categories["orphan"] == Tally(1, 1000, 500, 200, 1, 300)
    assert found.categories[NOBODY] == Tally(1, 1000, 400, 400)
    assert found.levels == {
        "county": Tally(2, 2000, 900, 600, 1, 300),
        "city": Tally(1, 1000, 100, 150, 0, 0, 1, 50),
    }
    assert (found.persons.gain, found.persons.lose, found.persons.same) == (1, 0, 1)
    assert [(one.bill, one.change) for one in (*found.gains, *found.losses)] == [("b1", -300), ("b2", 50)]
    assert [(r.refusal_a, r.refusal_b, r.bills, r.total, r.example) for r in found.refused] == [
        (None, "no_value", 1, 700, "b4")
    ]


def test_what_nobody_pays_is_the_hospital_s() -> None:
    found = effects([row("b1", 100, 100, shares_a={"aid": 850}, shares_b={"aid": 900})])
    assert found.hospital == (50, 0)


def test_only_the_largest_are_kept_and_of_equal_ones_the_first() -> None:
    found = effects(
        [row(f"b{n}", 500, 500 - change) for n, change in enumerate([10, 30, 20, 30, 40])], most=3
    )
    assert [one.bill for one in found.gains] == ["b4", "b1", "b3"]
    assert effects([row("b1", 500, 100)], most=0).gains == ()


ROWS = st.lists(
    st.builds(
        lambda a, b, ra, rb, level, codes: row(
            "b", a, b, refusal_a=ra, refusal_b=rb, level=level, categories=tuple(codes)
        ),
        st.integers(0, 1000), st.integers(0, 1000),
        st.sampled_from([None, None, "no_value"]), st.sampled_from([None, None, "not_insured"]),
        st.sampled_from(["county", "city"]), st.sets(st.sampled_from(["destitute", "orphan"])),
    )
)  # fmt: skip


@given(ROWS)
def test_counts_add_up(rows: list[Row]) -> None:
    """Compared and refused are all bills; what patients save the payers and the hospital pay."""
    found = effects(rows)
    compared = found.compared
    assert found.bills == len(rows) == compared.bills + sum(one.bills for one in found.refused)
    assert compared.bills == compared.gains + compared.losses + compared.unchanged
    assert compared.change == compared.lost - compared.gained
    for side, patient in enumerate((compared.patient_a, compared.patient_b)):
        paid = sum(amounts[side] for amounts in found.payers.values()) + found.hospital[side]
        assert paid + patient == compared.total
    assert sum(tally.bills for tally in found.levels.values()) == compared.bills


def test_bills_run_in_order_with_accumulators_of_each_policy(tmp_path: Path) -> None:
    """A yearly cap of 1,000.00 is lifted to 1,500.00: the first bill is the same, the second pays the rest."""
    before, after = (
        written(tmp_path, one_benefit(f"rate: 50%, cap: {{per: year, amount: {cap}}}"), name=name)
        for name, cap in (("before", 1000), ("after", 1500))
    )
    data = a_file(a_bill("b1", in_scope="1600.00"), a_bill("b2", in_scope="2000.00"), person=PERSON)
    rows = list(rows_of(Settler(before), Settler(after), [File("year.json", data)]))
    assert [(r.bill, r.patient_a, r.patient_b, r.shares_b["aid"]) for r in rows] == [
        ("year.json b1", 80_000, 80_000, 80_000),
        ("year.json b2", 180_000, 130_000, 70_000),
    ]
    assert [(r.person, r.categories, r.level) for r in rows] == [("p1", ("destitute",), "county")] * 2


def test_nothing_that_is_refused_is_dropped(tmp_path: Path) -> None:
    """A bill without a level is refused where the rate asks for one; a malformed file counts as one refused bill."""
    plain = written(tmp_path, one_benefit("rate: 50%"), name="before")
    tabled = written(tmp_path, one_benefit("rate: {by: level, rows: {county: 60%}}"), name="after")
    nowhere = a_bill("b2", in_scope="100.00", facility={"region": "520203"})
    files = [
        File("one.json", a_file(a_bill("b1", in_scope="100.00"), nowhere)),
        File("bad.json", {"bills": []}),
    ]
    found = effects(rows_of(Settler(plain), Settler(tabled), files))
    assert (found.bills, found.compared.bills) == (3, 1)
    assert [(one.refusal_a, one.refusal_b, one.example) for one in found.refused] == [
        (None, "no_value", "one.json b2"),
        ("person_missing", "person_missing", "bad.json"),
    ]
    assert list(found.levels) == ["county"]
    assert UNKNOWN_LEVEL not in found.levels


def test_last_year_s_bills_are_rehearsed_by_the_law_of_the_nearest_day(tmp_path: Path) -> None:
    before = written(tmp_path, one_benefit("rate: 50%"), name="before")
    dated = "rate: [{from: 2018-01-01, value: 60%}, {from: 2018-07-01, value: 70%}]"
    head = "in_force: {from: 2018-01-01, until: 2019-01-01, assumed: 测试用}\n"
    after = written(tmp_path, one_benefit(dated), name="after", head=head)
    later = {"admitted": "2019-05-01", "discharged": "2019-05-02"}
    data = a_file(a_bill("b1", in_scope="100.00"), a_bill("b2", in_scope="100.00", **later))
    rows = list(rows_of(Rehearsal(before), Rehearsal(after), [File("f", data)]))
    assert [(r.patient_a, r.patient_b, r.outside_a, r.outside_b) for r in rows] == [
        (5000, 4000, False, True),
        (5000, 3000, False, True),
    ]
    assert effects(rows).outside == (0, 2)
    strict = effects(rows_of(Settler(before), Settler(after), [File("f", data)]))
    assert [(one.refusal_b, one.bills) for one in strict.refused] == [("date_outside_policy", 2)]


def test_a_template_is_rehearsed_like_any_policy(tmp_path: Path) -> None:
    """A child is compared with the template it extends."""
    template = written(tmp_path, one_benefit("rate: 50%"), name="template", head="abstract: true\n")
    data = a_file(a_bill("b1", in_scope="100.00"))
    (row,) = rows_of(Rehearsal(template), Rehearsal(template), [File("f", data)])
    assert (row.patient_a, row.refusal_a) == (5000, None)
    (row,) = rows_of(Settler(template), Settler(template), [File("f", data)])
    assert row.refusal_a == "policy_abstract"


def test_equal_cases_of_two_policies_count_once() -> None:
    slab = policy("slab")
    names = [file.name for file in case_files([slab])]
    assert names
    assert [file.name for file in case_files([slab, slab])] == names


# the command


@pytest.fixture
def two(tmp_path: Path) -> list[str]:
    """Arguments that compare two policies of a folder: aid rises from 50 % to 60 %."""
    written(tmp_path, one_benefit("rate: 50%"), name="before")
    written(tmp_path, one_benefit("rate: 60%"), name="after")
    return ["policy", "diff", "before", "after", "--policies", str(tmp_path)]


def bills_file(folder: Path, *files: Any) -> str:
    path = folder / "bills.json"
    path.write_text(json.dumps(list(files)), "utf-8")
    return str(path)


def test_the_command_says_what_changes_and_who_gains(
    two: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bills = bills_file(tmp_path, a_file(a_bill("b1", in_scope="1000.00"), person=PERSON))
    assert main([*two, "--bills", bills, "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "aid·比例：50% → 60%" in out
    assert "少付 1 张，共少付 100.00；多付 0 张；不变 0 张" in out
    assert "特困供养人员" in out
    assert main([*two, "--bills", bills, "--lang", "en"]) == 0
    assert (
        "the patient pays less on 1 bill, in all by 100.00, more on 0, the same on 0"
        in capsys.readouterr().out
    )


def test_the_command_answers_data(two: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bills = bills_file(tmp_path, a_file(a_bill("b1", in_scope="1000.00"), person=PERSON))
    assert main([*two, "--bills", bills, "--json", "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["sentence"] for one in told["changes"]] == ["aid, rate: 50% → 60%"]
    assert told["effects"]["payers"] == {
        "aid": {"before": "500.00", "after": "600.00", "difference": "100.00"}
    }
    assert told["effects"]["by_category"]["destitute"]["gains"] == {"bills": 1, "sum": "100.00"}
    assert told["effects"]["largest_gains"][0]["bill"] == "bills.json[0] b1"
    assert told["effects"]["refused"] == []


def test_a_refused_bill_is_a_finding_and_a_malformed_count_wrong_usage(
    two: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uninsured = {**PERSON, "insured": False}
    bills = bills_file(tmp_path, a_file(a_bill("b1", in_scope="1000.00"), person=uninsured))
    assert main([*two, "--bills", bills, "--lang", "zh"]) == 1
    assert "拒绝 not_insured" in capsys.readouterr().out
    assert main([*two, "--most", "many", "--lang", "zh"]) == 2
    assert main(["policy", "diff", "before", "nowhere", "--policies", str(tmp_path), "--lang", "zh"]) == 3


def test_policies_are_named_by_file_too(
    two: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(tmp_path / "before.yaml"), str(tmp_path / "after.yaml")]
    assert main(["policy", "diff", *files, "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "aid·比例：50% → 60%" in out
    assert "谁受益" not in out  # no cases, no bills


def test_the_page_has_the_sentences_and_the_sums(two: list[str], tmp_path: Path) -> None:
    page = tmp_path / "out" / "diff.html"
    bills = bills_file(tmp_path, a_file(a_bill("b1", in_scope="1000.00"), person=PERSON))
    assert main([*two, "--bills", bills, "--html", str(page), "--lang", "zh"]) == 0
    text = page.read_text("utf-8")
    assert "aid·比例：50% → 60%" in text
    assert "−100.00" in text
