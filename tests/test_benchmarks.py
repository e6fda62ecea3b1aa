"""What `make bench` times is right: every rival is equal to the policy by hand and to the engine, to the fen.

Polars and DuckDB are not needed to develop; `make bench` compares them in every round of every run.
"""

import dataclasses
import itertools
import json

import numpy as np
import pytest
from benchmarks import __main__ as command
from benchmarks import (
    c_loop,
    columns,
    doudi_rows,
    five_documents,
    harness,
    laws,
    numpy_passes,
    parquet,
    python_loop,
    report,
    threads,
)
from benchmarks import reference as right
from benchmarks.bills import MOST_BILLS, YEARS, Bills, Columns, as_objects, edges, generate, persons, pieces
from benchmarks.five_documents import PAYERS, RichBills
from benchmarks.harness import Differs, Row
from benchmarks.table import TABLE, row

from doudi.engine.batch.wave import settle_wave
from doudi.policy.library import all_problems

pytestmark = pytest.mark.deep

ROWS = 10_000
compiled = pytest.mark.skipif(not c_loop.found(), reason="gcc not found")


DATA = {"drawn": generate(Bills, ROWS), "edges": edges(), "none": edges().part(0, 0)}
EXPECTED = {name: python_loop.settle(bills) for name, bills in DATA.items()}


def same(found: Columns, expected: Columns) -> bool:
    return len(found) == len(expected) and all(map(np.array_equal, found, expected))


C_TABLE = pytest.param(c_loop.by_table, marks=compiled)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("rival", [numpy_passes.wavefront, numpy_passes.sums])
def test_numpy_is_exact(rival, count, data) -> None:
    assert same(rival(DATA[data], count), EXPECTED[data])


@compiled
@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("rival", [c_loop.by_literals, c_loop.by_table])
def test_c_is_exact(rival, count, data) -> None:
    assert same(rival(DATA[data], None, count), EXPECTED[data])


@pytest.mark.parametrize(
    "rival", [numpy_passes.wavefront, numpy_passes.sums, pytest.param(c_loop.by_table, marks=compiled)]
)
def test_stretches_change_nothing(rival, monkeypatch) -> None:
    monkeypatch.setattr(numpy_passes, "STRETCH", 700)
    monkeypatch.setattr(threads.in_stretches, "__defaults__", (2, 700))
    assert len(DATA["drawn"].cuts(14)) == 14
    assert same(rival(DATA["drawn"]), EXPECTED["drawn"])


@pytest.mark.parametrize("literals", [False, True])
@pytest.mark.parametrize("data", ["drawn", "edges"])
def test_our_own_rows_are_exact(data, literals) -> None:
    """The kernel numbers a class from two columns of codes; so does the wavefront."""
    ready = doudi_rows.chunk_of(DATA[data], literals)
    found = tuple(column.copy() for column in doudi_rows.run(ready))
    assert same(found, EXPECTED[data])
    wave = settle_wave(ready.law, ready.chunk).amounts
    assert same(tuple(wave[name] for name in (*parquet.RESULTS[:3], "patient")), EXPECTED[data])


@pytest.mark.parametrize("data", ["drawn", "edges"])
def test_a_table_of_our_own_is_settled_exactly(data) -> None:
    names = (*parquet.RESULTS[:3], "patient")
    settle = doudi_rows.from_table(laws.THREE_PAYER, names)
    assert same(settle(doudi_rows.arrow(DATA[data])), EXPECTED[data])


def test_the_engine_settles_the_same_bills_equally() -> None:
    found = right.one_by_one(laws.settler(laws.THREE_PAYER), DATA["drawn"])
    assert same(found, EXPECTED["drawn"])


def test_every_payer_pays_and_every_cap_binds() -> None:
    basic, catastrophic, aid, patient = EXPECTED["edges"]
    assert min(column.min() for column in EXPECTED["edges"]) >= 0
    assert (basic + catastrophic + aid + patient == DATA["edges"].total).all()
    year = DATA["edges"].person * 2 + DATA["edges"].year - 2016
    for column, cap in ((basic, 15_000_000), (catastrophic, 30_000_000), (aid, 5_000_000)):
        assert np.bincount(year, column).max() == cap


def test_the_table_is_the_law() -> None:
    assert TABLE.shape == (8, 12)
    assert row("county", True) == (
        15_000, 9000, 15_000_000, 300_000, 5_000_000, 10_000_000, 6000, 6500, 7500, 30_000_000, 7000, 5_000_000
    )  # fmt: skip


# ── the bills ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("kind", "width"), [(Bills, 24), (RichBills, 43)])
def test_bills_are_sorted_and_as_many_as_asked(kind, width) -> None:
    bills = generate(kind, ROWS)
    place = bills.person.astype(np.int64) * 10_000 + bills.year
    assert (np.diff(place) >= 0).all()
    assert {len(column) for column in bills.columns().values()} == {ROWS}
    assert sum(column.itemsize for column in bills.columns().values()) == width
    assert set(bills.year.tolist()) == set(YEARS)
    assert np.unique(place, return_counts=True)[1].max() == MOST_BILLS


