"""The operating guide lists all there is to set, says the same in both languages, and names only what exists."""

import re

import pytest

from doudi.cli.arguments import UsageError, build
from doudi.server.site.events import EVENTS
from doudi.server.site.rules import RULES
from tidy.tree import ROOT

PAGES = ("operating.md", "operating.zh-CN.md")
NAME = re.compile(r"[\"']((?:DOUDI|DATABASE)_[A-Z_]+)[\"']")
"""A name as code reads it from the environment; settings of Django are attributes, not texts."""
NOT_SET_BY_OPERATORS: dict[str, str] = {}
BLOCK = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)


def text(page: str) -> str:
    return (ROOT / "docs" / page).read_text("utf-8")


def variables() -> set[str]:
    sources = [path for path in sorted((ROOT / "src" / "doudi").rglob("*.py")) if "tests" not in path.parts]
    found = {name for path in sources for name in NAME.findall(path.read_text("utf-8"))}
    return found - set(NOT_SET_BY_OPERATORS)


@pytest.mark.parametrize("page", PAGES)
def test_every_variable_has_its_line(page: str) -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", text(page), re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == variables()


def test_both_languages_say_the_same() -> None:
    shapes = []
    for page in PAGES:
        plain = BLOCK.sub("", text(page))
        commands = [
            re.sub(r"\s*# .*$", "", line)
            for block in BLOCK.findall(text(page))
            for line in block.splitlines()
        ]
        shapes.append(
            (
                [len(marks) for marks in re.findall(r"^(#+) ", plain, re.MULTILINE)],
                commands,
                re.findall(r"`((?:[a-z]+\.)+[a-z_]+)`", plain),
                [line.count("|") for line in plain.splitlines() if line.startswith("|")],
            )
        )
    assert shapes[0] == shapes[1]


def test_its_commands_are_ours() -> None:
    lines = [
        line for block in BLOCK.findall(text(PAGES[0])) for line in block.replace("\\\n", " ").splitlines()
    ]
    asked = [
        re.sub(r"\s*# .*$|\s*>>.*$", "", line.strip().removeprefix("sudo -u doudi "))
        for line in lines
        if re.match(r"\s*(sudo -u doudi )?doudi [a-z]", line)
    ]
    assert len(asked) > 15
    for command in asked:
        words = re.findall(r'"([^"]*)"|(\S+)', command.removeprefix("doudi "))
        try:
            build("en").parse_args([quoted or plain for quoted, plain in words])
        except UsageError as wrong:
            pytest.fail(f"{command}: {wrong}")


def test_its_refusals_are_ours() -> None:
    codes = set(
        re.findall(r"`((?:database|keys|account|serve)\.[a-z_]+)`", text(PAGES[0]).replace("keys.json", ""))
    )
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "src" / "doudi").rglob("*.py"))
    assert len(codes) > 12
    assert {code for code in codes if f'"{code}"' not in sources} == set()


def test_what_only_the_operator_does_is_the_server_s_alone() -> None:
    assert {role for rule in RULES for role in rule.roles} == {"system"}
    assert EVENTS
