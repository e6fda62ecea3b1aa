"""Bills of a table settled by the engine for one bill: for laws that columns cannot say, and for replays.

Slower by three orders of magnitude, and the judge of the columns in the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from doudi.engine.batch.columns import BillColumns, Flags, PeopleColumns, Rejected
from doudi.engine.batch.grouping import groups_of, posting_order
from doudi.engine.batch.openings import Openings
from doudi.engine.data import Balances
from doudi.engine.decision import Decision
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler


@dataclass(frozen=True)
class Alone:
    """What bills came to, by their places among the bills given."""

    rows: npt.NDArray[np.intp]
    amounts: dict[str, npt.NDArray[np.int64]]
    rejected: tuple[Rejected, ...]
    moved: dict[str, npt.NDArray[np.int64]]


def decisions(
    settler: Settler, bills: BillColumns, people: PeopleColumns, openings: Openings, free: Flags
) -> Iterator[tuple[int, Decision | Refused]]:
    """Each free bill in posting order with its decision, or why it is refused."""
    household = any(a.scope == "household" for _, a, _ in settler.machine()[0].program.accumulators)
    group = groups_of(bills.person, people, by_household=household)
    held: dict[int, Balances] = {}
    together: dict[int, dict[str, dict[str, int]]] = {}
    for row in posting_order(group, bills):
        at = int(row)
        if not free[at]:
            continue
        person, shared = int(bills.person[at]), int(group[at])
        balances = held.get(person) or openings.balances(people, person)
        balances.household = together.get(shared, balances.household)
        try:
            decision, after = settler.settle_bill(people.person(person), bills.bill(at), balances)
        except Refused as why:
            yield at, why
            continue
        held[person], together[shared] = after, after.household
        yield at, decision


def settle_alone(
    settler: Settler, bills: BillColumns, people: PeopleColumns, openings: Openings, free: Flags
) -> Alone:
    """Settle the free bills one by one."""
    names = [payer.name for payer in settler.machine()[0].plan.payers]
    rows: list[int] = []
    amounts: list[list[int]] = []
    refused: dict[int, Refused] = {}
    moved: list[dict[str, int]] = []
    for row, decision in decisions(settler, bills, people, openings, free):
        if isinstance(decision, Refused):
            refused[row] = decision
            continue
        rows.append(row)
        moved.append(movements(decision))
        amounts.append([*(decision.shares[name] for name in names), decision.hospital, decision.patient])
    columns = np.array(amounts, np.int64).reshape(len(rows), len(names) + 2).T
    rejected = Rejected(np.array(list(refused), np.intp), refused.__getitem__)
    return Alone(
        np.array(rows, np.intp), dict(zip([*names, "hospital", "patient"], columns, strict=True)), (rejected,),
        {name: np.array([one.get(name, 0) for one in moved], np.int64) for name in sorted({*chain(*moved)})},
    )  # fmt: skip


def movements(decision: Decision) -> dict[str, int]:
    """What a bill adds to each accumulator, and `left PART`: what the patient bears of a part. Zero is left out."""
    registers = decision.registers
    found = {
        a.name: registers[after] - registers[before]
        for before, a, after in decision.compiled.program.accumulators
    }
    found |= {f"left {part}": registers[register] for part, register in decision.plan.left}
    return {name: fen for name, fen in found.items() if fen}
