"""The independent auditor, asked by tests: `scripts/auditor.py` as it is, on a database of the test cluster."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "auditor.py"


def auditor() -> ModuleType:
    """The script as a module; it imports nothing of Doudi, and is no part of it."""
    found = importlib.util.spec_from_file_location("auditor", SCRIPT)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def audited(connection: psycopg.Connection[Any]) -> tuple[dict[str, int], list[str]]:
    """Counts and differences. `connection` must be in a transaction of its own, or begin one now."""
    counts, found = auditor().audit(connection)
    return counts, found
