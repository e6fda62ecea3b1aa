"""What bills have used of the named sums, for the card: the port that `entitlement` leaves open."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from doudi.server.settlement.models import Accumulator


def used_of(
    records: Collection[int], households: Collection[int]
) -> dict[tuple[str, int], dict[str, dict[str, int]]]:
    """(scope, number) → name → period → fen, in the open scope. One query."""
    asked = Q(scope="person", subject_id__in=sorted(set(records)))
    if households:
        asked |= Q(scope="household", subject_id__in=sorted(set(households)))
    found: dict[tuple[str, int], dict[str, dict[str, int]]] = {}
    rows = Accumulator.objects.filter(asked)
    for scope, number, name, period, fen in rows.values_list(
        "scope", "subject_id", "name", "period", "used_fen"
    ):
        found.setdefault((scope, number), {}).setdefault(name, {})[period] = fen
    return found
