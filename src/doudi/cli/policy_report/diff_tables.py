"""Who gains and who loses as tables: the same rows for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from doudi.engine.refusals import REFUSALS
from doudi.engine.render.amounts import percent_of
from doudi.engine.vocabulary import LEVELS, name_of
from doudi.money import format_yuan
from doudi.policy.library import Policy
from doudi.proof.amendment_words import Speech
from doudi.proof.effects import NOBODY, UNKNOWN_LEVEL, Effects, RefusedBills, Row, Tally
from doudi.words import Language, Words


@dataclass(frozen=True)
class Sheet:
    """A table with its heading; `right`: columns of numbers; `note` stands under the heading."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...]
    note: str = ""
    hues: tuple[str, ...] = ()


def money(amount: int) -> str:
    """An amount; nothing is a dash."""
    return format_yuan(amount, grouping=True) if amount else "–"


def signed(amount: int) -> str:
    """A difference with its sign."""
    if not amount:
        return "–"
    return ("+" if amount > 0 else "−") + format_yuan(abs(amount), grouping=True)


def _counted(bills: int, amount: int, more: Words) -> Words:
    """How many bills and how much together; nothing together is not said."""
    if not bills:
        return Words("0 张", "0")
    plural = "s" if bills != 1 else ""
    return Words(f"{bills} 张，{more.zh} {money(amount)}", f"{bills} bill{plural}, {more.en} {money(amount)}")


