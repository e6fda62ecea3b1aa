"""`formula:` – a rule that no form fits, read as a tree; a small grammar, no code.

formula  := sum
sum      := term (("+" | "-") term)*
term     := number | percent | name | function "(" sum ("," sum)* ")" | "(" sum ")"
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from doudi.money import parse_percent, parse_yuan
from doudi.policy.conditions import PARTS

_TOKEN = re.compile(
    r"\s*(?:(?P<percent>\d+(?:\.\d{1,2})?%)|(?P<number>\d+(?:\.\d{1,2})?)"
    r"|(?P<name>[a-z][a-z0-9_]*)|(?P<mark>[-+(),]))"
)
FUNCTIONS = ("min", "max", "share")


class FormulaError(ValueError):
    """The formula cannot be read at `text`; `unknown` when a name is the reason."""

    def __init__(self, text: str, unknown: bool = False) -> None:
        self.text, self.unknown = text, unknown
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Term:
    """A node of a formula: `number` (fen), `percent` (basis points), `name`, or an operation over terms."""

    kind: str
    value: str | int
    parts: tuple[Term, ...] = ()


def parse_formula(text: str, known: Callable[[str], bool]) -> Term:
    """The formula as a tree. Raises FormulaError."""
    return _Parser(text, known).whole()


class _Parser:
    def __init__(self, text: str, known: Callable[[str], bool]) -> None:
        self.text, self.known, self.position = text, known, 0

    def whole(self) -> Term:
        term = self.sum()
        if self.text[self.position :].strip():
            raise FormulaError(self.text[self.position :].strip())
        return term

    def peek(self, mark: str) -> bool:
        return self.text[self.position :].lstrip().startswith(mark)

    def take(self) -> re.Match[str]:
        found = _TOKEN.match(self.text, self.position)
        if found is None:
            raise FormulaError(self.text[self.position :].strip() or self.text)
        self.position = found.end()
        return found

    def expect(self, mark: str) -> None:
        if self.take()["mark"] != mark:
            raise FormulaError(self.text[self.position :].strip() or self.text)

    def sum(self) -> Term:
        term = self.term()
        while self.peek("+") or self.peek("-"):
            kind = "add" if self.take()["mark"] == "+" else "sub"
            term = Term(kind, kind, (term, self.term()))
        return term

    def term(self) -> Term:
        token = self.take()
        if token["percent"]:
            return Term("percent", parse_percent(token["percent"]))
        if token["number"]:
            return Term("number", parse_yuan(token["number"]))
        if token["mark"] == "(":
            inner = self.sum()
            self.expect(")")
            return inner
        name = token["name"]
        if name in FUNCTIONS:
            return self.call(name)
        if name is None or not self.known(name):
            raise FormulaError(token.group().strip(), unknown=name is not None)
        return Term("name", name)

    def call(self, name: str) -> Term:
        self.expect("(")
        parts = [self.sum()]
        while self.peek(","):
            self.expect(",")
            parts.append(self.sum())
        self.expect(")")
        percents = [part.kind == "percent" for part in parts]
        if (name == "share" and percents != [False, True]) or (name != "share" and any(percents)):
            raise FormulaError(f"{name}(…)")
        return Term(name, name, tuple(parts))


def quantities(payers: list[str]) -> list[str]:
    """The names a formula may use: the base, the total, the parts, and what earlier payers paid."""
    whole = [f"whole_{part}" for part in PARTS]
    return ["base", "total", *PARTS, *whole, *(f"paid_{payer}" for payer in payers)]
