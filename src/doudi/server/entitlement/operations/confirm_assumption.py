"""Look at one assumption of a policy in force: it is so in this county, or it is otherwise here."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.entitlement import errors
from doudi.server.entitlement.data import AssumptionChecked
from doudi.server.entitlement.installed import changed, installed
from doudi.server.entitlement.models import AssumptionCheck, PolicyInForce
from doudi.server.entitlement.queries.places import checks_of
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import in_ranges
from doudi.words import Words


@operation("entitlement.confirm_assumption")
def confirm_assumption(
    *, actor: Actor, now: datetime, key: str | None, in_force: int, path: str, is_so: bool, note: str = ""
) -> AssumptionChecked:
    """Checks are added and never changed; the last one counts. One that says "otherwise" needs a note: how it is."""
    del key
    row = PolicyInForce.objects.filter(in_ranges(actor.ranges), pk=in_force).first()
    if row is None:
        raise errors.no_such_policy()
    if (said := changed(row.policy, row.policy_hash)) is not None:
        raise errors.policy_changed(said)
    found = installed(row.policy)
    assumed = found.assumed if found is not None else {}
    if path not in assumed:
        raise errors.assumption_unknown(path)
    if not is_so and not note.strip():
        raise errors.text_missing(Words("本县的实际规定", "How it is here"), "note")
    check = AssumptionCheck.objects.create(
        in_force=row,
        region=row.region,
        path=path,
        is_so=is_so,
        note=note.strip(),
        checked_by=actor.user,
        checked_at=now,
    )
    append(
        "entitlement.assumption_checked",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="policy_in_force",
        object_id=row.pk,
        detail={"path": path, "is_so": is_so},
    )
    looked_at = checks_of([row])[row.pk]
    return AssumptionChecked(check.pk, sum(one not in looked_at for one in assumed))
