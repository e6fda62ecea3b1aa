"""Tables that cannot be read, and rows of them: each is refused with its code, in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from doudi.cli.batch_sweep import read_variants
from doudi.engine.batch.buckets import hashed, row_count
from doudi.engine.batch.job import Job
from doudi.engine.batch.modes import sweep_files
from doudi.engine.batch.ready import Tables, settle_tables
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from support.policies import one_benefit, policy, written

LAW = "rounding-jiao"
EARLY, LATER = date(2020, 1, 1), date(2021, 1, 1)


def span(begins: date | None, ends: date | None) -> dict[str, Any]:
    """One participation."""
    return {"scheme": "resident", "tier": None, "from": begins, "until": ends}


GOOD: dict[str, Any] = {
    "id": ["b1"],
    "person": ["p1"],
    "care": ["inpatient"],
    "level": ["county"],
    "discharged": [date(2021, 3, 1)],
    "in_scope_fen": [100_000],
}
PEOPLE = {"id": ["p1"], "categories": [[{"code": "destitute", "from": None, "until": None}]]}

# what is changed in the table of bills → the code that stops the file
FILES: dict[str, tuple[dict[str, Any], str]] = {
    "no id": ({"id": None}, "column_missing"),
    "no person": ({"person": None}, "column_missing"),
    "a misspelt column": ({"in_scop_fen": [1]}, "column_unknown"),
    "money as floats": ({"in_scope_fen": None, "in_scope": [1000.0]}, "column_type"),
    "fen as floats": ({"in_scope_fen": [1000.0]}, "column_type"),
    "yuan with three places": ({"in_scope_fen": None, "in_scope": [Decimal("1.005")]}, "column_type"),
    "a date as text": ({"discharged": ["2021-03-01"]}, "column_type"),
    "a flag as text": ({"referred": ["yes"]}, "column_type"),
    "an admission as text": ({"admission": ["1"]}, "column_type"),
    "an unknown payer": ({"recorded.nobody_fen": [1]}, "recorded_unknown"),
}
# what is changed in the only row → the code that rejects it
ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "no id": ({"id": pa.array([None], pa.string())}, "field_missing"),
    "no person": ({"person": pa.array([None], pa.string())}, "field_missing"),
    "somebody else": ({"person": ["p2"]}, "person_not_listed"),
    "no date": ({"discharged": pa.array([None], pa.date32())}, "field_missing"),
    "dates the wrong way": ({"admitted": [date(2021, 3, 2)]}, "dates_reversed"),
    "settled before": ({"settled": [date(2021, 2, 2)]}, "dates_reversed"),
    "nothing": ({"in_scope_fen": [0]}, "bill_empty"),
    "negative": ({"in_scope_fen": [-1]}, "amount_negative"),
    "huge": ({"in_scope_fen": [10**11 + 1]}, "amount_too_large"),
    "another total": ({"total_fen": [1]}, "parts_differ_from_total"),
    "a portion above all": ({"portion.tcm_fen": [100_001]}, "portion_too_large"),
    "an unknown level": ({"level": ["moon"]}, "not_one_of"),
    "before the policy": ({"discharged": [date(1999, 1, 1)]}, "date_outside_policy"),
}


def settled(changes: dict[str, Any], people: dict[str, Any] | None = PEOPLE, **more: Any) -> Any:
    columns = {name: column for name, column in (GOOD | changes).items() if column is not None}
    tables = Tables(pa.table(columns), pa.table(people) if people else None, **more)
    return settle_tables(Settler(policy(LAW)), tables)


def in_both_languages(why: Refused) -> None:
    assert why.what.zh != why.what.en
    assert why.mend.zh.strip()
    assert why.mend.en.strip()


def test_a_good_row_is_settled() -> None:
    done = settled({})
    assert len(done.table()) == 1
    assert len(done.rejected) == 0


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_refused_whole(name: str) -> None:
    changes, code = FILES[name]
    with pytest.raises(Refused) as caught:
        settled(changes)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_cannot_be_settled_is_rejected_with_its_reason(name: str) -> None:
    changes, code = ROWS[name]
    done = settled(changes)
    assert len(done.table()) == 0
    (row,) = done.rejected.to_pylist()
    assert row["code"] == code
    assert row["reason_zh"] != row["reason_en"]
    assert row["row"] == 0


def test_the_day_on_which_a_policy_ends_is_outside_it(tmp_path: Path) -> None:
    ends = "in_force: {from: 2020-01-01, until: 2021-03-01, assumed: 测试用}\n"
    trial = written(tmp_path, one_benefit("rate: 50%"), head=ends)
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2021, 2, 28), date(2021, 3, 1)]
    columns = {name: column * 4 for name, column in GOOD.items()} | {"id": list("abcd"), "discharged": days}
    done = settle_tables(Settler(trial), Tables(pa.table(columns)))
    assert done.table().column("id").to_pylist() == ["b", "c"]
    assert {row["code"] for row in done.rejected.to_pylist()} == {"date_outside_policy"}


def test_yuan_as_decimals_are_read_exactly() -> None:
    yuan = pa.array([Decimal("1000.00")], pa.decimal128(12, 2))
    assert settled({"in_scope_fen": None, "in_scope": yuan}).table() == settled({}).table()


def test_ids_may_be_numbers_and_need_not_be_of_one_type() -> None:
    done = settled({"id": [7], "person": [1]}, {"id": ["1"]})
    assert done.table().column("id").to_pylist() == [7]


def test_a_bill_that_stands_twice_is_rejected_the_second_time() -> None:
    twice = {name: column * 2 for name, column in GOOD.items()}
    done = settled(twice)
    assert [row["code"] for row in done.rejected.to_pylist()] == ["bill_twice"]
    assert len(done.table()) == 1


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ({"id": ["p1", "p1"]}, "person_twice"),
        ({"name": ["p1"]}, "column_missing"),
        ({"id": ["p1"], "catagories": [["destitute"]]}, "column_unknown"),
        ({"id": ["p1"], "categories": ["destitute"]}, "column_type"),
        (
            {"id": ["p1"], "categories": [[{"code": "destitute", "from": LATER, "until": EARLY}]]},
            "dates_reversed",
        ),
        ({"id": ["p1"], "insured": [[span(EARLY, LATER), span(EARLY, None)]]}, "insured_twice"),
        ({"id": ["p1"], "insured": [[span(None, LATER), span(EARLY, None)]]}, "insured_twice"),
    ],
)
def test_people_that_cannot_be_read(people: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        settled({}, people)
    assert caught.value.code == code
    in_both_languages(caught.value)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_fen": None}, "column_missing"),
        ({"scope": ["village"]}, "not_one_of"),
        ({"amount_fen": [-1]}, "amount_negative"),
    ],
)
def test_balances_that_cannot_be_read(changes: dict[str, Any], code: str) -> None:
    good = {"scope": ["person"], "owner": ["p1"], "accumulator": ["x"], "period": ["2017"], "amount_fen": [1]}
    columns = {name: column for name, column in (good | changes).items() if column is not None}
    with pytest.raises(Refused) as caught:
        settled({}, openings=pa.table(columns))
    assert caught.value.code == code


def test_what_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "bills.parquet").write_text("not parquet")
    with pytest.raises(Refused) as caught:
        row_count(tmp_path / "bills.parquet")
    assert caught.value.code == "table_unreadable"
    in_both_languages(caught.value)


def test_a_sweep_reads_numbers_by_name(tmp_path: Path) -> None:
    compiled = Settler(policy("guizhou/liuzhi/triple-guarantee-2017")).machine()[0]
    sweep = tmp_path / "numbers.csv"
    sweep.write_text(
        "version,catastrophic.supplement.rate,catastrophic.supplement.deductible\nmore,70%,5000\nsame,,\n"
    )
    more = {"catastrophic.supplement.rate": 7000, "catastrophic.supplement.deductible": 500_000}
    assert read_variants(sweep, compiled) == [("more", more), ("same", {})]
    for text, code in (
        ("version\n", "sweep_empty"),
        ("catastrophic.supplement.rat\n70%\n", "number_unknown"),
        ("catastrophic.supplement.rate\n70\n", "amount_malformed"),
    ):
        sweep.write_text(text)
        with pytest.raises(Refused) as caught:
            read_variants(sweep, compiled)
        assert caught.value.code == code
        in_both_languages(caught.value)


def test_a_law_that_tries_each_category_alone_cannot_be_swept(tmp_path: Path) -> None:
    made = Job(Settler(policy("best-single")), tmp_path / "b", None, lambda *_: None, tmp_path / "d")
    with pytest.raises(Refused) as caught:
        sweep_files(made, [{}])
    assert caught.value.code == "columns_only"
    in_both_languages(caught.value)


def test_hashes_are_the_same_everywhere() -> None:
    """Buckets must not depend on the machine, nor on how Arrow holds the column."""
    texts = pa.array(["p1", "p2", "", None, "张三", "p1"])
    assert hashed(texts).tolist() == hashed(texts.dictionary_encode()).tolist()
    assert hashed(texts)[0] == hashed(texts)[5] != hashed(texts)[1]
    assert hashed(texts.slice(1, 2)).tolist() == hashed(texts)[1:3].tolist()
    assert hashed(pa.array([1, 2], pa.int32())).tolist() == hashed(pa.array([1, 2], pa.int64())).tolist()
    assert hashed(pa.array(["p1"]))[0] == 3736018644770306466
