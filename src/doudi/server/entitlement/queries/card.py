"""The card of a person: their facts put before the policy of where they are insured, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from doudi.engine.entitlement import Card
from doudi.engine.entitlement import card as told_by_law
from doudi.server.access.api import query
from doudi.server.enrolment.api import scheme_words
from doudi.server.entitlement.data import PersonCard
from doudi.server.entitlement.installed import installed
from doudi.server.entitlement.models import PolicyInForce
from doudi.server.entitlement.queries.gather import Gathered, gather
from doudi.server.entitlement.queries.places import checks_of, chosen, in_force_for, record
from doudi.server.entitlement.used import Sums, used_of, with_used
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import many_facts, person_facts
from doudi.words import Words


@query("entitlement.card")
def card(*, viewer: Actor, person: int, day: date) -> PersonCard:
    """What a person is entitled to on a day. Not found where the viewer may not see them."""
    return _cards(viewer, gather(viewer, [person_facts(viewer=viewer, person=person)], day), day)[person]


@query("entitlement.cards")
def cards(*, viewer: Actor, persons: Sequence[int], day: date) -> dict[int, PersonCard]:
    """The cards of many persons of the viewer's regions; those out of scope are left out. As many reads as for one."""
    found = many_facts(viewer=viewer, persons=tuple(persons))
    return _cards(viewer, gather(viewer, found.values(), day), day)


def _cards(viewer: Actor, gathered: dict[int, Gathered], day: date) -> dict[int, PersonCard]:
    del viewer
    rows = in_force_for({one.region for one in gathered.values()}, day)
    checks = checks_of(rows)
    told = {row.pk: record(row, checks[row.pk]) for row in rows}
    homes = {one.household for one in gathered.values() if one.household is not None}
    used = used_of([record for one in gathered.values() for record in one.records], homes)
    cards = {}
    for number, one in gathered.items():
        row = chosen(rows, one.region, one.scheme)
        if row is None:
            cards[number] = PersonCard(number, day, one.region, None, None, (), _missing(one, day))
            continue
        in_force = told[row.pk]
        warnings = [in_force.warning] if in_force.warning is not None else []
        if open_ := in_force.assumptions - in_force.confirmed:
            warnings.append(_assumed(in_force.assumptions, open_, in_force.differing))
        cards[number] = PersonCard(
            number, day, one.region, in_force, _told(row, one, used, day), tuple(warnings)
        )
    return cards


def _told(row: PolicyInForce, one: Gathered, used: Sums, day: date) -> Card | None:
    found = installed(row.policy)
    if found is None:
        return None
    now = with_used(one.opening, used, one.records, one.household)
    return told_by_law(found.policy, one.subject, day, now, one.opening, scheme_words=scheme_words)


def _missing(one: Gathered, day: date) -> Words:
    county = one.region // 1000
    if one.scheme:
        scheme = scheme_words(one.scheme)
        return Words(
            f"{day} 参保地 {county:06d} 没有施行适用于其险种（{scheme.zh}）的政策。",
            f"On {day} no policy for {scheme.en} is in force in {county:06d}, where the person is insured.",
        )
    return Words(f"{day} {county:06d} 没有施行中的政策。", f"No policy is in force in {county:06d} on {day}.")


def _assumed(whole: int, open_: int, differing: int) -> Words:
    """How many assumptions of the policy nobody in the county has confirmed."""
    zh = f"政策中 {whole} 处假定有 {open_ - differing} 处未经本县确认"
    en = f"{open_ - differing} of {whole} assumptions are unconfirmed"
    if differing:
        zh, en = f"{zh}，{differing} 处本县认为不符", f"{en}, {differing} are said to differ here"
    return Words(f"{zh}。", f"{en}.")
