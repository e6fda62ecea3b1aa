"""The pictures of the oversight page: when, where, who, which hospitals, how; each opens down to what it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from doudi.engine.vocabulary import name_of
from doudi.server.desks.charts import Bar, Chart, Goal, Hue, Series, large
from doudi.server.desks.oversight.filters import address, category_words, last_day, list_address
from doudi.server.desks.payers import called
from doudi.server.reference.api import facility_names, region_names
from doudi.server.settlement.api import Oversight, OversightFilter, Part, Sums, shifted
from doudi.words import Language, Words

MOST = 20
"""Bars of a lying picture; the table and the file have all."""
FEW = 30
"""Stays below which a hospital's share is not compared: the usual bound for taking an average as normal."""
HUES: dict[str, Hue] = {
    "basic": "basic", "catastrophic": "catastrophic", "supplement": "supplement", "inclined_aid": "inclined",
    "assistance": "assistance", "last_resort": "last_resort",
}  # fmt: skip
KINDS: dict[str, Words] = {
    "basic": Words("基本医保", "basic insurance"),
    "catastrophic": Words("大病保险", "catastrophic insurance"),
    "supplement": Words("补充保险", "supplement"),
    "inclined_aid": Words("倾斜救助", "inclined aid"),
    "assistance": Words("医疗救助", "medical assistance"),
    "last_resort": Words("兜底保障", "last resort"),
}
"""What payers are called where no policy holds for all that is shown: several counties, each with its own names."""
OTHER = Words("其他支付方", "other payers")
HOSPITAL, PATIENT, TOTAL = (
    Words("医院承担", "Hospital"),
    Words("患者自付", "Patient"),
    Words("总费用", "Total"),
)
BILLS, BURDEN = Words("结算笔数", "Settlements"), Words("住院自付占比", "Own share of stays")
STAYS = Words("住院笔数", "Stays settled")


@dataclass(frozen=True, slots=True)
class Scene:
    """What pictures are made from: the figures and their filter, today, what payers are called, the page's language."""

    told: Oversight
    wanted: OversightFilter
    today: date
    names: Mapping[str, Words]
    language: Language

    def here(self, **changes: Any) -> str:
        """The page narrowed further; the list of settlements where it already is."""
        if all(getattr(self.wanted, name) == value for name, value in changes.items()):
            return self.list(**changes) or address(self.wanted, self.today)
        return address(self.wanted, self.today, **changes)

    def list(self, **changes: Any) -> str:
        """The settlements behind a bar."""
        return list_address(self.wanted, self.told.from_date, self.told.until, **changes)

    def bar(self, words: Words | str, note: str = "", **changes: Any) -> Bar:
        """A bar that narrows the page."""
        on = all(getattr(self.wanted, name) == value for name, value in changes.items())
        label = words if isinstance(words, str) else words.say(self.language)
        return Bar(label, self.here(**changes), on, note, self.list(**changes))

    def payer(self, payer: str) -> Words:
        """As the policy calls it; by its kind where there is none."""
        return self.names.get(payer) or KINDS.get(payer) or called(dict(self.names), payer)

    def excel(self, picture: str) -> str:
        """Where the picture comes as a file."""
        found = address(self.wanted, self.today).replace("/oversight/", "/oversight/excel/", 1)
        return f"{found}{'&' if '?' in found else '?'}picture={picture}"

    def money(self, fen: int) -> str:
        """A large sum with its unit."""
        return "".join(large(fen, self.language))


def when(scene: Scene) -> Chart:
    """The days of the month, or the twelve months."""
    if scene.wanted.span == "year":
        parts = scene.told.faces["month"]
        bars = [_month_bar(scene, part.key) for part in parts]
        title, heading = Words("哪几个月", "Which months"), Words("月份", "Month")
    else:
        parts = _every_day(scene)
        bars = [_day_bar(scene, date.fromisoformat(part.key)) for part in parts]
        title, heading = Words("本月逐日", "Day by day"), Words("日期", "Day")
    highest = max(parts, key=lambda part: part.sums.total_fen, default=None)
    told = Words("没有结算。", "No settlements.")
    if highest is not None:
        amount = scene.money(highest.sums.total_fen)
        told = Words(
            f"{title.zh}的结算费用，按支付方分；最高为 {highest.key}，{amount}。",
            f"Cost settled by {heading.en.lower()} and payer; the highest is {highest.key} with {amount}.",
        )
    return Chart(
        "when", "columns", title, tuple(bars), _payers(scene, parts), told, heading, excel=scene.excel("when"),
        table=(_total(parts), _bills(parts)),
    )  # fmt: skip


