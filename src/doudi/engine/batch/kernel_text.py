"""Writes a loop over bills as Python text for numba: one body a law, one epilogue a mode.

The text is the whole kernel: state in scalars, no allocation, no calls but the arithmetic. A chunk of bills may begin
and end anywhere, also within a person: what the loop knows at its end goes into `state` and the next chunk takes it
up. Divisions are unsigned, which is a quarter faster; an operand that bounds do not prove to be ≥ 0 is watched by the
sign bit of `watch`, and whoever calls repeats a chunk where it shows (state[WATCH] < 0) in exact signed arithmetic.
`wrong` gathers broken promises (shares that do not add up) in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.batch.body import ZERO, Operand, Step, operands_of
from doudi.engine.batch.epilogue_text import PARAMETERS, epilogue
from doudi.engine.batch.law import FIRST_FREE, Law, Mode
from doudi.engine.batch.operations_text import expression


def kernel_text(laws: list[Law], mode: Mode) -> str:
    """The module that holds `run`, for one law, or for two and what differs between them."""
    parameters = ["person"]
    for law in laws:
        parameters += law.columns()
    parameters += PARAMETERS[mode]
    held = [name for law in laws for name in law.state()]
    lines = ["import numpy as np", "from numba import njit", "", "", *PORTION.splitlines(), "", ""]
    lines += ['@njit(nogil=True, cache=True, error_model="numpy", boundscheck=False)']
    lines += [f"def run({', '.join(parameters)}, state):", "    watch = state[0]", "    wrong = state[1]"]
    lines += ["    count = state[2]", "    last = state[3]"]
    lines += [f"    {name} = state[{FIRST_FREE + k}]" for k, name in enumerate(held)]
    lines += ["    for i in range(person.shape[0]):", "        p = np.int64(person[i])"]
    for law in laws:
        lines += [f"        {line}" for line in _Writer(law).bill()]
    lines += [f"        {line}" for line in epilogue(laws, mode)]
    lines += [
        "        last = p",
        "    state[0] = watch",
        "    state[1] = wrong",
        "    state[2] = count",
        "    state[3] = last",
    ]
    lines += [f"    state[{FIRST_FREE + k}] = {name}" for k, name in enumerate(held)]
    return "\n".join(lines) + "\n"


class _Writer:
    """Writes what is done for one bill under one law."""

    def __init__(self, law: Law) -> None:
        self.law, self.body, self.shape, self.x = law, law.body, law.shape, law.letter

    def name(self, operand: Operand) -> str:
        return self.law.name_of(operand)

    def bill(self) -> Iterator[str]:
        """All lines of one bill."""
        yield from self._turn()
        yield from self._read()
        for guard, block in self._blocks():
            yield from self._block(guard, block)
        yield from self._refusals()
        yield from self._promises()
        for k, move in enumerate(self.body.moves):  # before the accumulators are moved
            yield f"{self.x}_m{k} = {self.name(move.after)} - {self.name(move.before)}"
        yield from self._keep()

    def _turn(self) -> Iterator[str]:
        """A new person, or a new period, begins with empty accumulators."""
        x, kept = self.x, list(zip(self.body.kept, self.shape.where, strict=True))
        yield "if p != last:"
        yield from (f"    {x}_k{k} = np.int64({x}_key{k}[i])" for k in range(self.shape.keys))
        yield from (f"    {x}_r{one.before} = 0" for one, where in kept if where[0] == "run")
        if self.shape.slots:
            yield f"    {x}_scratch[:, :{x}_used] = 0"
            yield f"    {x}_used = 0"
        yield "    pass"
        for k in range(self.shape.keys):
            yield f"elif {x}_k{k} != {x}_key{k}[i]:" if k == 0 else f"if {x}_k{k} != {x}_key{k}[i]:"
            yield f"    {x}_k{k} = np.int64({x}_key{k}[i])"
            yield from (f"    {x}_r{one.before} = 0" for one, where in kept if where == ("run", k))

    def _read(self) -> Iterator[str]:
        x = self.x
        terms = [
            f"np.uint64({x}_code{k}[i])" + (f" * np.uint64({stride})" if stride != 1 else "")
            for k, stride in enumerate(self.shape.strides)
        ]
        if self.body.table:
            yield f"{x}_c = {' + '.join(terms)}"
        for k, one in enumerate(self.body.inputs):
            yield f"{x}_r{one.register} = {x}_in{k}[i]"
        for k in range(self.shape.slots):
            yield f"{x}_s{k} = np.uint64({x}_slot{k}[i])"
            yield f"{x}_used = max({x}_used, np.int64({x}_s{k}) + 1)"
        for place, (held, where) in enumerate(zip(self.body.kept, self.shape.where, strict=True)):
            if where[0] == "slot":
                yield f"{x}_r{held.before} = {x}_scratch[{place}, {x}_s{where[1]}]"
        opening = [one for one, opens in zip(self.body.kept, self.shape.opens, strict=False) if opens]
        yield from (f"{x}_r{one.before} += {x}_open{k}[i]" for k, one in enumerate(opening))
        inside = self._only_inside()
        for k in range(len(self.body.table)):
            if k not in inside:
                yield f"{x}_t{k} = {x}_table[{x}_c, {k}]"

    # --- blocks of equal guard ----------------------------------------------------------------------------

    def _blocks(self) -> list[tuple[Operand | None, list[Step]]]:
        """The steps in an order that their arguments allow, those of one guard together where possible."""
        made: set[int] = set()
        waiting = list(self.body.steps)
        blocks: list[tuple[Operand | None, list[Step]]] = []
        targets = {step.target for step in waiting}

        def ready(step: Step) -> bool:
            return all(
                o.kind != "register" or o.index not in targets or o.index in made for o in operands_of(step)
            )

        while waiting:
            guard = blocks[-1][0] if blocks else None
            step = next((s for s in waiting if s.guard == guard and ready(s)), None)
            step = step or next(s for s in waiting if ready(s))
            waiting.remove(step)
            made.add(step.target)
            if not blocks or blocks[-1][0] != step.guard:
                blocks.append((step.guard, []))
            blocks[-1][1].append(step)
        return blocks

    def _only_inside(self) -> dict[int, Operand]:
        """Table columns that are read under one guard only, in one block, with that guard."""
        blocks = self._blocks()
        places: dict[int, set[int]] = {}
        for number, (guard, steps) in enumerate(blocks):
            for operand in (o for step in steps for o in step.arguments):
                if operand.kind == "table":
                    places.setdefault(operand.index, set()).add(number if guard is not None else -1)
            if guard is not None and guard.kind == "table":
                places.setdefault(guard.index, set()).add(-1)
        others = [o for _, o in self.body.outputs] + [kept.after for kept in self.body.kept]
        others += [o for move in self.body.moves for o in (move.before, move.after)]
        others += [o for r in self.body.refusals for o in (r.register, r.guard, r.excused) if o is not None]
        for operand in others:
            if operand.kind == "table":
                places.setdefault(operand.index, set()).add(-1)
        found = {}
        for column, where in places.items():
            if len(where) == 1 and (number := next(iter(where))) >= 0:
                found[column] = number
        return {column: blocks[number][0] or ZERO for column, number in found.items()}

    def _block(self, guard: Operand | None, steps: list[Step]) -> Iterator[str]:
        if guard is None:
            for step in steps:
                yield from self._step(step)
            return
        targets = {step.target for step in steps}
        outside = self._read_outside(targets)
        yield from (f"{self.x}_r{step.target} = 0" for step in steps if step.target in outside)
        yield f"if {self.name(guard)} != 0:"
        inside = [column for column, g in self._only_inside().items() if g == guard]
        used = {o.index for step in steps for o in step.arguments if o.kind == "table"}
        yield from (f"    {self.x}_t{k} = {self.x}_table[{self.x}_c, {k}]" for k in inside if k in used)
        for step in steps:
            yield from (f"    {line}" for line in self._step(step))

    def _read_outside(self, targets: set[int]) -> set[int]:
        """Those of a block's targets that something outside the block reads."""
        read: set[int] = set()
        for step in self.body.steps:
            if step.target not in targets:
                read |= {o.index for o in operands_of(step) if o.kind == "register"}
        for operand in self._ends():
            if operand.kind == "register":
                read.add(operand.index)
        return targets & read

    def _ends(self) -> list[Operand]:
        ends = [o for _, o in self.body.outputs] + [kept.after for kept in self.body.kept]
        ends += [o for move in self.body.moves for o in (move.before, move.after)]
        ends += [o for r in self.body.refusals for o in (r.register, r.guard, r.excused) if o is not None]
        return ends + list(self.body.never_negative)

    def _step(self, step: Step) -> Iterator[str]:
        watched = [
            self.name(a)
            for a in step.arguments[:1]
            if step.operation in DIVIDED and a.kind == "register" and a.index not in self.body.proven
        ]
        yield from (f"watch |= {name}" for name in watched)
        arguments = [self.name(a) for a in step.arguments]
        yield from expression(f"{self.x}_r{step.target}", step.operation, arguments, self.law.rounding)

    # --- the end of a bill --------------------------------------------------------------------------------

    def _refusals(self) -> Iterator[str]:
        if not self.body.refusals:
            return
        status = f"{self.x}_status"
        yield f"{status} = 0"
        for refusal in self.body.refusals:
            tests = [f"{status} == 0", f"{self.name(refusal.register)} == 0"]
            tests += [f"{self.name(refusal.guard)} != 0"] if refusal.guard is not None else []
            tests += [f"{self.name(refusal.excused)} == 0"] if refusal.excused is not None else []
            yield f"if {' and '.join(tests)}:"
            yield f"    {status} = {refusal.index + 1}"

    def _promises(self) -> Iterator[str]:
        parts = [f"{self.x}_r{one.register}" for one in self.body.inputs if one.facts[0][0] == "part"]
        shares = [self.name(o) for _, o in self.body.outputs if o != ZERO]
        sum_up = f"wrong |= {' + '.join(shares)} - ({' + '.join(parts)})"
        lines = [sum_up, *(f"wrong |= {self.name(o)} >> 63" for o in self.body.never_negative)]
        if self.body.refusals:
            yield f"if {self.x}_status == 0:"
            yield from (f"    {line}" for line in lines)
        else:
            yield from lines

    def _keep(self) -> Iterator[str]:
        """Accumulators move, unless the bill is refused; all at once, for one may take another's old value."""
        x, lines = self.x, []
        after_refusal = self.body.refusals and any(self.shape.opens)
        run = [
            (f"{x}_r{k.before}", self.name(k.after))
            for k, w in zip(self.body.kept, self.shape.where, strict=True)
            if w[0] == "run" and k.after != Operand("register", k.before)
        ]
        for place, (kept, where) in enumerate(zip(self.body.kept, self.shape.where, strict=True)):
            if where[0] == "slot":
                cell = f"{x}_scratch[{place}, {x}_s{where[1]}]"
                lines.append(f"{cell} = {self.name(kept.after)}")
                if after_refusal:
                    yield f"{cell} = {x}_r{kept.before}"
        if run:
            lines.append(f"{', '.join(a for a, _ in run)} = {', '.join(b for _, b in run)}")
        if self.body.refusals and lines:
            yield f"if {x}_status == 0:"
            lines = [f"    {line}" for line in lines]
        yield from lines


