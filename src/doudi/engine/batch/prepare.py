"""From a file's bills to what a kernel reads: order, refusals that need no amount, classes, periods, table.

What is refused here never enters the loop: a day outside the policy, nobody's insurance, a fact that is missing, a
number that the law does not give. The rest stands by group in posting order (settled, then bill id).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from doudi.engine.batch.answers import Asker, Classes
from doudi.engine.batch.body import Body, Input
from doudi.engine.batch.chunk import Chunk, Integers, LawColumns
from doudi.engine.batch.class_table import ClassOf, agreed, class_table, early_registers, first_refusal
from doudi.engine.batch.columns import (
    BillColumns,
    Codes,
    Flags,
    Numbers,
    PeopleColumns,
    Rejected,
    as_date,
    day_number,
)
from doudi.engine.batch.grouping import groups_of, posting_order
from doudi.engine.batch.law import Law, Shape, Where
from doudi.engine.batch.openings import NOTHING, Openings, opened_admissions, opening_column
from doudi.engine.batch.periods_array import (
    Period,
    admissions,
    all_single,
    benefit_years,
    contiguous,
    period_keys,
    slots_of,
)
from doudi.engine.batch.steps import make_body
from doudi.engine.compile import Compiled
from doudi.engine.decision import InvariantBroken, check_in_force, payer_words, refused
from doudi.engine.program import Fact, Refusal
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.engine.stages import Stages, stages

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Prepared:
    """Bills ready for a law: `rows[k]` is the place, among the bills given, of the chunk's k-th bill."""

    law: Law
    chunk: Chunk
    rows: Rows
    rejected: tuple[Rejected, ...]
    compiled: Compiled
    given: frozenset[str]
    counts_admissions: bool
    kinds: tuple[ClassOf, ...]
    """The classes, in the order of the table's rows."""
    asker: Asker
    """What was asked of the bills, in posting order."""
    asked: Rows
    """The places, among the asker's bills, of the chunk's."""


def given_payers(settler: Settler, bills: BillColumns) -> frozenset[str]:
    """Payers that decide here by rule and yet arrive with an amount in some bill. Raises Refused for unknown ones."""
    payers = {payer.payer: payer.decided for payer in settler.document.payers}
    for payer in bills.known:
        if payer not in payers and bool(bills.known[payer].any()):
            raise Refused("recorded_unknown", f"recorded.{payer}", payer=payer, hint="")
    return frozenset(p for p, known in bills.known.items() if payers.get(p) == "here" and bool(known.any()))


def prepare(
    settler: Settler,
    bills: BillColumns,
    people: PeopleColumns,
    *,
    literals: bool = False,
    openings: Openings = NOTHING,
    beforehand: tuple[Rejected, ...] = (),
    movements: bool = False,
) -> Prepared:
    """Make bills ready for a policy.

    `literals`: write numbers on which all classes agree into the kernel; `openings`: balances brought forward;
    `beforehand`: bills known to be refused; `movements`: tell what each bill adds to each accumulator.
    """
    return _Preparation(settler, bills, people, openings, beforehand).prepare(
        literals=literals, movements=movements
    )


