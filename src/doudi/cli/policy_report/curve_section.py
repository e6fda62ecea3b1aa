"""The pictures of a policy: for every group of people what the patient pays and who pays the rest, cliffs in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from doudi.cli.policy_report import curve_pictures as draw
from doudi.engine.render.amounts import percent_of
from doudi.engine.render.html import table
from doudi.engine.render.waterfall import hue_of
from doudi.money import format_yuan
from doudi.policy.library import Policy
from doudi.proof.amendment_words import Speech, joined
from doudi.proof.curves import SHOWN, UP_TO, Cliff, Curve, curves
from doudi.proof.curves_facts import Setting, stage_of
from doudi.words import Language, Words


class CurveSection:
    """Draws one policy."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self.speech, self.language, self.zh = Speech(policy), language, language == "zh"
        self.stage = stage_of(policy)
        self.drawn = curves(self.stage)
        self.payers = {p.payer: self.speech.payer(p.payer) for p in policy.document.payers}
        good = [curve for curve in self.drawn if curve.points]
        self.top = draw.ceiling(max((p.patient for curve in good for p in curve.points), default=100))

    def w(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return zh if self.zh else en

    def say(self, words: Words) -> str:
        """Words, safe for a page."""
        return escape(words.say(self.language))

    def html(self) -> str:
        """The whole section."""
        title = self.w("费用越高，谁付多少", "Who pays what as the bill grows")
        facts = "".join(f"<li>{self.say(words)}</li>" for words in self.stage.assumed())
        about = self.w(
            "横轴是总费用，0 到 50 万元；下排各图左半是 5 万元以内，右半是 5 万到 50 万元。图中取定的情形：",
            "Across: the bill, from 0 to 500,000 yuan; in the lower pictures the left half is the bills up to 50,000. "
            "The case drawn:",
        )
        head = f'<h2 class="level-1">{title}</h2><p class="quiet">{about}</p><ul class="facts">{facts}</ul>'
        parts = [head, self.legend()]
        for settings, picture in self.groups():
            parts.append(self.group(settings, picture))
        parts.append(self.refused())
        return f'<section class="curves">{"".join(parts)}</section>'

    def legend(self) -> str:
        """The payers that pay anything, in their order, then the patient."""
        paying = [
            (hue_of(name, index), self.payers[name])
            for index, name in enumerate(self.drawn[0].payers)
            if any(point.shares[index] for curve in self.drawn for point in curve.points)
        ]
        if any(point.hospital for curve in self.drawn for point in curve.points):
            paying.append(("hospital", Words("医院承担", "hospital")))
        paying.append(("patient", Words("个人负担", "patient")))
        items = "".join(f'<span><i class="dot {hue}"></i>{self.say(name)}</span>' for hue, name in paying)
        return f'<p class="legend">{items}</p>'

    def groups(self) -> Iterator[tuple[list[Setting], list[Curve]]]:
        """Groups of people with the same pictures stand together."""
        merged: dict[tuple[object, ...], tuple[list[Setting], list[Curve]]] = {}
        for setting in self.stage.settings:
            mine = [curve for curve in self.drawn if curve.setting == setting and curve.points]
            if mine:
                key = tuple(curve.shape for curve in mine)
                merged.setdefault(key, ([], mine))[0].append(setting)
        yield from merged.values()

    def group(self, settings: list[Setting], mine: list[Curve]) -> str:
        """One group: lines with their table, the stacks of each level, the cliffs."""
        levels = list(_merged(mine))
        cliffs = _cliffs(mine)
        shown = [curves[0] for curves in levels]
        name = joined(self.setting_name(setting) for setting in settings)
        title = Words(f"{name.zh}：个人付多少", f"{name.en}: what the patient pays")
        picture = draw.lines(shown, UP_TO, self.top, [cliff for cliff, _ in cliffs], title, self.zh)
        panels = "".join(self.panel(same, cliffs) for same in levels)
        told = "".join(
            f"<li>{draw.mark_of(number)} {self.cliff(cliff, _places(where, mine))}</li>"
            for number, (cliff, where) in enumerate(cliffs)
        )
        caption = self.w("个人付多少（元）", "what the patient pays (yuan)")
        scale = self.w("各人群同一刻度", "same scale for all groups")
        return (
            f'<h3 class="level-2">{self.say(name)}</h3>{self.who(settings)}'
            f'<div class="pair"><figure><figcaption>{caption} <span class="quiet">{scale}</span></figcaption>'
            f"{picture}</figure>"
            f'{self.amounts(levels)}</div><div class="panels">{panels}</div>'
            + (f'<ul class="cliffs">{told}</ul>' if told else "")
        )

    def cliff(self, cliff: Cliff, places: Words) -> str:
        """A cliff in a sentence, with the reason for which it stays."""
        return self.say(draw.cliff_words(cliff, self.payers, places)) + self.reason(cliff)

    def setting_name(self, setting: Setting) -> Words:
        """A group of people."""
        if setting.group is None:
            return Words("没有救助身份的人", "people in no category")
        return self.speech.group("people")(setting.group)

    def who(self, settings: list[Setting]) -> str:
        """By which category the person on the curve belongs to each group."""
        held = dict.fromkeys(code for setting in settings for code in setting.categories)
        if not held:
            return ""
        names = joined((self.speech.category(code) for code in held), " / ", " / ")
        return f'<p class="quiet">{self.w("以此身份试算：", "drawn for: ")}{self.say(names)}</p>'

    def panel(self, same: list[Curve], cliffs: list[tuple[Cliff, list[Curve]]]) -> str:
        """The stack of levels that are alike."""
        name = joined(curve.place.words for curve in same)
        if same[0].place.by == "any":
            name = Words("谁付多少", "who pays what")
        marks = [cliff if same[0] in where else None for cliff, where in cliffs]
        picture = draw.stack(same[0], UP_TO, marks, name, self.zh)
        share = percent_of(same[0].points[-1].patient, UP_TO)
        caption = self.w(f"50 万元时个人付 {share}", f"at 500k the patient pays {share}")
        return f'<figure><figcaption>{self.say(name)} <span class="quiet">{caption}</span></figcaption>{picture}</figure>'

    def amounts(self, levels: Sequence[list[Curve]]) -> str:
        """What the patient pays on some bills, one row a level; the rows are the legend of the lines."""
        heads = [self.w("总费用（元）", "bill (yuan)"), *(self.w(*_pair(draw.large(bill))) for bill in SHOWN)]
        rows = [
            [
                f'<span class="key">{draw.sample_line(index)}{self.say(_level_name(same))}</span>',
                *(format_yuan(same[0].at(bill).patient, grouping=True) for bill in SHOWN),
            ]
            for index, same in enumerate(levels)
        ]
        return table(heads, rows, tuple(range(1, len(SHOWN) + 1)))

    def reason(self, cliff: Cliff) -> str:
        """Why a cliff stays, or that nobody has said so."""
        reasons = dict.fromkeys(reason for _, _, reason in cliff.causes if reason)
        if reasons:
            return (
                f' <span class="quiet">{self.w("已确认：", "accepted: ")}{escape("；".join(reasons))}</span>'
            )
        return f' <span class="look">{self.w("没有写明为什么保留", "nobody has said why it stays")}</span>'

    def refused(self) -> str:
        """Levels and groups for which the policy gives no answer."""
        found: dict[str, list[Words]] = {}
        for curve in self.drawn:
            if curve.refused is not None:
                name = joined([self.setting_name(curve.setting), curve.place.words], " · ", ", ")
                found.setdefault(curve.refused.say(self.language), []).append(name)
        items = "".join(f"<li>{self.say(joined(names))}：{escape(why)}</li>" for why, names in found.items())
        title = self.w("画不出的情形", "Not drawn")
        return f'<h3>{title}</h3><ul class="quiet">{items}</ul>' if items else ""


def _pair(words: Words) -> tuple[str, str]:
    return words.zh, words.en


def _merged(mine: Sequence[Curve]) -> Iterator[list[Curve]]:
    """Levels with the same curve stand together."""
    found: dict[object, list[Curve]] = {}
    for curve in mine:
        found.setdefault(curve.shape, []).append(curve)
    yield from found.values()


def _cliffs(mine: Sequence[Curve]) -> list[tuple[Cliff, list[Curve]]]:
    """Every cliff once, with the curves that have it, in the order of the bill."""
    found: dict[Cliff, list[Curve]] = {}
    for curve in mine:
        for cliff in curve.cliffs:
            found.setdefault(cliff, []).append(curve)
    return sorted(found.items(), key=lambda one: one[0].after.total)


def _places(where: Sequence[Curve], mine: Sequence[Curve]) -> Words:
    """The levels at which a cliff is met."""
    if len(where) == len(mine) or where[0].place.by == "any":
        return Words("各级机构", "at every level")
    return joined(curve.place.words for curve in where)


def _level_name(same: Sequence[Curve]) -> Words:
    return (
        Words("各级机构", "every level")
        if same[0].place.by == "any"
        else joined(one.place.words for one in same)
    )