def trend(scene: Scene) -> Chart:
    """The months up to this one: cost as columns, the own share of stays as a line."""
    parts = _every_month(scene)
    count = len(parts)
    return Chart(
        "trend", "columns", Words(f"近 {count} 个月", f"The last {count} months"),
        tuple(_month_bar(scene, part.key) for part in parts),
        (_total(parts, "accent"), Series(BURDEN, "patient", tuple(p.sums.burden_bp for p in parts), "bp", line=True)),
        Words(f"近 {count} 个月的总费用和住院自付占比。", f"Cost and own share of stays over {count} months."),
        Words("月份", "Month"), excel=scene.excel("trend"), table=(_bills(parts),),
    )  # fmt: skip


def where(scene: Scene) -> Chart:
    """Places one level below, by where people are insured."""
    names = region_names(int(part.key) for part in scene.told.faces["region"])
    parts = _largest(scene.told.faces["region"])
    bars = [scene.bar(names.get(int(p.key), p.key), region=int(p.key)) for p in parts]
    return _lying(
        scene, "where", Words("哪些地方", "Where"), Words("参保地", "Insured in"), parts, bars,
        Words("按参保地计，不论在哪里就医。", "By where people are insured, wherever they were treated."),
    )  # fmt: skip


def who(scene: Scene) -> Chart:
    """Categories. Somebody with several counts in each."""
    parts = _largest(scene.told.faces["category"])
    bars = [scene.bar(category_words(part.key), category=part.key) for part in parts]
    return _lying(
        scene, "who", Words("哪些人", "Who"), Words("身份", "Category"), parts, bars,
        Words("有多种身份的人在每种身份中各计一次，各条之和会大于合计。",
              "Somebody with several categories counts in each: the bars add up to more than the total."),
    )  # fmt: skip


def how(scene: Scene) -> Chart:
    """Inpatient, outpatient and so on."""
    parts = _largest(scene.told.faces["care"])
    return _lying(
        scene, "how", Words("就医方式", "Kinds of care"), Words("就医方式", "Care"), parts,
        [scene.bar(name_of(part.key), care=part.key) for part in parts],
    )  # fmt: skip


def levels(scene: Scene) -> Chart:
    """Levels of hospitals."""
    parts = _largest(scene.told.faces["level"])
    unknown = Words("未定级", "no level")
    bars = [
        scene.bar(name_of(part.key), level=part.key) if part.key else Bar(unknown.say(scene.language))
        for part in parts
    ]
    return _lying(scene, "levels", Words("机构级别", "Levels"), Words("级别", "Level"), parts, bars)


def hospitals(scene: Scene) -> Chart:
    """The own share of stays by hospital with what it may be off by; few stays are said to be few, and stand last."""
    found = [part for part in scene.told.faces["facility"] if part.sums.inpatient_bills]
    names = facility_names(int(part.key) for part in found)
    found.sort(key=lambda p: (p.sums.inpatient_bills < FEW, -(p.sums.burden_bp or 0), p.key))
    few = Words(f"不足 {FEW} 笔，不作比较", f"under {FEW} stays: not compared").say(scene.language)
    bars = [
        scene.bar(
            names.get(int(p.key), p.key), few if p.sums.inpatient_bills < FEW else "", facility=int(p.key)
        )
        for p in found
    ]
    sums = [part.sums for part in found]
    burden = Series(
        BURDEN,
        "accent",
        tuple(one.burden_bp for one in sums),
        "bp",
        bands=tuple(one.interval_bp for one in sums),
    )
    return Chart(
        "hospitals", "intervals", Words("哪些医院：住院自付占比", "Hospitals: own share of stays"), tuple(bars),
        (burden,),
        Words("各医院住院患者自付的占比及其 95 % 区间。", "Own share of stays by hospital, with its 95 % interval."),
        Words("医院", "Hospital"),
        hint=Words(
            f"点是占比，浅色条是 95 % 可能的范围：两条重叠，就不能说哪家更重。斜体的不足 {FEW} 笔，不作比较。",
            "The dot is the share, the pale bar its 95 % interval: where two overlap, neither is surely higher."
            f" Hospitals in italics have under {FEW} stays and are not compared.",
        ),
        goal=_goal(scene), excel=scene.excel("hospitals"),
        table=(
            Series(STAYS, "other", tuple(one.inpatient_bills for one in sums), "count"),
            Series(Words("住院费用", "Cost of stays"), "other", tuple(one.inpatient_total_fen for one in sums)),
            Series(Words("住院自付", "Own pay of stays"), "patient", tuple(one.inpatient_patient_fen for one in sums)),
            Series(Words("全部费用", "All cost"), "other", tuple(one.total_fen for one in sums)),
        ),
    )  # fmt: skip


