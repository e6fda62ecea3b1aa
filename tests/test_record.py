"""A decision record replays to the same bytes, and nothing in it can be changed unnoticed."""

import copy
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import doudi
from doudi.engine.record import FORMAT, canonical, make_record, verify_record
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from support.files import Json, a_bill, a_file
from support.policies import ROOT, policy, written

LIUZHI = "guizhou/liuzhi/triple-guarantee-2017"
FILE = a_file(
    a_bill("b1", in_scope="26000.00", own_pay="2000.00", recorded={"basic": "18000.00"}),
    a_bill("b2", in_scope="9000.00", diagnoses=["A15.0"]),
    person={"categories": [{"code": "subsistence_allowance", "from": "2016-01-01"}]},
    policy=LIUZHI,
)


@pytest.fixture(scope="module")
def settler() -> Settler:
    return Settler(policy(LIUZHI))


@pytest.fixture(scope="module")
def record(settler: Settler) -> Json:
    return make_record(settler, FILE)


def signed(record: Json) -> Json:
    """The record as a forger would sign it."""
    body = {key: value for key, value in record.items() if key != "sha256"}
    return {**body, "sha256": hashlib.sha256(canonical(body)).hexdigest()}


def difference(settler: Settler, record: Json) -> str:
    with pytest.raises(Refused) as caught:
        verify_record(settler, record)
    assert caught.value.code == "record_differs"
    assert caught.value.what.zh != caught.value.what.en
    return caught.value.path


def test_a_record_holds_everything_the_decision_rests_on(record: Json) -> None:
    assert set(record) == {"format", "engine", "policy", "facts", "answer", "sha256"}
    assert record["format"] == FORMAT
    assert record["engine"] == doudi.__version__
    assert record["policy"] == {"id": LIUZHI, "hash": policy(LIUZHI).hash}
    assert record["facts"] == {key: value for key, value in FILE.items() if key != "policy"}
    assert "explanation" in record["answer"]["bills"][0]


def test_a_replay_gives_the_same_bytes(settler: Settler, record: Json) -> None:
    assert canonical(make_record(settler, copy.deepcopy(FILE))) == canonical(record)
    assert canonical(make_record(Settler(policy(LIUZHI)), FILE)) == canonical(record)
    verify_record(settler, record)


def test_a_record_survives_being_written_and_read(settler: Settler, record: Json) -> None:
    verify_record(settler, json.loads(canonical(record)))
    verify_record(settler, json.loads(json.dumps(record, indent=2)))


def test_another_process_with_other_hashes_makes_the_same_bytes(record: Json) -> None:
    script = """
import json, sys
from doudi.engine.record import canonical, make_record
from doudi.engine.settle import Settler
from doudi.policy.library import Library
data = json.load(sys.stdin)
sys.stdout.buffer.write(canonical(make_record(Settler(Library().load(data["policy"])), data)))
"""
    for seed in ("1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")}
        told = subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps(FILE).encode(),
            capture_output=True,
            check=True,
            env=environment,
            timeout=60,
        )
        assert told.stdout == canonical(record)


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every text, number and truth below `data`."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))
    elif data is not None:
        yield path


def with_changed(record: Json, path: tuple[Any, ...]) -> Json:
    changed = copy.deepcopy(record)
    owner = changed
    for step in path[:-1]:
        owner = owner[step]
    written = owner[path[-1]]
    owner[path[-1]] = not written if isinstance(written, bool) else f"{written}0"
    return changed


def test_any_text_changed_anywhere_is_found(settler: Settler, record: Json) -> None:
    paths = list(leaves(record))
    assert len(paths) > 200
    for path in paths:
        assert difference(settler, with_changed(record, path)) == "sha256", path


def test_a_changed_amount_is_found_although_the_record_was_signed_again(
    settler: Settler, record: Json
) -> None:
    forged = copy.deepcopy(record)
    forged["answer"]["bills"][1]["shares"]["assistance"] = "8000.00"
    assert difference(settler, signed(forged)) == "answer.bills[1].shares.assistance"


def test_every_part_of_a_signed_answer_is_held_against_the_replay(settler: Settler, record: Json) -> None:
    paths = [path for path in leaves(record["answer"]) if path[0] != "policy"]
    for path in paths[:: max(1, len(paths) // 40)]:
        assert difference(settler, signed(with_changed(record, ("answer", *path)))).startswith("answer")


def test_changed_facts_are_found_although_the_record_was_signed_again(settler: Settler, record: Json) -> None:
    forged = copy.deepcopy(record)
    forged["facts"]["bills"][0]["in_scope"] = "26000.01"
    assert difference(settler, signed(forged)).startswith("answer.")


def test_something_left_out_is_found(settler: Settler, record: Json) -> None:
    forged = copy.deepcopy(record)
    del forged["answer"]["bills"][1]
    assert difference(settler, signed(forged)) == "answer.bills"
    unsigned = {key: value for key, value in record.items() if key != "sha256"}
    assert difference(settler, unsigned) == "sha256"


def test_a_record_of_another_format_is_found(settler: Settler, record: Json) -> None:
    assert difference(settler, signed({**record, "format": "doudi-decision-0"})) == "format"


def test_a_changed_policy_is_found(tmp_path: Path) -> None:
    body = "payers:\n  - {payer: aid, assumed: 测试用, benefits: [{benefit: share, rate: 70%}]}\n"
    record = make_record(Settler(written(tmp_path, body)), a_file(a_bill(in_scope="100.00")))
    verify_record(Settler(written(tmp_path, "# a comment\n" + body)), record)
    changed = Settler(written(tmp_path, body.replace("70%", "71%")))
    assert difference(changed, record) == "policy.hash"
    forged = copy.deepcopy(record)
    forged["policy"]["hash"] = changed.policy.hash
    assert difference(changed, signed(forged)).startswith("answer.")


def test_a_catalogue_given_beside_the_file_is_kept_in_the_record(tmp_path: Path) -> None:
    body = "payers:\n  - {payer: aid, assumed: 测试用, benefits: [{benefit: share, rate: 70%}]}\n"
    settler = Settler(written(tmp_path, body))
    file = a_file(a_bill(lines=[{"code": "A", "price": "10.00", "quantity": "2"}]))
    record = make_record(settler, file, [{"code": "A", "class": "甲"}])
    assert record["answer"]["bills"][0]["shares"] == {"aid": "14.00"}
    verify_record(settler, record)


def test_canonical_text_has_one_form() -> None:
    assert canonical({"b": [1, "二"], "a": None}) == '{"a":null,"b":[1,"二"]}'.encode()


def test_making_a_record_changes_nothing_that_was_given(settler: Settler) -> None:
    file = copy.deepcopy(FILE)
    make_record(settler, file)
    assert file == FILE
