"""The classes of attributes: every residual a policy can leave, each with attributes that lead to it.

Not the product of attributes. Facts that rest on common axes are answered together, by the engine; their outcomes
are then joined group by group, and after every join what the rest of the program cannot tell apart is one. A state
holds all sets of categories side by side, so that the classes of two persons on the same bill can be compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from doudi.engine.compile import Compiled
from doudi.engine.primitives import operations
from doudi.engine.program import ALWAYS, Fact, Instruction, Refusal
from doudi.engine.stages import AMOUNT_FACTS, stages
from doudi.money import Rounding
from doudi.policy.document import PolicyDocument
from doudi.proof.harm.attributes import Choice, Values, assignments, axes_of, days_of, settle_file, situation
from doudi.proof.harm.residual import Reducer, Residual

MOST_CLASSES = 10**6
MOST_OUTCOMES = 60_000


class TooMany(Exception):
    """More classes of attributes than are looked at one by one."""


@dataclass(frozen=True)
class Witness:
    """Attributes that lead to a class."""

    day: date
    choice: Choice
    values: tuple[tuple[str, object], ...]


@dataclass
class Classes:
    """Every class, and for every bill the classes of all sets of categories."""

    witnesses: dict[Residual, Witness] = field(default_factory=dict)
    contexts: dict[tuple[Residual | None, ...], Witness] = field(default_factory=dict)
    choices: dict[tuple[Residual | None, ...], list[Choice]] = field(default_factory=dict)
    states: int = 0


Live = tuple[int, ...] | None
State = tuple[Live, ...]


def classes_of(
    document: PolicyDocument,
    compiled: Compiled,
    rounding: Rounding,
    accepted: Collection[tuple[str, str]] = frozenset(),
) -> Classes:
    """Every class of a policy. Raises TooMany, Opaque."""
    found = Classes()
    join = _Join(document, compiled, rounding, accepted)
    for day in days_of(document):
        join.on(day, found)
    return found


class _Join:
    def __init__(
        self,
        document: PolicyDocument,
        compiled: Compiled,
        rounding: Rounding,
        accepted: Collection[tuple[str, str]],
    ) -> None:
        self.document, self.program = document, compiled.program
        self.stages = stages(self.program)
        self.operations = operations(rounding)
        self.reducer = Reducer(compiled, self.stages, accepted)
        self.facts = {r: fact for r, fact in self.program.facts if fact.kind not in AMOUNT_FACTS}
        self.values = Values(document, tuple(self.facts.values()))
        self.groups = _groups(self.facts)
        self.mask = self._masks()
        self.residuals: dict[tuple[int, ...], Residual] = {}

    def _masks(self) -> dict[int, int]:
        """Of every early register, the groups of facts on which it rests, as bits."""
        mask = {r: 0 for r, _ in (*self.program.cells, *self.program.constants)} | {ALWAYS: 0}
        mask |= dict.fromkeys(self.facts, 0)
        mask |= {r: 1 << bit for bit, (_, members) in enumerate(self.groups) for r in members}
        for i in self.stages.early:
            mask[i.target] = _bits(mask, (i.guard, *i.arguments))
        return mask

    def on(self, day: date, found: Classes) -> None:
        """The classes of one day of the law."""
        self.row = self.program.row(day)
        choices = self.values.choices(day)
        free = [r for r, fact in self.facts.items() if not axes_of(fact)]
        first = [settle_file(self.document, day, choice, {}) for choice in choices]
        answers = [self._answers(file, free) for file in first]
        step = _Step(self, 0, (), tuple(free))
        states: dict[State, tuple[tuple[str, object], ...]] = {}
        state = tuple(step.after((), answer) for answer in answers)
        states[state] = ()
        joined, live = 0, step.live
        for bit, (axes, members) in enumerate(self.groups):
            outcomes = self._outcomes(day, choices, axes, members)
            if len(states) * len(outcomes) > MOST_CLASSES:
                raise TooMany
            joined |= 1 << bit
            step = _Step(self, joined, live, members, new=1 << bit)
            states = _joined(states, outcomes, step)
            live = step.live
        found.states += len(states)
        for state, values in states.items():
            self._finish(state, live, day, choices, values, found)

    def _answers(self, file: dict[str, object], registers: list[int] | tuple[int, ...]) -> tuple[int, ...]:
        asked = situation(self.document, file)
        return tuple(asked.answer(self.facts[r].kind, self.facts[r].argument) for r in registers)

    def _outcomes(
        self, day: date, choices: list[Choice], axes: tuple[str, ...], members: tuple[int, ...]
    ) -> dict[tuple[tuple[int, ...], ...], tuple[tuple[str, object], ...]]:
        """The distinct answers to a group of facts – for every set of categories – with values that give them."""
        people = any(self.facts[r].kind == "programme" for r in members)
        found: dict[tuple[tuple[int, ...], ...], tuple[tuple[str, object], ...]] = {}
        for number, values in enumerate(assignments(self.values, axes)):
            if number > MOST_OUTCOMES:
                raise TooMany
            asked = choices if people else choices[:1]
            files = (settle_file(self.document, day, choice, values) for choice in asked)
            answers = tuple(self._answers(file, members) for file in files)
            found.setdefault(answers if people else answers * len(choices), tuple(values.items()))
        return found

    def _finish(
        self,
        state: State,
        live: tuple[int, ...],
        day: date,
        choices: list[Choice],
        values: tuple[tuple[str, object], ...],
        found: Classes,
    ) -> None:
        row: list[Residual | None] = []
        for choice, known in zip(choices, state, strict=True):
            residual = None if known is None else self._residual(known, live)
            row.append(residual)
            if residual is not None:
                found.witnesses.setdefault(residual, Witness(day, choice, values))
        key = tuple(row)
        found.contexts.setdefault(key, Witness(day, choices[0], values))
        found.choices.setdefault(key, choices)

    def _residual(self, known: tuple[int, ...], live: tuple[int, ...]) -> Residual:
        registers = self.row.copy()
        for r, value in zip(live, known, strict=True):
            registers[r] = value
        key = tuple(registers)
        if key not in self.residuals:
            self.residuals[key] = self.reducer.reduce(registers)
        return self.residuals[key]


class _Step:
    """What is computed when one more group of facts is known."""

    def __init__(
        self,
        join: _Join,
        joined: int,
        before: tuple[int, ...],
        members: tuple[int, ...],
        new: int | None = None,
    ) -> None:
        self.join, self.before, self.members = join, before, members
        mask = join.mask

        def now(bits: int) -> bool:
            return bits & ~joined == 0 and (new is None or bits & new != 0)

        self.run: list[Instruction] = [i for i in join.stages.early if now(mask[i.target])]
        self.refuse: list[Refusal] = [r for r in join.stages.early_refusals
                                      if now(_bits(mask, (r.register, r.guard, r.excused)))]  # fmt: skip
        fixed = {r for r, _ in (*join.program.cells, *join.program.constants)} | {ALWAYS}
        needed = {
            r for r in _read_later(join, joined) if r in mask and mask[r] & ~joined == 0 and r not in fixed
        }
        self.live = tuple(sorted(needed))
        self.memory: dict[tuple[tuple[int, ...], tuple[int, ...]], Live] = {}

    def after(self, known: tuple[int, ...], answers: tuple[int, ...]) -> Live:
        """The live registers after this step; None where the bill is refused."""
        key = (known, answers)
        if key not in self.memory:
            self.memory[key] = self._after(known, answers)
        return self.memory[key]

    def _after(self, known: tuple[int, ...], answers: tuple[int, ...]) -> Live:
        registers = self.join.row.copy()
        for r, value in zip((*self.before, *self.members), (*known, *answers), strict=True):
            registers[r] = value
        table = self.join.operations
        for i in self.run:
            if i.guard == ALWAYS or registers[i.guard]:
                registers[i.target] = table[i.operation](*[registers[a] for a in i.arguments])
        for refusal in self.refuse:
            guarded = refusal.guard != ALWAYS and not registers[refusal.guard]
            excused = refusal.excused != ALWAYS and registers[refusal.excused]
            if not guarded and not excused and not registers[refusal.register]:
                return None
        return tuple(registers[r] for r in self.live)


def _joined(
    states: dict[State, tuple[tuple[str, object], ...]],
    outcomes: dict[tuple[tuple[int, ...], ...], tuple[tuple[str, object], ...]],
    step: _Step,
) -> dict[State, tuple[tuple[str, object], ...]]:
    """Every state with every outcome of one more group; equal ones are one, refused ones none."""
    made: dict[State, tuple[tuple[str, object], ...]] = {}
    for state, values in states.items():
        for answers, more in outcomes.items():
            after = tuple(None if known is None else step.after(known, answer)
                          for known, answer in zip(state, answers, strict=True))  # fmt: skip
            if after not in made and any(known is not None for known in after):
                made[after] = (*values, *more)
    return made


def _bits(mask: dict[int, int], registers: tuple[int, ...]) -> int:
    bits = 0
    for register in registers:
        bits |= mask[register]
    return bits


def _read_later(join: _Join, joined: int) -> Iterator[int]:
    """Registers that instructions beyond the joined groups, or late ones, still read."""
    for i in join.stages.early:
        if join.mask[i.target] & ~joined:
            yield from (i.guard, *i.arguments)
    for r in join.stages.early_refusals:
        if _bits(join.mask, (r.register, r.guard, r.excused)) & ~joined:
            yield from (r.register, r.guard, r.excused)
    for i in join.stages.late:
        yield from (i.guard, *i.arguments)
    for r in join.stages.late_refusals:
        yield from (r.register, r.guard, r.excused)
    plan = join.reducer.compiled.plan
    yield from (plan.patient, plan.hospital, plan.total, *(payer.amount for payer in plan.payers))
    yield from join.reducer.frozen


def _groups(facts: dict[int, Fact]) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
    """Facts that rest on common axes, together: (axes, registers), the fewest axes first."""
    groups: list[tuple[set[str], list[int]]] = []
    for register, fact in facts.items():
        axes, members = set(axes_of(fact)), [register]
        if not axes:
            continue
        for other in [group for group in groups if group[0] & axes]:
            groups.remove(other)
            axes |= other[0]
            members = other[1] + members
        groups.append((axes, members))
    made = [(tuple(sorted(axes)), tuple(members)) for axes, members in groups]
    return sorted(made, key=lambda group: (len(group[0]), group[0]))