def _goal(scene: Scene) -> Goal | None:
    """The county's own target for what patients bear of stays, where its policy has one."""
    found = next(
        (one for one in scene.told.targets if one.own and one.at_most_bp is not None), None
    )  # in-scope targets are shares of another base
    if found is None or found.at_most_bp is None:
        return None
    rate = f"{found.at_most_bp // 100} %"
    return Goal(found.at_most_bp, Words(f"目标 ≤ {rate}", f"goal ≤ {rate}"))


def _lying(
    scene: Scene,
    name: str,
    title: Words,
    heading: Words,
    parts: list[Part],
    bars: list[Bar],
    hint: Words | None = None,
) -> Chart:
    first = f"{bars[0].label} {scene.money(parts[0].sums.total_fen)}" if bars else ""
    told = Words(
        f"{title.zh}：结算费用按支付方分，最多的是{first}。",
        f"{title.en}: cost by payer; the largest is {first}.",
    )
    return Chart(
        name, "bars", title, tuple(bars), _payers(scene, parts), told, heading, hint=hint, excel=scene.excel(name),
        table=(
            _total(parts), _bills(parts),
            Series(STAYS, "other", tuple(p.sums.inpatient_bills for p in parts), "count"),
            Series(BURDEN, "other", tuple(p.sums.burden_bp for p in parts), "bp"),
        ),
    )  # fmt: skip


def _payers(scene: Scene, parts: Iterable[Part]) -> tuple[Series, ...]:
    """One series a payer that paid anything, in the order of their hues; then hospital and patient."""
    sums = [part.sums for part in parts]
    found = [
        Series(scene.payer(payer), hue, tuple(one.payers.get(payer, 0) for one in sums))
        for payer, hue in HUES.items()
    ]
    found.append(Series(OTHER, "other", tuple(_others(one) for one in sums)))
    found.append(Series(HOSPITAL, "hospital", tuple(one.hospital_fen for one in sums)))
    found.append(Series(PATIENT, "patient", tuple(one.patient_fen for one in sums)))
    return tuple(one for one in found if any(one.values) or one.hue == "patient")


def _others(sums: Sums) -> int:
    return sum(fen for payer, fen in sums.payers.items() if payer not in HUES)


def _total(parts: Iterable[Part], hue: Hue = "other") -> Series:
    return Series(TOTAL, hue, tuple(part.sums.total_fen for part in parts))


def _bills(parts: Iterable[Part]) -> Series:
    return Series(BILLS, "other", tuple(part.sums.bills for part in parts), "count")


def _largest(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: (-part.sums.total_fen, part.key))


def _every_day(scene: Scene) -> tuple[Part, ...]:
    known = {part.key: part for part in scene.told.faces["day"]}
    length = (last_day(scene.wanted.month) - scene.wanted.month).days + 1
    days = [(scene.wanted.month + timedelta(days=place)).isoformat() for place in range(length)]
    return tuple(known.get(day, Part(day, Sums())) for day in days)


def _every_month(scene: Scene) -> tuple[Part, ...]:
    """Twelve months, or twenty-four beside a year; one without settlements has its place."""
    known = {part.key: part for part in scene.told.trend}
    count = 24 if scene.wanted.span == "year" else 12
    months = [shifted(scene.wanted.month, by).isoformat() for by in range(1 - count, 1)]
    return tuple(known.get(month, Part(month, Sums())) for month in months)


def _day_bar(scene: Scene, day: date) -> Bar:
    listed = list_address(scene.wanted, day, day) if day <= scene.told.until else ""
    return Bar(str(day.day), listed, day == scene.today, day.isoformat(), listed)


def _month_bar(scene: Scene, key: str) -> Bar:
    month = date.fromisoformat(key)
    return Bar(
        f"{month:%Y-%m}", address(scene.wanted, scene.today, month=month, span="month"),
        scene.wanted.span == "month" and month == scene.wanted.month, "",
        list_address(scene.wanted, month, min(last_day(month), scene.today)),
    )  # fmt: skip


PICTURES: dict[str, Callable[[Scene], Chart]] = {
    "when": when, "trend": trend, "where": where, "who": who, "hospitals": hospitals, "how": how, "levels": levels,
}  # fmt: skip
"""By the name each has in the address of its file."""
