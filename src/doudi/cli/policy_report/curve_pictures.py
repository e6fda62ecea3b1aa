"""Curves as inline SVG: lines of what the patient pays, and stacked areas of who pays what share of the bill.

Pictures are drawn in whole numbers on a plane that stretches to the width of the page; text and marks stand beside it
at percent of the width, so that they keep their size on a phone. Lines of levels differ by their dashes, payers by
hue and by their place in the legend.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from doudi.engine.render.waterfall import hue_of
from doudi.money import format_yuan
from doudi.proof.curves import Cliff, Curve, Point
from doudi.words import Words

WIDE, HIGH = 10_000, 1_000
STEPS = 100
FIRST = 10_000
"""Shares of a bill begin at 100 yuan; below there is no share to speak of."""
STILL = 'vector-effect="non-scaling-stroke"'
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def mark_of(number: int) -> str:
    """The mark of a cliff, counted from 0."""
    return CIRCLED[number] if number < len(CIRCLED) else f"({number + 1})"


def large(amount: int) -> Words:
    """A round amount on an axis."""
    yuan = amount // 100
    zh = f"{yuan // 10_000} 万" if yuan and yuan % 10_000 == 0 else f"{yuan:,}"
    en = f"{yuan // 1_000}k" if yuan and yuan % 1_000 == 0 else f"{yuan:,}"
    return Words(zh, en)


def ceiling(amount: int) -> int:
    """A round amount not below another, for the top of an axis: 1, 2, 4, 5 or 8 and noughts."""
    unit = 100
    while True:
        for step in (1, 2, 4, 5, 8):
            if step * unit >= amount:
                return step * unit
        unit *= 10


def lines(
    curves: Sequence[Curve], up_to: int, top: int, marks: Sequence[Cliff], title: Words, zh: bool
) -> str:
    """What the patient pays, one line a level; `top` is the upper end of the axis."""
    paths = "".join(
        f'<path class="curve dash-{index}" {STILL} d="{_line(curve.points, up_to, top)}"/>'
        for index, curve in enumerate(curves)
    )
    grid = "".join(
        f'<line class="grid" x1="0" x2="100%" y1="{_down(part)}" y2="{_down(part)}"/>'
        f'<text class="axis" x="0" y="{_down(part) - 4}">{_shown(large(top * part // 4), zh) if part else ""}</text>'
        for part in (0, 2, 4)
    )
    return _plot(
        title, zh, grid + _plane(paths, 180) + _cliffs(marks, up_to, 180) + _axis(up_to, 5, 198, zh), 220
    )


def _down(quarters: int) -> int:
    """Where a quarter of the axis lies, in pixels from the top."""
    return 18 + 180 - 180 * quarters // 4


def stack(curve: Curve, up_to: int, marks: Sequence[Cliff | None], title: Words, zh: bool) -> str:
    """Who pays what share of the bill: payers from below in their order, the patient what is left on top."""
    points = list(_sampled(curve, up_to))
    layers = []
    for index in reversed(range(len(curve.payers) + 1)):
        hue = "hospital" if index == len(curve.payers) else hue_of(curve.payers[index], index)
        if any((point.hospital if index == len(curve.payers) else point.shares[index]) for point in points):
            layers.append(f'<path class="area {hue}" d="{_area(points, index, up_to)}"/>')
    edge = f'<path class="edge" {STILL} d="{_edge(points, up_to)}"/>'
    grid = "".join(
        f'<line class="scale" x1="0" x2="{WIDE}" y1="{y}" y2="{y}" {STILL}/>' for y in (250, 500, 750)
    )
    paper = f'<rect class="paper" width="{WIDE}" height="{HIGH}" {STILL}/>'
    plane = _plane(paper + "".join(layers) + grid + edge, 120)
    whole = '<text class="axis" x="0" y="13">100%</text>'
    return _plot(title, zh, whole + plane + _cliffs(marks, up_to, 120) + _axis(up_to, 2, 138, zh), 160)


def _sampled(curve: Curve, up_to: int) -> Iterable[Point]:
    """Points close enough for a smooth edge: shares of a bill bend between the corners."""
    steps = {FIRST, *(up_to * step // STEPS for step in range(1, STEPS + 1))}
    steps |= {max(FIRST, up_to * step // (STEPS * 10)) for step in range(1, 20)}
    corners = [point for point in curve.points if point.total > FIRST]
    known = {point.total for point in corners}
    return sorted([*corners, *(curve.at(at) for at in steps - known)], key=lambda point: point.total)


def _area(points: Sequence[Point], index: int, up_to: int) -> str:
    """The area below what the payers up to `index` pay together."""
    tops = []
    for point in points:
        paid = sum(point.shares[: index + 1]) + (point.hospital if index == len(point.shares) else 0)
        tops.append((_x(point.total, up_to), HIGH - HIGH * max(0, paid) // point.total))
    return f"M0 {HIGH}V{tops[0][1]}{_to(tops)}V{HIGH}Z"


def _edge(points: Sequence[Point], up_to: int) -> str:
    tops = [(_x(point.total, up_to), HIGH * point.patient // point.total) for point in points]
    return f"M0 {tops[0][1]}{_to(tops)}"


def _line(points: Sequence[Point], up_to: int, top: int) -> str:
    at = [(_x(point.total, up_to), HIGH - HIGH * point.patient // top) for point in points]
    return f"M{at[0][0]} {at[0][1]}{_to(at[1:])}"


def _x(total: int, up_to: int) -> int:
    return WIDE * total // up_to


def _to(corners: Iterable[tuple[int, int]]) -> str:
    found: list[tuple[int, int]] = []
    for corner in corners:
        if not found or found[-1] != corner:
            found.append(corner)
    return "".join(f"L{x} {y}" for x, y in found)


def _plane(inside: str, height: int) -> str:
    return (
        f'<svg x="0" y="18" width="100%" height="{height}" viewBox="0 0 {WIDE} {HIGH}" '
        f'preserveAspectRatio="none" overflow="visible">{inside}</svg>'
    )


def _cliffs(marks: Sequence[Cliff | None], up_to: int, height: int) -> str:
    """A dotted line at each cliff, its mark above; None keeps the number of a cliff that is not here."""
    return "".join(
        f'<line class="cliff" x1="{_percent(cliff.after.total, up_to)}" x2="{_percent(cliff.after.total, up_to)}" '
        f'y1="14" y2="{18 + height}"/><text class="mark-of-cliff" x="{_percent(cliff.after.total, up_to)}" y="12" '
        f'text-anchor="middle">{mark_of(number)}</text>'
        for number, cliff in enumerate(marks)
        if cliff is not None
    )


def _axis(up_to: int, parts: int, bottom: int, zh: bool) -> str:
    anchors = ["start", *(["middle"] * (parts - 1)), "end"]
    return f'<line class="base" x1="0" x2="100%" y1="{bottom}" y2="{bottom}"/>' + "".join(
        f'<text class="axis" x="{_percent(part, parts)}" y="{bottom + 16}" text-anchor="{anchor}">'
        f"{_shown(large(up_to * part // parts), zh)}</text>"
        for part, anchor in enumerate(anchors)
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