class _Preparation:
    def __init__(
        self,
        settler: Settler,
        bills: BillColumns,
        people: PeopleColumns,
        openings: Openings,
        beforehand: tuple[Rejected, ...],
    ) -> None:
        self.settler, self.document, self.people, self.openings = settler, settler.document, people, openings
        self.given = given_payers(settler, bills)
        self.compiled, _ = settler.machine(self.given)
        self.program = self.compiled.program
        self.by_household = any(a.scope == "household" for _, a, _ in self.program.accumulators)
        group = groups_of(bills.person, people, by_household=self.by_household)
        self.order = posting_order(group, bills)
        self.group = group[self.order]
        self.unsorted = bills
        self.bills = bills.take(self.order)
        self.asker = Asker(self.document, self.bills, people)
        self.rejected: list[Rejected] = list(beforehand)
        free = np.ones(len(bills), np.bool_)
        for one in beforehand:
            free[one.rows] = False
        self.kept: Flags = free[self.order]

    def prepare(self, *, literals: bool, movements: bool) -> Prepared:
        """All of it."""
        self._check_days()
        self._check_insured()
        classes = self._classes()
        registers, first = self._run_early(classes)
        self._reject_classes(classes, first)
        rows = np.flatnonzero(self.kept)
        bills, group, codes = self.bills.take(rows), self.group[rows], classes.codes[rows]
        periods = {a.name: Period.of(a) for _, a, _ in self.program.accumulators}
        keys = {p: period_keys(p, bills, by_household=self.by_household) for p in set(periods.values())}
        opened = self._opened(bills, group, periods, keys)
        empty = {name for name, p in periods.items() if name not in opened and all_single(group, keys[p])}
        literal = agreed(self._stages, registers) if literals else {}
        rounding = self.settler.rounding
        body = make_body(self.compiled, rounding, empty, literal, movements=movements)
        shape, key_columns, slot_columns = _shape(body, periods, keys, group, opened)
        columns = LawColumns(
            key_columns, slot_columns, (codes.astype(np.int32),), tuple(_amounts(one, bills) for one in body.inputs),
            tuple(opened[kept.name] for kept in body.kept if kept.name in opened),
            class_table(self.program, rounding, body, classes.kinds),
        )  # fmt: skip
        law = Law(body, shape, rounding)
        asks = any(fact.kind == "admission" for _, fact in self.program.facts)
        return Prepared(
            law,
            Chunk(group, (columns,)),
            self.order[rows],
            tuple(self.rejected),
            self.compiled,
            self.given,
            asks,
            classes.kinds,
            self.asker,
            rows,
        )

    def _opened(
        self, bills: BillColumns, group: Codes, periods: dict[str, Period], keys: dict[Period, Numbers]
    ) -> dict[str, Numbers]:
        """By accumulator that opens with something: what each bill finds brought forward."""
        found = {}
        for _, accumulator, _ in self.program.accumulators:
            held = self.openings.of(accumulator)
            plain = not (self.by_household and accumulator.scope == "person")
            column = opening_column(
                accumulator, held, bills, self.people, group, keys[periods[accumulator.name]], plain=plain
            )
            if held and bool(column.any()):
                found[accumulator.name] = column
        return found

    # --- what is refused before any arithmetic (settle.py) ------------------------------------------------

    def _reject(self, test: Flags, why: Callable[[int], Refused]) -> None:
        """Refuse the bills of a test; `why` tells the reason of a row among the bills as they were given."""
        rows = np.flatnonzero(test & self.kept)
        if len(rows):
            self.rejected.append(Rejected(self.order[rows], why))
            self.kept[rows] = False

    def _check_days(self) -> None:
        begins, ends = self.document.in_force.from_, self.document.in_force.until
        day = self.asker.law_day
        outside = (day < day_number(begins, 0)) | (day >= day_number(ends, 1 << 40))
        self._reject(outside, self._outside)

    def _outside(self, row: int) -> Refused:
        day = as_date(self.unsorted.days[self.document.law.as_of][row])
        try:
            check_in_force(self.document, day, "")
        except Refused as why:
            return why
        raise InvariantBroken("columns_refuse_alike")

    def _check_insured(self) -> None:
        insurance = self.asker.column("insurance")
        checked = insurance >= 0
        none = self._never_insured()[self.bills.person]
        excused = none & self.settler.knows_uninsured
        admitted = self.unsorted.days["admitted"]
        self._reject(
            checked & (insurance == 0) & ~excused,
            lambda row: Refused("not_insured", day=as_date(admitted[row])),
        )
        schemes = self.document.schemes
        if schemes:
            values = [scheme in schemes for scheme, _ in self.people.insured.value.values]
            served = np.array([True, *values])[np.maximum(insurance, 0)]
            self._reject(checked & (insurance > 0) & ~served, self._not_served)
        if self.document.year.across == "split":
            rule = self.document.year.begins or "01-01"
            first, last = (benefit_years(self.bills.days[name], rule) for name in ("admitted", "discharged"))
            self._reject(first != last, lambda _: Refused("year_crossed"))

    def _not_served(self, row: int) -> Refused:
        day = as_date(self.unsorted.days["admitted"][row])
        person = self.people.person(int(self.unsorted.person[row]))
        scheme = next(one.scheme for one in person.insured or () if one.span.holds(day))
        return Refused("scheme_not_served", scheme=scheme)

    def _never_insured(self) -> Flags:
        """People whose participation is checked and who have none at all."""
        has = np.zeros(len(self.people), np.bool_)
        has[self.people.insured.owner] = True
        return self.people.checked & ~has

    # --- classes --------------------------------------------------------------------------------------------

    def _classes(self) -> Classes:
        """The classes; where the law asks for the number of the admission, refused bills take none."""
        if not any(fact.kind == "admission" for _, fact in self.program.facts):
            return self.asker.classes(self.program, None)
        counted = self.kept.copy()
        while True:
            classes = self.asker.classes(self.program, self._numbers(counted))
            _, first = self._run_early(classes)
            good = self.kept & (first < 0)[classes.codes]
            if bool(np.array_equal(good, counted)):
                return classes
            counted = good

    def _numbers(self, counted: Flags) -> npt.NDArray[np.int64]:
        rule = self.document.year
        again = any(
            benefit.deductible is not None and benefit.deductible.counts_again
            for payer in self.document.payers
            for benefit in payer.benefits
        )
        begins, as_of = rule.begins or "01-01", rule.as_of or "discharged"
        opened = opened_admissions(self.openings, self.bills, self.people, begins, as_of)
        return admissions(self.bills, begins, as_of, counts_again=again, counted=counted, opened=opened)

    @cached_property
    def _stages(self) -> Stages:
        return stages(self.program)

    def _run_early(self, classes: Classes) -> tuple[list[list[int]], npt.NDArray[np.int64]]:
        """The early registers of each class, and the first early refusal that it meets (−1: none)."""
        rounding = self.settler.rounding
        rows = [early_registers(self.program, rounding, self._stages, one) for one in classes.kinds]
        first = [first_refusal(self._stages, registers) for registers in rows]
        return rows, np.array(first, np.int64)

    def _reject_classes(self, classes: Classes, first: npt.NDArray[np.int64]) -> None:
        """Refuse the bills whose class misses a fact or a number of the law; in words, once a class."""
        for number in np.flatnonzero(first >= 0):
            rows = np.flatnonzero((classes.codes == number) & self.kept)
            if len(rows):
                refusal = self._stages.early_refusals[int(first[number])]
                why = self._class_words(classes, int(number), refusal, int(rows[0]))
                self.rejected.append(Rejected(self.order[rows], always(why)))
                self.kept[rows] = False

    def _class_words(self, classes: Classes, number: int, refusal: Refusal, bill: int) -> Refused:
        registers = early_registers(self.program, self.settler.rounding, self._stages, classes.kinds[number])
        words = payer_words(self.document, refusal.label)
        return refused(refusal, self.compiled, registers, self.bills.bill(bill), words)


