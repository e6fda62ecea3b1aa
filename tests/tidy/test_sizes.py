"""A good room: small files, small functions, names that say what is inside."""

import ast

from tidy.tree import files, library, name, server, syntax

FILE_LINES = 400
FUNCTION_LINES = 60
NAMES_THAT_SAY_NOTHING = {"common", "helper", "helpers", "misc", "util", "utils"}


def test_files_are_small() -> None:
    """Migrations are written by Django and read by PostgreSQL."""
    read = [path for path in files(".py") if path.parent.name != "migrations"]
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in read}
    assert {path: length for path, length in lengths.items() if length > FILE_LINES} == {}


def test_functions_are_small() -> None:
    long = {
        f"{name(path)}:{node.lineno} {node.name}": length
        for path in files(".py")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}


def test_names_say_what_is_inside() -> None:
    vague = [name(path) for path in files(".py") if {path.stem, path.parent.name} & NAMES_THAT_SAY_NOTHING]
    assert vague == []


def test_modules_explain_themselves_first() -> None:
    silent = [name(path) for path in [*library(), *server()] if not ast.get_docstring(syntax(path))]
    assert silent == []


def test_no_empty_rooms() -> None:
    """A package holds more than its `__init__`; a folder that holds Python is a package."""
    folders = {path.parent for path in [*library(), *server()]}
    missing = [name(folder) for folder in folders if not (folder / "__init__.py").is_file()]
    empty = [name(folder) for folder in folders if len(list(folder.rglob("*.py"))) < 2]
    assert (sorted(missing), sorted(empty)) == ([], [])
