"""A verdict on no harm as findings with their places in the policy, for those who write it."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.policy.library import Policy
from doudi.policy.problems import Problem, Where, problem
from doudi.policy.validate import locate
from doudi.proof.harm.verdict import HarmReport, Path


def harm_problems(policy: Policy, report: HarmReport) -> list[Problem]:
    """What has to be mended, in the order of the file."""
    found = [*_harms(policy, report), *_idle(policy, report), *_wide(policy, report)]
    return sorted(found, key=lambda one: one.where)


def _place(policy: Policy, path: Path) -> tuple[Where, str]:
    node, shown = locate(policy.tree, path)
    return node.where, shown


def _harms(policy: Policy, report: HarmReport) -> Iterator[Problem]:
    for harm in report.findings:
        where, shown = _place(policy, harm.path)
        if harm.kind == "hardship_worse":
            yield problem("harm_hardship", where, shown, words=harm.words)
        else:
            yield problem("harm_more_cost", where, shown, words=harm.words)


def _idle(policy: Policy, report: HarmReport) -> Iterator[Problem]:
    for accepted in report.accepted:
        if accepted.idle:
            where, shown = _place(policy, (*accepted.path, "accepted"))
            yield problem("accepted_idle", where, shown, name=accepted.benefit)


def _wide(policy: Policy, report: HarmReport) -> Iterator[Problem]:
    for instruction in report.overflow.instructions if report.overflow is not None else ():
        yield problem("number_too_large", *_place(policy, ("payers",)), instruction=instruction)