def always(why: Refused) -> Callable[[int], Refused]:
    """One reason for every row."""
    return lambda _: why


def _amounts(one: Input, bills: BillColumns) -> npt.NDArray[np.int64]:
    """The column of an input: the sum of its amount facts."""
    found = [_amount(Fact(*fact), bills) for fact in one.facts]
    total = found[0]
    for other in found[1:]:
        total = total + other
    return np.ascontiguousarray(total)


def _amount(fact: Fact, bills: BillColumns) -> npt.NDArray[np.int64]:
    columns = {"part": bills.parts, "portion": bills.portions, "given": bills.given}[fact.kind]
    found = columns.get(fact.argument)
    return np.zeros(len(bills), np.int64) if found is None else found


def _shape(
    body: Body, periods: dict[str, Period], keys: dict[Period, Numbers], group: Codes, opened: Collection[str]
) -> tuple[Shape, tuple[Integers, ...], tuple[Integers, ...]]:
    """How the body's accumulators meet the bills: scalars where keys stand together, slots elsewhere."""
    runs: list[Period] = []
    slots: list[Period] = []
    where: list[Where] = []
    for kept in body.kept:
        period = periods[kept.name]
        if period not in runs and period not in slots:
            (runs if contiguous(group, keys[period]) else slots).append(period)
        where.append(("run", runs.index(period)) if period in runs else ("slot", slots.index(period)))
    opens = tuple(kept.name in opened for kept in body.kept)
    shape = Shape(len(runs), tuple(where), opens=opens)
    run_keys = tuple(keys[p].astype(np.int32) for p in runs)
    return shape, run_keys, tuple(slots_of(group, keys[p]).astype(np.int32) for p in slots)