DIVIDED = frozenset({"share", "share_down", "scale", "marginal", "slab", "quick", "portion_of"})

PORTION = '''@njit(nogil=True, error_model="numpy")
def portion_of(total, index, weights):
    """One part of a total split over weights by largest remainder; long division, so that nothing overflows."""
    whole = np.uint64(0)
    for weight in weights:
        whole += np.uint64(weight)
    if total == 0 or whole == np.uint64(0):
        return 0
    parts, mine, more, missing = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    for place in range(len(weights)):
        weight = np.uint64(weights[place])
        high = np.uint64(total) * (weight >> np.uint64(20))
        low = ((high % whole) << np.uint64(20)) + np.uint64(total) * (weight & np.uint64(1048575))
        part = ((high // whole) << np.uint64(20)) + low // whole
        parts += part
        if place == index:
            mine, more = part, low % whole
    missing = np.uint64(total) - parts
    ahead = np.uint64(0)
    for place in range(len(weights)):
        weight = np.uint64(weights[place])
        high = np.uint64(total) * (weight >> np.uint64(20))
        rest = (((high % whole) << np.uint64(20)) + np.uint64(total) * (weight & np.uint64(1048575))) % whole
        if rest > more or (rest == more and place < index):
            ahead += np.uint64(1)
    return np.int64(mine) + (1 if ahead < missing else 0)
'''
