#!/usr/bin/env python
"""Mutation testing: change one thing in the library, run the tests, expect them to fail.

    python scripts/mutate.py [PACKAGE|FILE ...] [--percent N] [--seed TEXT] [--jobs N] [--again] [--deselect TEST]

A mutant is one small change of one module's syntax tree (`OPERATORS` in mutants.py). It is made in memory only: a forked
process, in which third-party packages are loaded and `doudi` is not, imports the changed module through an import
hook, so that nothing remembered from an unchanged run (a policy loaded once, a program compiled once) can hide the
change. No file of the tree is touched. A mutant is killed when the tests of its package (`SUITES`) fail or use far
more processor time than they need. They run in two stages and stop at the first failure: all worked cases and
random bills that must re-add (seconds), then the test files.

Not every mutant is tried. From each file a share is drawn (`PERCENT`), always the same for the same seed and source:
a mutant's place in the draw is the hash of its text, so that a change of one function leaves the draw in the others.
The table gives the 95 % interval of Wilson for each package. Survivors are listed in var/mutation/<package>.json;
what each of them means is told in docs/evidence/mutation.md.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import sys
import time
from math import sqrt
from pathlib import Path

from mutants import ROOT, Mutant, drawn, mutants

SOURCE, TESTS, OUTPUT = ROOT / "src", ROOT / "tests", ROOT / "var" / "mutation"
SUITES = {  # patterns of files, in this order; the longest beginning of a module's name counts
    "money": ["test_money_edges.py", "test_money.py", "test_money_text.py"],
    "engine": ["test_engine_edges.py", "test_engine_u*.py", "test_facts.py", "test_lines.py", "test_record.py",
               "test_render*.py", "test_engine_*.py"],
    "engine/render": ["test_render*.py"],
    "engine/batch": ["test_batch_quick.py", "test_batch_operations.py", "test_batch_tables.py", "test_batch_kernels.py"],
    **{f"engine/batch/{name}": ["test_batch_files.py", "test_batch_quick.py"] for name in (
        "buckets", "dataset", "differences", "epilogue_text", "groupings", "job", "modes", "outputs", "prepared_files",
        "replay", "sweep", "totals")},
    "engine/stages": ["test_batch_quick.py", "test_intervals.py"],
    "engine/intervals": ["test_intervals.py", "test_batch_quick.py"],
    "proof/harm": ["test_harm_graph.py", "test_harm_kinds.py", "test_harm_classes.py", "test_harm_certificate.py",
                   "test_harm_check.py"],
    "proof/amendment": ["test_amendment.py"],
    "proof/effects": ["test_effects.py"],
    "proof/curves": ["test_curves.py"],
    "proof": ["test_proof_*.py", "test_bad_policies.py", "test_cases.py"],
    "policy": ["test_policy_edges.py", "test_values.py", "test_inherit.py", "test_schema.py", "test_citations.py",
               "test_advice.py", "test_bad_policies.py", "test_source.py", "test_policy_authoring.py"],
}  # fmt: skip
_PROPERTY = "tests/test_engine_properties.py::test_"
NOT_RUN = [  # what starts another process, in which the hook is not; random years, of which the first stage has its own
    f"{_PROPERTY}p9", f"{_PROPERTY}t01", f"{_PROPERTY}t04_splitting_a_bill", f"{_PROPERTY}t06_more", f"{_PROPERTY}t09",
    f"{_PROPERTY}caps", f"{_PROPERTY}settling", "tests/test_record.py::test_another_process",
    "tests/test_source.py::test_no_misplaced_value", "tests/test_batch_kernels.py::test_wherever",
    "tests/test_batch_kernels.py::test_warming", "tests/test_batch_files.py::test_a_killed_run",
]  # fmt: skip
PACKAGES = ("money", "engine", "proof", "policy")
WITHOUT_CASES = (
    "money",
    "engine/render",
    "engine/batch",
    "engine/stages",
    "engine/intervals",
    "proof/harm",
    "proof/amendment",
    "proof/effects",
    "proof/curves",
)
PERCENT = {"money": 40, "engine": 6, "proof": 15, "policy": 2}
QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
RANDOM_YEARS, EXAMPLES = 12, 25
SURVIVED, KILLED_BY_CASES, KILLED_BY_TESTS = 0, 10, 20

# --- in the forked process -----------------------------------------------------------------------------------


class Hook(importlib.machinery.SourceFileLoader, importlib.abc.MetaPathFinder):
    """Finds one module and loads the changed tree in its place."""

    def __init__(self, mutant: Mutant) -> None:
        parts = mutant.path.relative_to(SOURCE).with_suffix("").parts
        super().__init__(".".join(parts[:-1] if parts[-1] == "__init__" else parts), str(mutant.path))
        self.tree = mutant.tree

    def find_spec(self, fullname, *_):
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self)
            if fullname == self.name
            else None
        )

    def get_code(self, _):
        return compile(ast.fix_missing_locations(self.tree), self.path, "exec", dont_inherit=True)


def cases_and_random_bills() -> None:
    """Every worked case comes out to the fen, and random bills of every policy re-add."""
    from doudi.engine.answer import answer
    from doudi.engine.data import Balances, Facts
    from doudi.engine.refusals import Refused
    from doudi.proof.cases import run_cases
    from support.bills import Maker
    from support.policies import ALL_IDS, policy, readd, settler

    for policy_id in ALL_IDS:
        results, _ = run_cases(policy(policy_id))
        assert results
        assert not any(one.problems for one in results)
    for policy_id in ALL_IDS:
        maker, refused = Maker(policy(policy_id).document, 1), 0
        for number in range(RANDOM_YEARS):
            person, year = maker.year(number, 3)
            try:
                told = answer(settler(policy_id), Facts(person, tuple(year), Balances()))
            except Refused:
                refused += 1
                continue
            for bill in told["bills"]:
                readd().bill(bill)
        assert refused < RANDOM_YEARS, "every year is refused"


def run_tests(suite: str, deselect: list[str]) -> int:
    """What becomes of the mutant whose hook is in place."""
    import hypothesis
    import pytest

    hypothesis.settings.register_profile("mutation", max_examples=EXAMPLES, deadline=None, database=None,
                                         derandomize=True)  # fmt: skip
    hypothesis.settings.load_profile("mutation")
    if suite not in WITHOUT_CASES:
        try:
            cases_and_random_bills()
        except Exception:  # noqa: BLE001 (whatever a mutant breaks)
            return KILLED_BY_CASES
    found = (path for pattern in SUITES[suite] for path in sorted(TESTS.glob(pattern)))
    files = list(dict.fromkeys(str(path.relative_to(ROOT)) for path in found))
    skipped = [option for name in (*NOT_RUN, *deselect) for option in ("--deselect", name)]
    code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *QUIET, *skipped, *files])
    return SURVIVED if code == 0 else KILLED_BY_TESTS


def forked(mutant: Mutant | None, suite: str, seconds: int, deselect: list[str]) -> int:
    """Start a process for a mutant (or for the unchanged library); its exit code says what became of it."""
    process = os.fork()
    if process:
        return process
    code = KILLED_BY_TESTS
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        if mutant:
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, 1), os.dup2(sink, 2)
            mutant.apply()
            sys.meta_path.insert(0, Hook(mutant))
        code = run_tests(suite, deselect)
    finally:
        os._exit(code)


# --- the whole -----------------------------------------------------------------------------------------------


def preload() -> None:
    """Third-party packages are loaded once, before any fork."""
    os.chdir(ROOT)
    sys.path[:0] = [str(SOURCE), str(TESTS)]
    for name in (
        "hypothesis.strategies",
        "numba",
        "numpy",
        "pyarrow.compute",
        "pyarrow.parquet",
        "pydantic.json_schema",
        "pytest",
        "rich.console",
        "rich.table",
        "yaml",
    ):
        importlib.import_module(name)


def suite_of(module: str) -> str:
    """The name in SUITES that the name of a module or package begins with."""
    return max((name for name in SUITES if module.startswith(name)), key=len)


def baseline(suite: str, deselect: list[str]) -> int:
    """The unchanged library must pass; answers the processor seconds a mutant may use."""
    print(f"{suite}: the unchanged library", flush=True)
    _, status, usage = os.wait4(forked(None, suite, 3600, deselect), 0)
    if status:
        sys.exit(f"{suite}: the tests of the unchanged library fail")
    return int(3 * (usage.ru_utime + usage.ru_stime)) + 20


def tried(target: str, chosen: list[Mutant], jobs: int, deselect: list[str]) -> list[int]:
    """The exit code of every mutant, `jobs` at a time."""
    seconds, codes, running = baseline(suite_of(target), deselect), [KILLED_BY_TESTS] * len(chosen), {}
    waiting = list(enumerate(chosen))
    started = time.monotonic()
    while waiting or running:
        while waiting and len(running) < jobs:
            number, mutant = waiting.pop(0)
            suite = suite_of(mutant.path.relative_to(SOURCE / "doudi").as_posix())
            running[forked(mutant, suite, seconds, deselect)] = number
        process, status = os.wait()
        number = running.pop(process)
        codes[number] = os.waitstatus_to_exitcode(status)
        if codes[number] == SURVIVED:
            print(f"  {number} survived {chosen[number]}", flush=True)
    print(f"  {len(chosen)} mutants in {time.monotonic() - started:.0f} s", flush=True)
    return codes


def interval(killed: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in percent."""
    z, share = 1.96, killed / count
    middle, half = (
        share + z * z / (2 * count),
        z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)),
    )
    return tuple(100 * (middle + sign * half) / (1 + z * z / count) for sign in (-1, 1))


