"""Which law settles a bill: the policy in force for a scheme in a region on a day, and whether it may settle live bills.

A policy with assumptions settles live bills only after the county has confirmed every one of them
(docs/policy-language.md). Who has confirmed what is asked again only when somebody has looked at another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, QuerySet

from doudi.engine.entitlement import law_of
from doudi.engine.settle import Settler
from doudi.policy import Policy
from doudi.server.entitlement.installed import changed, installed
from doudi.server.entitlement.models import PolicyInForce
from doudi.server.entitlement.queries.places import checks_of, chosen, keys_above, on
from doudi.server.kernel.compiled import rows_where
from doudi.words import Words

_looked: dict[int, tuple[int | None, str, tuple[int, int]]] = {}


@dataclass(frozen=True, slots=True)
class InForceLaw:
    """A policy in force, compiled. `open_` assumptions nobody has confirmed, `differing` ones said to differ here.

    `warning` stands where the installed file is not what was put in force.
    """

    in_force: int
    policy: Policy
    settler: Settler
    open_: int
    differing: int
    warning: Words | None


def law_at(region: int, scheme: str, day: date) -> InForceLaw | None:
    """The law for somebody of a scheme ("": of none) in a region on a day; None: no policy there. One query."""
    wanted = on(day) & Q(region__in=keys_above(region))
    held = rows_where("entitlement.law", _with_last_check, wanted, "-from_date", "-id")
    row = chosen(held, region, scheme)
    found = installed(row.policy) if row is not None else None
    if row is None or found is None:
        return None
    open_, differing = _assumptions(row, row.last_check, found.policy.hash, tuple(found.assumed))  # type: ignore[attr-defined]
    settler = law_of(found.policy).settler
    return InForceLaw(row.pk, found.policy, settler, open_, differing, changed(row.policy, row.policy_hash))


def settler_of(policy: str, policy_hash: str) -> Settler | None:
    """The compiled law of a decision made before; None where it is not installed here with that content. No query."""
    found = installed(policy)
    return law_of(found.policy).settler if found is not None and found.policy.hash == policy_hash else None


def _with_last_check() -> QuerySet[PolicyInForce]:
    return PolicyInForce.objects.annotate(last_check=Max("checks__id"))


def _assumptions(
    row: PolicyInForce, last: int | None, content: str, assumed: tuple[str, ...]
) -> tuple[int, int]:
    kept = _looked.get(row.pk)
    if kept is None or kept[:2] != (last, content):
        checks = checks_of([row])[row.pk] if last is not None else {}
        counted = [checks[path].is_so for path in assumed if path in checks]
        kept = _looked[row.pk] = (last, content, (len(assumed) - len(counted), counted.count(False)))
    return kept[2]
