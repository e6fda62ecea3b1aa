"""The policies in force in the viewer's regions, what each assumes, and each as a page to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.engine.render.notes import Note
from doudi.proof.policy_page.blocks import Block
from doudi.proof.policy_page.page import policy_page as page_of
from doudi.server.access.api import query
from doudi.server.entitlement.data import Assumption, InForce
from doudi.server.entitlement.errors import no_such_policy, policy_not_installed
from doudi.server.entitlement.installed import Installed, installed
from doudi.server.entitlement.models import PolicyInForce
from doudi.server.entitlement.queries.places import assumption, checks_of, keys_above, on, record
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import in_ranges
from doudi.words import Language, Words


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """A policy as a page to read in one language: blocks as the command line and the desks show them, and footnotes."""

    in_force: InForce
    title: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]


@query("entitlement.policies_in_force")
def policies_in_force(*, viewer: Actor, day: date | None = None) -> tuple[InForce, ...]:
    """The policies of the viewer's regions and of those above them: on a day, or (None) all ever put in force.

    A facility, which has no region, sees all of a day: a policy in force is public.
    """
    rows = PolicyInForce.objects.all() if day is None else PolicyInForce.objects.filter(on(day))
    if viewer.ranges.pairs:
        above = {key for start, _ in viewer.ranges.pairs for key in keys_above(start)}
        rows = rows.filter(in_ranges(viewer.ranges)) | rows.filter(region__in=sorted(above))
    elif day is None:
        rows = rows.none()
    found = list(rows.order_by("region", "-from_date", "id"))
    checks = checks_of(found)
    return tuple(record(row, checks[row.pk]) for row in found)


@query("entitlement.assumptions")
def assumptions(*, viewer: Actor, in_force: int) -> tuple[Assumption, ...]:
    """What a policy in force assumes, in the order of its file, with who looked at each."""
    row, found = _seen(viewer, in_force)
    checks = checks_of([row])[row.pk]
    return tuple(assumption(path, reason, checks.get(path)) for path, reason in found.assumed.items())


@query("entitlement.policy_page")
def policy_page(
    *, viewer: Actor, in_force: int, language: Language | None = None, day: date | None = None
) -> PolicyPage:
    """A policy in force as a page; `day`: only what is law on that day."""
    row, found = _seen(viewer, in_force)
    title, blocks, notes = page_of(found.policy, language or viewer.language, day)
    told = record(row, checks_of([row])[row.pk])
    return PolicyPage(told, title, tuple(blocks), tuple(notes.notes.values()))


def _seen(viewer: Actor, in_force: int) -> tuple[PolicyInForce, Installed]:
    row = PolicyInForce.objects.filter(pk=in_force).first()
    above = {key for start, _ in viewer.ranges.pairs for key in keys_above(start)}
    if row is None or (viewer.ranges.pairs and row.region not in viewer.ranges and row.region not in above):
        raise no_such_policy()
    found = installed(row.policy)
    if found is None:
        hint = Words("请联系系统管理员安装。", "Ask your system administrator to install it.")
        raise policy_not_installed(row.policy, hint)
    return row, found
