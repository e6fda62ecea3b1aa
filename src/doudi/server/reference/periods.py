"""Times of validity as filters: from a day (inclusive) until a day (exclusive; null is "until further notice")."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def valid_on(day: date, *, prefix: str = "") -> Q:
    """Rows that hold on `day`; `prefix` reaches over a relation (`standings__`)."""
    until = f"{prefix}until_date"
    return Q(**{f"{prefix}from_date__lte": day}) & (
        Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day})
    )
