"""The tables of faults.py: shares with their intervals, by stage, operator and package, and every survivor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

from faults_sites import OPERATORS
from faults_told import REASONS

EVIDENCE = Path(__file__).resolve().parent.parent / "docs" / "evidence" / "faults.md"
GOAL = 95
NOT_YET = "**no reason written yet**"
STAGES = ("form", "meaning", "source", "harm", "case", "coverage")
NEED_CASES = ("case", "coverage")


@dataclass(frozen=True)
class Tried:
    """One mistake: where it was made and which stages of the check noticed it; `broke`: the check itself failed."""

    package: str
    file: str
    line: int
    operator: str
    path: str
    before: str
    after: str
    caught: tuple[str, ...]
    broke: str = ""

    @property
    def key(self) -> str:
        """What tells a mistake from the others, wherever its line moves."""
        return f"{self.package} | {self.operator} | {self.path}"

    def by(self, *, cases: bool = True) -> str | None:
        """The first stage that noticed it; without cases: of those that need none."""
        return next((stage for stage in self.caught if cases or stage not in NEED_CASES), None)


@dataclass
class Outcome:
    """What became of a package's mistakes, and how many places there were."""

    package: str
    exist: int
    same: int = 0
    tried: list[Tried] = field(default_factory=list)


def interval(share_of: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in percent."""
    z, share = 1.96, share_of / count
    middle = share + z * z / (2 * count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low, high = ((middle + sign * half) / (1 + z * z / count) for sign in (-1, 1))
    return 100 * low, 100 * high


def share(caught: int, count: int) -> str:
    """`387 of 400, 96.8 % (94.5–98.1)`."""
    if not count:
        return "–"
    low, high = interval(caught, count)
    return f"{caught} of {count}, {100 * caught / count:.1f} % ({low:.1f}–{high:.1f})"


def all_tried(outcomes: list[Outcome]) -> list[Tried]:
    return [tried for outcome in outcomes for tried in outcome.tried]


def survivors(outcomes: list[Outcome]) -> list[Tried]:
    return [tried for tried in all_tried(outcomes) if tried.by() is None]


def counted(tried: Iterable[Tried], *, cases: bool) -> str:
    """The share that is caught."""
    listed = list(tried)
    return share(sum(one.by(cases=cases) is not None for one in listed), len(listed))


def summary(outcomes: list[Outcome]) -> str:
    """What the run came to, for the terminal."""
    tried = all_tried(outcomes)
    lines = [f"caught: {counted(tried, cases=True)}", f"without cases: {counted(tried, cases=False)}"]
    by_stage = Counter(one.by() or "nobody" for one in tried)
    lines.append(", ".join(f"{stage} {by_stage[stage]}" for stage in (*STAGES, "nobody")))
    lines += [f"{one.file}:{one.line}: {one.key} | {one.before} → {one.after} {one.broke}".rstrip()
              for one in survivors(outcomes)]  # fmt: skip
    return "\n".join(lines)


def evidence(outcomes: list[Outcome], count: int, seed: str, again: list[Outcome], again_seed: str) -> str:
    """docs/evidence/faults.md: one draw in full, and an independent one beside it."""
    tried, other = all_tried(outcomes), all_tried(again)
    exist, same = sum(one.exist for one in outcomes), sum(one.same for one in outcomes)
    lines = [
        "# What the check of policies notices",
        "",
        f"`python scripts/faults.py --seed {seed} --again {again_seed} --count {count} --write` made this page;",
        "`scripts/faults.py` says how the mistakes are drawn and what counts as caught. One mistake at a time is put",
        f"into one of the shipped packages: {len(tried)} were drawn from {exist} possible ones; another {same} were",
        "drawn that change nothing and were replaced by rule. Intervals are Wilson's at 95 %.",
        "",
        f"| caught | seed {seed} | seed {again_seed} |",
        "|---|---|---|",
        *_shares(tried, other),
        "",
        f"Survivors of an earlier run with seed {seed} showed what the check did not ask of the worked cases. What it",
        "asks now – that each member of a list, each side of a test and each number makes a difference to some case –",
        f"names no drawn mistake, but that seed is no longer a blind trial. Seed {again_seed} was drawn afterwards.",
        "What is asked resembles what is drawn, though: a member taken away, an edge moved. A document read wrongly from",
        "the start, with cases worked from the same reading, is drawn by neither.",
        "",
        f"The goal is {GOAL} % of all: {_goal(tried)} with seed {seed}, {_goal(other)} with seed {again_seed}.",
        f"The tables below are of seed {seed}; the survivors are of both.",
        "",
        "Every key and item of a file is as likely as any other, and what goes wrong there is drawn second. So the",
        "shares are those of this draw and not of the mistakes people make: about half are misspelt or doubled keys,",
        "which the form refuses. Targets are left out: they are measured, pay nobody, and no worked case holds them to a",
        "number.",
        "",
        "## By what catches them",
        "",
        "The first stage that notices, in the order in which the check runs; and how many each notices at all.",
        "",
        "| stage | first | at all | first, without cases |",
        "|---|---:|---:|---:|",
        *_stages(tried),
        "",
        "## By kind of mistake",
        "",
        *_table("operator", OPERATORS, tried, lambda one: one.operator),
        "",
        "## By package",
        "",
        *_table("package", [one.package for one in outcomes], tried, lambda one: one.package),
        "",
        "## Survivors",
        "",
        *_survivors([*outcomes, *again]),
    ]
    return "\n".join(lines) + "\n"


def _shares(*draws: list[Tried]) -> list[str]:
    """One row a question, one column a draw."""
    rows = (
        "everything `doudi policy check` runs",
        "the same with the worked cases switched off",
        "of the mistakes that leave the file well-formed: everything",
        "of those, with the worked cases switched off",
    )
    cells: list[list[str]] = [[] for _ in rows]
    for tried in draws:
        well_formed = [one for one in tried if "form" not in one.caught]
        cells[0].append(f"**{counted(tried, cases=True)}**")
        cells[1].append(counted(tried, cases=False))
        cells[2].append(counted(well_formed, cases=True))
        cells[3].append(counted(well_formed, cases=False))
    return [f"| {row} | {' | '.join(told)} |" for row, told in zip(rows, cells, strict=True)]


def _goal(tried: list[Tried]) -> str:
    reached = 100 * sum(one.by() is not None for one in tried) >= GOAL * len(tried)
    return "reached" if reached else "not reached"


def _stages(tried: list[Tried]) -> list[str]:
    first, bare = Counter(one.by() for one in tried), Counter(one.by(cases=False) for one in tried)
    at_all = Counter(stage for one in tried for stage in one.caught)
    rows = []
    for stage in STAGES:
        without = "–" if stage in NEED_CASES else bare[stage]
        rows.append(f"| {stage} | {first[stage]} | {at_all[stage]} | {without} |")
    return [*rows, f"| nobody | {first[None]} | | {bare[None]} |"]


def _table(head: str, names: Iterable[str], tried: list[Tried], name: Callable[[Tried], str]) -> list[str]:
    rows = [f"| {head} | drawn | caught | without cases | survive |", "|---|---:|---:|---:|---:|"]
    for each in names:
        mine = [one for one in tried if name(one) == each]
        caught = sum(one.by() is not None for one in mine)
        bare = sum(one.by(cases=False) is not None for one in mine)
        rows.append(f"| {each} | {len(mine)} | {caught} | {bare} | {len(mine) - caught} |")
    return rows


def _survivors(outcomes: list[Outcome]) -> list[str]:
    left = survivors(outcomes)
    if not left:
        return ["None."]
    rows = ["| place | mistake | before → after | why nobody notices |", "|---|---|---|---|"]
    for one in left:
        reason = REASONS.get(one.key, f"the check failed: {one.broke}" if one.broke else NOT_YET)
        place = f"{one.file.removeprefix('policies/')}:{one.line} `{one.path}`"
        rows.append(f"| {place} | {one.operator} | `{one.before}` → `{one.after}` | {reason} |")
    return rows
