"""What a register still depends on, asked one fact of the bill at a time: a number becomes a short list of cases.

The person's facts are known. While the value is open, the fact that leads to the fewest cases is asked; answers that
make no difference are not told, and answers with the same outcome are told together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from doudi.engine.entitlement.partial import Known, Outline, Partial
from doudi.engine.vocabulary import DOMAINS

MOST_CASES = 48
MOST_STEPS = 600
PLACES = ("in_pooling_area", "in_province", "place")
ORDER = ("amount", "care", "level", "grade", "place", "in_pooling_area", "in_province", "referred", "disease",
         "programme", "procedure", "admission")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact of the bill that is open: its registers with their value for each answer, and a name for each answer."""

    kind: str
    answers: tuple[tuple[str, dict[int, int]], ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One outcome, the answers that lead to it (kind → names of answers), and the facts of one bill that has them."""

    value: int | None
    answers: tuple[tuple[Asked, tuple[str, ...]], ...]
    known: dict[int, int]


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked about: a value, perhaps whether the law gives one, and where it matters at all."""

    value: int
    given: tuple[tuple[int | None, int], ...] = ()
    """(guard, register): where the guard holds (None: always), the register says whether the law gives a number."""
    within: tuple[int, ...] = ()


class TooManyCases(Exception):
    """The bill can differ in more ways than a card can tell."""


def asked(partial: Partial, registers: Iterable[int]) -> list[Asked]:
    """The questions behind some open facts; whether in the area, in the province and where are one question."""
    outline, found, placed, diagnosed = partial.outline, [], False, False
    for register in dict.fromkeys(registers):
        yes_no = (("yes", {register: 1}), ("no", {register: 0}))
        if register in outline.cuts:
            found.append(Asked(f"test:{register}", yes_no))
            continue
        fact = outline.facts[register]
        if fact.kind in PLACES:
            placed = True
        elif register in outline.apart:
            diagnosed = True
        elif fact.kind in DOMAINS:
            answers = tuple((name, {register: code}) for code, name in enumerate(DOMAINS[fact.kind]))
            found.append(Asked(fact.kind, answers))
        else:
            found.append(Asked(f"{fact.kind}:{fact.argument}" if fact.argument else fact.kind, yes_no))
    if placed:
        place = {fact.kind: register for register, fact in outline.facts.items() if fact.kind in PLACES}
        found.append(Asked("place", tuple(_place(name, place) for name in DOMAINS["place"])))
    if diagnosed:
        found.append(
            _diagnosis([register for register in outline.apart if register not in partial.known], outline)
        )
    return sorted(found, key=_rank)


def _diagnosis(registers: list[int], outline: Outline) -> Asked:
    """One question for all groups of diseases of which a diagnosis has one at most."""
    none = dict.fromkeys(registers, 0)
    answers = [(outline.facts[register].argument, {**none, register: 1}) for register in registers]
    return Asked("disease", (*answers, ("other", none)))


def _place(name: str, registers: dict[str, int]) -> tuple[str, dict[int, int]]:
    values = {
        "in_pooling_area": int(name == "pooling_area"),
        "in_province": int(name != "elsewhere"),
        "place": DOMAINS["place"].index(name),
    }
    return name, {registers[kind]: values[kind] for kind in registers}


def _rank(one: Asked) -> tuple[int, str]:
    kind = one.kind.split(":")[0]
    return (ORDER.index(kind) if kind in ORDER else len(ORDER)), one.kind


class Asking:
    """Splits a target into branches; counts its steps so that a card is never slow."""

    def __init__(self, partial: Partial) -> None:
        self.partial = partial
        self.steps = 0
        self._told: dict[Target, list[Branch]] = {}

    def branches(self, target: Target) -> list[Branch]:
        """The outcomes of a target. Raises TooManyCases."""
        if target not in self._told:
            self.steps = 0
            pairs = [register for pair in target.given for register in pair if register is not None]
            facts = [
                fact for register in (target.value, *pairs) for fact in self.partial.open_facts(register)
            ]
            self._told[target] = self._split(target, asked(self.partial, facts), {})
        return self._told[target]

    def outcomes(self, target: Target) -> set[int | None]:
        """Which values a test can come to; asks no more than it takes to have seen both."""
        self.steps, found = 0, set[int | None]()
        self._look(target, asked(self.partial, self.partial.open_facts(target.value)), {}, found)
        return found

    def _look(
        self, target: Target, open_: list[Asked], known: dict[int, int], found: set[int | None]
    ) -> None:
        self.steps += 1
        settled, value = self.outcome(target, known)
        if settled or not open_ or self.steps > MOST_STEPS:
            found |= {value} if settled else {0, 1}
            return
        for _, values in open_[0].answers:
            here = {**known, **values}
            if any(self.partial.value(register, here) == 0 for register in target.within):
                continue
            self._look(target, open_[1:], here, found)
            if len(found) > 1:
                return

    def outcome(self, target: Target, more: Known) -> tuple[bool, int | None]:
        """(settled, value): value None where the law gives no number."""
        for guard, register in target.given:
            holds = 1 if guard is None else self.partial.value(guard, more)
            given = self.partial.value(register, more) if holds != 0 else 1
            if given == 0 and holds == 1:
                return True, None
            if given != 1:
                return False, None
        value = self.partial.value(target.value, more)
        return value is not None, value

    def _split(self, target: Target, open_: list[Asked], known: dict[int, int]) -> list[Branch]:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooManyCases
        settled, value = self.outcome(target, known)
        if settled:
            return [Branch(value, (), known)]
        best: list[Branch] | None = None
        for one in open_:
            rest = [other for other in open_ if other is not one]
            found = self._ask(target, one, rest, known)
            if found is not None and (best is None or len(found) < len(best)):
                best = found
            if best is not None and (len(open_) > 4 or len(best) <= 2):
                break
        if best is None:
            return []
        if len(best) > MOST_CASES:
            raise TooManyCases
        return best

    def _ask(
        self, target: Target, one: Asked, rest: list[Asked], known: dict[int, int]
    ) -> list[Branch] | None:
        """The branches when `one` is asked now; answers under which the target does not matter are left out."""
        groups: list[tuple[list[str], list[Branch]]] = []
        for name, values in one.answers:
            here = {**known, **values}
            if any(self.partial.value(register, here) == 0 for register in target.within):
                continue
            inner = self._split(target, rest, here)
            same = next((group for group in groups if _alike(group[1], inner)), None)
            if same is not None:
                same[0].append(name)
            elif inner:
                groups.append(([name], inner))
        if len(groups) == 1:
            return groups[0][1]
        return [
            replace(branch, answers=((one, tuple(names)), *branch.answers))
            for names, inner in groups
            for branch in inner
        ]


def _alike(first: list[Branch], second: list[Branch]) -> bool:
    def shape(branch: Branch) -> object:
        return branch.value, [(one.kind, names) for one, names in branch.answers]

    return [shape(branch) for branch in first] == [shape(branch) for branch in second]
