"""Region keys: a region as one integer, a scope as ranges of integers.

A 12-digit division code has five levels: province (2), city (4), county (6), township (9), village (12). The *region
key* of a record is the 9-digit code of its township, or of its county followed by 000. It fits PostgreSQL's `integer`.
What lies inside any region is then one half-open range of keys, and a scope is a set of such ranges: no list of
counties to keep, no prefix match on text, and one index serves every level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from doudi.server.kernel.errors import Refused
from doudi.words import Words

KEY_DIGITS = 9
LEVEL_DIGITS = (2, 4, 6, 9, 12)


class NotAScope(Refused, ValueError):
    """A village, or no division code at all, where a scope or the filter of a list is asked for."""

    def __init__(self, code: int) -> None:
        super().__init__(
            "region_not_a_scope",
            Words(
                f"{code} 不是县、乡级及以上的区划代码。",
                f"{code} is no 12-digit code of a township or above.",
            ),
            remedy=Words("请选择乡镇或以上的行政区划。", "Choose a township or a larger division."),
            where="region",
        )


def significant(code: int) -> int:
    """How many leading digits of a 12-digit division code name the region: 2, 4, 6, 9 or 12; 0 for the whole country."""
    text = f"{code:012d}"
    for digits in (0, *LEVEL_DIGITS):
        if set(text[digits:]) <= {"0"}:
            return digits
    return 12


def region_key(code: int) -> int:
    """The key of records that belong to the region `code` (12 digits); a village's records carry its township's key."""
    return code // 1000


def key_range(code: int) -> tuple[int, int]:
    """The keys inside region `code` (12 digits): from (inclusive), until (exclusive). A village is not a scope."""
    digits = significant(code) if 0 <= code < 10**12 else 12
    if digits > KEY_DIGITS:
        raise NotAScope(code)
    width = 10 ** (KEY_DIGITS - digits)
    return region_key(code), region_key(code) + width


@dataclass(frozen=True, slots=True)
class Ranges:
    """Half-open ranges of region keys, sorted and apart. No range means nothing is in scope, never everything."""

    pairs: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, codes: Iterable[int]) -> Ranges:
        """The ranges of some division codes (12 digits); 0 is the whole country."""
        return cls.union(key_range(code) for code in codes)

    @classmethod
    def union(cls, pairs: Iterable[tuple[int, int]]) -> Ranges:
        """Overlapping and touching ranges become one."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(pairs):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            else:
                merged.append((start, end))
        return cls(tuple(merged))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int) and any(start <= key < end for start, end in self.pairs)

    def covers(self, other: Ranges) -> bool:
        """Whether all of `other` lies inside."""
        return all(any(s <= start and end <= e for s, e in self.pairs) for start, end in other.pairs)

    def multirange(self) -> str:
        """PostgreSQL's text of an int4multirange."""
        return "{" + ",".join(f"[{start},{end})" for start, end in self.pairs) + "}"


NOWHERE = Ranges()


def in_ranges(ranges: Ranges, field: str = "region") -> Q:
    """The filter of a scope, for indexes; an empty scope matches nothing."""
    condition = Q(pk__in=[])
    for start, end in ranges.pairs:
        condition |= Q(**{f"{field}__gte": start, f"{field}__lt": end})
    return condition
