"""From a file's bills to what a kernel reads: order, refusals that need no amount, classes, periods, table.

What is refused here never enters the loop: a day outside the policy, nobody's insurance, a fact that is missing, a
number that the law does not give. The rest stands by group in posting order (settled, then bill id).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from doudi.engine.batch.answers import Asker, Classes
from doudi.engine.batch.chunk import Chunk, Integers, LawColumns
from doudi.engine.batch.columns import BillColumns, Codes, Flags, PeopleColumns, day_number
from doudi.engine.batch.kernel_text import Law, Shape
from doudi.engine.batch.periods_array import (
    Period,
    admissions,
    all_single,
    benefit_years,
    contiguous,
    period_keys,
    slots_of,
)
from doudi.engine.batch.steps import Body, Input, make_body
from doudi.engine.compile import Compiled
from doudi.engine.decision import payer_words, refused
from doudi.engine.primitives import operations
from doudi.engine.program import ALWAYS, Fact
from doudi.engine.refusals import Refused
from doudi.engine.run import Machine
from doudi.engine.settle import Settler
from doudi.engine.stages import Stages, stages

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Rejected:
    """Bills that are refused for one reason."""

    rows: Rows
    why: Refused


@dataclass(frozen=True)
class Prepared:
    """Bills ready for a law: `rows[k]` is the place, among the bills given, of the chunk's k-th bill."""

    law: Law
    chunk: Chunk
    rows: Rows
    rejected: tuple[Rejected, ...]
    compiled: Compiled
    counts_admissions: bool


def given_payers(settler: Settler, bills: BillColumns) -> frozenset[str]:
    """Payers that decide here by rule and yet arrive with an amount in some bill. Raises Refused for unknown ones."""
    payers = {payer.payer: payer.decided for payer in settler.document.payers}
    for payer in bills.known:
        if payer not in payers and bool(bills.known[payer].any()):
            raise Refused("recorded_unknown", f"recorded.{payer}", payer=payer, hint="")
    return frozenset(p for p, known in bills.known.items() if payers.get(p) == "here" and bool(known.any()))


def prepare(
    settler: Settler, bills: BillColumns, people: PeopleColumns, *, literals: bool = False
) -> Prepared:
    """Make bills ready for a policy. `literals`: write numbers on which all classes agree into the kernel."""
    return _Preparation(settler, bills, people, literals).prepare()


def posting_order(group: Codes, bills: BillColumns) -> Rows:
    """By group, then as posted: by the day of settlement, then by bill id."""
    table = pa.table({"group": group, "settled": bills.days["settled"], "id": bills.ids})
    keys = [("group", "ascending"), ("settled", "ascending"), ("id", "ascending")]
    return np.asarray(pc.sort_indices(table, sort_keys=keys)).astype(np.intp)


