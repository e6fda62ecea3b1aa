"""The door of the audit trail for other apps. The queries are unguarded: whoever shows them puts a rule before them."""

from __future__ import annotations

from doudi.server.audit.append import append, appended_in, join_home
from doudi.server.audit.data import (
    OUTCOME_NAMES,
    TAMPERING_NAMES,
    ChainHead,
    DayCount,
    Event,
    Finding,
    Outcome,
    Sealed,
    SealedPlace,
    Seen,
    Tampering,
    TrailFilter,
    TrailPage,
    Verification,
    Witness,
)
from doudi.server.audit.lateness import sealing_is_late, sealing_lag
from doudi.server.audit.queries import chain_heads, counts_per_day, event, sealed_place, trail, who_saw
from doudi.server.audit.sealing import seal
from doudi.server.audit.sealing_jobs import EVERY_MINUTES, seal_now
from doudi.server.audit.verifying import verify
from doudi.server.audit.witness import head, line, read
from doudi.server.audit.words import describe, known_events, register_words

SEALING_EVERY_MINUTES = EVERY_MINUTES

__all__ = [
    "OUTCOME_NAMES",
    "SEALING_EVERY_MINUTES",
    "TAMPERING_NAMES",
    "ChainHead",
    "DayCount",
    "Event",
    "Finding",
    "Outcome",
    "Sealed",
    "SealedPlace",
    "Seen",
    "Tampering",
    "TrailFilter",
    "TrailPage",
    "Verification",
    "Witness",
    "append",
    "appended_in",
    "chain_heads",
    "counts_per_day",
    "describe",
    "event",
    "head",
    "join_home",
    "known_events",
    "line",
    "read",
    "register_words",
    "seal",
    "seal_now",
    "sealed_place",
    "sealing_is_late",
    "sealing_lag",
    "trail",
    "verify",
    "who_saw",
]
