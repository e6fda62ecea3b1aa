"""Kernels: one a structure, kept by content, safe where nothing may be written, exact where a sign surprises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from doudi.engine.batch.kernel_text import kernel_text
from doudi.engine.batch.law import Law
from doudi.engine.batch.ready import make_ready, settle_tables
from doudi.engine.batch.run import Alarm, Stream, run_all
from doudi.engine.batch.warmup import warm
from doudi.engine.settle import Settler
from doudi.policy.library import Library, Policy
from support.policies import ROOT, policy, written
from support.tables import crowd, differences, in_columns, one_by_one, tables_of

LIUZHI = "guizhou/liuzhi/triple-guarantee-2017"
BELOW_ZERO = """payers:
  - payer: aid
    assumed: 测试用
    covers: in_scope
    benefits:
      - {benefit: share, formula: "max(share(base - 20000, 50%), 0)"}
"""


def law_of(trial: Policy) -> Law:
    return make_ready(Settler(trial), tables_of(crowd(trial, 1, 20))).prepared.law


def test_a_negative_operand_is_noticed_and_settled_exactly(tmp_path: Path) -> None:
    """The loop divides unsigned; a share of a negative amount raises the alarm and the bills are repeated."""
    trial = written(tmp_path, BELOW_ZERO)
    facts = crowd(trial, 3, 30)
    ready = make_ready(Settler(trial), tables_of(facts)).prepared
    with pytest.raises(Alarm):
        Stream(ready.law).settle(ready.chunk)
    assert differences(one_by_one(Settler(trial), facts), in_columns(Settler(trial), facts)) == {}


def test_other_numbers_and_dates_need_no_other_kernel(tmp_path: Path) -> None:
    text = (ROOT / "policies" / f"{LIUZHI}.yaml").read_text("utf-8")
    changed = text.replace("amount: 6000", "amount: 5000").replace("value: 60%", "value: 65%")
    assert changed != text
    place = tmp_path / f"{LIUZHI}.yaml"
    place.parent.mkdir(parents=True)
    place.write_text(changed, "utf-8")
    other = Library([tmp_path]).load_file(place)
    assert kernel_text([law_of(other)], "rows") == kernel_text([law_of(policy(LIUZHI))], "rows")


def test_literals_and_table_say_the_same() -> None:
    settler, facts = Settler(policy(LIUZHI)), crowd(policy(LIUZHI), 7, 40)
    assert in_columns(settler, facts, literals=True) == in_columns(settler, facts)
    table = settle_tables(settler, tables_of(facts), literals=True)
    assert table.ready is not None
    assert len(table.ready.prepared.law.body.table) < len(law_of(policy(LIUZHI)).body.table)


def test_warming_up_compiles_what_a_batch_will_ask_for() -> None:
    settler = Settler(policy(LIUZHI))
    assert warm(settler) == 4
    law = law_of(policy(LIUZHI))
    warmed = subprocess.run(
        [sys.executable, "-c", "from doudi.engine.batch.kernels import cache_folder; print(cache_folder())"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    kept = {path.read_text("utf-8") for path in Path(warmed).glob("doudi_kernel_*.py")}
    assert kernel_text([law], "rows") in kept


def test_what_fails_in_a_thread_fails_the_batch() -> None:
    done: list[int] = []

    def piece(k: int) -> None:
        if k == 1:
            raise ValueError("the second piece")
        done.append(k)

    for count in (2, 3):
        with pytest.raises(ValueError, match="the second piece"):
            run_all(piece, count)
    assert done


SETTLE = """
import sys; sys.path.insert(0, "tests")
from support.policies import policy
from support.tables import crowd, in_columns, one_by_one, differences
from doudi.engine.settle import Settler
from doudi.engine.batch.kernels import cache_folder
settler, facts = Settler(policy("caps")), crowd(policy("caps"), 1, 10)
assert differences(one_by_one(settler, facts), in_columns(settler, facts)) == {}
print(cache_folder())
"""


@pytest.mark.parametrize("place", ["nowhere to write", "no numba", "a folder of its own"])
def test_wherever_it_is_installed(tmp_path: Path, place: str) -> None:
    environment = {**os.environ, "DOUDI_CACHE": str(tmp_path / "kernels"), "XDG_CACHE_HOME": "/dev/null/x"}
    if place == "nowhere to write":
        environment["DOUDI_CACHE"] = "/dev/null/x"
    if place == "no numba":
        environment["DOUDI_NO_JIT"] = "1"
    run = [sys.executable, "-c", SETTLE]
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    folder = Path(done.stdout.strip())
    if place == "nowhere to write":
        assert "doudi-kernels-" in folder.name
    elif place == "no numba":
        assert not list(folder.glob("*.py"))
    else:
        (first,) = folder.glob("doudi_kernel_*.py")
        stamp = first.stat().st_mtime_ns
        subprocess.run(run, cwd=ROOT, env=environment, check=True, capture_output=True)
        assert [path.stat().st_mtime_ns for path in folder.glob("doudi_kernel_*.py")] == [stamp]
        assert list(folder.rglob("*.nbi")), "machine code is kept beside the text"
