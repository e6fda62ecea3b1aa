"""A glance at the suites of `make crash` and `make race`, so that they do not rot: a few kill points, a few orders."""

import re
import subprocess
import sys

import pytest

from support.cluster import ROOT


def run(*words: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT / "tests",
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.rstrip().endswith("ills=0")
    return run.stdout


def test_death_at_a_few_statements() -> None:
    told = run("crash", "statements", "--quick", "3", "--only", "settle")
    found = re.search(r"statements=(\d+) in_the_log_of_postgresql=(\d+) kill_points=3 killed=3", told)
    assert found is not None
    assert found[1] == found[2]


@pytest.mark.deep
def test_two_hospitals_in_every_order() -> None:
    told = run("race", "meetings", "--only", "settle / settle at two hospitals")
    assert "breaches=0 differences=0 faults=0" in told
    found = re.search(r"different=(\d+) tried=(\d+) impossible=(\d+)", told)
    assert found is not None
    assert int(found[1]) == int(found[2]) + int(found[3])
