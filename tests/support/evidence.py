"""What a suite found, printed as it goes and kept as a page under `docs/evidence`."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.machine import machine  # noqa: E402 - found by the line above

FOLDER = ROOT / "docs" / "evidence"


@dataclass
class Evidence:
    """A page: its title, how it is made, and its parts. A part is a heading, words, and lines that were printed."""

    name: str
    title: str
    command: str
    parts: list[tuple[str, str, list[str]]] = field(default_factory=list)
    ills: int = 0
    pictures: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def begin(self, heading: str, words: str) -> None:
        """A new part; its words say what was done."""
        self.parts.append((heading, words, []))
        print(f"\n{heading}", flush=True)

    def say(self, **figures: object) -> None:
        """A line of figures. Those that must be 0 are told by their names (`must_be_zero`)."""
        line = " ".join(f"{name}={value}" for name, value in figures.items())
        self.parts[-1][2].append(line)
        self.ills += sum(
            1 for name, value in figures.items() if name in MUST_BE_ZERO and value not in (0, "0")
        )
        print("  " + line, flush=True)

    def show(self, name: str, words: str, svg: str) -> None:
        """A picture under the figures of the part; `words` say what it shows."""
        self.pictures[self.parts[-1][0]] = (f"{self.name}-{name}.svg", words, svg)

    def write(self, uncovered: str) -> None:
        """Write the page."""
        facts = machine()
        where = f"{facts['processor']}, {facts['cores']} cores, {facts['memory']}, {facts['system']}"
        made = f"Made by `{self.command}` on {time.strftime('%Y-%m-%d')} of commit {commit()}, on {where}."
        text = [f"# {self.title}", "", made]
        for heading, words, lines in self.parts:
            text += ["", f"## {heading}", "", words.strip(), "", "```text", *lines, "```"]
            if heading in self.pictures:
                file, shows, svg = self.pictures[heading]
                text += ["", f"![{shows}]({file})"]
                (FOLDER / file).write_text(svg, "utf-8")
        text += ["", "## What is not covered", "", uncovered.strip(), ""]
        (FOLDER / f"{self.name}.md").write_text("\n".join(text), "utf-8")


MUST_BE_ZERO = frozenset(
    {
        "missing",
        "duplicates",
        "half_written",
        "breaches",
        "differences",
        "lost",
        "unequal",
        "not_once",
        "faults",
    }
)


def commit() -> str:
    if told := os.environ.get("DOUDI_COMMIT"):
        return told
    run = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return run.stdout.strip() or "unknown"
