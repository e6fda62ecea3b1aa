"""Which operations and queries have a door: what a person or a token may run, decided from the rules and signatures.

Withheld are what only the server itself runs (jobs, sweeps, keys), steps of a background job (an operation that takes
no `key` is run by nothing that could repeat it), and what `WITHHELD` names with the reason.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter

from doudi.server.access.api import GUARDED, Role, Rule, rule_of
from doudi.server.desks.endpoints.shapes import answer_of, asked_of, body_of, keeps_answers, takes_bytes

Kind = Literal["operation", "query"]

WITHHELD = {
    "desks.export": "counts the rows of a file that a page is about to write; without the file it means nothing",
    "recognition.export": "rows leave through desks.export, which counts them and asks for the purpose",
    "enrolment.export": "rows leave through desks.export, which counts them and asks for the purpose",
    "filings.export": "rows leave through desks.export, which counts them and asks for the purpose",
}


@dataclass(frozen=True)
class Door:
    """An operation or query with a door. Its shapes are made when it is first used: most processes use few."""

    name: str
    kind: Kind
    function: Callable[..., Any]
    rule: Rule

    @property
    def app(self) -> str:
        """The app it belongs to."""
        return self.name.partition(".")[0]

    @property
    def address(self) -> str:
        """Below `/api/`."""
        return f"{'operations' if self.kind == 'operation' else 'queries'}/{self.name}"

    @functools.cached_property
    def body(self) -> type[BaseModel]:
        """Reads its requests."""
        return body_of(self.name, self.function)

    @functools.cached_property
    def answer(self) -> TypeAdapter[Any]:
        """Writes its answers."""
        return answer_of(self.function)

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """All words the function takes, those of the server among them."""
        return frozenset(inspect.signature(self.function).parameters)

    @functools.cached_property
    def keeps_answers(self) -> bool:
        """An operation whose repeated key is answered with the first answer."""
        return self.kind == "operation" and keeps_answers(self.function)

    @functools.cached_property
    def takes_file(self) -> bool:
        """Whether a file travels in its request."""
        return any(takes_bytes(kind) for kind, _ in asked_of(self.function).values())


def why_not(name: str) -> str | None:
    """Why an operation or query has no door; None where it has one."""
    if name in WITHHELD:
        return WITHHELD[name]
    rule = rule_of(name)
    if rule is None or not rule.roles - {Role.SYSTEM}:
        return "only the server itself runs it"
    kind, function = GUARDED[name]
    if kind == "operation" and "key" not in inspect.signature(function).parameters:
        return "a step of a background job"
    return None


@functools.cache
def doors() -> dict[str, Door]:
    """Every door by name, once all apps are loaded."""
    found = {}
    for name, (kind, function) in sorted(GUARDED.items()):
        rule = rule_of(name)
        if why_not(name) is None and rule is not None:
            found[name] = Door(name, kind, function, rule)
    return found
