"""Which policies hold where: those of a county, else of the regions above it, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from doudi.engine.entitlement.law import title
from doudi.policy import Policy
from doudi.server.entitlement.data import Assumption, InForce
from doudi.server.entitlement.installed import changed, installed
from doudi.server.entitlement.models import AssumptionCheck, PolicyInForce
from doudi.words import Words

WIDTHS = (1, 1_000, 100_000, 10_000_000)
"""A key's own place, its county, its prefecture, its province, as what is cut off a 9-digit key."""


def keys_above(region: int) -> tuple[int, ...]:
    """The region keys whose policies may hold for a region key: itself and every region that contains it."""
    return tuple(dict.fromkeys((*(region // width * width for width in WIDTHS), 0)))


def on(day: date) -> Q:
    """In force on a day."""
    return Q(from_date__lte=day) & (Q(until_date__isnull=True) | Q(until_date__gt=day))


def in_force_for(regions: Iterable[int], day: date) -> list[PolicyInForce]:
    """The policies in force on a day for some regions and those above them. One query."""
    keys = {key for region in regions for key in keys_above(region)}
    return list(PolicyInForce.objects.filter(on(day), region__in=sorted(keys)).order_by("-from_date", "-id"))


def chosen(rows: Sequence[PolicyInForce], region: int, scheme: str) -> PolicyInForce | None:
    """The policy for somebody of a scheme (or, "", of none): of the nearest region that has one for them."""
    for key in keys_above(region):
        here = [row for row in rows if row.region == key]
        fitting = [row for row in here if not row.schemes or scheme in row.schemes]
        if fitting or (here and not scheme):
            return (fitting or here)[0]
    return None


def policies_at(region: int, day: date) -> list[Policy]:
    """The installed policies that hold in a region on a day, for whatever scheme."""
    rows = in_force_for([region], day)
    nearest = next((key for key in keys_above(region) if any(row.region == key for row in rows)), None)
    found = (installed(row.policy) for row in rows if row.region == nearest)
    return [one.policy for one in found if one is not None]


def checks_of(rows: Sequence[PolicyInForce]) -> dict[int, dict[str, AssumptionCheck]]:
    """The check that counts (the last) of every assumption, by policy in force. One query."""
    found: dict[int, dict[str, AssumptionCheck]] = {row.pk: {} for row in rows}
    for check in AssumptionCheck.objects.filter(in_force__in=[row.pk for row in rows]).order_by("id"):
        found[check.in_force_id][check.path] = check
    return found


def record(row: PolicyInForce, checks: dict[str, AssumptionCheck]) -> InForce:
    """A policy in force as it crosses the border."""
    found = installed(row.policy)
    assumed = found.assumed if found is not None else {}
    counted = [check.is_so for path, check in checks.items() if path in assumed]
    named = (
        title(found.policy.document.title, row.policy) if found is not None else Words(row.policy, row.policy)
    )
    return InForce(
        row.pk, row.region, row.policy, row.policy_hash, named, tuple(row.schemes), row.from_date, row.until_date,
        row.put_by, row.put_at, len(assumed), counted.count(True), counted.count(False),
        changed(row.policy, row.policy_hash),
    )  # fmt: skip


def assumption(path: str, reason: str, check: AssumptionCheck | None) -> Assumption:
    """An assumption with the check that counts."""
    if check is None:
        return Assumption(path, reason, "open")
    state = "confirmed" if check.is_so else "differs"
    return Assumption(path, reason, state, check.note, check.checked_by, check.checked_at)  # type: ignore[arg-type]


__all__ = [
    "assumption", "checks_of", "chosen", "in_force_for", "keys_above", "on", "policies_at", "record",
]  # fmt: skip
