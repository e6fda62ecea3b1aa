"""Bills settled again in the order of posting: each on what is known of it, after what the bills before it used.

Pure: what is known comes through `know`, the books are kept here. Two ways of knowing (`knowing.py`): as it was known
when each bill was decided (a reversal makes room and changes nothing else), or as it is known now (re-adjudication). A
bill that the law refuses now stands as it is, and so does one for which nothing that it rests on has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from doudi.engine.data import Balances
from doudi.engine.record import canonical
from doudi.engine.settle import Settler
from doudi.server.kernel.errors import InvariantBroken, Refused
from doudi.server.settlement import reversal_errors as errors
from doudi.server.settlement.facts import opening_facts
from doudi.server.settlement.judging import Judged, judge
from doudi.server.settlement.queries.bills import Group, Posted, Used, used_by
from doudi.server.settlement.rows import money_of
from doudi.server.settlement.state import Place, counted, home_of

COMPARED = (
    "total_fen", "in_scope_fen", "first_pay_fen", "over_limit_fen", "own_pay_fen", "shares", "funds", "hospital_fen",
    "patient_fen", "patient_in_scope_fen", "moved",
)  # fmt: skip
"""Where one of these columns comes out otherwise, the bill has another decision."""


@dataclass(frozen=True)
class Known:
    """What a bill is judged on. `opening`: what was used before any bill here; `reserved`: what others' holds keep back.

    `columns`: of the version, what follows from what is known or corrected; `head`: the head of the slip, renewed.
    """

    facts: Mapping[str, Any]
    settler: Settler
    opening: Balances
    reserved: Sequence[tuple[Place, int]] = ()
    columns: Callable[[Judged], Mapping[str, Any]] = lambda _: {}
    head: Callable[[Judged], bytes | None] | None = None


Know = Callable[[Posted], Known | None]
"""What is known of a bill; None: it is not looked at and stands as it is. May refuse."""


@dataclass(frozen=True)
class Again:
    """A bill that comes out otherwise (`judged`), or that may not be settled again (`refused`)."""

    posted: Posted
    known: Known | None = None
    judged: Judged | None = None
    refused: Refused | None = None

    def decided(self) -> tuple[Judged, Known]:
        """The decision and what it rests on; a fault where it was refused."""
        if self.judged is None or self.known is None:
            raise InvariantBroken("settlement.refused_not_decided")
        return self.judged, self.known

    @property
    def moved(self) -> list[Any]:
        """What it moves now."""
        if self.judged is None:
            return list(self.posted.row["moved"])
        return [[*place, fen] for place, fen in sorted(self.judged.moved.items())]


@dataclass
class Books:
    """What the bills so far have used, and their stays."""

    group: Group
    used: Used = field(default_factory=dict)
    stays: dict[int, list[tuple[str, int]]] = field(default_factory=dict)

    def add(self, posted: Posted, moved: Iterable[Iterable[Any]]) -> None:
        """One more bill."""
        row = posted.row
        for place, fen in used_by(row, moved).items():
            self.used[place] = self.used.get(place, 0) + fen
        if row["admission"] is not None:
            whose = self.group.records[posted.person][0]
            self.stays.setdefault(whose, []).append((row["stay"], row["benefit_year"]))

    def before(self, posted: Posted, known: Known) -> Balances:
        """What the next bill counts on."""
        records = self.group.records[posted.person]
        household = posted.row["household_id"]
        homes = {household} if household is not None else {home_of(None, one) for one in records}
        used = [
            ((scope, name, period), fen)
            for (scope, subject, name, period), fen in self.used.items()
            if subject in (homes if scope == "household" else records)
        ]
        stays = self.stays.get(records[0], [])
        return counted(known.opening, known.settler, [*used, *known.reserved], stays)


def replay(group: Group, bills: Iterable[Posted], know: Know) -> list[Again]:
    """What comes out otherwise, in the order of posting. Bills that were reversed are as if they had never been."""
    books, found = Books(group), []
    for posted in bills:
        if posted.reversed:
            continue
        again = _again(books, posted, know)
        if again is None:
            books.add(posted, posted.row["moved"])
            continue
        found.append(again)
        books.add(posted, again.moved)
    return found


def _again(books: Books, posted: Posted, know: Know) -> Again | None:
    known = None
    try:
        known = know(posted)
        if known is None:
            return None
        facts = {**known.facts, "opening": opening_facts(books.before(posted, known))}
        if _same(posted, facts, known.settler):
            return None
        judged = judge(known.settler, facts)
        if judged.year != posted.row["benefit_year"]:
            raise errors.year_changes(posted.row["benefit_year"], judged.year)
    except Refused as refusal:
        return Again(posted, known, refused=refusal)
    columns = money_of(judged)
    differs = any(columns[name] != posted.row[name] for name in COMPARED)
    corrected = known.columns(judged)
    touched = any(corrected.get(name, posted.row[name]) != posted.row[name] for name in CONTENT)
    return Again(posted, known, judged) if differs or touched else None


CONTENT = ("admitted_on", "discharged_on", "main_diagnosis")
"""What a correction may change without moving money: it is a new version all the same."""


def _same(posted: Posted, facts: Mapping[str, Any], settler: Settler) -> bool:
    """Whether everything it rests on is what it was decided on: then so is the decision."""
    same_law = posted.row["policy_hash"] == settler.policy.hash
    return same_law and canonical(facts) == canonical(posted.facts)
