"""Who pays what as a bill grows: a law of money as a curve, with every kink near and every cliff to the fen.

A curve is sampled where it bends: an interval is a line when the points at its quarters lie on the line between its
ends; any other is cut in two. Around a kink the cutting ends when the line is as true as rounding lets it be; at a
cliff it ends at two neighbouring amounts, one fen apart. The search begins at the amounts that the law itself names,
so that no step at one of them is passed over. Elsewhere a jump that is alone in 5,000 yuan is found if it is larger
than 1,250 yuan; a smaller one could only hide behind a change of slope that makes up for it exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from doudi.engine.decision import Decision
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.policy.document import PolicyDocument
from doudi.proof.curves_facts import Place, Setting, Stage
from doudi.words import Words

UP_TO = 50_000_000
"""500,000 yuan."""
GRID = 500_000
SHOWN = (500_000, 1_000_000, 3_000_000, 10_000_000, 20_000_000, UP_TO)
"""Bills whose exact amounts a reader is shown: they are always points of a curve."""
SEED_LIMIT = 400
Amounts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A bill of `total` fen: what the patient, the hospital and each payer bear."""

    total: int
    patient: int
    hospital: int
    shares: Amounts


@dataclass(frozen=True, slots=True)
class Cliff:
    """Two bills one fen apart between which the patient's share jumps; `causes`: (payer, benefit, accepted reason)."""

    before: Point
    after: Point
    causes: tuple[tuple[str, str, str | None], ...]

    @property
    def jump(self) -> int:
        """What the patient pays more (or less) for one fen of cost."""
        return self.after.patient - self.before.patient


@dataclass(frozen=True)
class Curve:
    """Who pays what from 0 to the largest bill; a curve that is refused has its reason and no points."""

    setting: Setting
    place: Place
    payers: tuple[str, ...]
    points: tuple[Point, ...] = ()
    cliffs: tuple[Cliff, ...] = ()
    refused: Words | None = None

    def at(self, total: int) -> Point:
        """The point of a bill, on the line between its neighbours."""
        for one, other in pairwise(self.points):
            if one.total <= total <= other.total:
                return between(one, other, total)
        return self.points[-1]

    @property
    def shape(self) -> tuple[Point, ...]:
        """What makes two curves the same picture."""
        return self.points


def between(one: Point, other: Point, total: int) -> Point:
    """A point on the line between two."""
    width = other.total - one.total
    done = total - one.total

    def part(low: int, high: int) -> int:
        return low + (high - low) * done // width if width else low

    shares = tuple(part(low, high) for low, high in zip(one.shares, other.shares, strict=True))
    return Point(total, part(one.patient, other.patient), part(one.hospital, other.hospital), shares)


def curves(stage: Stage, up_to: int = UP_TO) -> list[Curve]:
    """One curve for each setting and place of a stage."""
    return [curve(stage, setting, place, up_to) for setting in stage.settings for place in stage.places]


def curve(stage: Stage, setting: Setting, place: Place, up_to: int = UP_TO) -> Curve:
    """The curve of one group of people in one place, accumulators empty."""
    settler = stage.settler
    payers = _in_order(settler.document)
    person, empty = stage.person(setting), stage.bill(place)
    decisions: dict[int, Decision] = {}

    def sample(total: int) -> Amounts:
        bill = replace(empty, parts={**empty.parts, "in_scope": total})
        decision = decisions[total] = settler.settle_bill(person, bill, stage.balances)[0]
        return decision.patient, decision.hospital, *(decision.shares.get(payer, 0) for payer in payers)

    slack = (len(payers) + 1) * stage.unit
    try:
        traced = trace(sample, edges_of(settler, up_to), up_to, slack, keep=SHOWN)
    except Refused as refused:
        return Curve(setting, place, payers, refused=refused.what)
    points = [
        Point(total, patient, hospital, tuple(shares)) for total, (patient, hospital, *shares) in traced
    ]
    cliffs = tuple(
        Cliff(one, other, _causes(settler.document, decisions[one.total], decisions[other.total], slack))
        for one, other in pairwise(points)
        if other.total - one.total == 1 and abs(other.patient - one.patient) > slack + 1
    )
    return Curve(setting, place, payers, tuple(points), cliffs)


