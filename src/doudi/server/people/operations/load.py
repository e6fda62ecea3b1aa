"""Whole households at once, by the server itself: the demonstration county, a first takeover from another system.

Facts are read and compared like everywhere (`identity.py`) by whoever prepares them. Invariant: numbers are unique for
all regions, or nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.sealing import seal
from doudi.server.people import codes, vault
from doudi.server.people.operations import bulk
from doudi.server.people.operations.bulk import NewPerson


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member of a new household; `card` is the account of a 一卡通, or empty."""

    person: NewPerson
    relation: str
    card: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household with its members, the head among them (relation `02`)."""

    region: int
    number: str
    members: tuple[NewMember, ...]
    village_code: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The ids of persons and households, in the order given."""

    persons: tuple[int, ...]
    households: tuple[int, ...]


@operation("people.load")
def load(
    *, actor: Actor, now: datetime, households: Sequence[NewHousehold], from_date: date, key: None = None
) -> Loaded:
    """Write some thousand households. Children without a number get the head of their household as guardian."""
    del key
    homes = bulk.insert(
        "people_household",
        bulk.HOUSEHOLD,
        [
            {
                "region": home.region,
                "number": home.number,
                "village_code": home.village_code,
                "address_sealed": seal(home.address, region=home.region, purpose=vault.ADDRESS)
                if home.address
                else None,
                "created_at": now,
                "created_by": actor.user,
            }
            for home in households
        ],
    )
    placed = [
        (member, number) for home, number in zip(households, homes, strict=True) for member in home.members
    ]
    numbered = [place for place, (member, _) in enumerate(placed) if member.person.number is not None]
    persons: dict[int, int] = {}
    made = bulk.insert_persons([placed[place][0].person for place in numbered], actor=actor, now=now)
    persons |= dict(zip(numbered, made, strict=True))
    heads = {
        placed[place][1]: number
        for place, number in persons.items()
        if placed[place][0].relation in codes.HEADS
    }
    children = [place for place in range(len(placed)) if place not in persons]
    made = bulk.insert_persons(_guarded(placed, children, heads), actor=actor, now=now)
    persons |= dict(zip(children, made, strict=True))
    _members(placed, persons, from_date)
    _cards(placed, persons, from_date)
    audit.append(
        "people.loaded",
        actor=actor,
        at=now,
        region=households[0].region if households else 0,
        object_kind="person",
        detail={"persons": len(persons), "households": len(homes)},
    )
    return Loaded(tuple(persons[place] for place in range(len(placed))), tuple(homes))


def _guarded(
    placed: Sequence[tuple[NewMember, int]], children: Sequence[int], heads: dict[int, int]
) -> list[NewPerson]:
    orders: dict[int, int] = {}
    ready = []
    for place in children:
        member, home = placed[place]
        orders[home] = orders.get(home, 0) + 1
        one = member.person
        ready.append(
            NewPerson(
                region=one.region,
                name=one.name,
                sex=one.sex,
                birth_date=one.birth_date,
                village_code=one.village_code,
                phone=one.phone,
                ethnicity=one.ethnicity,
                guardian=heads.get(home),
                birth_order=orders[home],
            )
        )
    return ready


def _members(placed: Sequence[tuple[NewMember, int]], persons: dict[int, int], since: date) -> None:
    bulk.insert(
        "people_membership",
        bulk.MEMBERSHIP,
        [
            {
                "person_id": persons[place],
                "household_id": home,
                "region": member.person.region,
                "relation": codes.HEAD if member.relation in codes.HEADS else member.relation,
                "from_date": since,
            }
            for place, (member, home) in enumerate(placed)
        ],
    )


def _cards(placed: Sequence[tuple[NewMember, int]], persons: dict[int, int], since: date) -> None:
    held = [(place, member) for place, (member, _) in enumerate(placed) if member.card]
    bulk.insert(
        "people_bankcard",
        bulk.BANK_CARD,
        [
            {
                "person_id": persons[place],
                "region": member.person.region,
                "number_sealed": seal(member.card, region=member.person.region, purpose=vault.CARD),
                "number_index": vault.card_index(member.card),
                "bank": member.bank,
                "holder_name": member.person.name,
                "from_date": since,
            }
            for place, member in held
        ],
    )
