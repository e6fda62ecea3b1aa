"""Which sums the policies of a place keep over time, and how people write their names and periods in a list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from doudi.engine.entitlement import law_of
from doudi.engine.render.amounts import accumulator as accumulator_words
from doudi.policy import Policy
from doudi.server.entitlement.errors import accumulator_unknown, period_wrong
from doudi.words import Words

FORMS: dict[str, tuple[str, str]] = {
    "year": (r"\d{4}", "2026"),
    "month": (r"\d{4}-(0[1-9]|1[0-2])", "2026-08"),
    "quarter": (r"\d{4}Q[1-4]", "2026Q3"),
    "lifetime": ("ever", "ever"),
}
"""What a key of each period looks like (`engine.periods.period_key`); others do not outlive a stay or a day."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A sum that a policy keeps: its name, what people call it, its period, and whether a household shares it."""

    name: str
    words: Words
    period: str
    household: bool

    @property
    def example(self) -> str:
        """How a key of its period is written."""
        return FORMS[self.period][1]

    def check_period(self, period: str) -> None:
        """Raise `period_wrong` unless `period` is a key of this sum."""
        if not re.fullmatch(FORMS[self.period][0], period):
            raise period_wrong(period, self.example)


def counted_by(policies: list[Policy]) -> dict[str, Counted]:
    """Every sum with a period that some policies keep, by name."""
    found: dict[str, Counted] = {}
    for policy in policies:
        payers = {
            one.payer: {"zh": one.name.zh, "en": one.name.en or one.payer.replace("_", " ")} if one.name else
            {"zh": one.payer, "en": one.payer.replace("_", " ")}
            for one in policy.document.payers
        }  # fmt: skip
        for _, one, _ in law_of(policy).compiled.program.accumulators:
            if one.period not in FORMS or one.each is not None:
                continue
            zh = accumulator_words(one.name, payers, "zh")
            words = Words(zh, accumulator_words(one.name, payers, "en"))
            found.setdefault(one.name, Counted(one.name, words, one.period, one.scope == "household"))
    return found


def named(text: str, known: dict[str, Counted]) -> Counted:
    """A sum by its name or by what people call it; spaces and dots make no difference. `accumulator_unknown`."""
    wanted = _plain(text)
    for one in known.values():
        if wanted in (_plain(one.name), _plain(one.words.zh), _plain(one.words.en)):
            return one
    raise accumulator_unknown(text, [one.words.zh for one in known.values()])


def _plain(text: str) -> str:
    return re.sub(r"[\s·.\-_]", "", text).casefold()