def trace(
    sample: Callable[[int], Amounts], seeds: Iterable[int], up_to: int, slack: int, keep: Collection[int] = ()
) -> list[tuple[int, Amounts]]:
    """The corners of a piecewise linear function between 0 and `up_to`, to within `slack`; jumps as neighbours.

    The function is looked at on a grid and beside every seed; what lies in `keep` stays a point.
    """
    known: dict[int, Amounts] = {}

    def value(at: int) -> Amounts:
        if at not in known:
            known[at] = sample(at)
        return known[at]

    grid = sorted({0, up_to, *range(0, up_to, GRID), *(seed for seed in (*seeds, *keep) if 0 < seed < up_to)})
    corners = [grid[0]]
    for low, high in pairwise(grid):
        corners += _split(value, low, high, slack)
    return _simplified([(at, value(at)) for at in corners], slack, keep)


def _split(value: Callable[[int], Amounts], low: int, high: int, slack: int) -> list[int]:
    """The ends of the pieces between two amounts, without the first."""
    found, waiting = [], [(low, high)]
    while waiting:
        one, other = waiting.pop()
        middle = (one + other) // 2
        quarters = ((3 * one + other) // 4, middle, (one + 3 * other) // 4)
        straight = other - one <= 1 or all(
            _on_line(value(one), value(at), value(other), (one, at, other), slack) for at in quarters
        )
        if straight:
            found.append(other)
        else:
            waiting += [(middle, other), (one, middle)]
    return found


def _on_line(first: Amounts, second: Amounts, third: Amounts, at: tuple[int, int, int], slack: int) -> bool:
    low, middle, high = at
    width = high - low
    return all(
        abs(b * width - (a * (high - middle) + c * (middle - low))) <= slack * width
        for a, b, c in zip(first, second, third, strict=True)
    )


def _simplified(
    points: Sequence[tuple[int, Amounts]], slack: int, keep: Collection[int]
) -> list[tuple[int, Amounts]]:
    """The corners only: a point is dropped where the line over it passes all that were dropped."""
    kept = [points[0]]
    dropped: list[tuple[int, Amounts]] = []
    for here, following in pairwise(points[1:]):
        (last, start), (end, stop) = kept[-1], following
        line = [_on_line(start, amounts, stop, (last, at, end), slack) for at, amounts in (*dropped, here)]
        if all(line) and here[0] not in keep and end - here[0] > 1 and here[0] - last > 1:
            dropped.append(here)
        else:
            kept.append(here)
            dropped = []
    return [*kept, points[-1]] if len(points) > 1 else kept


def edges_of(settler: Settler, up_to: int) -> list[int]:
    """The amounts that the law names, each with the fen on either side."""
    program = settler.machine()[0].program
    named = {value for _, value in program.constants if 0 < value < up_to}
    for _, cell in program.cells:
        if cell.unit == "fen":
            named |= {version.value for version in cell.versions if 0 < version.value < up_to}
    listed = sorted(named, reverse=True)[:SEED_LIMIT]
    return [edge + step for edge in listed for step in (-1, 0, 1)]


def _in_order(document: PolicyDocument) -> tuple[str, ...]:
    """The payers of a bill in the order in which they pay."""
    settled = [payer.payer for payer in document.payers if payer.settled == "bill"]
    return tuple(name for name in document.order or settled if name in settled)


def _causes(
    document: PolicyDocument, before: Decision, after: Decision, slack: int
) -> tuple[tuple[str, str, str | None], ...]:
    """The payers whose amount jumps, with the benefit that pays beyond the cliff (or did before it)."""
    accepted = {
        (payer.payer, benefit.benefit): benefit.accepted.reason if benefit.accepted else None
        for payer in document.payers
        for benefit in payer.benefits
    }
    found: dict[tuple[str, str, str | None], None] = {}
    for plan in after.plan.payers:
        if abs(after.shares[plan.name] - before.shares[plan.name]) <= slack + 1:
            continue
        for benefit in plan.benefits:
            if after.registers[benefit.chosen] or before.registers[benefit.chosen]:
                found[plan.name, benefit.name, accepted.get((plan.name, benefit.name))] = None
    return tuple(found)
