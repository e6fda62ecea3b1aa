"""The only clock of the server. Instants are UTC; business dates are dates in Asia/Shanghai whatever the machine says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The instant of the call, with its zone (UTC)."""
    return datetime.now(UTC)


def business_date(instant: datetime) -> date:
    """The date in China at `instant`, which must carry its zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant without its zone has no business date")
    return instant.astimezone(SHANGHAI).date()


def today() -> date:
    """The business date now."""
    return business_date(now())
