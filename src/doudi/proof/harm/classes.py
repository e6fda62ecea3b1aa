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

MOST_JOINED = 800_000
"""States × outcomes × sets of categories over all joins; a policy that needs more is tested on pairs of bills."""
MOST_OUTCOMES = 60_000


class TooMany(Exception):
    """More classes of attributes than are looked at one by one."""


@dataclass(frozen=True)
class Witness:
    """Attributes that lead to a class."""

    day: date
    choice: Choice
    values: Pairs


@dataclass
class Classes:
    """Every class, and for every bill the classes of all sets of categories."""

    witnesses: dict[Residual, Witness] = field(default_factory=dict)
    contexts: dict[tuple[Residual | None, ...], Witness] = field(default_factory=dict)
    choices: dict[tuple[Residual | None, ...], list[Choice]] = field(default_factory=dict)
    complete: bool = True


Live = tuple[int, ...] | None
State = tuple[Live, ...]
Pairs = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Listing:
    """Every state of the attributes on one day of the law: the known registers, with values that lead there."""

    day: date
    choices: list[Choice]
    row: list[int]
    live: tuple[int, ...]
    states: dict[State, Pairs]
    complete: bool = True


def listings(document: PolicyDocument, compiled: Compiled, rounding: Rounding) -> list[Listing]:
    """The states of every day of the law. Raises TooMany."""
    join = _Join(document, compiled, rounding)
    dated = any(programme.diseases for programme in document.programmes.values())
    dated = dated or any(group.keeps is not None for group in document.people.values())
    different: dict[tuple[object, ...], date] = {}
    for day in days_of(document):
        different.setdefault((*compiled.program.row(day), day if dated else None), day)
    return [join.on(day) for day in different.values()]


def classes_of(
    listed: list[Listing], compiled: Compiled, accepted: Collection[tuple[str, str]] = frozenset()
) -> Classes:
    """Every class of a policy. Raises Opaque."""
    found = Classes(complete=all(listing.complete for listing in listed))
    reducer = Reducer(compiled, stages(compiled.program), accepted)
    residuals: dict[tuple[int, ...], Residual] = {}

    def residual(listing: Listing, known: tuple[int, ...]) -> Residual:
        registers = listing.row.copy()
        for r, value in zip(listing.live, known, strict=True):
            registers[r] = value
        key = tuple(registers)
        if key not in residuals:
            residuals[key] = reducer.reduce(registers)
        return residuals[key]

    for listing in listed:
        for state, values in listing.states.items():
            row = tuple(None if known is None else residual(listing, known) for known in state)
            for choice, one in zip(listing.choices, row, strict=True):
                if one is not None:
                    found.witnesses.setdefault(one, Witness(listing.day, choice, values))
            found.contexts.setdefault(row, Witness(listing.day, listing.choices[0], values))
            found.choices.setdefault(row, listing.choices)
    return found


