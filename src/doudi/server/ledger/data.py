"""What crosses the border of the ledger: amounts to be posted, and what its queries answer. Money is whole fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of a posting: a column of its template, the fund where the column is of a fund, and fen.

    Negative fen take back; zero is left out.
    """

    column: str
    fund: str
    fen: int


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry to be written: as the words of `post`."""

    posted_on: date
    region: int
    template: str
    amounts: Sequence[Amount]
    facility: int = 0
    person: int | None = None
    source_kind: str = ""
    source_id: int = 0
    back: int | None = None
