"""Refusals: what is wrong, where, and what to do, in both languages. Each app declares its own codes in `errors.py`.

A `Refused` is an answer to a person, not a fault: the screen shows it beside the field, the API answers its status.
`invariant` is for faults: a promise of ours is broken, the transaction is rolled back, and somebody must look.
"""

from __future__ import annotations

from doudi.words import Words


class Refused(Exception):
    """A request that is refused. `code` is stable, `where` names the field or row, `remedy` says what would mend it."""

    status = 422

    def __init__(self, code: str, words: Words, *, remedy: Words | None = None, where: str = "") -> None:
        super().__init__(code, words.en)
        self.code = code
        self.words = words
        self.remedy = remedy
        self.where = where

    def said(self) -> Words:
        """The whole sentence: what is wrong, then what to do."""
        if self.remedy is None:
            return self.words
        return Words(self.words.zh + self.remedy.zh, f"{self.words.en} {self.remedy.en}")


class Forbidden(Refused):
    """Whoever asks may not do this, anywhere."""

    status = 403


class NotFound(Refused):
    """There is nothing of this kind in the asker's scope. Never tells whether it exists elsewhere."""

    status = 404


class Conflict(Refused):
    """What is asked contradicts what is already there."""

    status = 409


class InvariantBroken(Exception):
    """One of our own promises does not hold. Never shown to a user but as a reference number."""


def invariant(holds: object, code: str) -> None:
    """Raise `InvariantBroken` in production too; never `assert` for what must hold."""
    if not holds:
        raise InvariantBroken(code)