def files_of(target: str) -> list[Path]:
    """A package's or a module's files."""
    path = SOURCE / "doudi" / target
    return sorted(path.rglob("*.py")) if path.is_dir() else [path if path.suffix else path.with_suffix(".py")]


def main() -> None:
    parser = argparse.ArgumentParser(description="Mutation testing of the library.")
    parser.add_argument(
        "targets", nargs="*", default=PACKAGES, help="money engine proof policy engine/run.py"
    )
    parser.add_argument("--percent", type=int, help="of the mutants of each file, where PERCENT is not meant")
    parser.add_argument("--seed", default="2017")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="only those that survived the last run")
    parser.add_argument("--deselect", action="append", default=[], help="a test that is not run")
    given = parser.parse_args()
    preload()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    rows = []
    for target in given.targets:
        percent = given.percent or PERCENT[Path(target).parts[0].removesuffix(".py")]
        exist = sum(len(mutants(path)) for path in files_of(target))
        chosen = [mutant for path in files_of(target) for mutant in drawn(path, percent, given.seed)]
        count, kept = len(chosen), OUTPUT / f"{target.replace('/', '.')}.json"
        if given.again:
            before = {line.partition(" ")[2] for line in json.loads(kept.read_text("utf-8"))["survivors"]}
            chosen = [mutant for mutant in chosen if str(mutant).partition(" ")[2] in before]
        codes = tried(target, chosen, given.jobs, given.deselect)
        left = [str(mutant) for mutant, code in zip(chosen, codes) if code == SURVIVED]
        told = {"seed": given.seed, "percent": percent, "exist": exist, "tried": count, "survivors": left}
        kept.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
        killed = count - len(left)
        low, high = interval(killed, count)
        rows.append(f"{target:<28} {exist:>6} {count:>6} {killed:>6} {len(left):>6} "
                    f"{100 * killed / count:>6.1f} % ({low:.1f}–{high:.1f})")  # fmt: skip
    print(f"\n{'package':<28} {'exist':>6} {'tried':>6} {'killed':>6} {'left':>6} {'share':>6}")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
