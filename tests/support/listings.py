"""The tutorial as a programme: its listings build files, its commands are run, what they print stands under them.

A page holds directives, comments that a reader does not see, each before a fenced block:

    <!-- begin: FILE -->    the block is the whole file
    <!-- append: FILE -->   the block goes to the end of the file
    <!-- change: FILE -->   the block, which stands in the file once, gives way to the block after `<!-- into -->`
    <!-- copy: FILE to FILE, WORD becomes WORD -->    without a block

A ```console block is `$ command` and what it prints; `> FILE` at the end of the command catches that in a file. After
a message was improved: `python -m tests.support.listings`, then read `git diff docs`.
"""

import contextlib
import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from doudi.cli.main import main as doudi

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {"zh": DOCS / "policy-authoring.md", "en": DOCS / "policy-authoring.en.md"}
STEP = re.compile(
    r"^(?:<!-- (?P<verb>\w+)(?:: (?P<what>[^\n]+?))? -->\n(?:\n?```(?:yaml|json)\n(?P<block>.*?)^```$)?"
    r"|```console\n\$ (?P<command>[^\n]+)\n(?P<printed>.*?)^```$)",
    re.MULTILINE | re.DOTALL,
)
COPY = re.compile(r"(\S+) to (\S+), (\S+) becomes (\S+)")


@dataclass(frozen=True)
class Step:
    """A directive with its block, or a command with what it is said to print."""

    verb: str
    what: str
    block: str
    start: int
    end: int


def steps(text: str) -> list[Step]:
    """Everything a page asks to be done, in its order."""
    found = []
    for match in STEP.finditer(text):
        if match["command"]:
            found.append(Step("run", match["command"], match["printed"], *match.span("printed")))
        else:
            found.append(Step(match["verb"], match["what"] or "", match["block"] or "", *match.span()))
    return found


def followed(text: str, language: str) -> Iterator[tuple[Step, str]]:
    """Do what a page says in the folder where one stands; each command with what it really prints."""
    old: tuple[Path, str] | None = None
    for step in steps(text):
        path = Path(step.what)
        match step.verb:
            case "run":
                yield step, run(step.what, language)
            case "begin":
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(step.block, "utf-8")
            case "append":
                path.write_text(path.read_text("utf-8") + step.block, "utf-8")
            case "change":
                old = (path, step.block)
            case "into":
                assert old, "`into` follows `change`"
                _change(*old, step.block)
            case "copy":
                _copy(step.what)
            case _:
                raise AssertionError(f"no directive {step.verb}")


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path} holds this {text.count(old)} times:\n{old}"
    path.write_text(text.replace(old, new), "utf-8")


def _copy(what: str) -> None:
    match = COPY.fullmatch(what)
    assert match, what
    source, target, old, new = match.groups()
    Path(target).write_text(Path(source).read_text("utf-8").replace(old, new), "utf-8")


def run(command: str, language: str) -> str:
    """What a command prints, in a page's language and not on a terminal."""
    line, _, file = command.partition(" > ")
    name, *arguments = shlex.split(line)
    assert name == "doudi", command
    screen = io.StringIO()
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        doudi([*arguments, "--lang", language])
    if file:
        Path(file).write_text(screen.getvalue(), "utf-8")
        return ""
    return screen.getvalue().rstrip("\n") + "\n"


def renewed(text: str, language: str) -> str:
    """The page with what its commands really print."""
    pieces, done = [], 0
    for step, printed in followed(text, language):
        pieces += [text[done : step.start], printed]
        done = step.end
    return "".join([*pieces, text[done:]])


def main() -> None:
    """Write what the commands print into the pages anew."""
    os.environ.pop("DOUDI_POLICIES", None)
    for language, page in PAGES.items():
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            text = renewed(page.read_text("utf-8"), language)
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
