"""What the library shows of itself: these names and no others, and the example of the docstring works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import doudi.engine
import doudi.engine.batch
import doudi.policy

BILL = Path(__file__).resolve().parent.parent / "benchmarks" / "bill.json"


def test_the_public_names_are_these() -> None:
    assert sorted(doudi.policy.__all__) == doudi.policy.__all__
    assert doudi.policy.__all__ == ["Library", "Policy", "PolicyError", "Problem", "Where", "policy_schema"]
    assert doudi.engine.__all__ == [
        "Balances", "Bill", "Decision", "Event", "Facility", "Facts", "InvariantBroken", "Person", "Refused",
        "Settlement", "Settler", "answer", "explain", "make_record", "read_facts", "settle", "verify_record",
    ]  # fmt: skip

    assert doudi.engine.batch.__all__ == [
        "Counts", "Job", "Settled", "Tables", "Totals", "differ_files", "replay", "settle_files", "settle_tables",
        "sweep_files", "total_files",
    ]  # fmt: skip


@pytest.mark.parametrize("package", [doudi.policy, doudi.engine, doudi.engine.batch])
def test_every_public_name_is_there_and_described(package: object) -> None:
    for name in package.__all__:  # type: ignore[attr-defined]
        assert getattr(package, name).__doc__, name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no Policies"):
        doudi.policy.Policies  # type: ignore[attr-defined]  # noqa: B018


def test_the_example_of_the_docstring_settles_a_bill() -> None:
    from doudi.engine import read_facts, settle
    from doudi.policy import Library

    policy = Library().load("guizhou/liuzhi/triple-guarantee-2017")
    facts = read_facts(json.loads(BILL.read_text("utf-8")))
    settlement = settle(policy, facts.person, facts.bills, facts.opening)
    assert settlement.decisions[0].patient == 604_120


def test_reading_a_message_loads_no_validator() -> None:
    code = "import sys, doudi.policy.problems; print('pydantic' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
