"""Curves as inline SVG: lines of what the patient pays, and stacked areas of who pays what share of the bill.

Pictures are drawn in whole numbers on a plane that stretches to the width of the page; text and marks stand beside it
at percent of the width, so that they keep their size on a phone. Lines of levels differ by their dashes, payers by
hue and by their place in the legend.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from doudi.engine.render.waterfall import hue_of
from doudi.money import format_yuan
from doudi.proof.curves import Cliff, Curve, Point
from doudi.words import Words

WIDE, HIGH, APART = 10_000, 1_000, 700
STEPS = 60
FIRST = 10_000
"""Shares of a bill begin at 100 yuan; below there is no share to speak of."""
STILL = 'vector-effect="non-scaling-stroke"'
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class Axis:
    """Bills from 0 to `up_to` across the picture; with a `bend`, the bills below it take the left half."""

    up_to: int
    bend: int = 0

    def x(self, total: int) -> int:
        """Where a bill lies."""
        if not self.bend:
            return WIDE * total // self.up_to
        half = WIDE // 2
        if total <= self.bend:
            return half * total // self.bend
        return half + half * (total - self.bend) // (self.up_to - self.bend)


Marks = Sequence[Cliff | None]
"""The cliffs of a picture in order; None keeps the number of one that is not in this picture."""


def mark_of(number: int) -> str:
    """The mark of a cliff, counted from 0."""
    return CIRCLED[number] if number < len(CIRCLED) else f"({number + 1})"


def large(amount: int) -> Words:
    """A round amount on an axis."""
    yuan = amount // 100
    zh = en = f"{yuan:,}"
    if yuan >= 10_000 and yuan % 1_000 == 0:
        tenths = yuan // 1_000
        zh = f"{tenths // 10} 万" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10} 万"
    if yuan and yuan % 1_000 == 0:
        en = f"{yuan // 1_000}k"
    return Words(zh, en)


def ceiling(amount: int) -> int:
    """A round amount not below another, for the top of an axis: 1, 2, 4, 5 or 8 and noughts."""
    unit = 100
    while True:
        for step in (1, 2, 4, 5, 8):
            if step * unit >= amount:
                return step * unit
        unit *= 10


def lines(curves: Sequence[Curve], up_to: int, top: int, marks: Marks, title: Words, zh: bool) -> str:
    """What the patient pays, one line a level; `top` is the upper end of the axis."""
    axis, head = Axis(up_to), _headroom(marks)
    paths = "".join(
        f'<path class="curve dash-{index}" {STILL} d="{_line(curve.points, axis, top)}"/>'
        for index, curve in enumerate(curves)
    )
    scale = ((head, top), (head + 90, top // 2))
    grid = "".join(f'<line class="grid" x1="0" x2="100%" y1="{y}" y2="{y}"/>' for y, _ in scale)
    said = "".join(
        f'<text class="axis" x="0" y="{y - 4}">{_shown(large(amount), zh)}</text>' for y, amount in scale
    )
    ticks = [up_to * part // 5 for part in range(6)]
    inside = grid + _plane(paths, head, 180) + _cliffs(marks, axis, head, 180) + said
    return _plot(title, zh, inside + _axis(ticks, axis, head + 180, zh), head + 202)


def stack(curve: Curve, up_to: int, marks: Marks, title: Words, zh: bool) -> str:
    """Who pays what share of the bill: payers from below in their order, the patient what is left on top."""
    axis, head = Axis(up_to, up_to // 10), _headroom(marks)
    points = list(_sampled(curve, axis))
    layers = []
    for index in reversed(range(len(curve.payers) + 1)):
        hue = "hospital" if index == len(curve.payers) else hue_of(curve.payers[index], index)
        if any((point.hospital if index == len(curve.payers) else point.shares[index]) for point in points):
            layers.append(f'<path class="area {hue}" d="{_area(points, index, axis)}"/>')
    edge = f'<path class="edge" {STILL} d="{_edge(points, axis)}"/>'
    grid = "".join(
        f'<line class="scale" x1="0" x2="{WIDE}" y1="{y}" y2="{y}" {STILL}/>' for y in (250, 500, 750)
    )
    grid += f'<line class="bend" x1="{WIDE // 2}" x2="{WIDE // 2}" y1="0" y2="{HIGH}" {STILL}/>'
    paper = f'<rect class="paper" width="{WIDE}" height="{HIGH}" {STILL}/>'
    plane = _plane(paper + "".join(layers) + grid + edge, head, 130)
    whole = f'<text class="axis" x="0" y="{head - 5}">100%</text>'
    ticks = [0, axis.bend // 2, axis.bend, up_to]
    inside = plane + _cliffs(marks, axis, head, 130) + whole + _axis(ticks, axis, head + 130, zh)
    return _plot(title, zh, inside, head + 152)


def _headroom(marks: Marks) -> int:
    """Space above a picture: for the label of its scale, and for the marks of cliffs."""
    return 34 if any(marks) else 18


def _sampled(curve: Curve, axis: Axis) -> Iterable[Point]:
    """Points close enough for a smooth edge: shares of a bill bend between the corners."""
    steps = {FIRST, axis.up_to}
    for low, high in ((0, axis.bend), (axis.bend, axis.up_to)):
        steps |= {max(FIRST, low + (high - low) * step // STEPS) for step in range(1, STEPS)}
    corners = [point for point in curve.points if point.total > FIRST]
    known = {point.total for point in corners}
    return sorted([*corners, *(curve.at(at) for at in steps - known)], key=lambda point: point.total)


def _area(points: Sequence[Point], index: int, axis: Axis) -> str:
    """The area below what the payers up to `index` pay together."""
    tops = []
    for point in points:
        paid = sum(point.shares[: index + 1]) + (point.hospital if index == len(point.shares) else 0)
        tops.append((axis.x(point.total), HIGH - HIGH * max(0, paid) // point.total))
    return f"M0 {HIGH}V{tops[0][1]}{_to(tops)}V{HIGH}Z"


def _edge(points: Sequence[Point], axis: Axis) -> str:
    tops = [(axis.x(point.total), HIGH * point.patient // point.total) for point in points]
    return f"M0 {tops[0][1]}{_to(tops)}"


def _line(points: Sequence[Point], axis: Axis, top: int) -> str:
    at = [(axis.x(point.total), HIGH - HIGH * point.patient // top) for point in points]
    return f"M{at[0][0]} {at[0][1]}{_to(at[1:])}"


def _to(corners: Iterable[tuple[int, int]]) -> str:
    found: list[tuple[int, int]] = []
    for corner in corners:
        if not found or found[-1] != corner:
            found.append(corner)
    return "".join(f"L{x} {y}" for x, y in found)


def _plane(inside: str, top: int, height: int) -> str:
    return (
        f'<svg x="0" y="{top}" width="100%" height="{height}" viewBox="0 0 {WIDE} {HIGH}" '
        f'preserveAspectRatio="none" overflow="visible">{inside}</svg>'
    )


def _cliffs(marks: Marks, axis: Axis, top: int, height: int) -> str:
    """A dotted line at each cliff; marks that would stand on one another share a place."""
    found: list[str] = []
    places: list[tuple[int, str]] = []
    for number, cliff in enumerate(marks):
        if cliff is None:
            continue
        x = axis.x(cliff.after.total)
        at = _percent(x, WIDE)
        found.append(f'<line class="cliff" x1="{at}" x2="{at}" y1="{top - 18}" y2="{top + height}"/>')
        if places and x - places[-1][0] < APART:
            places[-1] = (places[-1][0], places[-1][1] + mark_of(number))
        else:
            places.append((x, mark_of(number)))
    for x, said in places:
        anchor = "start" if x < APART else "middle"
        found.append(
            f'<text class="mark-of-cliff" x="{_percent(x, WIDE)}" y="{top - 20}" text-anchor="{anchor}">{said}</text>'
        )
    return "".join(found)


def _axis(ticks: Sequence[int], axis: Axis, bottom: int, zh: bool) -> str:
    anchors = ["start", *(["middle"] * (len(ticks) - 2)), "end"]
    return f'<line class="base" x1="0" x2="100%" y1="{bottom}" y2="{bottom}"/>' + "".join(
        f'<text class="axis" x="{_percent(axis.x(tick), WIDE)}" y="{bottom + 16}" text-anchor="{anchor}">'
        f"{_shown(large(tick), zh)}</text>"
        for tick, anchor in zip(ticks, anchors, strict=True)
    )


def _shown(words: Words, zh: bool) -> str:
    return words.zh if zh else words.en


def _percent(part: int, whole: int) -> str:
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _plot(title: Words, zh: bool, inside: str, height: int) -> str:
    return (
        f'<svg class="plot" role="img" width="100%" height="{height}">'
        f"<title>{escape(_shown(title, zh))}</title>{inside}</svg>"
    )


def sample_line(index: int) -> str:
    """A short piece of a level's line, for the legend."""
    return (
        f'<svg class="sample" width="34" height="10" aria-hidden="true"><line class="curve dash-{index}" '
        'x1="1" x2="33" y1="5" y2="5"/></svg>'
    )


def cliff_words(cliff: Cliff, payers: dict[str, Words], places: Words) -> Words:
    """A cliff as a sentence: one fen more of cost, and what the patient pays before and after."""
    before, after = (format_yuan(one.total, grouping=True) for one in (cliff.before, cliff.after))
    paid, pays = (format_yuan(one.patient, grouping=True) for one in (cliff.before, cliff.after))
    size, more = format_yuan(abs(cliff.jump), grouping=True), cliff.jump > 0
    zh = f"{places.zh}：总费用由 {before} 到 {after}，个人负担由 {paid} 到 {pays}"
    en = f"{places.en}: from a bill of {before} to {after} the patient pays {pays} instead of {paid}"
    zh += f"（{'多' if more else '少'}付 {size}）"
    en += f" ({'+' if more else '−'}{size})"
    who = list(dict.fromkeys(payer for payer, _, _ in cliff.causes))
    if who:
        zh += "，由" + "、".join(payers[name].zh for name in who) + "引起"
        en += ", because of " + ", ".join(payers[name].en for name in who)
    return Words(zh, en)
