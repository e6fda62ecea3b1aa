"""What a kernel does with a settled bill: write its row, add it to its group, or keep it if two laws differ."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.batch.law import Law, Mode, written

PARAMETERS: dict[Mode, list[str]] = {
    "rows": ["out", "status"],
    "totals": ["by", "sums"],
    "differences": ["at", "out", "status"],
}
"""The arrays that a mode reads and writes, in the order of the kernel's parameters."""


def epilogue(laws: list[Law], mode: Mode) -> Iterator[str]:
    """The lines of a mode."""
    if mode == "rows":
        yield from _rows(laws[0])
    elif mode == "totals":
        yield from _totals(laws[0])
    else:
        yield from _differences(laws[0], laws[1])


def _written_names(law: Law) -> list[str]:
    outputs = dict(law.body.outputs)
    return [law.name_of(outputs[name]) for name in written(law.body)]


def _rows(law: Law) -> Iterator[str]:
    for place, name in enumerate(_written_names(law)):
        yield f"out[{place}, i] = {name}"
    first = len(written(law.body))
    yield from (f"out[{first + k}, i] = {law.letter}_m{k}" for k in range(len(law.body.moves)))
    if law.status:
        yield f"status[i] = {law.status}"


def _totals(law: Law) -> Iterator[str]:
    names = _written_names(law)
    added = ["sums[g, 0] += 1", *(f"sums[g, {place}] += {name}" for place, name in enumerate(names, start=1))]
    yield "g = np.uint64(by[i])"
    if not law.status:
        yield from added
        return
    yield f"if {law.status} == 0:"
    yield from (f"    {line}" for line in added)
    yield "else:"
    yield f"    sums[g, {len(names) + 1}] += 1"


def _differences(a: Law, b: Law) -> Iterator[str]:
    """A bill differs if one law settles it and the other does not, or if both do and a share differs."""
    sides = [{name: law.name_of(operand) for name, operand in law.body.outputs} for law in (a, b)]
    shares = [f"{sides[0].get(name, '0')} != {sides[1].get(name, '0')}" for name in {**sides[0], **sides[1]}]
    settled = [f"{law.status} == 0" if law.status else "True" for law in (a, b)]
    yield f"if ({settled[0]}) != ({settled[1]}) or (({settled[0]}) and ({' or '.join(shares)})):"
    yield "    at[count] = i"
    values = [name for side in sides for name in side.values()]
    yield from (f"    out[{place}, count] = {name}" for place, name in enumerate(values))
    yield from (f"    status[{place}, count] = {law.status or 0}" for place, law in enumerate((a, b)))
    yield "    count += 1"
