"""Do published figures add up? A sum that differs from its parts raises; the gap is never plugged.

Amounts are integers in one unit (fen, persons, 10,000 yuan …); the caller says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was stated, what the parts come to, and the difference (stated − computed)."""

    stated: Fraction
    computed: Fraction
    words: Words

    @property
    def difference(self) -> Fraction:
        """Stated minus computed."""
        return self.stated - self.computed

    @property
    def holds(self) -> bool:
        """Whether the figures agree."""
        return self.difference == 0


class DoesNotReconcile(Exception):
    """Published figures contradict each other."""

    def __init__(self, found: Reconciliation) -> None:
        self.found = found
        super().__init__(found.words.en)


def plain(value: Fraction) -> str:
    """A fraction for people: whole, or two decimals."""
    if value.denominator == 1:
        return f"{int(value):,}"
    hundredths = floor(value * 100 + Fraction(1, 2))
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100:,}.{abs(hundredths) % 100:02d}"


def sum_of_parts(stated: Fraction, parts: list[Fraction]) -> Reconciliation:
    """A stated total against the sum of its parts."""
    computed = sum(parts, Fraction(0))
    shown = " + ".join(plain(part) for part in parts)
    gap = plain(stated - computed)
    verdict = ("相符", "they agree") if stated == computed else (f"相差 {gap}", f"they differ by {gap}")
    zh = f"{shown} = {plain(computed)}，公布 {plain(stated)}，{verdict[0]}"
    en = f"{shown} = {plain(computed)}, published {plain(stated)}: {verdict[1]}"
    return Reconciliation(stated, computed, Words(zh, en))


def require(found: Reconciliation) -> Reconciliation:
    """The same reconciliation, if it holds. Raises DoesNotReconcile."""
    if not found.holds:
        raise DoesNotReconcile(found)
    return found


@dataclass(frozen=True, slots=True)
class MeanAndRest:
    """What a published mean implies: the sum, its share of a total, what the few who pay must pay."""

    total_paid: Fraction
    share_of_total: Fraction
    payers_at_most: int
    each_at_least: Fraction


def mean_implies(people: int, mean: Fraction, total: Fraction, zero_share: Fraction) -> MeanAndRest:
    """From a mean payment over all people, of whom more than `zero_share` pay nothing."""
    paid = mean * people
    payers = people - (int(people * zero_share) + 1)
    return MeanAndRest(paid, paid / total, payers, paid / payers)
