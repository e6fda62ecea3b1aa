"""One settlement: what was decided, its versions, and its slip, composed from what was kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.settlement import errors
from doudi.server.settlement.data import number_of
from doudi.server.settlement.data_one import SettlementView, Version
from doudi.server.settlement.heads import opened
from doudi.server.settlement.models import Record, Settlement
from doudi.server.settlement.packing import unpack
from doudi.server.settlement.queries.lists import COLUMNS, row_of
from doudi.server.settlement.slip.data import Slip
from doudi.server.settlement.telling import whole


@query("settlement.settlement")
def settlement(*, viewer: Actor, settlement: int) -> SettlementView:
    """A settlement by the number of its first version; a window sees those of its own facility. Two reads."""
    versions = _versions(viewer, settlement)
    now, decided = versions[-1], _decided(versions)
    kept = Record.objects.get(pk=decided.pk)
    bill = whole(unpack(kept.packed))["answer"]["bills"][-1]
    first = versions[0]
    row = {name: getattr(decided, name) for name in COLUMNS} | {
        "kind": now.kind, "version": now.version, "settled_on": first.settled_on, "cause": now.cause,
        "reason": now.reason,
    }  # fmt: skip
    steps = [step for step in bill["explanation"] if step["step"] == "payer"]
    return SettlementView(
        row=row_of(row),
        first_pay_fen=decided.first_pay_fen,
        over_limit_fen=decided.over_limit_fen,
        own_pay_fen=decided.own_pay_fen,
        patient_in_scope_fen=decided.patient_in_scope_fen,
        registration=decided.registration_id,
        entry=now.entry_id,
        policy_hash=decided.policy_hash,
        decision_sha256=decided.decision_sha256,
        versions=tuple(_version(one) for one in versions),
        slip=kept.head is not None,
        explanation=bill["explanation"],
        recorded=tuple(step["payer"] for step in steps if "recorded" in step),
    )


@query("settlement.slip")
def slip(*, viewer: Actor, settlement: int) -> Slip:
    """The slip as it stands now: the decision that counts, or that counted until it was reversed. Two reads.

    Refused: out of sight, another facility's, a history that was loaded and never had a slip.
    """
    versions = _versions(viewer, settlement)
    now, decided, first = versions[-1], _decided(versions), versions[0]
    kept = Record.objects.get(pk=decided.pk)
    if kept.head is None:
        raise errors.slip_missing()
    number = number_of(first.pk, first.settled_on)
    undone = now.kind == "reversed"
    return Slip(
        head=opened(kept.head),
        record=unpack(kept.packed),
        number=number,
        version=decided.version,
        state="reversed" if undone else "settled",
        reason=decided.reason,
        replaces=f"{number}（{decided.version - 1}）" if decided.version > 1 else "",
        state_date=now.posted_on.isoformat() if undone else "",
        state_reason=now.reason if undone else "",
        state_by=str(now.pk) if undone else "",
    )


def _versions(viewer: Actor, number: int) -> Sequence[Settlement]:
    """All versions in order; `settlement_unknown`."""
    rows = list(Settlement.objects.filter(root_id=number).order_by("version"))
    if not rows or (viewer.facility and rows[0].facility_id != viewer.facility):
        raise errors.unknown_settlement()
    return rows


def _decided(versions: Sequence[Settlement]) -> Settlement:
    """The last version that decided something."""
    return [one for one in versions if one.kind != "reversed"][-1]


def _version(row: Settlement) -> Version:
    kind: Any = row.kind
    return Version(
        row.version, kind, row.posted_on, row.settled_at, row.settled_by, row.cause, row.reason, row.paid_fen,
        row.patient_fen,
    )  # fmt: skip
