"""Put a policy in force: from a day on it is the law of a county (or of all counties of a city or province)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from doudi.policy import Library
from doudi.policy.library import region_inside
from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.entitlement import errors
from doudi.server.entitlement.data import PutInForce
from doudi.server.entitlement.installed import Installed, installed
from doudi.server.entitlement.models import PolicyInForce
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.locks import Within
from doudi.words import did_you_mean


@operation("entitlement.put_in_force")
def put_in_force(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    region: int,
    policy: str,
    from_date: date,
    until_date: date | None = None,
) -> PutInForce:
    """`region`: the key (9 digits) of a county, city or province of the actor. Its content is remembered by its hash.

    Refused: not installed, a template, made for elsewhere, outside its own time, or another policy holds for the same
    schemes on some of these days.
    """
    del key
    if region not in actor.ranges or region % 1000:
        raise errors.region_not_county(region)
    found = _checked(policy, region, from_date, until_date)
    schemes = list(found.policy.document.schemes or [])
    lock_region(region)
    for row in PolicyInForce.objects.filter(region=region).order_by("-from_date"):
        apart = row.until_date is not None and row.until_date <= from_date
        apart = apart or (until_date is not None and until_date <= row.from_date)
        if not apart and (not schemes or not row.schemes or set(schemes) & set(row.schemes)):
            raise errors.policy_overlaps(row.policy, row.from_date)
    row = PolicyInForce.objects.create(
        region=region,
        policy=policy,
        policy_hash=found.policy.hash,
        schemes=schemes,
        from_date=from_date,
        until_date=until_date,
        put_by=actor.user,
        put_at=now,
    )
    append(
        "entitlement.policy_put_in_force",
        actor=actor,
        at=now,
        region=region,
        object_kind="policy_in_force",
        object_id=row.pk,
        detail={"policy": policy, "policy_hash": row.policy_hash, "from_date": from_date.isoformat()},
    )
    return PutInForce(row.pk, row.policy_hash, len(found.assumed))


def lock_region(region: int) -> None:
    """Be the only one who changes the policies of a region, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Within.POLICIES, region])


def _checked(policy: str, region: int, from_date: date, until_date: date | None) -> Installed:
    """The installed policy, if it may hold there and then."""
    found = installed(policy)
    if found is None:
        raise errors.policy_not_installed(policy, did_you_mean(policy, Library().ids()))
    document = found.policy.document
    if document.abstract:
        raise errors.policy_is_template(policy)
    if not region_inside(f"{region // 1000:06d}", document.region):
        raise errors.policy_elsewhere(policy, document.region)
    if until_date is not None and until_date <= from_date:
        raise errors.dates_reversed()
    begins, ends = document.in_force.from_, document.in_force.until
    late = ends is not None and (until_date is None or until_date > ends)
    if from_date < begins or late:
        raise errors.dates_outside_policy(begins, ends)
    return found
