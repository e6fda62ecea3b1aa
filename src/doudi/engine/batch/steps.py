"""The late stage of a program, made small: what is left to do for each bill once its class is known.

Registers that the class knows become columns of a table (or plain numbers, where every class agrees and the caller
wants literals). What bounds prove superfluous falls away: `max(x, 0)` of an x that is never negative, `min(x, y)`
of an x that never exceeds y. What nobody reads falls away as well, an accumulator that no later bill asks for too.
The result is still a straight list; `kernel_text.py` writes it for numba, `wave.py` runs it on arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from doudi.engine.compile import Compiled
from doudi.engine.intervals import Bounds, bounds
from doudi.engine.program import ALWAYS, Instruction
from doudi.engine.stages import AMOUNT_FACTS, Stages, stages
from doudi.money import Rounding


@dataclass(frozen=True, order=True)
class Operand:
    """A late register, a column of the class table, or a number."""

    kind: Literal["register", "table", "number"]
    index: int

    @property
    def number(self) -> int | None:
        """The number, where it is one."""
        return self.index if self.kind == "number" else None


ZERO, ONE = Operand("number", 0), Operand("number", 1)


@dataclass(frozen=True)
class Column:
    """A column of the class table: an early register, or an operation over early registers that only a late guard
    kept from running early.
    """

    register: int
    operation: str = ""
    arguments: tuple[int, ...] = ()


@dataclass(frozen=True)
class Step:
    """`target = operation(*arguments)`, 0 where the guard is 0."""

    operation: str
    target: int
    arguments: tuple[Operand, ...]
    guard: Operand | None = None


@dataclass(frozen=True)
class Input:
    """An amount of the bill: the sum of some of its amount facts, such as (`part`, `in_scope`)."""

    register: int
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kept:
    """An accumulator: the register that holds it before the bill, and what it holds after."""

    name: str
    before: int
    after: Operand


@dataclass(frozen=True)
class Move:
    """An accumulator whose movement is told: what it holds before and after the bill.

    `left in_scope` is no accumulator: what the patient bears of a part, as if it were one that is always empty.
    """

    name: str
    before: Operand
    after: Operand


@dataclass(frozen=True)
class LateRefusal:
    """The bill is refused for reason `index` of the program where `register` is 0, the guard holds and no excuse."""

    index: int
    register: Operand
    guard: Operand | None
    excused: Operand | None


@dataclass(frozen=True)
class Body:
    """All that is done for one bill of a known class."""

    inputs: tuple[Input, ...]
    kept: tuple[Kept, ...]
    steps: tuple[Step, ...]
    refusals: tuple[LateRefusal, ...]
    outputs: tuple[tuple[str, Operand], ...]
    table: tuple[Column, ...]
    never_negative: tuple[Operand, ...]
    proven: frozenset[int]
    """Late registers that bounds show not to be negative."""
    empty: tuple[str, ...] = ()
    """Accumulators that hold nothing before any bill."""
    moves: tuple[Move, ...] = ()
    """What is told of each accumulator, where that is asked for."""


def make_body(
    compiled: Compiled,
    rounding: Rounding,
    empty: Collection[str] = (),
    literal: Mapping[int, int] | None = None,
    movements: bool = False,
) -> Body:
    """The body of a program. `empty`: accumulators that never hold anything before a bill; `literal`: values of
    early registers on which every class agrees; `movements`: tell what each bill adds to each accumulator.
    """
    return _Maker(compiled, rounding, empty, dict(literal or {}), movements).make()


@dataclass
class _Maker:
    compiled: Compiled
    rounding: Rounding
    empty: Collection[str]
    literal: dict[int, int]
    movements: bool
    columns: dict[Column, int] = field(default_factory=dict)
    alias: dict[int, Operand] = field(default_factory=dict)
    seen: dict[tuple[str, tuple[Operand, ...], Operand | None], int] = field(default_factory=dict)
    guards: dict[int, Operand | None] = field(default_factory=dict)

    def make(self) -> Body:
        program, plan = self.compiled.program, self.compiled.plan
        self.stages: Stages = stages(program, self.empty)
        known = {r: (v, v) for r, v in self.literal.items()}
        known |= {r: (0, 0) for r, a, _ in program.accumulators if a.name in self.empty}
        self.bounds: Bounds = bounds(program, self.rounding, known=known)
        constants = dict(program.constants) | {
            r: 0 for r, a, _ in program.accumulators if a.name in self.empty
        }
        self.literal = {**constants, **self.literal}
        steps: list[Step] = []
        for instruction in self.stages.late:
            step = self._simplify(instruction)
            if step is not None:
                steps.append(step)
        outputs = [(payer.name, self._operand(payer.amount)) for payer in plan.payers]
        outputs += [("hospital", self._operand(plan.hospital)), ("patient", self._operand(plan.patient))]
        refusals = [
            LateRefusal(program.refusals.index(r), self._operand(r.register), self._guard(r.guard),
                        self._guard(r.excused) if r.excused != ALWAYS else None)
            for r in program.refusals
            if r not in stages(program).early_refusals  # those are asked once a class
        ]  # fmt: skip
        kept = [
            Kept(a.name, before, self._operand(after))
            for before, a, after in program.accumulators
            if a.name not in self.empty
        ]
        moves = [Move(a.name, self._operand(b), self._operand(c)) for b, a, c in program.accumulators]
        moves += [Move(f"left {part}", ZERO, self._operand(r)) for part, r in plan.left]
        told = tuple(one for one in moves if self.movements and one.before != one.after)
        left = [self._operand(r) for _, r in plan.left]
        checks = [o for o in [*left, *(o for _, o in outputs[:-2])] if not self._proven(o)]
        inputs = [
            Input(r, ((fact.kind, fact.argument),)) for r, fact in program.facts if fact.kind in AMOUNT_FACTS
        ]
        body = Body(
            tuple(inputs), tuple(kept), tuple(steps), tuple(refusals), tuple(outputs), tuple(self.columns),
            tuple(dict.fromkeys(checks)), frozenset(), tuple(self.empty), told,
        )  # fmt: skip
        body = _merge_inputs(_without_unread(body))
        body = _with_used_columns(body)
        registers = [*(i.register for i in body.inputs), *(s.target for s in body.steps)]
        proven = {r for r in registers if self.bounds.low[r] >= 0} | {k.before for k in body.kept}
        return replace(body, proven=frozenset(proven))

    # --- operands ---------------------------------------------------------------------------------------

    def _operand(self, register: int) -> Operand:
        if register in self.alias:
            return self.alias[register]
        if register in self.literal:
            return Operand("number", self.literal[register])
        if register in self.stages.known:
            return self._column(Column(register))
        return Operand("register", register)

    def _column(self, column: Column) -> Operand:
        return Operand("table", self.columns.setdefault(column, len(self.columns)))

    def _guard(self, register: int) -> Operand | None:
        guard = None if register == ALWAYS else self._operand(register)
        return None if guard is not None and guard.number not in (None, 0) else guard

    def _proven(self, operand: Operand) -> bool:
        if operand.kind == "number":
            return operand.index >= 0
        return operand.kind == "register" and self.bounds.low[operand.index] >= 0

    # --- one instruction --------------------------------------------------------------------------------

    def _simplify(self, i: Instruction) -> Step | None:
        """The step of an instruction; None where its result is something that already exists."""
        guard = self._guard(i.guard)
        if guard == ZERO:
            self.alias[i.target] = ZERO
            return None
        if all(a in self.stages.known for a in i.arguments):
            return self._late_guard(i, guard)
        arguments = tuple(self._operand(a) for a in i.arguments)
        rule = _RULES.get(i.operation)
        if rule is not None:
            arguments = rule(self, i.arguments, arguments)
        same = self._same(i.operation, arguments)
        if same is not None and (guard is None or same == ZERO or self._guarded_by(same, guard)):
            self.alias[i.target] = same
            return None
        key = (i.operation, arguments, guard)
        if key in self.seen:
            self.alias[i.target] = Operand("register", self.seen[key])
            return None
        self.seen[key] = i.target
        self.guards[i.target] = guard
        return Step(i.operation, i.target, arguments, guard)

    def _guarded_by(self, operand: Operand, guard: Operand) -> bool:
        """Whether an operand is 0 wherever a guard is."""
        return operand.kind == "register" and self.guards.get(operand.index) == guard

    def _late_guard(self, i: Instruction, guard: Operand | None) -> Step:
        """An early result that only counts under a late guard."""
        value = self._column(Column(i.target, i.operation, i.arguments))
        return Step("where", i.target, (guard or ONE, value, ZERO))

    def _same(self, operation: str, arguments: tuple[Operand, ...]) -> Operand | None:
        """What an operation comes to without computing anything, if so."""
        if operation == "where" and arguments[0].number is not None:
            return arguments[1] if arguments[0].number else arguments[2]
        if operation == "where" and arguments[1] == arguments[2]:
            return arguments[1]
        if operation in ("add", "min", "max") and len(arguments) == 1:
            return arguments[0]
        if operation == "add" and not arguments:
            return ZERO
        if operation == "sub" and arguments[1] == ZERO:
            return arguments[0]
        if operation == "sub" and arguments[0] == arguments[1]:
            return ZERO
        return None


def _min_rule(
    maker: _Maker, registers: tuple[int, ...], arguments: tuple[Operand, ...]
) -> tuple[Operand, ...]:
    """Without those that another one never exceeds."""
    return _kept(registers, arguments, lambda one, other: maker.bounds.within(other, one))


def _max_rule(
    maker: _Maker, registers: tuple[int, ...], arguments: tuple[Operand, ...]
) -> tuple[Operand, ...]:
    """Without those that never exceed another one."""
    return _kept(registers, arguments, maker.bounds.within)


def _kept(
    registers: tuple[int, ...], arguments: tuple[Operand, ...], needless: Callable[[int, int], bool]
) -> tuple[Operand, ...]:
    """The arguments that no other one makes needless; of two that make each other needless the later stays."""
    kept: list[int] = []
    for place, register in enumerate(registers):
        others = [r for p, r in enumerate(registers) if p != place and (p in kept or p > place)]
        if not any(needless(register, other) for other in others):
            kept.append(place)
    return tuple(dict.fromkeys(arguments[p] for p in kept))


def _add_rule(_: _Maker, __: tuple[int, ...], arguments: tuple[Operand, ...]) -> tuple[Operand, ...]:
    return tuple(sorted((a for a in arguments if a != ZERO), key=lambda a: (a.kind, a.index)))


_RULES: dict[str, Callable[[_Maker, tuple[int, ...], tuple[Operand, ...]], tuple[Operand, ...]]] = {
    "min": _min_rule,
    "max": _max_rule,
    "add": _add_rule,
}


# --- what nobody reads ------------------------------------------------------------------------------------


def operands_of(step: Step) -> Iterable[Operand]:
    """All that a step reads."""
    return (*step.arguments, *((step.guard,) if step.guard is not None else ()))


def _without_unread(body: Body) -> Body:
    """Without the steps and accumulators that no output, refusal or check rests on."""
    by_target = {step.target: step for step in body.steps}
    by_before = {kept.before: kept for kept in body.kept}
    needed: set[int] = set()
    waiting = [o for _, o in body.outputs] + list(body.never_negative)
    for refusal in body.refusals:
        waiting += [o for o in (refusal.register, refusal.guard, refusal.excused) if o is not None]
    waiting += _of_moves(body)
    while waiting:
        operand = waiting.pop()
        if operand.kind != "register" or operand.index in needed:
            continue
        needed.add(operand.index)
        if operand.index in by_target:
            waiting += operands_of(by_target[operand.index])
        if operand.index in by_before:
            waiting.append(by_before[operand.index].after)
    return replace(
        body,
        inputs=tuple(i for i in body.inputs if i.register in needed),
        kept=tuple(k for k in body.kept if k.before in needed),
        steps=tuple(s for s in body.steps if s.target in needed),
    )


def _merge_inputs(body: Body) -> Body:
    """Parts that are only ever added together become one column: what no payer touches is read once."""
    read: dict[int, list[Step | None]] = {i.register: [] for i in body.inputs}
    for step in body.steps:
        for operand in operands_of(step):
            if operand.kind == "register" and operand.index in read:
                read[operand.index].append(step)
    for operand in (
        *(o for _, o in body.outputs),
        *(k.after for k in body.kept),
        *_of_refusals(body),
        *_of_moves(body),
    ):
        if operand.kind == "register" and operand.index in read:
            read[operand.index].append(None)
    together: dict[tuple[int, ...], list[Input]] = {}
    for one in body.inputs:
        readers = read[one.register]
        if all(step is not None and step.operation == "add" for step in readers):
            together.setdefault(tuple(step.target for step in readers if step), []).append(one)
    gone: dict[int, int] = {}
    merged = {one.register: one for one in body.inputs}
    for group in together.values():
        first, rest = group[0], group[1:]
        if rest:
            merged[first.register] = Input(first.register, tuple(f for one in group for f in one.facts))
            gone |= {one.register: first.register for one in rest}
    steps = tuple(
        replace(s, arguments=tuple(a for a in s.arguments if a.kind != "register" or a.index not in gone))
        for s in body.steps
    )
    checks = tuple(o for o in body.never_negative if o.kind != "register" or o.index not in gone)
    inputs = tuple(one for register, one in merged.items() if register not in gone)
    return replace(body, inputs=inputs, steps=steps, never_negative=checks)


def _of_refusals(body: Body) -> list[Operand]:
    return [o for r in body.refusals for o in (r.register, r.guard, r.excused) if o is not None]


def _of_moves(body: Body) -> list[Operand]:
    return [o for move in body.moves for o in (move.before, move.after)]


def _with_used_columns(body: Body) -> Body:
    """The table with only the columns that are read, in the order of their first reading."""
    order: dict[int, int] = {}

    def see(operand: Operand | None) -> None:
        if operand is not None and operand.kind == "table":
            order.setdefault(operand.index, len(order))

    def moved(operand: Operand) -> Operand:
        return Operand("table", order[operand.index]) if operand.kind == "table" else operand

    def guard(operand: Operand | None) -> Operand | None:
        return None if operand is None else moved(operand)

    for step in body.steps:
        for operand in operands_of(step):
            see(operand)
    for operand in (
        *(o for _, o in body.outputs),
        *(k.after for k in body.kept),
        *_of_refusals(body),
        *_of_moves(body),
    ):
        see(operand)
    return replace(
        body,
        steps=tuple(
            replace(s, arguments=tuple(moved(a) for a in s.arguments), guard=guard(s.guard))
            for s in body.steps
        ),
        outputs=tuple((name, moved(o)) for name, o in body.outputs),
        kept=tuple(replace(k, after=moved(k.after)) for k in body.kept),
        refusals=tuple(
            LateRefusal(r.index, moved(r.register), guard(r.guard), guard(r.excused)) for r in body.refusals
        ),
        moves=tuple(Move(m.name, moved(m.before), moved(m.after)) for m in body.moves),
        table=tuple(body.table[index] for index in order),
    )
