"""What a department has agreed to keep as a float, and below what the county is warned. The last that was set holds."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.ledger import errors
from doudi.server.ledger.data import LevelSet
from doudi.server.ledger.models import FloatLevel
from doudi.words import Words

SOURCE = Words("依据", "the agreement or document")


@operation("ledger.set_float_level")
def set_float_level(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    region: int,
    fund: str,
    agreed_fen: int,
    warning_fen: int,
    source: str,
) -> LevelSet:
    """From now on. `source`: the agreement. A county sets its own."""
    del key
    county = errors.county_in_scope(region, actor.ranges)
    if not fund:
        raise errors.fund_missing()
    if not 0 <= warning_fen <= agreed_fen:
        raise errors.levels_out_of_order()
    if not source.strip():
        raise errors.text_missing("source", SOURCE)
    row = FloatLevel.objects.create(
        region=county,
        fund=fund,
        agreed_fen=agreed_fen,
        warning_fen=warning_fen,
        source=source.strip(),
        at=now,
        by_user=actor.user,
    )
    audit.append(
        "ledger.float_level_set",
        actor=actor,
        at=now,
        region=county,
        object_kind="float_level",
        object_id=row.pk,
        detail={"fund": fund, "agreed_fen": agreed_fen, "warning_fen": warning_fen},
    )
    return LevelSet(county, fund, agreed_fen, warning_fen)
