"""How far sealing is behind. If it is too far, exports, unmasking and payment files stop; settling does not."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

LATE_HOURS = 24
"""Assumed, no norm names a number: within a day a worker can be mended, and no head of a day is missed.
The setting `DOUDI_SEALING_LATE_HOURS` changes it."""


def sealing_lag(now: datetime) -> timedelta:
    """How long the oldest unsealed event has waited, counted from the last seal at the earliest; zero where none waits.

    Asks the database's `doudi_unsealed_since`, which looks past the scope of whoever asks and answers an instant only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT doudi_unsealed_since()")
        row = cursor.fetchone()
    since: datetime | None = None if row is None else row[0]
    return timedelta() if since is None else max(now - since, timedelta())


def sealing_is_late(now: datetime) -> bool:
    """Whether sealing is so far behind that what leaves the house must wait."""
    return sealing_lag(now) > timedelta(hours=getattr(settings, "DOUDI_SEALING_LATE_HOURS", LATE_HOURS))
