"""Every message an author can get, byte for byte: the gallery of `tests/bad`. See `bad_reset.py` to write it anew."""

import ast
import string
from collections import Counter
from pathlib import Path

import pytest

from bad_reset import BAD, GOOD, MADE, TOLD_ONCE, names, told
from doudi.policy.advice import advice
from doudi.policy.catalogue import CATALOGUE
from doudi.policy.citations import uncited
from doudi.policy.library import Library, all_problems

SOURCES = BAD.parents[1] / "src" / "doudi"
RAISING = [SOURCES / "policy", SOURCES / "proof"]


@pytest.mark.parametrize("name", names())
def test_an_author_is_told_exactly_this(name: str) -> None:
    expected = BAD / f"{name}.expected"
    assert expected.is_file(), "run python -m tests.bad_reset and review the message"
    assert told(name) == expected.read_text("utf-8")


@pytest.mark.parametrize("name", [name for name in names() if "/" not in name])
def test_a_file_shows_the_finding_of_its_name(name: str) -> None:
    lines = told(name).splitlines()
    assert [line for line in lines if f": {name}: " in line], lines


def test_every_code_has_a_file_and_every_file_a_code() -> None:
    assert {name for name in names() if "/" not in name} == CATALOGUE.keys()


def test_nothing_lies_about_unused() -> None:
    stored = {path.relative_to(BAD).with_suffix("").as_posix() for path in BAD.rglob("*.expected")}
    assert stored == set(names())


def literals(path: Path) -> list[str]:
    """Words written in a module, other than those it compares with."""
    tree = ast.parse(path.read_text("utf-8"))
    no_code = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) or is_text(node)
        for part in ast.walk(node)
    }
    constants = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in no_code
    ]
    return [node.value for node in constants if isinstance(node.value, str)]


def is_text(node: ast.AST) -> bool:
    """Words for a person, which may happen to be those of a code."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Words"


def test_every_code_is_raised_at_exactly_one_place() -> None:
    files = [
        path for folder in RAISING for path in folder.rglob("*.py") if not path.stem.startswith("catalogue")
    ]
    counts = Counter(word for path in files for word in literals(path))
    assert {code: counts[code] for code in CATALOGUE if counts[code] != 1} == {}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", CATALOGUE)
def test_both_languages_say_the_same_things(code: str) -> None:
    what_zh, what_en, mend_zh, mend_en = CATALOGUE[code]
    assert (fields(what_zh), fields(mend_zh)) == (fields(what_en), fields(mend_en))
    assert any("\u4e00" <= character <= "\u9fff" for character in what_zh)
    assert not any("\u4e00" <= character <= "\u9fff" for character in what_en.replace("成", ""))


@pytest.mark.parametrize("name", [name for name in names() if name not in MADE])
def test_findings_come_in_the_order_of_the_file(name: str) -> None:
    lines = (BAD / f"{name}.expected").read_text("utf-8").splitlines()
    places = [
        (place, int(line), int(column)) for place, line, column, *_ in (one.split(":") for one in lines)
    ]
    half = places[: len(places) // 2]
    in_policy = [place for place in half if not place[0].endswith(".cases.yaml")]
    assert in_policy == sorted(in_policy)
    assert half == places[len(places) // 2 :], "the two languages speak of the same places"


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_is_right_is_told_nothing(path: Path) -> None:
    policy = Library().load_file(path)
    found = [*all_problems(policy), *advice(policy), *uncited(policy)]
    assert [one.line("zh") for one in found if one.code != TOLD_ONCE] == []