@pytest.mark.parametrize("kind", [Bills, RichBills])
def test_a_small_set_is_the_beginning_of_a_large_one(kind) -> None:
    small, large, other = generate(kind, 3_000), generate(kind, 500_000), generate(kind, 3_000, seed=2)
    assert all(map(np.array_equal, small.columns().values(), large.part(0, 3_000).columns().values()))
    assert not all(map(np.array_equal, small.columns().values(), other.columns().values()))
    assert next(len(piece) for piece in pieces(kind, 500_000)) < 500_000
    assert (np.diff(large.person) >= 0).all()


def test_bills_have_the_shape_that_is_claimed() -> None:
    bills = generate(Bills, 300_000)
    scope = bills.in_scope
    assert 380_000 < np.median(scope) < 420_000
    assert scope.min() > 0
    assert 0.003 < (scope > 12_000_000).mean() < 0.01
    assert (bills.total >= scope).all()
    assert 0.19 < bills.poor.mean() < 0.21
    assert np.bincount(bills.level).min() > 70_000


def test_people_stay_poor_and_whole() -> None:
    bills = DATA["drawn"]
    assert all(len(set(bills.poor[low:high].tolist())) == 1 for low, high in persons(bills))
    cuts = bills.cuts(7)
    assert [low for low, _ in cuts] == [0, *(high for _, high in cuts[:-1])]
    assert cuts[-1][1] == ROWS
    assert all(bills.person[high - 1] != bills.person[high] for _, high in cuts[:-1])
    first = bills.first(100)
    assert 100 <= len(first) < 100 + 2 * MOST_BILLS
    assert bills.person[len(first)] != first.person[-1]


def test_bills_as_objects_are_the_rows() -> None:
    made = [(person, bill) for person, bills in as_objects(DATA["drawn"]) for bill in bills]
    assert [bill.total for _, bill in made] == DATA["drawn"].total.tolist()
    assert [int(bool(person.categories)) for person, _ in made] == DATA["drawn"].poor.tolist()
    days = [(person.id, bill.discharged) for person, bill in made]
    assert all(before[1] < after[1] for before, after in itertools.pairwise(days) if before[0] == after[0])


# ── the fuller law ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_fuller_law_is_sound_and_every_part_of_it_counts() -> None:
    policy = laws.policy(laws.FIVE_DOCUMENTS)
    assert all_problems(policy) == []
    assert tuple(payer.payer for payer in policy.document.payers) == PAYERS
    bills = generate(RichBills, ROWS)
    found = five_documents.one_by_one(laws.settler(laws.FIVE_DOCUMENTS), bills)
    total = bills.in_scope + bills.first_pay + bills.over_limit + bills.own_pay
    assert (sum(found) == total).all()
    assert min(column.min() for column in found) >= 0
    assert min((column > 0).sum() for column in found) > 10


@pytest.mark.parametrize("column", [field.name for field in dataclasses.fields(RichBills)][2:])
def test_every_column_of_the_fuller_law_counts(column) -> None:
    """Another value in one column gives other results."""
    bills = generate(RichBills, 1_500)
    settler = laws.settler(laws.FIVE_DOCUMENTS)
    largest = {"level": 3, "category": 3, "disease": 3, "referred": 1, "admission": 7}
    held = getattr(bills, column)
    changed = dataclasses.replace(
        bills, **{column: largest[column] - held if column in largest else held + 1000}
    )
    assert not same(
        five_documents.one_by_one(settler, changed)[:-1], five_documents.one_by_one(settler, bills)[:-1]
    )


# ── the harness ──────────────────────────────────────────────────────────────────────────────────────────────────


def by_hand(bills: Bills) -> Columns:
    return python_loop.settle(bills)


def one_fen_more(bills: Bills) -> Columns:
    basic, *rest = python_loop.settle(bills)
    basic[-1] += 1
    return (basic, *rest)


