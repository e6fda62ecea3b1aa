"""Batches over files: counts add up, any cut changes nothing, a killed run goes on, the modes agree with the rows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from doudi.engine.batch.job import Job, settle_files
from doudi.engine.batch.modes import differ_files, sweep_files, total_files
from doudi.engine.batch.ready import Tables, make_ready
from doudi.engine.batch.replay import replay
from doudi.engine.batch.run import Stream, settle_rows
from doudi.engine.data import Facts
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.policy.library import Policy
from support.policies import ROOT, policy
from support.tables import answers, crowd, differences, one_by_one, tables_of

LIUZHI, HOUSEHOLDS = "guizhou/liuzhi/triple-guarantee-2017", "chongqing/five-layers-2017"
RATE = "catastrophic.supplement.rate"


def quiet(*_: object) -> None:
    """Say nothing."""


def written(folder: Path, facts: list[Facts]) -> Tables:
    tables = tables_of(facts)
    pq.write_table(tables.bills, folder / "bills.parquet", row_group_size=50)
    pq.write_table(tables.people, folder / "people.parquet")
    if tables.openings is not None:
        pq.write_table(tables.openings, folder / "opening.parquet")
    return tables


def job(folder: Path, policy_id: str = LIUZHI, rows: int = 100, *, opening: bool = False) -> Job:
    return Job(
        Settler(policy(policy_id)), folder / "bills.parquet", folder / "people.parquet", quiet, folder / "dataset",
        rows, folder / "opening.parquet" if opening else None,
    )  # fmt: skip


def settled(folder: Path, made: Job) -> dict[str, object]:
    settle_files(made, folder / "out.parquet", folder / "work")
    return answers(pq.read_table(folder / "out.parquet"), pq.read_table(folder / "out.rejected.parquet"))


@pytest.mark.parametrize("policy_id", [LIUZHI, HOUSEHOLDS, "best-single", "deductible-nth"])
def test_files_in_many_buckets_give_what_bills_give_one_by_one(tmp_path: Path, policy_id: str) -> None:
    facts = crowd(policy(policy_id), 5, 60, openings=True)
    written(tmp_path, facts)
    made = job(tmp_path, policy_id, 40, opening=True)
    found = settled(tmp_path, made)
    assert differences(one_by_one(made.settler, facts), found) == {}


def test_counts_add_up_and_every_reason_is_told(tmp_path: Path) -> None:
    facts = crowd(policy(LIUZHI), 5, 60)
    written(tmp_path, facts)
    done = settle_files(job(tmp_path), tmp_path / "out.parquet", tmp_path / "work")
    rejected = pq.read_table(done.rejected_path).to_pylist()
    assert done.rows == 300 == done.settled + done.rejected
    assert Counter(row["code"] for row in rejected) == {code: n for code, _, _, n in done.reasons}
    assert all(row["reason_zh"] and row["reason_en"] and row["row"] is not None for row in rejected)
    assert not (tmp_path / "work").exists()


def test_lost_rows_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, crowd(policy(LIUZHI), 5, 10))
    monkeypatch.setattr("doudi.engine.batch.job.gather", lambda parts, out, in_parts=False: 0)
    monkeypatch.setattr("doudi.engine.batch.job.reasons_of", lambda path: [])
    with pytest.raises(Refused) as caught:
        settle_files(job(tmp_path), tmp_path / "out.parquet", tmp_path / "work")
    assert caught.value.code == "rows_lost"


def test_a_folder_of_parts_holds_the_same_rows(tmp_path: Path) -> None:
    written(tmp_path, crowd(policy(LIUZHI), 5, 60))
    whole = settled(tmp_path, job(tmp_path, rows=50))
    done = settle_files(job(tmp_path, rows=50), tmp_path / "parts", tmp_path / "work", in_parts=True)
    table = pq.read_table(tmp_path / "parts")
    assert len(list((tmp_path / "parts").glob("0*.parquet"))) == 6
    assert answers(table, pq.read_table(done.rejected_path)) == whole


@pytest.mark.parametrize("place", ["dataset", "out", "work"])
def test_nothing_of_others_is_removed(tmp_path: Path, place: str) -> None:
    """A folder that is no dataset, or no folder of parts, is refused and left as it is."""
    written(tmp_path, crowd(policy(LIUZHI), 5, 10))
    (tmp_path / place).mkdir()
    precious = tmp_path / place / "precious.parquet"
    precious.write_text("mine")
    with pytest.raises(Refused) as caught:
        settle_files(job(tmp_path), tmp_path / "out", tmp_path / "work", in_parts=True)
    assert caught.value.code == "folder_of_others"
    assert precious.read_text() == "mine"


def test_a_second_run_reads_the_prepared_columns(tmp_path: Path) -> None:
    written(tmp_path, crowd(policy(LIUZHI), 5, 30))
    first = settled(tmp_path, job(tmp_path))
    marks = {path: path.stat().st_mtime_ns for path in (tmp_path / "dataset").rglob("*.parquet")}
    assert settled(tmp_path, job(tmp_path)) == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "dataset").rglob("*.parquet")} == marks
    assert marks


def test_a_changed_file_is_cut_anew(tmp_path: Path) -> None:
    facts = crowd(policy(LIUZHI), 5, 30)
    written(tmp_path, facts[:20])
    settled(tmp_path, job(tmp_path))
    written(tmp_path, facts)
    assert differences(one_by_one(Settler(policy(LIUZHI)), facts), settled(tmp_path, job(tmp_path))) == {}


@pytest.mark.parametrize("policy_id", [LIUZHI, HOUSEHOLDS, "deductible-scopes"])
def test_cutting_a_chunk_anywhere_changes_nothing(policy_id: str) -> None:
    """Also within a person: what accumulators hold is handed on."""
    ready = make_ready(Settler(policy(policy_id)), tables_of(crowd(policy(policy_id), 9, 40, 8))).prepared
    whole = settle_rows(ready.law, ready.chunk)
    random = np.random.default_rng(1)
    for pieces in (2, 3, 7, len(ready.chunk)):
        cuts = [0, *sorted(random.integers(0, len(ready.chunk), pieces - 1).tolist()), len(ready.chunk)]
        stream = Stream(ready.law)
        parts = [stream.settle(ready.chunk.part(a, b)) for a, b in pairwise(cuts)]
        for name, column in whole.amounts.items():
            assert np.array_equal(np.concatenate([part.amounts[name] for part in parts]), column)
        assert np.array_equal(np.concatenate([part.status for part in parts]), whole.status)


@pytest.mark.parametrize("policy_id", [LIUZHI, HOUSEHOLDS, "best-single"])
@pytest.mark.parametrize("by", [(), ("level",), ("people", "year", "month")])
def test_totals_are_the_sums_of_the_rows(tmp_path: Path, policy_id: str, by: tuple[str, ...]) -> None:
    tables = written(tmp_path, crowd(policy(policy_id), 5, 60))
    made = job(tmp_path, policy_id)
    totals = total_files(made, by)
    settle_files(made, tmp_path / "out.parquet", tmp_path / "work")
    rows = pq.read_table(tmp_path / "out.parquet")
    sums = [sum(column) for column in zip(*totals.sums.values(), strict=True)]
    assert sums[0] == len(rows)
    assert sums[1:-1] == [pc.sum(rows.column(f"{name}_fen")).as_py() or 0 for name in made.names()]
    if by == ("people", "year", "month"):
        assert all(year == month[:4] and month[4] == "-" for _, year, month in totals.sums)
    if by == ("level",):
        levels = dict(zip(tables.bills["id"].to_pylist(), tables.bills["level"].to_pylist(), strict=True))
        counted = Counter(levels[one] or "-" for one in rows["id"].to_pylist())
        assert {label[0]: row[0] for label, row in totals.sums.items() if row[0]} == counted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shandong/poverty-2017", "shandong/poverty-2017-top-up"),
        (LIUZHI, HOUSEHOLDS),
        ("first", "best"),
        ("best-single", "best-per-payer"),
        (LIUZHI, LIUZHI),
    ],
)
def test_differences_are_the_rows_that_differ(tmp_path: Path, one: str, other: str) -> None:
    written(tmp_path, crowd(policy(one), 5, 60))
    made = job(tmp_path, one)
    found = differ_files(made, Settler(policy(other)), tmp_path / "changed.parquet")
    changed = {row["id"]: row for row in pq.read_table(tmp_path / "changed.parquet").to_pylist()}
    a, b = settled(tmp_path, made), settled(tmp_path, job(tmp_path, other))
    differ = {bill for bill in a if unlike(a[bill], b[bill])}
    assert changed.keys() == differ
    assert found.bills == len(differ)
    assert (one == other) == (not differ)
    moved = [b[bill]["patient"] - a[bill]["patient"] for bill in differ if both_settle(a[bill], b[bill])]
    assert (found.less, found.more) == (sum(fen < 0 for fen in moved), sum(fen > 0 for fen in moved))
    assert found.more_fen - found.less_fen == sum(moved)
    assert len(moved) + found.only_a + found.only_b == len(differ)
    for bill, row in changed.items():
        for letter, side in (("a", a[bill]), ("b", b[bill])):
            assert row[f"{letter}_settled"] == (not isinstance(side, str))
            if isinstance(side, dict):
                assert {name: row[f"{letter}_{name}_fen"] for name in side} == side


def both_settle(a: object, b: object) -> bool:
    return isinstance(a, dict) and isinstance(b, dict)


def unlike(a: object, b: object) -> bool:
    """Whether two outcomes of a bill differ; a payer that a law does not know pays nothing."""
    if isinstance(a, dict) and isinstance(b, dict):
        return any(a.get(name, 0) != b.get(name, 0) for name in {*a, *b})
    return isinstance(a, str) != isinstance(b, str)


def with_rate(law: Policy, rate: int) -> Policy:
    """Liuzhi with another rate of the catastrophic supplement."""
    payers = list(law.document.payers)
    benefit = payers[1].benefits[0]
    changed = benefit.model_copy(update={"rate": benefit.rate.model_copy(update={"value": rate})})
    payers[1] = payers[1].model_copy(update={"benefits": [changed]})
    return replace(law, document=law.document.model_copy(update={"payers": payers}))


def test_a_sweep_is_a_run_of_each_version(tmp_path: Path) -> None:
    facts = crowd(policy(LIUZHI), 5, 60)
    written(tmp_path, facts)
    made = job(tmp_path)
    for rate, swept in zip((6000, 7000, 0), sweep_files(made, [{}, {RATE: 7000}, {RATE: 0}]), strict=True):
        alone = one_by_one(Settler(with_rate(policy(LIUZHI), rate)), facts)
        shares = [one for one in alone.values() if isinstance(one, dict)]
        assert swept.sums[()][1:-1] == [sum(one[name] for one in shares) for name in made.names()]


def test_a_sweep_of_an_unknown_number_is_refused(tmp_path: Path) -> None:
    written(tmp_path, crowd(policy(LIUZHI), 5, 5))
    with pytest.raises(Refused) as caught:
        sweep_files(job(tmp_path), [{"catastrophic.supplement.rates": 1}])
    assert caught.value.code == "number_unknown"
    assert "catastrophic.supplement.rate" in caught.value.mend.en


def test_any_bill_can_be_explained(tmp_path: Path) -> None:
    written(tmp_path, crowd(policy(HOUSEHOLDS), 5, 40))
    made = job(tmp_path, HOUSEHOLDS)
    found = settled(tmp_path, made)
    for bill, came_to in list(found.items())[:40]:
        if isinstance(came_to, str):
            with pytest.raises(Refused) as caught:
                replay(made, bill)
            assert caught.value.code == came_to
        else:
            decision = replay(made, bill)
            assert {**decision.shares, "hospital": decision.hospital, "patient": decision.patient} == came_to


def test_one_id_of_two_people_asks_whose(tmp_path: Path) -> None:
    facts = crowd(policy(LIUZHI), 5, 2)
    tables = written(tmp_path, facts)
    same = pa.array(["same"] * len(tables.bills))
    pq.write_table(tables.bills.set_column(0, "id", same), tmp_path / "bills.parquet")
    with pytest.raises(Refused) as caught:
        replay(job(tmp_path), "same")
    assert caught.value.code == "bill_of_many"
    with pytest.raises(Refused) as caught:
        replay(job(tmp_path), "other")
    assert caught.value.code == "bill_not_found"


def test_parts_of_another_run_are_not_taken(tmp_path: Path) -> None:
    """What a killed run left counts only for the same files, policy and engine."""
    facts = crowd(policy(LIUZHI), 5, 20)
    written(tmp_path, facts)
    settle_files(job(tmp_path), tmp_path / "out.parquet", tmp_path / "kept")
    for changed in ("bills", "policy"):
        made = job(tmp_path, LIUZHI if changed == "bills" else HOUSEHOLDS)
        parts = tmp_path / "work" / "parts"
        parts.mkdir(parents=True, exist_ok=True)
        (parts / "0000.parquet").write_bytes((tmp_path / "out.parquet").read_bytes())
        told = {"bills": [], "people": [], "policy": "", "engine": "", "openings": None}
        (tmp_path / "work" / "run.json").write_text(json.dumps(told))
        written(tmp_path, facts[:10])
        found = settled(tmp_path, made)
        assert differences(one_by_one(made.settler, facts[:10]), found) == {}
        written(tmp_path, facts)


def test_a_killed_run_goes_on_and_ends_in_the_same_file(tmp_path: Path) -> None:
    """SIGKILL at several moments; the last run finishes; the bytes are those of a run that was left alone."""
    written(tmp_path, crowd(policy(LIUZHI), 5, 120))
    settle_files(job(tmp_path, rows=20), tmp_path / "whole.parquet", tmp_path / "whole-work")
    script = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from pathlib import Path\n"
        "from test_batch_files import job, settle_files\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "import doudi.engine.batch.job as made\n"
        "slow = made._settle_bucket\n"
        "def slower(*a):\n    import time; time.sleep(0.05); slow(*a)\n"
        "made._settle_bucket = slower\n"
        "settle_files(job(folder, rows=20), folder / 'out.parquet', folder / 'work')\n"
    )
    environment = {**os.environ, "PYTHONPATH": "tests", "DOUDI_NO_JIT": "1"}
    kept = []
    for patience in (2.0, 2.5, 3.0):
        child = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment)
        deadline = time.monotonic() + 60
        before = len(list((tmp_path / "work").rglob("*.parquet"))) if (tmp_path / "work").exists() else 0
        while time.monotonic() < deadline and child.poll() is None:
            now = len(list((tmp_path / "work").rglob("*.parquet"))) if (tmp_path / "work").exists() else 0
            if now >= before + patience:
                break
            time.sleep(0.01)
        child.send_signal(signal.SIGKILL)
        child.wait()
        kept.append(len(list((tmp_path / "work").rglob("*.parquet"))) if (tmp_path / "work").exists() else 0)
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)
    assert kept[0] > 0
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    rejected = [(tmp_path / f"{name}.rejected.parquet").read_bytes() for name in ("out", "whole")]
    assert rejected[0] == rejected[1]
