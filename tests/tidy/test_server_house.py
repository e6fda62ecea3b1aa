"""The house rules of the server: one clock, one place for tables, exact money, no signals, no code from data."""

import ast

import pytest

from tidy.tree import SERVER, name, server, syntax

READERS_AND_WRITERS = {"models.py", "queries.py", "manager.py"}
FOLDERS = {"operations", "queries", "demo"}
ALLOWED_OBJECTS = {
    "src/doudi/server/kernel/idempotency.py": "answers already given are the kernel's own rows",
    "src/doudi/server/audit/append.py": "the trail's only writer",
}
CLOCK = "src/doudi/server/kernel/clock.py"
CLOCKS = {"now", "utcnow", "today"}
EVIL = {"eval", "exec", "compile", "__import__"}


def attributes(path_name: str, tree: ast.Module) -> list[tuple[int, str]]:
    return [(node.lineno, node.attr) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]


def test_tables_are_touched_in_their_place_only() -> None:
    """`.objects` stands in models, queries and operations; a view or a rule that reads tables is a second door."""
    strays = [
        f"{name(path)}:{line}"
        for path in server()
        if path.name not in READERS_AND_WRITERS
        and not FOLDERS & set(path.parts)
        and name(path) not in ALLOWED_OBJECTS
        for line, word in attributes(name(path), syntax(path))
        if word == "objects"
    ]
    assert strays == []


def clock_calls(tree: ast.Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and ast.unparse(node.func.value)
        in {"datetime", "date", "datetime.datetime", "datetime.date", "timezone"}
    ]


def test_one_clock() -> None:
    strays = [
        f"{name(path)}:{line}"
        for path in server()
        if name(path) != CLOCK
        for line in clock_calls(syntax(path))
    ]
    assert strays == []


def test_no_signals_and_no_code_from_data() -> None:
    strays = [
        f"{name(path)}:{node.lineno}"
        for path in server()
        for node in ast.walk(syntax(path))
        if (isinstance(node, ast.Name) and node.id in EVIL)
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.dispatch"))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").endswith("db.models.signals"))
    ]
    assert strays == []


def test_money_is_never_inexact() -> None:
    strays = [
        f"{name(path)}:{node.lineno} {word}"
        for path in server()
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Name | ast.Attribute)
        and (word := node.id if isinstance(node, ast.Name) else node.attr)
        in {"Decimal", "DecimalField", "FloatField"}
    ]
    assert strays == []


@pytest.mark.parametrize("line", ["datetime.now()", "date.today()", "datetime.datetime.now(UTC)"])
def test_the_clock_test_can_fail(line: str) -> None:
    assert clock_calls(ast.parse(line))


BEHIND = {"api", "data"}
APPS = {
    "access",
    "audit",
    "enrolment",
    "entitlement",
    "filings",
    "imports",
    "ledger",
    "people",
    "recognition",
    "reference",
    "settlement",
}


def side_doors(app: str, tree: ast.Module) -> list[str]:
    """Modules of another app that are entered past its `api` and `data`."""
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    steps = [module.split(".") for module in imported if module.startswith("doudi.server.")]
    return [
        ".".join(one) for one in steps if one[2] in APPS - {app} and len(one) > 3 and one[3] not in BEHIND
    ]


def test_an_app_is_entered_by_its_door_only() -> None:
    """`site` knows all: it wires, fills the demo county and changes keys of every table."""
    strays = [
        f"{name(path)}: {module}"
        for path in server()
        if (app := path.relative_to(SERVER).parts[0]) != "site"
        for module in side_doors(app, syntax(path))
    ]
    assert strays == []


def test_the_door_test_can_fail() -> None:
    assert side_doors("filings", ast.parse("from doudi.server.people.models import Person"))
    assert not side_doors("people", ast.parse("from doudi.server.people.models import Person"))
