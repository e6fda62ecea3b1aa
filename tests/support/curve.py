"""A curve for a page of evidence: lines over a logarithmic axis, drawn as SVG, read in light and in the dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 52, 96, 20, 44
COLOURS = ("#0d6b5f", "#b06a00")
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #555; } .grid { stroke: #8884; } .label { font-weight: 600; }
@media (prefers-color-scheme: dark) { text { fill: #bbb; } }
"""


def curve(lines: Mapping[str, Sequence[tuple[int, float]]], *, across: str, up: str) -> str:
    """Each line through its points (x > 0, y ≥ 0); `across` and `up` say what the axes count. From zero upwards."""
    xs = sorted({x for points in lines.values() for x, _ in points})
    step = _step(max(y for points in lines.values() for _, y in points))
    top = step * math.ceil(max(y for points in lines.values() for _, y in points) / step)
    low, high = math.log10(xs[0]), math.log10(xs[-1])

    def place(x: float, y: float) -> tuple[float, float]:
        share = (math.log10(x) - low) / ((high - low) or 1)
        right, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return round(LEFT + share * right, 1), round(TOP + (1 - y / top) * down, 1)

    drawn = [f'<text x="{LEFT}" y="12">{up}</text>']
    for turn in range(round(top / step) + 1):
        (x0, y0), (x1, _) = place(xs[0], turn * step), place(xs[-1], 0)
        drawn.append(f'<path class="grid" d="M{x0} {y0}H{x1}"/>')
        drawn.append(f'<text x="{LEFT - 8}" y="{y0 + 4}" text-anchor="end">{turn * step:g}</text>')
    for x in xs:
        across_x, base = place(x, 0)
        drawn.append(f'<text x="{across_x}" y="{base + 18}" text-anchor="middle">{x:,}</text>')
    drawn.append(f'<text x="{LEFT}" y="{HEIGHT - 6}">{across}</text>')
    for colour, (name, points) in zip(COLOURS, lines.items(), strict=False):
        placed = [place(x, y) for x, y in sorted(points)]
        path = " ".join(f"{x},{y}" for x, y in placed)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in placed]
        x, y = placed[-1]
        drawn.append(f'<text class="label" x="{x + 8}" y="{y + 4}" style="fill: {colour}">{name}</text>')
    inner = "\n".join(drawn)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{STYLE}</style>\n{inner}\n</svg>\n'


def _step(most: float) -> float:
    """A round distance between lines, for four to eight of them."""
    rough = 10 ** math.floor(math.log10(most))
    return next(rough * part for part in (0.1, 0.2, 0.5, 1, 2) if most / (rough * part) <= 8)
