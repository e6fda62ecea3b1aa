#!/usr/bin/env python
"""What `doudi policy check` notices: put one mistake at a time into a shipped policy and check it.

    python scripts/faults.py [POLICY ...] [--count N] [--seed TEXT] [--again TEXT] [--jobs N] [--write]

The mistakes are drawn, not chosen: for each package a place by chance – any key or item of the policy's file and of
the templates it extends – and then one of the operators (faults_sites.py) that can do something there. A mistake that
changes nothing a bill could meet is none and is drawn again; that is decided by comparing (faults_sense.py), never by
hand. Each changed policy then goes through everything the command runs, in a copy of
`policies/`. A mistake is caught where a finding appears that the unchanged policy does not have.

Caught by `form` (the file, its keys and scalars), `meaning` (references, tables, bands, inheritance, advice), `source`
(citations), `harm` (a bill that leaves somebody worse off), `case` (a worked case comes out otherwise) or `coverage`
(what the cases reach and turn on). The same mistakes are also told without the last two: what the checker knows without
cases.

`--write` renews docs/evidence/faults.md, with an independent draw (`--again`) beside the first; why each survivor
survives stands in faults_told.py.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

from faults_evidence import EVIDENCE, STAGES, Outcome, Tried, evidence, summary
from faults_sense import sense
from faults_sites import Fault, faults

from doudi.cli.policy_check import check
from doudi.policy.catalogue import CATALOGUE
from doudi.policy.catalogue_harm import HARM
from doudi.policy.catalogue_inert import INERT
from doudi.policy.catalogue_meaning import MEANING
from doudi.policy.library import Library, shipped_root

COUNT, SEED, AGAIN, SECONDS = 40, "2017", "520203", 120
SOURCE = {"uncited", "source_unknown", "cite_form"}
COVERAGE = {"case_uncovered", "case_indifferent", "case_covered_after_all"}


# --- one policy ----------------------------------------------------------------------------------------------


def stage_of(code: str) -> str:
    """The stage of the check that a finding belongs to."""
    if code in COVERAGE:
        return "coverage"
    if code in SOURCE:
        return "source"
    if code.startswith("case"):
        return "case"
    if code in HARM:
        return "harm"
    return "meaning" if code in {**MEANING, **INERT} or code not in CATALOGUE else "form"


def findings(folder: Path, targets: list[str]) -> Counter[tuple[str, str, str]]:
    """(stage, code, place) of everything the command would say about policies in a folder."""
    found: Counter[tuple[str, str, str]] = Counter()
    for target in targets:
        library = Library([folder], shipped=False)
        report = check(library, target)
        found.update((stage_of(one.code), one.code, one.path) for one in report.faults)
        if report.readable and not report.sound and not report.faults:
            found["harm", "undecided", ""] += 1
    return found


def _late(*_: Any) -> None:
    raise TimeoutError


def noticed(
    folder: Path, targets: list[str], known: Counter[tuple[str, str, str]]
) -> tuple[tuple[str, ...], str]:
    """The stages with findings that are new, and how the check failed if it did."""
    signal.signal(signal.SIGALRM, _late)
    signal.alarm(SECONDS)
    try:
        new = {stage for stage, _, _ in findings(folder, targets) - known}
    except Exception as error:  # noqa: BLE001 (whatever a mistake may break)
        return (), f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    return tuple(stage for stage in STAGES if stage in new), ""


# --- a package -----------------------------------------------------------------------------------------------


@cache
def own_copy() -> Path:
    """This process's copy of the policies."""
    folder = Path(mkdtemp(prefix="doudi-faults-")) / "policies"
    shutil.copytree(shipped_root(), folder)
    return folder


def packages() -> list[str]:
    """The ids of the shipped packages: neither templates nor second readings of a document."""
    found = Library([shipped_root()], shipped=False).summaries()
    return [one.id for one in found if not (one.abstract or one.variant)]


