"""The late stage of a program, made small: what is left to do for each bill once its class is known.

Registers that the class knows become columns of a table (or plain numbers, where every class agrees and the caller
wants literals). What bounds prove superfluous falls away: `max(x, 0)` of an x that is never negative, `min(x, y)`
of an x that never exceeds y. What nobody reads falls away as well, an accumulator that no later bill asks for too.
The result is still a straight list; `kernel_text.py` writes it for numba, `wave.py` runs it on arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from doudi.engine.batch.body import ONE, ZERO, Body, Column, Input, Kept, LateRefusal, Move, Operand, Step
from doudi.engine.batch.pruning import merge_inputs, with_used_columns, without_unread
from doudi.engine.compile import Compiled
from doudi.engine.intervals import Bounds, bounds
from doudi.engine.program import ALWAYS, Instruction
from doudi.engine.stages import AMOUNT_FACTS, Stages, stages
from doudi.money import Rounding


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
        body = merge_inputs(without_unread(body))
        body = with_used_columns(body)
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
