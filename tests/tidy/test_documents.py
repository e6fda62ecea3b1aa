"""What the documents say is there: links, commands, and nothing that belongs to one machine."""

import re
import tomllib
from urllib.parse import unquote

import pytest

from tidy.tree import ROOT, files, name, text_files

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^(#+)\s+(.*?)\s*$", re.MULTILINE)
MAKE = re.compile(r"(?:^|`)make ([a-z][a-z-]*)", re.MULTILINE)
MACHINE_PATH = re.compile(r"(?<![\w.:/$}-])/(?:root|home|work|tmp|Users|opt)/\w|[A-Z]:\\Users")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings as code hosts make them."""
    headings = [heading for _, heading in HEADING.findall(FENCE.sub("", text))]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links() -> list[str]:
    broken = []
    for page in files(".md"):
        text = page.read_text("utf-8")
        for target in LINK.findall(CODE.sub("", FENCE.sub("", text))):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = unquote(target).partition("#")
            linked = (page.parent / path) if path else page
            if not linked.exists():
                broken.append(f"{name(page)}: {target}")
            elif anchor and linked.suffix == ".md" and anchor not in anchors(linked.read_text("utf-8")):
                broken.append(f"{name(page)}: {target} (no such heading)")
    return broken


def test_links_resolve() -> None:
    assert broken_links() == []


def test_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    missing = [
        f"{name(page)}: make {target}"
        for page in files(".md")
        for target in MAKE.findall(page.read_text("utf-8"))
        if target not in targets
    ]
    assert missing == []


def test_nothing_of_one_machine() -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in text_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("line", ["see " + "/home" + "/ann/x", "(" + "/tmp" + "/x)", "C:" + "\\Users\\ann"])
def test_machine_paths_are_seen(line: str) -> None:
    assert MACHINE_PATH.search(line)


def test_requirements_have_hashes_and_no_addresses() -> None:
    for path in files(".txt", ROOT / "requirements"):
        text = path.read_text("utf-8")
        assert "://" not in text
        pinned = re.findall(
            r"^[a-z][^\n]*==[^\n]*(?:\n +--hash=sha256:[0-9a-f]{64}[^\n]*)+", text, re.MULTILINE
        )
        assert len(pinned) == len(re.findall(r"^\S", text, re.MULTILINE)), name(path)


def test_requirements_name_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = {
        file: set(re.findall(r"^([\w-]+)==", (ROOT / "requirements" / file).read_text("utf-8"), re.MULTILINE))
        for file in ("runtime.txt", "server.txt", "dev.txt", "bench.txt")
    }
    extras = project["optional-dependencies"]
    declared = {
        "runtime.txt": project["dependencies"],
        "server.txt": extras["server"],
        "dev.txt": extras["dev"],
        "bench.txt": extras["bench"],
    }
    for file, requirements in declared.items():
        names = {re.split(r"[\[<>=~! ]", one)[0].lower() for one in whole(requirements, extras)}
        assert names <= pinned[file], file
    assert pinned["runtime.txt"] <= pinned["server.txt"] <= pinned["dev.txt"] <= pinned["bench.txt"]


def whole(requirements: list[str], extras: dict[str, list[str]]) -> list[str]:
    """Requirements with the project's own extras, such as `doudi[batch]`, written out."""
    found = []
    for one in requirements:
        own = re.fullmatch(r"doudi\[(.+)\]", one)
        found += [r for extra in own[1].split(",") for r in extras[extra]] if own else [one]
    return found


def test_both_readmes_say_the_same() -> None:
    """Chinese and English have the same sections in the same order, and the same commands."""
    shapes = []
    for file in ("README.md", "README.zh-CN.md"):
        text = (ROOT / file).read_text("utf-8")
        levels = [len(marks) for marks, _ in HEADING.findall(FENCE.sub("", text))]
        commands = re.findall(r"^(?:make|doudi|pip|git) .*?(?=\s+#|$)", text, re.MULTILINE)
        shapes.append((levels, commands))
    assert shapes[0] == shapes[1]


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in files(".md", ROOT / "docs" / "decisions")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_changelog_names_the_version() -> None:
    version = re.search(r'__version__ = "([^"]+)"', (ROOT / "src/doudi/__init__.py").read_text("utf-8"))
    assert version
    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
