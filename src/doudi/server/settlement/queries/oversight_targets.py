"""The targets of the policy in force, measured on sums: as `doudi.engine.beyond.measure` does bill by bill.

A target's condition is asked of what sums are kept by: care, level, categories. One that asks anything else of a bill (a
disease, a referral) cannot be told from sums and is left out, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from doudi.money import BP_ONE
from doudi.policy import Policy
from doudi.policy.beyond import Target
from doudi.policy.conditions import When
from doudi.policy.document import PolicyDocument
from doudi.server.entitlement.api import policies_at
from doudi.server.kernel.regions import Ranges
from doudi.server.settlement.data_oversight import Sums, TargetMeasured
from doudi.words import Words

ASKED = {"care", "level", "people", "any_", "all_", "not_"}
COUNTY = 1000
"""How many region keys a county has."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Settlements of one care, level and set of categories, and their sums."""

    care: str
    level: str
    categories: frozenset[str]
    sums: Sums


def targets(ranges: Ranges, day: date, kinds: Sequence[Kind]) -> tuple[TargetMeasured, ...]:
    """Every target that can be told, where the ranges lie in one county. One statement."""
    counties = {key // COUNTY for start, end in ranges.pairs for key in (start, end - 1)}
    if len(counties) != 1:
        return ()
    found = policies_at(counties.pop() * COUNTY, day)
    return tuple(one for policy in found for one in measured(policy, kinds))


def measured(policy: Policy, kinds: Sequence[Kind]) -> tuple[TargetMeasured, ...]:
    """The targets of one policy on these settlements."""
    document = policy.document
    return tuple(
        _measured(target, policy.id, [one for one in kinds if holds(document, target.when, one)])
        for target in document.targets
        if tellable(target.when)
    )


def tellable(when: When | None) -> bool:
    """Whether a condition asks nothing but care, level and categories."""
    if when is None:
        return True
    if not when.model_fields_set <= ASKED:
        return False
    inner = [*(when.any_ or ()), *(when.all_ or ()), *([when.not_] if when.not_ else ())]
    return all(map(tellable, inner))


def holds(document: PolicyDocument, when: When | None, kind: Kind) -> bool:
    """Whether the condition holds for settlements of a kind; a level that is not known holds for none."""
    if when is None:
        return True
    tests = []
    if when.care is not None:
        tests.append(kind.care in when.care)
    if when.level is not None:
        tests.append(kind.level in when.level)
    if when.people is not None:
        tests.append(any(_belongs(document, name, kind.categories) for name in when.people))
    if when.any_ is not None:
        tests.append(any(holds(document, one, kind) for one in when.any_))
    if when.all_ is not None:
        tests.append(all(holds(document, one, kind) for one in when.all_))
    if when.not_ is not None:
        tests.append(not holds(document, when.not_, kind))
    return all(tests)


def _belongs(document: PolicyDocument, name: str, held: frozenset[str]) -> bool:
    group = document.people[name]
    return (
        (not group.any_ or any(code in held for code in group.any_))
        and (not group.all_ or all(code in held for code in group.all_))
        and not (group.none and any(code in held for code in group.none))
    )


def _measured(target: Target, policy: str, kinds: Iterable[Kind]) -> TargetMeasured:
    sums = [kind.sums for kind in kinds]
    over, under = (sum(_value(name, one) for one in sums) for name in (target.numerator, target.denominator))
    goal = target.goal
    met = None
    if under and goal.about is None:
        met = (goal.at_most is None or over * BP_ONE <= goal.at_most * under) and (
            goal.at_least is None or over * BP_ONE >= goal.at_least * under
        )
    return TargetMeasured(
        name=Words(target.name.zh, target.name.en or target.target.replace("_", " ")),
        policy=policy,
        own=target.numerator in ("patient", "patient_in_scope"),
        at_most_bp=goal.at_most,
        at_least_bp=goal.at_least,
        about_bp=goal.about,
        numerator_fen=over,
        denominator_fen=under,
        met=met,
    )


def _value(name: str, sums: Sums) -> int:
    return {
        "patient": sums.patient_fen,
        "patient_in_scope": sums.patient_in_scope_fen,
        "total": sums.total_fen,
        "in_scope": sums.in_scope_fen,
        "paid": sums.paid_fen,
        "paid_in_scope": sums.in_scope_fen - sums.patient_in_scope_fen,
    }[name]
