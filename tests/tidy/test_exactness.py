"""The library is exact and pure: no floating point, one rounding function, no clock, no network.

An exception is a row of `ALLOWED`: the file, the word, and why it harms nothing.
"""

import ast
from collections.abc import Iterator

import pytest

from tidy.tree import ROOT, library, name, syntax

ALLOWED: dict[tuple[str, str], str] = {
    ("src/doudi/cli/batch.py", "time"): "tells how long a batch took",
}

INEXACT_NAMES = {"float", "Decimal", "round", "complex"}
INEXACT_MODULES = {"decimal", "cmath"}
CLOCK_ATTRIBUTES = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"}
IMPURE_MODULES = {
    "time",
    "socket",
    "ssl",
    "http",
    "urllib",
    "requests",
    "sqlite3",
    "uuid",
    "secrets",
    "locale",
}
CODE_FROM_DATA = {"eval", "exec", "compile", "__import__"}


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").partition(".")[0]]
    return []


def offences(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
        yield repr(node.value)
    elif isinstance(node, ast.Name) and node.id in INEXACT_NAMES | CODE_FROM_DATA:
        yield node.id
    elif isinstance(node, ast.Attribute) and node.attr in CLOCK_ATTRIBUTES:
        yield node.attr
    yield from (module for module in imported(node) if module in INEXACT_MODULES | IMPURE_MODULES)


def found(source: ast.Module) -> list[tuple[int, str]]:
    return [(getattr(node, "lineno", 0), word) for node in ast.walk(source) for word in offences(node)]


def test_library_is_exact_and_pure() -> None:
    refused = [
        f"{name(path)}:{line} {word}"
        for path in library()
        for line, word in found(syntax(path))
        if (name(path), word) not in ALLOWED
    ]
    assert refused == []


def test_exceptions_are_used() -> None:
    unused = [
        (path, word)
        for path, word in ALLOWED
        if not (ROOT / path).is_file() or word not in {other for _, other in found(syntax(ROOT / path))}
    ]
    assert unused == []


@pytest.mark.parametrize(
    "line",
    [
        "amount = 0.1",
        "amount = float(text)",
        "from decimal import Decimal",
        "amount = round(amount)",
        "import time",
        "from urllib.request import urlopen",
        "day = date.today()",
        "at = datetime.datetime.now()",
        "eval(formula)",
    ],
)
def test_the_test_can_fail(line: str) -> None:
    assert found(ast.parse(line))
