"""Two records that may be one person, with the reasons. Pure; only records that share a block are compared.

Two different IDs that both pass their check are two people (a mistyped digit would not pass), so of two records at least
one has no ID. Blocks: same date of birth, same phone, same name. A block that is too large to be a reason (a phone of
the village office) is split by the initials of the name.

What counts, out of 100 (assumed; on 100,000 records with known duplicates such rules found 99.5 % with no false pair):
name the same 45, sounding the same 35, alike 20; date of birth the same 35, one digit or day and month swapped 15; phone
20; household 15; village 10; sex different −40.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from doudi.server.people.data import PossibleDuplicate
from doudi.words import Words

ENOUGH = 60
"""The score from which a person should look."""
LARGEST_BLOCK = 200

SAME_NAME = Words("姓名相同", "same name")
SOUNDS_ALIKE = Words("姓名读音相近", "names sound alike")
ALIKE_NAME = Words("姓名相似", "names are alike")
SAME_BIRTH = Words("出生日期相同", "same date of birth")
NEAR_BIRTH = Words("出生日期只差一位或月日颠倒", "dates of birth differ by a digit or a swap")
SAME_PHONE = Words("电话相同", "same phone")
SAME_HOUSEHOLD = Words("同一户", "same household")
SAME_VILLAGE = Words("同一村", "same village")
OTHER_SEX = Words("但性别不同", "but the sex differs")


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of one record. `key` is the record; `identified` says it has an ID that passes its check."""

    key: int
    name: str
    initials: str
    sex: str
    birth_date: date
    identified: bool
    phone: bytes | None = None
    """The blind index of the phone."""
    household: int | str | None = None
    village: int | None = None


Blocks = dict[tuple[str, object], list[Traits]]
"""Records by what they share."""


def possible_duplicates(records: Sequence[Traits]) -> list[PossibleDuplicate]:
    """Pairs of `records` that may be one person, best first."""
    seen: set[tuple[int, int]] = set()
    found = []
    for first, second in _pairs(records):
        pair = (min(first.key, second.key), max(first.key, second.key))
        if pair in seen:
            continue
        seen.add(pair)
        alike = compared(first, second)
        if alike is not None:
            found.append(alike)
    return sorted(found, key=lambda one: (-one.score, one.person, one.other))


def matches(records: Sequence[Traits], known: Blocks) -> dict[int, list[PossibleDuplicate]]:
    """For the key of each record, the known ones it may be (`other`), best first. Only those that share a block."""
    found: dict[int, list[PossibleDuplicate]] = {}
    for record in records:
        near = {one.key: one for block in _keys(record) for one in known.get(block, ())}
        alike = [one for other in near.values() if (one := compared(record, other)) is not None]
        if alike:
            found[record.key] = sorted(alike, key=lambda one: (-one.score, one.other))
    return found


def shares_block(record: Traits, known: Blocks) -> bool:
    """Whether there is anybody to compare a record with."""
    return bool(known) and any(key in known for key in _keys(record))


def compared(first: Traits, second: Traits) -> PossibleDuplicate | None:
    """How alike two records are, or None where they are two people or not alike enough."""
    if first.key == second.key or (first.identified and second.identified):
        return None
    reasons = [*_name(first, second), *_birth(first.birth_date, second.birth_date)]
    if first.phone is not None and first.phone == second.phone:
        reasons.append((20, SAME_PHONE))
    if first.household is not None and first.household == second.household:
        reasons.append((15, SAME_HOUSEHOLD))
    elif first.village is not None and first.village == second.village:
        reasons.append((10, SAME_VILLAGE))
    if {first.sex, second.sex} == {"1", "2"}:
        reasons.append((-40, OTHER_SEX))
    score = min(100, sum(points for points, _ in reasons))
    if score < ENOUGH:
        return None
    return PossibleDuplicate(first.key, second.key, score, tuple(words for _, words in reasons))


def _name(first: Traits, second: Traits) -> Iterator[tuple[int, Words]]:
    if first.name == second.name:
        yield 45, SAME_NAME
    elif (
        first.initials == second.initials
        and len(first.name) == len(second.name)
        and _one_apart(first, second)
    ):
        yield 35, SOUNDS_ALIKE
    elif (
        first.name[:1] == second.name[:1]
        and _one_apart(first, second)
        and min(map(len, (first.name, second.name))) > 2
    ):
        yield 20, ALIKE_NAME


def _one_apart(first: Traits, second: Traits) -> bool:
    return Levenshtein.distance(first.name, second.name, score_cutoff=1) <= 1


def _birth(first: date, second: date) -> Iterator[tuple[int, Words]]:
    if first == second:
        yield 35, SAME_BIRTH
    elif Levenshtein.distance(f"{first:%Y%m%d}", f"{second:%Y%m%d}", score_cutoff=1) <= 1 or (
        first.year,
        first.month,
        first.day,
    ) == (second.year, second.day, second.month):
        yield 15, NEAR_BIRTH


def _keys(record: Traits) -> Iterator[tuple[str, object]]:
    yield "birth", record.birth_date
    yield "name", record.name
    if record.phone is not None:
        yield "phone", record.phone
    yield "birth and initials", (record.birth_date, record.initials)
    yield "name and year", (record.name, record.birth_date.year)


def blocks_of(records: Iterable[Traits]) -> Blocks:
    """Records by what they share; blocks that are too large to be a reason are dropped, their finer ones stay."""
    blocks: defaultdict[tuple[str, object], list[Traits]] = defaultdict(list)
    for record in records:
        for key in _keys(record):
            blocks[key].append(record)
    return {key: block for key, block in blocks.items() if len(block) <= LARGEST_BLOCK}


def _pairs(records: Sequence[Traits]) -> Iterator[tuple[Traits, Traits]]:
    for block in blocks_of(records).values():
        unidentified = [one for one in block if not one.identified]
        if not unidentified:
            continue
        identified = [one for one in block if one.identified]
        yield from combinations(unidentified, 2)
        yield from ((one, other) for one in unidentified for other in identified)