def files_of(package: str) -> list[str]:
    """The id of a package and of the templates it extends."""
    library = Library([shipped_root()], shipped=False)
    found, parent = [package], library.load(package).document.extends
    while parent is not None:
        found.append(parent)
        parent = library.load(parent).document.extends
    return found


def draw(package: str, seed: str) -> Iterator[tuple[str, Fault]]:
    """(id of the file, mistake): a place by chance, then one of its mistakes; no place twice."""
    random = Random(f"{seed}/{package}")
    places: dict[tuple[str, tuple[str, ...]], list[Fault]] = {}
    for name in files_of(package):
        for fault in faults((shipped_root() / f"{name}.yaml").read_text("utf-8"), seed):
            places.setdefault((name, fault.path), []).append(fault)
    for name, path in random.sample(sorted(places), k=len(places)):
        yield name, random.choice(places[name, path])


def existing(package: str, seed: str) -> int:
    """How many mistakes there are to draw from."""
    return sum(
        len(faults((shipped_root() / f"{name}.yaml").read_text("utf-8"), seed)) for name in files_of(package)
    )


def try_package(task: tuple[str, int, str]) -> Outcome:
    """`count` mistakes of one package, each tried on this process's copy."""
    package, count, seed = task
    folder, targets = own_copy(), files_of(package)
    known, meant = findings(folder, targets), [sense(folder, target) for target in targets]
    outcome = Outcome(package, existing(package, seed))
    for name, fault in draw(package, seed):
        if len(outcome.tried) == count:
            break
        path = folder / f"{name}.yaml"
        text = path.read_text("utf-8")
        try:
            path.write_text(fault.applied(text), "utf-8")
            if meant == [sense(folder, target) for target in targets]:
                outcome.same += 1
                continue
            caught, broke = noticed(folder, targets, known)
        finally:
            path.write_text(text, "utf-8")
        outcome.tried.append(_told(package, name, fault, text, caught, broke))
    return outcome


def _told(package: str, name: str, fault: Fault, text: str, caught: tuple[str, ...], broke: str) -> Tried:
    """A mistake with its place and the changed words before and after."""
    low, high = fault.start, fault.end
    while low > 0 and text[low - 1] not in " \n{[,":
        low -= 1
    while high < len(text) and text[high] not in " \n}],":
        high += 1
    before, after = text[low:high], text[low : fault.start] + fault.new + text[fault.end : high]
    line = text.count("\n", 0, fault.start) + 1
    return Tried(package, f"policies/{name}.yaml", line, fault.operator, ".".join(fault.path), _short(before),
                 _short(after), caught, broke)  # fmt: skip


def _short(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "/")
    return plain if len(plain) <= 70 else f"{plain[:45]} … {plain[-20:]}"


def try_all(ids: list[str], count: int, seed: str, jobs: int) -> list[Outcome]:
    """Every package, `jobs` at a time, in the order of their ids."""
    tasks = [(package, count, seed) for package in ids]
    with Pool(jobs) as pool:
        return sorted(pool.imap_unordered(try_package, tasks), key=lambda outcome: outcome.package)


def main() -> int:
    parser = argparse.ArgumentParser(description="What the check of policies notices.")
    parser.add_argument("policies", nargs="*", help="ids; without: every package")
    parser.add_argument("--count", type=int, default=COUNT, help="mistakes a package")
    parser.add_argument("--seed", default=SEED)
    parser.add_argument("--again", default=AGAIN, help="seed of the independent draw of --write")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="renew docs/evidence/faults.md")
    given = parser.parse_args()
    started = time.monotonic()
    outcomes = try_all(given.policies or packages(), given.count, given.seed, given.jobs)
    print(summary(outcomes), f"{time.monotonic() - started:.0f} s", sep="\n")
    if given.write:
        again = try_all(given.policies or packages(), given.count, given.again, given.jobs)
        print(summary(again), f"{time.monotonic() - started:.0f} s", sep="\n")
        EVIDENCE.write_text(evidence(outcomes, given.count, given.seed, again, given.again), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
