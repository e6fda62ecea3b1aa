"""Decision records: facts, policy hash, engine version and answer as canonical JSON – the same bytes at every replay."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from doudi import __version__
from doudi.engine.answer import answer
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler

FORMAT = "doudi-decision-1"


def canonical(data: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: one value, one text."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def make_record(settler: Settler, data: dict[str, Any], catalogue: Any = None) -> dict[str, Any]:
    """Settle a settle file and keep everything the decision rests on. Raises Refused."""
    facts = {key: value for key, value in data.items() if key != "policy"}
    if catalogue is not None:
        facts["catalogue"] = catalogue
    return record_of(settler, facts, answer(settler, read_facts(facts)))


def record_of(settler: Settler, facts: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The record of facts and the answer they had."""
    body = {
        "format": FORMAT,
        "engine": __version__,
        "policy": {"id": settler.policy.id, "hash": settler.policy.hash},
        "facts": facts,
        "answer": told,
    }
    return {**body, "sha256": hashlib.sha256(canonical(body)).hexdigest()}


def verify_record(settler: Settler, record: dict[str, Any]) -> None:
    """Settle the record's facts again and compare byte for byte. Raises Refused (record_differs) with what differs."""
    body = {key: value for key, value in record.items() if key != "sha256"}
    if hashlib.sha256(canonical(body)).hexdigest() != record.get("sha256"):
        raise Refused("record_differs", "sha256", what="sha256")
    if record.get("format") != FORMAT:
        raise Refused("record_differs", "format", what=f"format ≠ {FORMAT}")
    if record["policy"]["hash"] != settler.policy.hash:
        raise Refused("record_differs", "policy.hash", what=f"policy.hash {settler.policy.hash}")
    again = answer(settler, read_facts(record["facts"]))
    if canonical(again) != canonical(record["answer"]):
        raise Refused("record_differs", _first_difference(record["answer"], again), what="answer")


def _first_difference(old: Any, new: Any, path: str = "answer") -> str:
    """The path of the first place where two answers differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                return _first_difference(old.get(key), new.get(key), f"{path}.{key}")
    if isinstance(old, list) and isinstance(new, list):
        for index, (before, after) in enumerate(zip(old, new, strict=False)):
            if before != after:
                return _first_difference(before, after, f"{path}[{index}]")
    return path