class _Preparation:
    def __init__(self, settler: Settler, bills: BillColumns, people: PeopleColumns, literals: bool) -> None:
        self.settler, self.document, self.people, self.literals = settler, settler.document, people, literals
        self.compiled, _ = settler.machine(given_payers(settler, bills))
        self.program = self.compiled.program
        self.by_household = any(a.scope == "household" for _, a, _ in self.program.accumulators)
        group = self._groups(bills.person)
        self.order = posting_order(group, bills)
        self.group = group[self.order]
        self.bills = bills.take(self.order)
        self.asker = Asker(self.document, self.bills, people)
        self.rejected: list[Rejected] = []
        self.kept: Flags = np.ones(len(bills), np.bool_)

    def _groups(self, person: Codes) -> Codes:
        """Persons, or households with those who have none as households of one."""
        if not self.by_household:
            return person
        codes = self.people.household.codes[person]
        none = np.array([value is None for value in self.people.household.values] or [True])
        alone = none[codes] if len(codes) else np.zeros(0, np.bool_)
        return np.where(alone, len(none) + person, codes)

    def prepare(self) -> Prepared:
        self._check_days()
        self._check_insured()
        classes = self._classes()
        table, first = self._run_early(classes)
        self._reject_classes(classes, first)
        rows = np.flatnonzero(self.kept)
        bills, group, codes = self.bills.take(rows), self.group[rows], classes.codes[rows]
        periods = {a.name: Period.of(a) for _, a, _ in self.program.accumulators}
        keys = {p: period_keys(p, bills, by_household=self.by_household) for p in set(periods.values())}
        empty = {name for name, p in periods.items() if all_single(group, keys[p])}
        literal = self._literal(table) if self.literals else {}
        body = make_body(self.compiled, self.settler.rounding, empty, literal)
        shape, key_columns, slot_columns = _shape(body, periods, keys, group)
        columns = LawColumns(
            key_columns, slot_columns, (codes,), tuple(_amounts(one, bills) for one in body.inputs),
            self._table(body, table),
        )  # fmt: skip
        law = Law(body, shape, self.settler.rounding)
        asks = any(fact.kind == "admission" for _, fact in self.program.facts)
        return Prepared(
            law, Chunk(group, (columns,)), self.order[rows], tuple(self.rejected), self.compiled, asks
        )

    # --- what is refused before any arithmetic (settle.py) ------------------------------------------------

    def _reject(self, test: Flags, code: str) -> None:
        """Refuse the bills of a test; the reason is told of the first of them."""
        rows = np.flatnonzero(test & self.kept)
        if len(rows) == 0:
            return
        why = self._why(int(rows[0]))
        self.rejected.append(Rejected(self.order[rows], why if why.code == code else Refused(code)))
        self.kept[rows] = False

    def _why(self, bill: int) -> Refused:
        """What the engine for one bill says to a bill."""
        from doudi.engine.data import Balances

        person = self.people.person(int(self.bills.person[bill]))
        try:
            self.settler.settle_bill(person, self.bills.bill(bill), Balances())
        except Refused as why:
            return why
        return Refused("not_refused_alone", self.bills.bill(bill).path)

    def _check_days(self) -> None:
        begins, ends = self.document.in_force.from_, self.document.in_force.until
        day = self.asker.law_day
        self._reject(
            (day < day_number(begins, 0)) | (day >= day_number(ends, 1 << 40)), "date_outside_policy"
        )

    def _check_insured(self) -> None:
        insurance = self.asker.column("insurance")
        checked = insurance >= 0
        none = self._never_insured()[self.bills.person]
        excused = none & self.settler.knows_uninsured
        self._reject(checked & (insurance == 0) & ~excused, "not_insured")
        schemes = self.document.schemes
        if schemes:
            values = [scheme in schemes for scheme, _ in self.people.insured.value.values]
            served = np.array([True, *values])[np.maximum(insurance, 0)]
            self._reject(checked & (insurance > 0) & ~served, "scheme_not_served")
        if self.document.year.across == "split":
            rule = self.document.year.begins or "01-01"
            first, last = (benefit_years(self.bills.days[name], rule) for name in ("admitted", "discharged"))
            self._reject(first != last, "year_crossed")

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
        return admissions(
            self.bills,
            rule.begins or "01-01",
            rule.as_of or "discharged",
            counts_again=again,
            counted=counted,
        )

    @cached_property
    def _stages(self) -> Stages:
        return stages(self.program)

    def _run_early(self, classes: Classes) -> tuple[list[list[int]], npt.NDArray[np.int64]]:
        """The early registers of each class, and the first early refusal that it meets (−1: none)."""
        table_of = operations(self.settler.rounding)
        rows, first = [], np.full(len(classes.answers), -1, np.int64)
        for number, (answers, day) in enumerate(zip(classes.answers, classes.law_days, strict=True)):
            registers = self.program.row(day)
            for register, answer in answers.items():
                registers[register] = answer
            self._stages.run_early(registers, table_of)
            rows.append(registers)
            for place, refusal in enumerate(self._stages.early_refusals):
                excused = refusal.excused != ALWAYS and registers[refusal.excused]
                if Machine.fails(refusal, registers) and not excused:
                    first[number] = place
                    break
        return rows, first

    def _reject_classes(self, classes: Classes, first: npt.NDArray[np.int64]) -> None:
        """Refuse the bills whose class misses a fact or a number of the law; in words, once a class."""
        for number in np.flatnonzero(first >= 0):
            refusal = self._stages.early_refusals[int(first[number])]
            rows = np.flatnonzero((classes.codes == number) & self.kept)
            if len(rows):
                self.rejected.append(
                    Rejected(
                        self.order[rows], self._class_words(classes, int(number), refusal.label, int(rows[0]))
                    )
                )
                self.kept[rows] = False

    def _class_words(self, classes: Classes, number: int, label: str, bill: int) -> Refused:
        refusal = next(r for r in self._stages.early_refusals if r.label == label)
        registers = self.program.row(classes.law_days[number])
        for register, answer in classes.answers[number].items():
            registers[register] = answer
        words = payer_words(self.document, label)
        return refused(refusal, self.compiled, registers, self.bills.bill(bill), words)

    # --- the table --------------------------------------------------------------------------------------------

    def _literal(self, rows: list[list[int]]) -> dict[int, int]:
        """Early registers on which all classes agree."""
        if not rows:
            return {}
        known = self._stages.known
        return {r: rows[0][r] for r in known if all(row[r] == rows[0][r] for row in rows)}

    def _table(self, body: Body, rows: list[list[int]]) -> npt.NDArray[np.int64]:
        """One row a class, one column a number that the body reads."""
        table_of = operations(self.settler.rounding)
        table = np.zeros((max(len(rows), 1), max(len(body.table), 1)), np.int64)
        again = [c for c in body.table if not c.operation and c.register not in self._stages.known]
        full = stages(self.program, body.empty) if again else self._stages
        for number, registers in enumerate(rows):
            if again:
                registers = registers.copy()
                full.run_early(registers, table_of)
            for place, column in enumerate(body.table):
                if column.operation:
                    values = [registers[a] for a in column.arguments]
                    table[number, place] = table_of[column.operation](*values)
                else:
                    table[number, place] = registers[column.register]
        return table


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
    body: Body, periods: dict[str, Period], keys: dict[Period, npt.NDArray[np.int64]], group: Codes
) -> tuple[Shape, tuple[Integers, ...], tuple[Integers, ...]]:
    """How the body's accumulators meet the bills: scalars where keys stand together, slots elsewhere."""
    runs: list[Period] = []
    slots: list[Period] = []
    where = []
    for kept in body.kept:
        period = periods[kept.name]
        if period not in runs and period not in slots:
            (runs if contiguous(group, keys[period]) else slots).append(period)
        where.append(("run", runs.index(period)) if period in runs else ("slot", slots.index(period)))
    shape = Shape(len(runs), tuple(where))  # type: ignore[arg-type]
    return shape, tuple(keys[p] for p in runs), tuple(slots_of(group, keys[p]) for p in slots)
