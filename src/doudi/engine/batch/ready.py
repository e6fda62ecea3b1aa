"""Tables made ready and settled in memory: bills read, refusals with their words, shares of the rest.

Counts add up: every row of the table is either settled or stands among the rejected with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from doudi.engine.batch.alone import settle_alone
from doudi.engine.batch.chunk import Result
from doudi.engine.batch.columns import BillColumns, PeopleColumns, Rejected
from doudi.engine.batch.fields_array import Faults, need
from doudi.engine.batch.openings import NOTHING, Openings, read_openings
from doudi.engine.batch.prepare import Prepared, always, prepare
from doudi.engine.batch.read_tables import ReadBills, no_people, read_bills, read_people
from doudi.engine.batch.run import settle_rows
from doudi.engine.compile import Compiled
from doudi.engine.data import Bill
from doudi.engine.decision import payer_words, refused
from doudi.engine.program import Refusal
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler

REJECTED = pa.schema(
    [
        ("row", pa.int64()),
        ("id", pa.string()),
        ("person", pa.string()),
        ("code", pa.string()),
        ("place", pa.string()),
        ("reason_zh", pa.string()),
        ("reason_en", pa.string()),
    ]
)


@dataclass(frozen=True)
class Tables:
    """What a batch is made of: bills, people (without them nobody has a category), balances brought forward."""

    bills: pa.Table
    people: pa.Table | None = None
    openings: pa.Table | None = None


@dataclass(frozen=True)
class Ready:
    """Bills read, what was refused without asking an amount, the rest prepared."""

    prepared: Prepared
    bills: BillColumns
    people: PeopleColumns
    rejected: pa.Table


@dataclass(frozen=True)
class Settled:
    """Bills settled: `amounts` (fen) of the bills at `rows` of `bills`; the others stand in `rejected`.

    `moved`, where asked for: what each adds to each accumulator that any of them moves, and `left PART` (`Move`).
    """

    bills: BillColumns
    people: PeopleColumns
    rows: npt.NDArray[np.intp]
    amounts: dict[str, npt.NDArray[np.int64]]
    rejected: pa.Table
    ready: Ready | None = None
    moved: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)

    def table(self) -> pa.Table:
        """One row a settled bill: id, person, an amount a payer, hospital, patient (fen)."""
        at = pa.array(self.rows)
        amounts = {f"{name}_fen": column for name, column in self.amounts.items()}
        return pa.table({"id": self.bills.ids.take(at), "person": self.bills.person_ids.take(at), **amounts})


def read(tables: Tables) -> tuple[ReadBills, PeopleColumns, Openings]:
    """The tables as columns. Raises Refused for a table that cannot be read."""
    bills, people = tables.bills, tables.people
    listed = no_people(need(bills, "person")) if people is None else read_people(people)
    rows = np.asarray(bills.column("row").combine_chunks()) if "row" in bills.column_names else None
    found = read_bills(bills, listed, rows)
    _twice(found.bills, found.faults)
    openings = NOTHING if tables.openings is None else read_openings(tables.openings)
    return found, listed, openings


def make_ready(
    settler: Settler,
    tables: Tables,
    *,
    literals: bool = False,
    movements: bool = False,
    beforehand: tuple[Rejected, ...] = (),
) -> Ready:
    """Read tables and prepare what can be settled. Raises Refused for a table that cannot be read."""
    found, people, openings = read(tables)
    good = np.flatnonzero(found.faults.free)
    kept = found.bills if len(good) == len(found.bills) else found.bills.take(good)
    asked = {"literals": literals, "movements": movements}
    prepared = prepare(settler, kept, people, **asked, openings=openings, beforehand=beforehand)
    rejected = [
        rejected_table(found.bills, found.faults.found),
        rejected_table(kept, prepared.rejected),
    ]
    return Ready(prepared, kept, people, pa.concat_tables(rejected))


def as_columns(settler: Settler) -> bool:
    """Whether a policy can be settled as columns; one that tries each category of a person alone cannot."""
    return bool(settler.document.identity.several != "best_single")


def settle_tables(
    settler: Settler, tables: Tables, *, literals: bool = False, movements: bool = False
) -> Settled:
    """Settle a table of bills; `movements`: tell what each adds to each accumulator (`Settled.moved`).

    Raises Refused for a table that cannot be read.
    """
    if settler.document.abstract:
        raise Refused("policy_abstract", id=settler.policy.id)
    if not as_columns(settler):
        return _one_by_one(settler, tables, movements=movements)
    beforehand: list[Rejected] = []
    while True:
        ready = make_ready(
            settler, tables, literals=literals, movements=movements, beforehand=tuple(beforehand)
        )
        result = settle_rows(ready.prepared.law, ready.prepared.chunk)
        late = late_rejected(settler, ready, result)
        if not late or not ready.prepared.counts_admissions:
            good = np.flatnonzero(result.status == 0)
            rejected = pa.concat_tables([ready.rejected, rejected_table(ready.bills, late)])
            amounts = {name: column[good] for name, column in result.amounts.items()}
            moved = {name: column[good] for name, column in result.moved.items()}
            rows = ready.prepared.rows[good]
            return Settled(ready.bills, ready.people, rows, amounts, rejected, ready, moved)
        beforehand += _first_of_each_person(ready, late)


def _one_by_one(settler: Settler, tables: Tables, *, movements: bool) -> Settled:
    """The engine for one bill, over all."""
    found, people, openings = read(tables)
    done = settle_alone(settler, found.bills, people, openings, found.faults.free)
    rejected = rejected_table(found.bills, [*found.faults.found, *done.rejected])
    return Settled(
        found.bills, people, done.rows, done.amounts, rejected, moved=done.moved if movements else {}
    )


def late_rejected(settler: Settler, ready: Ready, result: Result) -> list[Rejected]:
    """What the loop refused, by reason: amounts above what is left, decisions above their cap."""
    found = []
    for status in np.unique(result.status[result.status != 0]):
        refusal = ready.prepared.compiled.program.refusals[int(status) - 1]
        rows = ready.prepared.rows[np.flatnonzero(result.status == status)]
        found.append(Rejected(rows, always(late_words(settler, ready.prepared.compiled, refusal))))
    return found


def late_words(settler: Settler, compiled: Compiled, refusal: Refusal) -> Refused:
    """A refusal that needed an amount, in words."""
    words = payer_words(settler.document, refusal.label)
    return refused(refusal, compiled, [0] * compiled.program.size, _ANY, words)


_ANY = Bill("", None, date.min, date.min, date.min, {})


def _first_of_each_person(ready: Ready, late: list[Rejected]) -> list[Rejected]:
    """The first refused bill of each person: it takes no admission number, and the later ones must be asked again."""
    place = np.full(len(ready.bills), -1, np.int64)
    place[ready.prepared.rows] = np.arange(len(ready.prepared.rows))
    every = np.concatenate([one.rows for one in late])
    order = every[np.argsort(place[every])]
    _, first = np.unique(ready.bills.person[order], return_index=True)
    chosen = set(order[first].tolist())
    kept = [(np.array([row for row in one.rows if row in chosen], np.intp), one.why) for one in late]
    return [Rejected(rows, why) for rows, why in kept if len(rows)]


def _twice(bills: BillColumns, faults: Faults) -> None:
    """Two bills of a person with one id: the second is refused."""
    order = np.lexsort(
        (np.arange(len(bills)), np.asarray(bills.ids.dictionary_encode().indices.fill_null(0)), bills.person)
    )
    ids = np.asarray(bills.ids.dictionary_encode().indices.fill_null(0))[order]
    person = bills.person[order]
    again = np.zeros(len(bills), np.bool_)
    again[order[1:]] = (ids[1:] == ids[:-1]) & (person[1:] == person[:-1])
    faults.add(
        again, lambda row: Refused("bill_twice", f"row {int(bills.row[row])}.id", key=str(bills.ids[row]))
    )


def rejected_table(bills: BillColumns, rejected: Sequence[Rejected]) -> pa.Table:
    """The refused bills with their reasons; `rejected` counts in `bills`."""
    tables = [REJECTED.empty_table()]
    for one in rejected:
        at = pa.array(one.rows)
        reasons = [one.why(int(row)) for row in one.rows]
        row = pa.array(bills.row[one.rows])
        tables.append(rejected_rows(row, bills.ids.take(at), bills.person_ids.take(at), reasons))
    return pa.concat_tables(tables)


def rejected_rows(row: pa.Array, ids: pa.Array, person: pa.Array, reasons: Sequence[Refused]) -> pa.Table:
    """Rows of the table of rejected bills."""
    columns = [
        row,
        ids.cast(pa.string()),
        person.cast(pa.string()),
        pa.array([why.code for why in reasons], pa.string()),
        pa.array([why.path.partition(".")[2] for why in reasons], pa.string()),
        pa.array([why.what.zh + why.mend.zh for why in reasons], pa.string()),
        pa.array([f"{why.what.en} {why.mend.en}" for why in reasons], pa.string()),
    ]
    return pa.table(columns, schema=REJECTED)
