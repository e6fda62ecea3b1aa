"""What nobody reads falls away: steps and accumulators that no output rests on, parts only ever added, unread columns."""

from __future__ import annotations

from dataclasses import replace

from doudi.engine.batch.body import Body, Input, LateRefusal, Move, Operand, Step, operands_of


def without_unread(body: Body) -> Body:
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


def merge_inputs(body: Body) -> Body:
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


def with_used_columns(body: Body) -> Body:
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
