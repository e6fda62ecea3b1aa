"""`doudi policy check`: everything that can be said about a policy before anybody is paid by it.

Form and meaning, sources, advice, worked cases against their arithmetic and the engine, what the cases leave out, and
whether more cost or more hardship can ever do harm.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from doudi.cli.arguments import EXIT_FINDINGS, EXIT_OK, EXIT_UNREADABLE, UsageError
from doudi.cli.failures import problem_data, problem_lines
from doudi.cli.policy_check_harm import harm_data, print_harm, write_bills
from doudi.cli.screen import Screen, write_text
from doudi.policy.advice import advice
from doudi.policy.citations import assumptions, uncited
from doudi.policy.library import Library, Policy, all_problems
from doudi.policy.problems import PolicyError, Problem
from doudi.proof.cases import run_cases
from doudi.proof.coverage import coverage, coverage_problems
from doudi.proof.harm.check import check_harm
from doudi.proof.harm.findings import harm_problems
from doudi.proof.harm.verdict import HarmReport

Counts = tuple[int, int, int]


@dataclass
class Report:
    """What was found about one policy."""

    id: str
    readable: bool = True
    abstract: bool = False
    findings: list[Problem] = field(default_factory=list)
    cases: int = 0
    bills: int = 0
    values: Counts = (0, 0, 0)
    branches: Counts = (0, 0, 0)
    assumptions: list[Problem] = field(default_factory=list)
    policy: Policy | None = None
    harm: HarmReport | None = None
    written: dict[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def faults(self) -> list[Problem]:
        """The findings that must be mended; notes need not."""
        return [found for found in self.findings if found.severity != "note"]

    @property
    def sound(self) -> bool:
        """Whether nothing has to be mended and nothing stays undecided."""
        decided = self.harm is None or "undecided" not in (self.harm.method, self.harm.hardship)
        return self.readable and not self.faults and decided


def run(options: Namespace, screen: Screen) -> int:
    """Check one policy, a file, or all."""
    if bool(options.target) == options.all:
        raise UsageError(screen.w("写一个政策编号或文件，或者 --all", "name a policy or a file, or --all"))
    if options.html and options.all:
        raise UsageError(screen.w("--html 一次写一个政策", "--html writes one policy"))
    library = Library(options.policies)
    targets = library.ids() if options.all else [options.target]
    reports = []
    for number, target in enumerate(targets, start=1):
        place = f"{number}/{len(targets)} {target}"
        screen.progress(place)
        reports.append(check(library, target, partial(_progress, screen, place)))
        screen.progress("")
        if options.bills and (harm := reports[-1].harm) is not None:
            reports[-1].written = write_bills(harm, options.bills)
        if options.html:
            write_page(reports[-1], options.html, screen)
        elif not screen.as_json:
            print_report(reports[-1], screen, with_assumptions=options.assumptions)
    if screen.as_json:
        sound = all(report.sound for report in reports)
        screen.json({"ok": sound, "policies": [_data(report, screen) for report in reports]})
    elif options.all:
        print_summary(reports, screen)
    if not all(report.readable for report in reports):
        return EXIT_UNREADABLE
    return EXIT_OK if all(report.sound for report in reports) else EXIT_FINDINGS


def _progress(screen: Screen, place: str, done: str) -> None:
    screen.progress(f"{place} {done}")


def write_page(report: Report, out: str, screen: Screen) -> None:
    """The report as a page fit for a meeting."""
    from doudi.cli.policy_report.check_page import check_page

    write_text(out, check_page(report, report.policy, report.harm, screen.language))
    if out != "-" and not screen.as_json:
        screen.line(screen.w(f"已写 {out}", f"wrote {out}"))


def check(library: Library, target: str, progress: Callable[[str], None] = lambda _: None) -> Report:
    """Everything about one policy."""
    report = Report(target)
    try:
        policy = library.load_named(target)
    except PolicyError as error:
        report.readable = False
        report.findings = error.problems
        return report
    report.policy, report.id, report.abstract = policy, policy.id, policy.document.abstract
    found = [*all_problems(policy), *uncited(policy), *advice(policy)]
    if not policy.document.abstract:
        report.harm = check_harm(policy, progress=progress)
        found += harm_problems(policy, report.harm)
    report.findings = sorted(found, key=lambda one: one.where)
    report.assumptions = assumptions(policy)
    _check_cases(policy, report)
    return report


def _check_cases(policy: Policy, report: Report) -> None:
    try:
        results, tree = run_cases(policy)
    except PolicyError as error:
        report.findings += error.problems
        return
    report.cases = len(results)
    report.bills = sum(result.bills for result in results)
    report.findings += [found for result in results for found in result.problems]
    if policy.document.abstract:
        return
    found = coverage(policy, results, tree)
    report.values, report.branches = found.counts(value=True), found.counts(value=False)
    if tree is not None:
        report.findings += coverage_problems(found, tree)


def print_report(report: Report, screen: Screen, *, with_assumptions: bool) -> None:
    """One policy's findings, numbers and verdict."""
    w = screen.w
    screen.line(report.id, "title")
    screen.lines(problem_lines([one for one in report.findings if one.code not in GROUPED], screen))
    for code in GROUPED:
        if together := [one for one in report.findings if one.code == code]:
            print_grouped(code, together, screen)
    if report.readable:
        screen.line(
            w(
                f"  案例 {report.cases} 个，单据 {report.bills} 张",
                f"  {report.cases} cases, {report.bills} bills",
            )
        )
        if not report.abstract:
            screen.line("  " + _coverage_words(report, screen))
        count = len(report.assumptions)
        hint = (
            ""
            if with_assumptions or not count
            else w("（--assumptions 列出）", " (--assumptions lists them)")
        )
        screen.line(
            w(f"  假定 {count} 处{hint}", f"  {count} assumption{'s' if count != 1 else ''}{hint}"),
            "look" if count else "plain",
        )
        if with_assumptions:
            for found in report.assumptions:
                screen.line(f"    {found.where}: {screen.say(found.what)}", "look")
    if report.harm is not None:
        print_harm(report.harm, screen, report.written)
    text, tone = _verdict(report, screen)
    screen.line(f"  {text}", tone)
    screen.line()


