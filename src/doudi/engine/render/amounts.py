"""Amounts and names as people read them: thousands separators, a dash for nothing, words for accumulators."""

from __future__ import annotations

from typing import Any

from doudi.engine.vocabulary import NAMES, name_of
from doudi.money import Rounding, format_yuan, parse_yuan
from doudi.words import Language, Words

PERIODS = {
    "household_year": Words("每户每年", "a household a year"),
    "stay_year": Words("每次住院每年", "a stay and year"),
}
OWED = Words("待年末结算的个人负担", "burden left for the year's end")
ENDINGS = {
    "_owed_in_scope": OWED,
    "_owed_first_pay": OWED,
    "_owed_over_limit": OWED,
    "_owed_own_pay": OWED,
    "_deductible_year": Words("年度起付线已扣", "deductible taken in the year"),
    "_deductible": Words("起付线已扣", "deductible taken"),
    "_paid": Words("累计已付", "paid"),
    "_scope": Words("累计费用", "cost counted"),
}
"""Longer endings first: `_owed_in_scope` is no `_scope`."""


def fen(text: str) -> int:
    """The fen of an amount of the answer."""
    return int(parse_yuan(text, signed=True))


def grouped(text: str) -> str:
    """`26000.00` as `26,000.00`; more than two decimals are kept."""
    whole, point, decimals = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{decimals}"


def cell(text: str) -> str:
    """An amount in a table: zero is a dash, negative stands in parentheses."""
    amount = fen(text)
    if amount == 0:
        return "–"
    return f"({format_yuan(-amount, grouping=True)})" if amount < 0 else grouped(text)


def percent_of(part_fen: int, whole_fen: int) -> str:
    """A share of a whole to a tenth of a percent; a dash where there is no whole."""
    if whole_fen <= 0:
        return "–"
    tenths = Rounding().divide(part_fen * 1000, whole_fen)
    return f"{tenths // 10}.{tenths % 10}%"


def period(per: str) -> Words:
    """How often a limit counts anew."""
    return PERIODS[per] if per in PERIODS else name_of(per)


def accumulator(name: str, payers: dict[str, Any], language: Language) -> str:
    """What an accumulator holds, by the payer it belongs to; a name the policy invented stays as it is."""
    for ending, words in ENDINGS.items():
        if name.endswith(ending):
            payer = name.removesuffix(ending)
            told = payers[payer][language] if payer in payers else payer.replace("_", " ")
            part = ending.removeprefix("_owed_")
            if part not in NAMES:
                return f"{told} · {words.say(language)}"
            inside = NAMES[part].say(language)
            return f"{told} · {words.say(language)}" + (
                f"（{inside}）" if language == "zh" else f" ({inside})"
            )
    return name.replace("_", " ") if language == "en" else name
