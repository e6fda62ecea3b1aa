"""A harm as a pair of bills: confirmed to the fen, made as small as it goes, and told with the payer it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.compile.bill import payers_in_order
from doudi.engine.decision import payer_words
from doudi.engine.plan import PayerPlan
from doudi.engine.vocabulary import name_of
from doudi.money import format_yuan
from doudi.proof.harm.classes import Witness
from doudi.proof.harm.replay import Numbers, Pair, Replayer, more_cost
from doudi.proof.harm.verdict import Harm, Kind, Path
from doudi.words import Words


def fall(kind: Kind, pair: Pair) -> int:
    """How much worse than allowed the second bill is, in fen; rounding not yet taken off."""
    amounts = pair.amounts
    if kind == "payers_fall":
        return amounts.payers[0] - amounts.payers[1]
    if kind == "hardship_worse":
        return amounts.patient[1] - amounts.patient[0]
    return amounts.patient[0] - amounts.patient[1]


class Confirmer:
    """Turns suspicions into harms."""

    def __init__(self, replayer: Replayer) -> None:
        self.replayer = replayer
        self.document = replayer.document

    def cost(
        self, kind: Kind, witness: Witness, part: str, first: Numbers, second: Numbers, *, around: bool = True
    ) -> Harm | None:
        """The harm of more cost in a part; None where the bills do not show it. `around`: nor those beside them."""
        for start, end in _around(first, second, part) if around else [(first, second)]:
            step = end["part", part] - start["part", part]
            pair = self._pair(witness, start, end)
            if step > 0 and pair is not None and fall(kind, pair) > self.replayer.rounding(pair):
                return self._told(kind, *self._smallest(kind, witness, part, (start, end), pair))
        return None

    def hardship(self, lesser: Witness, greater: Witness, first: Numbers, second: Numbers) -> Harm | None:
        """The harm of one more category on the same bill; None where the bills do not show it."""
        pair = self.replayer.pair(self.replayer.file(lesser, first), self.replayer.file(greater, second))
        if pair is None or fall("hardship_worse", pair) <= self.replayer.rounding(pair):
            return None
        return self._told("hardship_worse", pair, 0)

    def _pair(self, witness: Witness, first: Numbers, second: Numbers) -> Pair | None:
        return self.replayer.pair(self.replayer.file(witness, first), self.replayer.file(witness, second))

    def _smallest(
        self, kind: Kind, witness: Witness, part: str, ends: tuple[Numbers, Numbers], pair: Pair
    ) -> tuple[Pair, int]:
        """Halve the step as long as one half still does harm: a jump ends at one fen, and is told so.

        A slope has no smallest bill that shows it beyond rounding; then the first pair is as good, and plainer.
        """
        first, second = ends
        whole = step = second["part", part] - first["part", part]
        plain = pair
        while step > 1:
            middle = more_cost(first, second, part, step // 2)
            halves = [(first, middle), (middle, second)]
            pairs = [(half, made) for half in halves if (made := self._pair(witness, *half)) is not None]
            worse = [(fall(kind, made), half, made) for half, made in pairs]
            worse = [one for one in worse if one[0] > self.replayer.rounding(one[2])]
            if not worse:
                break
            _, (first, second), pair = max(worse, key=lambda one: one[0])
            step = second["part", part] - first["part", part]
        return (pair, 1) if step == 1 else (plain, whole)

    def _told(self, kind: Kind, pair: Pair, step: int) -> Harm:
        plan = self._culprit(kind, pair, step)
        index = next(i for i, payer in payers_in_order(self.document) if payer.payer == plan.name)
        benefit, path = self._benefit(plan, pair, index)
        payer = payer_words(self.document, plan.name)
        words = _WORDS[kind](pair, step, payer, self.person(pair))
        return Harm(kind, words, *pair.files, pair.amounts, plan.name, benefit, path, step)

    def _culprit(self, kind: Kind, pair: Pair, step: int) -> PayerPlan:
        """The first payer that turns to other parts, leaves less of the dearer bill, or more than was added."""
        first, second = pair.decisions
        for plan in second.plan.payers if step == 1 else ():
            if _turns(plan, pair):
                return plan
        unit = int(self.replayer.settler.rounding.unit)
        left = step - (second.hospital - first.hospital)
        plans = second.plan.payers
        for number, plan in enumerate(plans, start=1):
            left -= second.shares.get(plan.name, 0) - first.shares.get(plan.name, 0)
            allowed = (number + len(second.plan.rules)) * unit
            if left < -allowed if kind == "patient_gains" else left > step + allowed:
                return plan
        return plans[-1]

    def _benefit(self, plan: PayerPlan, pair: Pair, index: int) -> tuple[str | None, Path]:
        """The benefit that paid on the dearer bill, else on the other, else the payer itself."""
        for decision in reversed(pair.decisions):
            mine = next(one for one in decision.plan.payers if one.name == plan.name)
            chosen = [b for b in mine.benefits if decision.registers[b.chosen]]
            chosen.sort(key=lambda one: -decision.registers[one.amount])
            if chosen:
                return chosen[0].name, ("payers", index, "benefits", chosen[0].index)
        return None, ("payers", index)

    def person(self, pair: Pair) -> tuple[Words, Words]:
        """Who the two persons are and where, in words."""
        return self._who(pair, 0), self._who(pair, 1)

    def _who(self, pair: Pair, side: int) -> Words:
        file = pair.files[side]
        bill = file["bills"][0]
        held = [self._category(entry["code"]) for entry in file["person"]["categories"]]
        place = [name_of(str(word)) for word in (bill["facility"].get("level"), bill.get("care")) if word]
        zh = "、".join(words.zh for words in held) or "没有困难身份的人"
        en = " and ".join(words.en for words in held) or "a person in no category"
        at_zh = "".join(words.zh for words in place)
        at_en = ", ".join(words.en for words in place)
        return Words(f"{zh}（{at_zh}）" if at_zh else zh, f"{en} ({at_en})" if at_en else en)

    def _category(self, code: str) -> Words:
        category = self.replayer.settler.policy.categories.get(code)
        return Words(category.zh, category.en or code) if category is not None else Words(code, code)


def _turns(plan: PayerPlan, pair: Pair) -> bool:
    """Whether a payer chooses another benefit on the dearer bill, and draws from another part with it."""
    first, second = (
        ({b.name for b in plan.benefits if decision.registers[b.chosen]},
         {part for part, register in plan.drawn if decision.registers[register] > 1})
        for decision in pair.decisions
    )  # fmt: skip
    return (
        len(plan.benefits) > 1
        and first[0] != second[0]
        and not (first[1] <= second[1] or second[1] <= first[1])
    )


def _around(first: Numbers, second: Numbers, part: str) -> Iterator[tuple[Numbers, Numbers]]:
    """The pair itself, then pairs a fen to either side: the solver knows no rounding."""
    for low in (0, -1, 1):
        for high in (0, 1, -1, 2):
            start, end = dict(first), dict(second)
            start["part", part] = max(0, start["part", part] + low)
            end["part", part] += high
            yield start, end


def _begun(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def _more(pair: Pair, step: int, payer: Words, who: tuple[Words, Words]) -> Words:
    amounts = pair.amounts
    less = format_yuan(amounts.patient[0] - amounts.patient[1], grouping=True)
    low, high, added = (format_yuan(one, grouping=True) for one in (*amounts.total, step))
    return Words(
        f"{who[0].zh}：费用 {high} 元比 {low} 元多 {added} 元，自己反而少付 {less} 元，出在{payer.zh}。",
        f"{_begun(who[0].en)} pays {less} less for a bill of {high} than of {low}; it comes from {payer.en}.",
    )


def _payers(pair: Pair, step: int, payer: Words, who: tuple[Words, Words]) -> Words:
    amounts = pair.amounts
    more = format_yuan(amounts.patient[1] - amounts.patient[0], grouping=True)
    less = format_yuan(amounts.payers[0] - amounts.payers[1], grouping=True)
    low, high, added = (format_yuan(one, grouping=True) for one in (*amounts.total, step))
    return Words(
        f"{who[0].zh}：费用 {high} 元比 {low} 元多 {added} 元，自己却多付 {more} 元，各方合计少付 {less} 元，"
        f"出在{payer.zh}。",
        f"{_begun(who[0].en)} pays {more} more for a bill of {high} than of {low}, and all payers together {less} less; "
        f"it comes from {payer.en}.",
    )


def _hardship(pair: Pair, _: int, payer: Words, who: tuple[Words, Words]) -> Words:
    amounts = pair.amounts
    more = format_yuan(amounts.patient[1] - amounts.patient[0], grouping=True)
    total = format_yuan(amounts.total[0], grouping=True)
    return Words(
        f"同是 {total} 元的费用，{who[1].zh}比{who[0].zh}多付 {more} 元，出在{payer.zh}。",
        f"For the same bill of {total}, {who[1].en} pays {more} more than {who[0].en}; it comes from {payer.en}.",
    )


_WORDS = {"patient_gains": _more, "payers_fall": _payers, "hardship_worse": _hardship}