GROUPED = {
    "case_uncovered": ("{} 处没有案例用到", "{} not reached by any case"),
    "case_indifferent": (
        "{} 处少了或改一点，案例看不出来",
        "{} could go or change a little and no case would show it",
    ),
}
"""Findings that come in numbers: one heading, one line each, the remedy once."""


def print_grouped(code: str, found: list[Problem], screen: Screen) -> None:
    """What the cases leave out, one line each below one heading."""
    first, (zh, en) = found[0], GROUPED[code]
    heading = screen.w(zh, en).format(len(found))
    screen.line(f"{first.where.file}: {code}: {heading}", "refused")
    for one in found:
        screen.line(f"    {screen.say(one.what)}", "refused")
    screen.line(f"    → {screen.say(first.mend)}")


def _coverage_words(report: Report, screen: Screen) -> str:
    def told(counts: Counts) -> str:
        covered, whole, excused = counts
        reasons = screen.w(f"（{excused} 处说明了原因）", f" ({excused} with a reason)") if excused else ""
        return f"{covered}/{whole}{reasons}"

    return screen.w(
        f"覆盖：读到的数 {told(report.values)}，走到的分支 {told(report.branches)}",
        f"coverage: values read {told(report.values)}, branches taken {told(report.branches)}",
    )


def _verdict(report: Report, screen: Screen) -> tuple[str, str]:
    if not report.readable:
        count = len(report.faults)
        zh, en = f"✗ {count} 处要改，改好以后才能继续检查", f"✗ {count} to mend before the check can go on"
        return screen.w(zh, en), "refused"
    if report.faults:
        count = len(report.faults)
        return screen.w(f"✗ {count} 处要改", f"✗ {count} to mend"), "refused"
    if not report.sound:
        return screen.w("？ 有未能判定的", "? something stays undecided"), "look"
    return screen.w("✓ 没有发现问题", "✓ nothing found"), "good"


def print_summary(reports: list[Report], screen: Screen) -> None:
    """One row a policy, and what they come to."""
    w = screen.w
    heads = [w("政策", "policy"), w("要改", "to mend"), w("案例", "cases"), w("单据", "bills"),
             w("读到的数", "values"), w("走到的分支", "branches"), w("假定", "assumptions"),
             w("结果", "result")]  # fmt: skip
    rows = [_summary_row(report) for report in reports]
    total = [
        w(f"合计 {len(reports)} 个政策", f"{len(reports)} policies"),
        *(
            str(sum(counts))
            for counts in zip(*((len(r.faults), r.cases, r.bills) for r in reports), strict=True)
        ),
        _sum_of([report.values for report in reports]),
        _sum_of([report.branches for report in reports]),
        str(sum(len(report.assumptions) for report in reports)),
        "✓" if all(report.sound for report in reports) else "✗",
    ]
    tones = ["plain" if report.sound else "refused" for report in reports]
    screen.table(heads, [*rows, total], right=(1, 2, 3, 4, 5, 6), tones=[*tones, "title"])


def _summary_row(report: Report) -> list[str]:
    if not report.readable:
        return [report.id, str(len(report.faults)), "–", "–", "–", "–", "–", "✗"]
    return [
        report.id,
        str(len(report.faults)) if report.faults else "–",
        str(report.cases),
        str(report.bills),
        _sum_of([report.values]),
        _sum_of([report.branches]),
        str(len(report.assumptions)),
        "✓" if report.sound else "✗",
    ]


def _sum_of(counts: list[Counts]) -> str:
    whole = sum(counted[1] for counted in counts)
    return f"{sum(counted[0] for counted in counts)}/{whole}" if whole else "–"


def _data(report: Report, screen: Screen) -> dict[str, Any]:
    keys = ("covered", "all", "excused")
    return {
        "id": report.id,
        "ok": report.sound,
        "readable": report.readable,
        "problems": [problem_data(found, screen) for found in report.findings],
        "cases": report.cases,
        "bills": report.bills,
        "coverage": {
            "values": dict(zip(keys, report.values, strict=True)),
            "branches": dict(zip(keys, report.branches, strict=True)),
        },
        "assumptions": [problem_data(found, screen) for found in report.assumptions],
        "harm": harm_data(report.harm, screen, report.written) if report.harm is not None else None,
    }
