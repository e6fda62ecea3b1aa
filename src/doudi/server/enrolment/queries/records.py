"""A row of the table as what crosses the border."""

from __future__ import annotations

from typing import cast

from doudi.server.enrolment.data import Enrolment
from doudi.server.enrolment.models import Enrolment as Row
from doudi.server.enrolment.schemes import Status
from doudi.server.recognition.data import State


def record(row: Row) -> Enrolment:
    """One version of an enrolment."""
    return Enrolment(
        id=row.pk,
        person=row.person_id,
        region=row.region,
        insured_region=row.insured_region,
        scheme=row.scheme,
        basic=row.basic,
        tier=row.tier,
        year=row.year,
        from_date=row.from_date,
        until_date=row.until_date,
        status=cast("Status", row.status),
        premium_fen=row.premium_fen,
        subsidy_fen=row.subsidy_fen,
        subsidy_source=row.subsidy_source,
        subsidy_category=row.subsidy_category,
        paid_on=row.paid_on,
        evidence=row.evidence,
        state=cast("State", row.state),
        known_since=row.known_since,
        known_until=row.known_until,
        replaces=row.replaces,
        changed_reason=row.changed_reason,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        import_number=row.import_number,
        retired_by=row.retired_by,
        retired_reason=row.retired_reason,
    )
