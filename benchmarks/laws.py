"""The policies of the benchmarks, loaded and compiled once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from doudi.engine.settle import Settler
from doudi.policy.library import Library, Policy

FOLDER = Path(__file__).with_name("policies")
THREE_PAYER, FIVE_DOCUMENTS = "three-payer", "five-documents"


@cache
def policy(name: str) -> Policy:
    return Library([FOLDER], shipped=False).load(name)


@cache
def settler(name: str) -> Settler:
    return Settler(policy(name))