class Sheets:
    """The tables of one comparison in one language."""

    def __init__(self, before: Policy, after: Policy, effects: Effects, language: Language) -> None:
        self.old, self.new, self.effects, self.language = Speech(before), Speech(after), effects, language

    def w(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return zh if self.language == "zh" else en

    def all(self) -> Iterator[Sheet]:
        """Every table that has a row."""
        sheets = (
            self.payers(),
            self.categories(),
            self.levels(),
            self.gains(),
            self.losses(),
            self.refused(),
        )
        yield from (sheet for sheet in sheets if sheet.rows)

    def summary(self) -> list[str]:
        """The counts that must add up, in sentences."""
        found, compared = self.effects, self.effects.compared
        less = _counted(compared.gains, compared.gained, Words("共少付", "in all by"))
        more = _counted(compared.losses, compared.lost, Words("共多付", "in all by"))
        refused, persons = found.bills - compared.bills, found.persons
        said = [
            self.w(
                f"单据 {found.bills} 张：可比较 {compared.bills} 张，至少一方拒绝 {refused} 张",
                f"{found.bills} bills: {compared.bills} compared, {refused} refused under at least one policy",
            ),
            self.w(
                f"少付 {less.zh}；多付 {more.zh}；不变 {compared.unchanged} 张",
                f"the patient pays less on {less.en}, more on {more.en}, the same on {compared.unchanged}",
            ),
            self.w(
                f"按人合计：{persons.gain} 人少付，{persons.lose} 人多付，{persons.same} 人不变",
                f"by person: {persons.gain} pay less, {persons.lose} more, {persons.same} the same",
            ),
        ]
        return [*said, *self._outside()]

    def _outside(self) -> Iterator[str]:
        for count, zh, en in zip(self.effects.outside, "甲乙", "AB", strict=True):
            if count:
                yield self.w(
                    f"其中 {count} 张不在{zh}的施行期内，按{zh}最近一天的规定试算",
                    f"{count} of them lie outside the time of {en} and are rehearsed by its law of the nearest day",
                )

    def payers(self) -> Sheet:
        """What each payer, the hospital and the patients pay under both."""
        compared = self.effects.compared
        names = dict.fromkeys([p.payer for one in (self.new, self.old) for p in one.document.payers])
        names |= dict.fromkeys(self.effects.payers)
        rows = [
            (self.payer(name), *self.effects.payers[name]) for name in names if name in self.effects.payers
        ]
        hues = [name for name in names if name in self.effects.payers]
        if any(self.effects.hospital):
            rows.append((self.w("医院承担", "hospital"), *self.effects.hospital))
            hues.append("hospital")
        rows.append((self.w("个人负担", "patients"), compared.patient_a, compared.patient_b))
        rows.append((self.w("总费用", "total"), compared.total, compared.total))
        table = tuple(
            (name, money(a), money(b), signed(b - a), percent_of(b, compared.total)) for name, a, b in rows
        )
        heads = (
            self.w("谁付", "who pays"), self.w("甲（元）", "A (yuan)"), self.w("乙（元）", "B (yuan)"),
            self.w("乙比甲", "B less A"), self.w("乙占比", "share in B"),
        )  # fmt: skip
        title = self.w("各方支付", "Who pays what")
        return Sheet(title, heads, table if compared.bills else (), (1, 2, 3, 4), hues=(*hues, "patient", ""))

    def payer(self, name: str) -> str:
        """A payer by the name of the new policy, else of the old one."""
        known = any(payer.payer == name for payer in self.new.document.payers)
        return (self.new if known else self.old).payer(name).say(self.language)

    def categories(self) -> Sheet:
        """By category of persons; a bill counts in each category of its patient."""
        tallies = dict(
            sorted(self.effects.categories.items(), key=lambda one: (one[0] == NOBODY, -one[1].bills))
        )
        note = self.w(
            "一人有几类身份的，在每一类里都计一次", "a bill counts in every category its patient has"
        )
        overlapping = sum(tally.bills for tally in tallies.values()) > self.effects.compared.bills
        return self._tallied(
            self.w("按人员类别", "By category"), self.w("类别", "category"), tallies, self.category,
            note if overlapping else "",
        )  # fmt: skip

    def category(self, code: str) -> str:
        """A category, or none."""
        if code == NOBODY:
            return self.w("无救助身份", "no category")
        known = code in self.new.policy.categories
        return (self.new if known else self.old).category(code).say(self.language)

    def levels(self) -> Sheet:
        """By level of the hospital."""
        order = {level: place for place, level in enumerate(LEVELS)}
        tallies = dict(sorted(self.effects.levels.items(), key=lambda one: order.get(one[0], len(order))))
        return self._tallied(self.w("按机构级别", "By level"), self.w("级别", "level"), tallies, self.level)

    def level(self, code: str) -> str:
        """A level of hospitals."""
        return (
            self.w("未写级别", "level not given")
            if code == UNKNOWN_LEVEL
            else name_of(code).say(self.language)
        )

    def _tallied(
        self, title: str, head: str, tallies: Mapping[str, Tally], name: Callable[[str], str], note: str = ""
    ) -> Sheet:
        heads = (
            head, self.w("单据", "bills"), self.w("个人付 甲", "patients, A"), self.w("个人付 乙", "patients, B"),
            self.w("乙比甲", "B less A"), self.w("少付（张）", "pay less"), self.w("少付合计", "less in all"),
            self.w("多付（张）", "pay more"), self.w("多付合计", "more in all"),
        )  # fmt: skip
        rows = tuple(
            (
                name(code), str(tally.bills), money(tally.patient_a), money(tally.patient_b), signed(tally.change),
                str(tally.gains or "–"), money(tally.gained), str(tally.losses or "–"), money(tally.lost),
            )
            for code, tally in tallies.items()
        )  # fmt: skip
        return Sheet(title, heads, rows, tuple(range(1, 9)), note)

    def gains(self) -> Sheet:
        """The bills on which the patient pays least in comparison."""
        return self._largest(self.w("少付最多的单据", "The largest gains"), self.effects.gains)

    def losses(self) -> Sheet:
        """The bills on which the patient pays most in comparison."""
        return self._largest(self.w("多付最多的单据", "The largest losses"), self.effects.losses)

    def _largest(self, title: str, rows: Iterable[Row]) -> Sheet:
        heads = (
            self.w("单据", "bill"), self.w("身份", "category"), self.w("级别", "level"),
            self.w("总费用", "total"), self.w("个人付 甲", "patient, A"), self.w("个人付 乙", "patient, B"),
            self.w("乙比甲", "B less A"),
        )  # fmt: skip
        comma = self.w("、", ", ")
        table = tuple(
            (
                row.bill, comma.join(self.category(code) for code in row.categories or (NOBODY,)),
                self.level(row.level), money(row.total), money(row.patient_a), money(row.patient_b),
                signed(row.change),
            )
            for row in rows
        )  # fmt: skip
        return Sheet(title, heads, table, (3, 4, 5, 6))

    def refused(self) -> Sheet:
        """What could not be compared, and why."""
        heads = (
            self.w("甲", "A"), self.w("乙", "B"), self.w("单据", "bills"), self.w("总费用", "total"),
            self.w("例如", "for example"),
        )  # fmt: skip
        rows = tuple(self._refused(one) for one in self.effects.refused)
        return Sheet(self.w("未能比较的单据", "Bills not compared"), heads, rows, (2, 3))

    def _refused(self, one: RefusedBills) -> tuple[str, ...]:
        def said(code: str | None) -> str:
            if code is None:
                return self.w("可结算", "settled")
            return f"{self.w('拒绝', 'refused')} {code}"

        if one.why is not None:
            reason = one.why.say(self.language)
        else:
            code = one.refusal_a or one.refusal_b or ""
            reason = Words(*REFUSALS[code][:2]).say(self.language) if code in REFUSALS else code
        return (
            said(one.refusal_a),
            said(one.refusal_b),
            str(one.bills),
            money(one.total),
            f"{one.example}: {reason}",
        )
