"""What is wrong with a policy: one record a finding, with its place, what was expected and how to mend it.

Findings are values, not exceptions: a reader collects all it can see and the author mends them in one go.
The texts of all codes stand in `catalogue.py`; each code is raised at exactly one place (a test counts them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from doudi.policy.catalogue import CATALOGUE
from doudi.words import Language, Words

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file; lines and columns start at 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: `what` is wrong, how to `mend` it, `where`, and the path of keys that leads there."""

    code: str
    where: Where
    what: Words
    mend: Words
    path: str = ""
    severity: Severity = "error"

    def line(self, language: Language) -> str:
        """One line for a terminal: place, code, what is wrong, how to mend it."""
        return f"{self.where}: {self.code}: {self.what.say(language)} {self.mend.say(language)}".rstrip()


def problem(
    code: str, where: Where, path: str = "", severity: Severity = "error", **values: object
) -> Problem:
    """A finding of `code` at `where`; `values` fill the placeholders of its catalogue texts.

    A value may be `Words`: then each language gets its own.
    """
    what_zh, what_en, mend_zh, mend_en = CATALOGUE[code]
    zh = {"path": path} | {
        name: value.zh if isinstance(value, Words) else value for name, value in values.items()
    }
    en = {"path": path} | {
        name: value.en if isinstance(value, Words) else value for name, value in values.items()
    }
    return Problem(
        code,
        where,
        Words(what_zh.format(**zh), what_en.format(**en)),
        Words(mend_zh.format(**zh), mend_en.format(**en)),
        path,
        severity,
    )


class PolicyError(Exception):
    """A policy cannot be read; `problems` says everything that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda found: found.where)
        super().__init__("\n".join(found.line("en") for found in self.problems))
