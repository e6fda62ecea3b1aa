"""A row of the table as what crosses the border."""

from __future__ import annotations

from typing import cast

from doudi.server.recognition.data import Recognition, State
from doudi.server.recognition.models import Recognition as Row


def record(row: Row) -> Recognition:
    """One version of a recognition."""
    return Recognition(
        id=row.pk,
        person=row.person_id,
        region=row.region,
        category=row.category,
        from_date=row.from_date,
        until_date=row.until_date,
        state=cast("State", row.state),
        known_since=row.known_since,
        known_until=row.known_until,
        replaces=row.replaces,
        household=row.household_id,
        source_department=row.source_department,
        evidence=row.evidence,
        paper=row.paper_id,
        ended_reason=row.ended_reason,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        import_number=row.import_number,
        retired_by=row.retired_by,
        retired_reason=row.retired_reason,
    )
