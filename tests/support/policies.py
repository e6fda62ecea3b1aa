"""Policies for tests: those that are shipped, the small ones of tests/policies, others written on the spot."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

from doudi.engine.settle import Settler
from doudi.policy.library import Library, Policy, shipped_root

ROOT = Path(__file__).resolve().parents[2]
SMALL_FOLDER = ROOT / "tests" / "policies"
READD = ROOT / "scripts" / "readd.py"

SHIPPED = Library([shipped_root()], shipped=False)
SMALL = Library([SMALL_FOLDER], shipped=False)
SHIPPED_IDS = [summary.id for summary in SHIPPED.summaries() if not summary.abstract]
SMALL_IDS = SMALL.ids()
ALL_IDS = SHIPPED_IDS + SMALL_IDS


@cache
def policy(policy_id: str) -> Policy:
    """A shipped or small policy, loaded once."""
    return (SMALL if policy_id in SMALL_IDS else SHIPPED).load(policy_id)


@cache
def settler(policy_id: str) -> Settler:
    """Its settler, compiled once."""
    return Settler(policy(policy_id))


def written(folder: Path, body: str, name: str = "trial", head: str = "", cases: str = "") -> Policy:
    """A policy of Liuzhi made of a standard head and `body`; amounts are assumed in the body."""
    text = f'policy: {name}\ntitle: {{zh: 测试, en: test}}\nregion: "520203"\n'
    if "in_force:" not in head:
        text += "in_force: {from: 2017-01-01, assumed: 测试用}\n"
    if cases:
        text += f"cases: {name}.cases.yaml\n"
        (folder / f"{name}.cases.yaml").write_text(cases, encoding="utf-8")
    (folder / f"{name}.yaml").write_text(text + head + body, encoding="utf-8")
    return Library([folder]).load(name)


def one_benefit(benefit: str, payer: str = "aid", more: str = "covers: in_scope") -> str:
    """The payers of a policy with a single benefit, written in flow style."""
    return f"""payers:
  - payer: {payer}
    assumed: 测试用
    {more}
    benefits:
      - {{benefit: share, {benefit}}}
"""


@cache
def readd() -> ModuleType:
    """scripts/readd.py as a module."""
    spec = importlib.util.spec_from_file_location("readd", READD)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