class _Join:
    def __init__(self, document: PolicyDocument, compiled: Compiled, rounding: Rounding) -> None:
        self.document, self.program, self.plan = document, compiled.program, compiled.plan
        self.stages = stages(self.program)
        self.operations = operations(rounding)
        self.facts = {r: fact for r, fact in self.program.facts if fact.kind not in AMOUNT_FACTS}
        self.values = Values(document, tuple(self.facts.values()))
        self.spent = 0
        self.groups = _groups(self.facts)
        self.mask = self._masks()

    def _masks(self) -> dict[int, int]:
        """Of every early register, the groups of facts on which it rests, as bits."""
        mask = {r: 0 for r, _ in (*self.program.cells, *self.program.constants)} | {ALWAYS: 0}
        mask |= dict.fromkeys(self.facts, 0)
        mask |= {r: 1 << bit for bit, (_, members) in enumerate(self.groups) for r in members}
        for i in self.stages.early:
            mask[i.target] = _bits(mask, (i.guard, *i.arguments))
        return mask

    def on(self, day: date) -> Listing:
        """The states of one day of the law."""
        self.row = self.program.row(day)
        choices = self.values.choices(day)
        free = tuple(r for r, fact in self.facts.items() if not axes_of(fact))
        plain = [self._answers(settle_file(self.document, day, choice, {}), free) for choice in choices]
        first = _Step(self, 0, (), free)
        start: State = tuple(first.after((), answers) for answers in plain)
        alone = [self._alone(day, choices, bit, first.live, start) for bit in range(len(self.groups))]
        states: dict[State, Pairs] = {start: ()}
        joined, live, waiting = 0, first.live, set(range(len(self.groups)))
        while waiting:
            # next the group after which the least is left to be known
            steps = {bit: _Step(self, joined | 1 << bit, live, alone[bit][0], 1 << bit) for bit in waiting}
            bit = min(waiting, key=lambda one: (len(steps[one].live), one))
            self.spent += len(states) * len(alone[bit][1]) * len(choices)
            if self.spent > MOST_JOINED:
                raise TooMany
            states, live = _joined(states, alone[bit][1], steps[bit]), steps[bit].live
            joined |= 1 << bit
            waiting.remove(bit)
        return Listing(day, choices, self.row, live, states, self.values.complete)

    def _alone(
        self, day: date, choices: list[Choice], bit: int, known: tuple[int, ...], start: State
    ) -> tuple[tuple[int, ...], dict[State, Pairs]]:
        """What a group of facts comes to by itself: the registers it leaves, and its different states."""
        step = _Step(self, 1 << bit, known, self.groups[bit][1], 1 << bit, alone=True)
        found: dict[State, Pairs] = {}
        for answers, values in self._outcomes(day, choices, *self.groups[bit]).items():
            state = tuple(None if one is None else step.after(one, answer)
                          for one, answer in zip(start, answers, strict=True))  # fmt: skip
            found.setdefault(state, values)
        return step.live, found

    def _answers(self, file: dict[str, object], registers: list[int] | tuple[int, ...]) -> tuple[int, ...]:
        asked = situation(self.document, file)
        return tuple(asked.answer(self.facts[r].kind, self.facts[r].argument) for r in registers)

    def _outcomes(
        self, day: date, choices: list[Choice], axes: tuple[str, ...], members: tuple[int, ...]
    ) -> dict[tuple[tuple[int, ...], ...], Pairs]:
        """The distinct answers to a group of facts – for every set of categories – with values that give them."""
        people = any(self.facts[r].kind == "programme" for r in members)
        found: dict[tuple[tuple[int, ...], ...], Pairs] = {}
        for number, values in enumerate(assignments(self.values, axes)):
            if number > MOST_OUTCOMES:
                raise TooMany
            asked = choices if people else choices[:1]
            files = (settle_file(self.document, day, choice, values) for choice in asked)
            answers = tuple(self._answers(file, members) for file in files)
            found.setdefault(answers if people else answers * len(choices), tuple(values.items()))
        return found


class _Step:
    """What is computed when one more group of facts is known."""

    def __init__(
        self,
        join: _Join,
        joined: int,
        before: tuple[int, ...],
        members: tuple[int, ...],
        new: int = 0,
        *,
        alone: bool = False,
    ) -> None:
        self.join, self.before, self.members = join, before, members
        mask = join.mask

        def now(bits: int) -> bool:
            """Whether what rests on these groups is first known in this step; of one group alone: before the joins."""
            if alone or new == 0:
                return bits == new
            return bits & ~joined == 0 and bits & new != 0 and bits != new

        self.run: list[Instruction] = [i for i in join.stages.early if now(mask[i.target])]
        self.refuse: list[Refusal] = [r for r in join.stages.early_refusals
                                      if now(_bits(mask, (r.register, r.guard, r.excused)))]  # fmt: skip
        fixed = {r for r, _ in (*join.program.cells, *join.program.constants)} | {ALWAYS}
        needed = {
            r for r in _read_later(join, joined) if r in mask and mask[r] & ~joined == 0 and r not in fixed
        }
        self.live = tuple(sorted(r for r in needed if not alone or mask[r] == new))
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
    states: dict[State, Pairs],
    outcomes: dict[State, Pairs],
    step: _Step,
) -> dict[State, Pairs]:
    """Every state with every outcome of one more group; equal ones are one, refused ones none."""
    made: dict[State, Pairs] = {}
    for state, values in states.items():
        for answers, more in outcomes.items():
            after = tuple(None if known is None or answer is None else step.after(known, answer)
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
    plan = join.plan
    yield from (plan.patient, plan.hospital, plan.total, *(payer.amount for payer in plan.payers))


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