WRONG = {
    "one fen more": one_fen_more,
    "a column less": lambda bills: python_loop.settle(bills)[:3],
    "a bill less": lambda bills: tuple(column[:-1] for column in python_loop.settle(bills)),
    "another type": lambda bills: tuple(column.astype(np.int32) for column in python_loop.settle(bills)),
    "old results": lambda bills, old={}: old.setdefault(len(bills), python_loop.settle(bills)),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_rival_that_differs_ends_the_run(wrong) -> None:
    rows = [Row("right", by_hand), Row(wrong, WRONG[wrong])]
    with pytest.raises(Differs, match=f"{wrong}|int32"):
        harness.side_by_side(DATA["drawn"].first(2_000), rows, EXPECTED["drawn"], 2)


def test_rivals_must_agree_beyond_what_is_known() -> None:
    known = tuple(column[:500] for column in EXPECTED["drawn"])
    data = DATA["drawn"].first(2_000)
    harness.side_by_side(data, [Row("right", by_hand), Row("again", by_hand)], known, 1)
    with pytest.raises(Differs, match="off"):
        harness.side_by_side(data, [Row("right", by_hand), Row("off", one_fen_more)], known, 1)


def test_rounds_are_interleaved_and_slow_rows_run_less(monkeypatch) -> None:
    monkeypatch.setattr(harness, "SLOW_SECONDS", 0.02)
    order: list[str] = []
    slow = harness.Job("slow", lambda: (order.append("s"), harness.time.sleep(0.03)))
    harness.interleave([harness.Job("a", lambda: order.append("a")), slow], 4)
    assert "".join(order) == "asasaa"


def test_what_is_prepared_is_not_timed() -> None:
    made: list[int] = []
    ready = Row(
        "ready", lambda results: results, prepare=lambda bills: (made.append(len(bills)), by_hand(bills))[1]
    )
    data = DATA["drawn"].first(1_000)
    jobs, _ = harness.side_by_side(data, [ready], EXPECTED["drawn"], 1, (DATA["edges"], EXPECTED["edges"]))
    assert made == [len(data), len(DATA["edges"]), len(data)]
    assert len(jobs[0].seconds) == 1


def test_a_rival_that_is_wrong_at_an_edge_ends_the_run() -> None:
    def only_drawn(bills: Bills) -> Columns:
        return by_hand(dataclasses.replace(bills, poor=bills.poor & (bills.in_scope != 5_000_001)))

    data, cases = DATA["drawn"].first(1_000), (DATA["edges"], EXPECTED["edges"])
    with pytest.raises(Differs, match="only drawn, edge cases"):
        harness.side_by_side(data, [Row("only drawn", only_drawn)], EXPECTED["drawn"], 1, cases)


def test_a_rival_that_is_missing_says_so() -> None:
    rows = [
        Row("by hand", by_hand, limit=300, note="on a sample"),
        Row("C", by_hand, missing=lambda: "gcc not found"),
    ]
    jobs, absent = harness.side_by_side(DATA["drawn"].first(1_000), rows, EXPECTED["drawn"], 1)
    shown = columns.table(jobs, absent, {"by hand": "Python"})
    assert 300 <= jobs[0].items < 312
    assert [line[0] for line in shown] == ["by hand", "C"]
    assert (shown[0][-1], shown[1][-1]) == ("on a sample", "gcc not found")


# ── files, the command ───────────────────────────────────────────────────────────────────────────────────────────


def test_parquet_writes_what_it_should_and_notices_what_it_should_not() -> None:
    found = parquet.parquet(3_000, [], 1)
    assert found.rows[0][0] == "read only"
    assert all(line[-1] for line in found.rows[1:])

    def nothing(source, target) -> None:
        parquet.write_results(tuple(np.zeros(3_000, np.int64) for _ in range(4)), target / "0000.parquet")

    with pytest.raises(Differs, match="zeros"):
        parquet.parquet(3_000, [parquet.FileRow("zeros", nothing)], 1)
    with pytest.raises(Differs, match="0 results"):
        parquet.parquet(3_000, [parquet.FileRow("no file", lambda source, target: None)], 1)


def test_only_chooses_sections_and_rows() -> None:
    assert command.chooser("three-payer", [])("DuckDB, windows")
    assert command.chooser("three-payer", ["three-payer"])("DuckDB, windows")
    assert command.chooser("three-payer", ["duck"])("DuckDB, windows")
    assert not command.chooser("three-payer", ["parquet"])("DuckDB, windows")
    assert command.amount("1e4") == 10_000


def test_the_command_measures_and_shows_its_last_tables(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(command, "RESULT", tmp_path / "bench.json")
    monkeypatch.setattr(
        "sys.argv", ["benchmarks", "--size", "2000", "--rounds", "1", "--only", "numpy", "plain"]
    )
    command.main()
    kept = json.loads((tmp_path / "bench.json").read_text())
    assert [line[0] for line in kept["sections"][0]["rows"]] == [
        "NumPy, cumulative sums", "NumPy, wavefront", "plain Python, by hand"
    ]  # fmt: skip
    assert {"processor", "cores", "Python", "numpy", "duckdb"} <= kept["machine"].keys()
    assert "NumPy, wavefront" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["benchmarks", "--markdown"])
    command.main()
    assert "| NumPy, wavefront |" in capsys.readouterr().out


def test_numbers_are_shown_as_far_as_they_can_be_told_apart() -> None:
    assert [report.shown(cell) for cell in (None, 3, 12_000, 0.012345, 1.234, 12.34, 1234.5, "x")] == [
        "–", "3", "12,000", "0.0123", "1.23", "12.3", "1,234", "x"
    ]  # fmt: skip
