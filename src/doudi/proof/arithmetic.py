"""The arithmetic of a worked case, computed exactly and without the engine.

A line is `name = expression`, perhaps `= expression` again; all sides must be equal. Fractions are exact: where the
law rounds, the line says `round(…)` (half up to fen) or `down(…)`.

    expression := product (("+" | "-") product)*
    product    := factor (("*" | "/") factor)*
    factor     := ["-"] (number | percent | name | function "(" expression ("," expression)* ")" | "(" expression ")")
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<percent>\s*%)?|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:[.\-][A-Za-z0-9_]+)*)|(?P<mark>[-+*/(),]))"
)
_CENT = Fraction(1, 100)


class CaseSyntax(ValueError):
    """A line that cannot be read; the message says why."""


def half_up(value: Fraction) -> Fraction:
    """Yuan rounded half up to fen."""
    return floor(value / _CENT + Fraction(1, 2)) * _CENT


def down(value: Fraction) -> Fraction:
    """Yuan rounded down to fen."""
    return floor(value / _CENT) * _CENT


_FUNCTIONS = {
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "round": half_up,
    "down": down,
}


def derive(line: str, names: dict[str, Fraction]) -> tuple[str, Fraction]:
    """The name a line sets and its value. Raises CaseSyntax where it cannot be read or its sides differ."""
    sides = [side.strip() for side in line.split("=")]
    if len(sides) < 2 or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.\-]*", sides[0]):
        raise CaseSyntax("name = …")
    values = [_Reader(side, names).whole() for side in sides[1:]]
    if any(value != values[0] for value in values):
        raise CaseSyntax(" ≠ ".join(str(float_free(value)) for value in values))
    return sides[0], values[0]


def float_free(value: Fraction) -> str:
    """A fraction as decimal text where it is finite to six places, else as a fraction."""
    scaled = value * 10**6
    if scaled.denominator != 1:
        return str(value)
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(int(scaled)), 10**6)
    digits = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole}.{digits}"


class _Reader:
    def __init__(self, text: str, names: dict[str, Fraction]) -> None:
        self.text, self.names, self.position = text, names, 0

    def whole(self) -> Fraction:
        value = self.sum()
        if rest := self.text[self.position :].strip():
            raise CaseSyntax(rest)
        return value

    def peek(self) -> str:
        return self.text[self.position :].lstrip()[:1]

    def take(self) -> re.Match[str]:
        found = _TOKEN.match(self.text, self.position)
        if found is None:
            raise CaseSyntax(self.text[self.position :].strip() or self.text)
        self.position = found.end()
        return found

    def sum(self) -> Fraction:
        value = self.product()
        while self.peek() in ("+", "-") and self.peek():
            value = value + self.product() if self.take()["mark"] == "+" else value - self.product()
        return value

    def product(self) -> Fraction:
        value = self.factor()
        while self.peek() in ("*", "/") and self.peek():
            mark, other = self.take()["mark"], self.factor()
            if mark == "/" and other == 0:
                raise CaseSyntax("/ 0")
            value = value * other if mark == "*" else value / other
        return value

    def factor(self) -> Fraction:
        token = self.take()
        if token["number"]:
            value = Fraction(token["number"])
            return value / 100 if token["percent"] else value
        if token["mark"] == "-":
            return -self.factor()
        if token["mark"] == "(":
            value = self.sum()
            self.close()
            return value
        name = token["name"]
        if name in _FUNCTIONS and self.peek() == "(":
            return self.call(name)
        if name not in self.names:
            raise CaseSyntax(token.group().strip())
        return self.names[name]

    def call(self, name: str) -> Fraction:
        self.take()
        values = [self.sum()]
        while self.peek() == ",":
            self.take()
            values.append(self.sum())
        self.close()
        try:
            return _FUNCTIONS[name](*values)
        except TypeError as error:
            raise CaseSyntax(name) from error

    def close(self) -> None:
        if self.take()["mark"] != ")":
            raise CaseSyntax(")")
