"""One settlement: its versions, its frozen record, and the proof that the record still says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from doudi.engine.entitlement import law_of
from doudi.engine.record import verify_record
from doudi.engine.refusals import Refused as EngineRefused
from doudi.money import parse_yuan
from doudi.policy import Library, Policy, PolicyError
from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import InvariantBroken, Refused
from doudi.server.kernel.regions import in_ranges
from doudi.server.settlement import errors
from doudi.server.settlement.data_history import Decided, SettlementHistory, Verified
from doudi.server.settlement.models import Record, Settlement
from doudi.server.settlement.packing import unpack
from doudi.server.settlement.queries.lists import COLUMNS, row_of
from doudi.server.settlement.telling import HISTORY, policy_missing, whole
from doudi.words import Words

PARTS = ("in_scope", "first_pay", "over_limit", "own_pay")
SAME = Words(
    "用冻结的事实和当时的政策重新计算，结果与存档逐字节一致。",
    "The frozen facts were put before the law of the time again: the result is the same, byte for byte.",
)
SAME_AMOUNTS = Words(
    "本笔随历史数据装入，只存金额：用冻结的事实和当时的政策重新计算，各方金额完全一致。",
    "Loaded with a history that keeps amounts: put before the law of the time again, every amount is the same.",
)


@query("settlement.history")
def history(*, viewer: Actor, settlement: int, version: int | None = None) -> SettlementHistory:
    """A settlement by its number, with the record of `version` (the current one). Two reads.

    The number of a later version's row opens that version.

    `settlement_unknown` outside the viewer's regions, and for a facility where it is another's.
    """
    rows = _versions(viewer, settlement)
    shown = _asked(rows, settlement, version)
    stored = Record.objects.get(pk=shown.pk)
    kept = unpack(stored.packed)
    try:
        record, untold = whole(kept), None
    except Refused as refusal:
        record, untold = kept, refusal.words
    current = rows[-1]
    return SettlementHistory(
        row=row_of({column: getattr(current, column) for column in COLUMNS}),
        versions=tuple(version_of(row) for row in rows),
        shown=version_of(shown),
        registration=current.registration_id,
        stay=current.stay,
        record=record,
        untold=untold,
        has_slip=stored.head is not None,
    )


@query("settlement.verify")
def verify(*, viewer: Actor, settlement: int, version: int | None = None) -> Verified:
    """Settle the frozen facts of a version again by its own law, and compare with what was kept and what was posted.

    `policy_missing` where the policy of that content is not installed here: nothing can be said then.
    """
    row = _asked(_versions(viewer, settlement), settlement, version)
    record = unpack(Record.objects.get(pk=row.pk).packed)
    policy = _installed(record["policy"])
    where = _differs(policy, record) or _posted_otherwise(row, record)
    same = SAME_AMOUNTS if record["format"] == HISTORY else SAME
    return Verified(
        settlement=row.root_id,
        version=row.version,
        identical=not where,
        words=same
        if not where
        else Words(f"与存档不一致，首处不同：{where}。", f"It differs, first at {where}."),
        where=where,
        policy=record["policy"]["id"],
        policy_hash=record["policy"]["hash"],
        engine=record["engine"],
        sha256=str(record["sha256"]),
    )


def _versions(viewer: Actor, number: int) -> list[Settlement]:
    rows = Settlement.objects.filter(root_id__in=Settlement.objects.filter(pk=number).values("root_id"))
    seen = (
        rows.filter(facility_id=viewer.facility) if viewer.facility else rows.filter(in_ranges(viewer.ranges))
    )
    found = list(seen.order_by("version"))
    if not found:
        raise errors.unknown_settlement()
    return found


def _asked(rows: Sequence[Settlement], number: int, version: int | None) -> Settlement:
    if version is None and number != rows[0].root_id:
        return next(row for row in rows if row.pk == number)
    found = [row for row in rows if version in (None, row.version)]
    if not found:
        raise errors.unknown_settlement()
    return found[-1]


def version_of(row: Settlement) -> Decided:
    """A version as it crosses the border."""
    return Decided(
        version_id=row.pk,
        version=row.version,
        kind=row.kind,  # type: ignore[arg-type]
        cause=row.cause,
        cause_id=row.cause_id,
        reason=row.reason,
        posted_on=row.posted_on,
        settled_at=row.settled_at,
        by=row.settled_by,
        entry=row.entry_id,
        policy=row.policy,
        policy_hash=row.policy_hash,
        decision_sha256=row.decision_sha256,
        parts={part: getattr(row, f"{part}_fen") for part in PARTS},
        shares=row.shares,
        paid_fen=row.paid_fen,
        hospital_fen=row.hospital_fen,
        patient_fen=row.patient_fen,
        patient_in_scope_fen=row.patient_in_scope_fen,
        standing=row.superseded_at is None,
    )


def _installed(named: Mapping[str, Any]) -> Policy:
    try:
        policy = Library().load(named["id"])
    except (PolicyError, OSError):
        raise policy_missing(named["id"], named["hash"]) from None
    if policy.hash != named["hash"]:
        raise policy_missing(named["id"], named["hash"])
    return policy


def _differs(policy: Policy, record: Mapping[str, Any]) -> str:
    """Where the record differs from what the law makes of its facts today; "" nowhere."""
    try:
        if record["format"] == HISTORY:
            whole(record)
        else:
            verify_record(law_of(policy).settler, dict(record))
    except EngineRefused as refusal:
        return refusal.path or refusal.code
    except InvariantBroken:
        return "answer"
    return ""


def _posted_otherwise(row: Settlement, record: Mapping[str, Any]) -> str:
    """Where the columns that lists and sums read differ from the record; a reversed version keeps what it takes back."""
    if row.decision_sha256 != record["sha256"]:
        return "decision_sha256"
    if row.kind == "reversed":
        return ""
    told = record["answer"]["bills"][0]
    amounts = {"total": row.total_fen, "patient": row.patient_fen, "hospital": row.hospital_fen}
    return next((name for name, fen in amounts.items() if parse_yuan(told[name]) != fen), "")
