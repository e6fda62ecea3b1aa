"""A row of the table as what crosses the border."""

from __future__ import annotations

from typing import cast

from doudi.server.filings.data import Filing, State
from doudi.server.filings.kinds import FilingKind
from doudi.server.filings.models import Filing as Row


def record(row: Row) -> Filing:
    """One version of a filing."""
    return Filing(
        id=row.pk,
        person=row.person_id,
        region=row.region,
        kind=cast("FilingKind", row.kind),
        facility=row.facility_id,
        target_facility=row.target_facility_id,
        target_level=row.target_level,
        disease_code=row.disease_code,
        third_party_bp=row.third_party_bp,
        from_date=row.from_date,
        until_date=row.until_date,
        reason=row.reason,
        evidence=row.evidence,
        paper=row.paper_id,
        state=cast("State", row.state),
        known_since=row.known_since,
        known_until=row.known_until,
        replaces=row.replaces,
        ended_reason=row.ended_reason,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        import_number=row.import_number,
        retired_by=row.retired_by,
        retired_reason=row.retired_reason,
    )
