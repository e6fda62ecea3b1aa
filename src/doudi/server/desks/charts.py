"""Pictures, declared by the server and drawn by `static/desks/charts.js`: a page never writes a script.

A `Chart` says what its bars are called, how long they are, in which colour of which payer, what the goal is, and where a
click leads. It goes to the page as data (`<script type="application/json">`, which no browser runs), and once more as a
table under the picture, from the same rows: for the keyboard, for those who do not see, and to be exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from doudi.server.desks.templatetags.desk import count, rate, yuan
from doudi.words import Language, Words

Unit = Literal["fen", "count", "bp"]
Kind = Literal["columns", "bars", "intervals"]
Hue = Literal[
    "basic", "catastrophic", "supplement", "inclined", "assistance", "last_resort", "other", "hospital", "patient",
    "accent", "before",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a picture. `values`: one a bar, None where there is none; `bands`: from and to, for `intervals`.

    `line`: drawn as a line over the bars, in `unit`, with an axis of its own.
    """

    words: Words
    hue: Hue
    values: tuple[int | None, ...]
    unit: Unit = "fen"
    line: bool = False
    bands: tuple[tuple[int, int] | None, ...] = ()

    @property
    def hue_class(self) -> str:
        """Its colour as part of the name of a class."""
        return self.hue.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Bar:
    """What one bar is of: its name, where a click on it leads (""), whether the page is narrowed to it."""

    label: str
    address: str = ""
    on: bool = False
    note: str = ""
    list_address: str = ""
    """Where its settlements are listed."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A line to measure bars by."""

    value: int
    words: Words


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table under a picture: as text, and whether it is a number."""

    text: str
    number: bool = True


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its table. `columns` stand, `bars` lie, `intervals` are points with the range they may be off by.

    `name` is unique on the page. `told`: what the picture shows, in a sentence, for those who hear it. `table`: series of
    the table alone, after those that are drawn. `excel`: where the same comes as a file.
    """

    name: str
    kind: Kind
    title: Words
    bars: tuple[Bar, ...]
    series: tuple[Series, ...]
    told: Words
    heading: Words
    hint: Words | None = None
    goal: Goal | None = None
    table: tuple[Series, ...] = ()
    excel: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for series in self.series for value in series.values)

    @property
    def columns(self) -> tuple[Series, ...]:
        """All series of the table."""
        return (*self.series, *self.table)

    @property
    def rows(self) -> tuple[tuple[Bar, tuple[Cell, ...]], ...]:
        """The table: each bar with its exact figures."""
        return tuple(
            (bar, tuple(_cell(series, place) for series in self.columns))
            for place, bar in enumerate(self.bars)
        )

    def drawn(self, language: Language) -> dict[str, Any]:
        """What the script draws."""
        return {
            "kind": self.kind,
            "language": language,
            "title": self.title.say(language),
            "told": self.told.say(language),
            "bars": [
                {"label": bar.label, "address": bar.address, "on": bar.on, "note": bar.note} for bar in self.bars
            ],
            "series": [
                {
                    "name": one.words.say(language), "hue": one.hue, "unit": one.unit, "line": one.line,
                    "values": list(one.values), "bands": [list(band) if band else None for band in one.bands],
                }
                for one in self.series
            ],
            "goal": {"value": self.goal.value, "name": self.goal.words.say(language)} if self.goal else None,
        }  # fmt: skip


def _cell(series: Series, place: int) -> Cell:
    value = series.values[place]
    if value is None:
        return Cell("")
    text = {"fen": yuan, "count": count, "bp": rate}[series.unit](value)
    band = series.bands[place] if series.bands else None
    return Cell(f"{text}（{rate(band[0])} – {rate(band[1])}）" if band else str(text))


def large(fen: int, language: Language) -> tuple[str, str]:
    """A large sum as its figure and unit: 1,284.5 万元, 3.27 亿元; in English thousand, million and billion yuan.

    Rounded half up at the last digit shown; the exact figure belongs beside it.
    """
    units: tuple[tuple[int, str], ...] = ((10**10, "亿元"), (10**6, "万元"), (100, "元"))
    if language == "en":
        units = ((10**11, "bn"), (10**8, "m"), (10**5, "k"), (100, ""))
    size = abs(fen)
    scale, name = next((one for one in units if size >= one[0]), units[-1])
    digits = 2 if size < 100 * scale else 1
    if scale == 100:
        digits = 2 if size % 100 else 0
    power = 10**digits
    shown = (2 * size * power + scale) // (2 * scale)
    whole, rest = divmod(shown, power)
    text = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
    return ("-" if fen < 0 else "") + text, name
