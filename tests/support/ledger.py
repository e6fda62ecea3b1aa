"""Postings for tests: a bill of a hospital, as settlement posts it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.scope import scoped
from doudi.server.ledger.api import Amount, Posting, post
from support import actors

COUNTY = actors.LIUZHI // 1000
THERE = actors.RONGJIANG // 1000
TOWN = actors.LIUZHI_TOWN
TOWN_THERE = actors.RONGJIANG_TOWN
HOSPITAL = actors.LIUZHI_HOSPITAL
DAY = date(2026, 11, 12)
FUNDS = ("nrcms", "civil_affairs")


def shares(patient: int = 0, hospital: int = 0, **funds: int) -> tuple[Amount, ...]:
    """The amounts of a bill, in fen."""
    return (
        *(Amount("share", fund, fen) for fund, fen in funds.items()),
        Amount("patient", "", patient),
        Amount("hospital", "", hospital),
    )


BILL = shares(patient=3_000, hospital=500, nrcms=60_000, civil_affairs=20_000)


def bill(**changed: Any) -> Posting:
    """A settled bill of 835.00 yuan."""
    words: dict[str, Any] = {
        "posted_on": DAY, "region": TOWN, "template": "settle", "amounts": BILL, "facility": HOSPITAL, "person": 7,
        "source_kind": "settlement", "source_id": 1,
    }  # fmt: skip
    return Posting(**(words | changed))


def words_of(posting: Posting) -> dict[str, Any]:
    """A posting as the words of `post`."""
    return {name: getattr(posting, name) for name in Posting.__dataclass_fields__}


def write(posting: Posting | None = None, *, actor: Actor = SYSTEM, **changed: Any) -> int:
    """Post one entry in a scope of its own."""
    with scoped(actor.scope):
        return post(actor=actor, now=actors.NOW, **words_of(posting or bill(**changed)))


def as_dict(lines: Sequence[Any]) -> Mapping[tuple[str, str, int], int]:
    """Lines of an entry or of a trial balance by account."""
    return {(line.account.kind, line.account.fund, line.account.facility): line.fen for line in lines}
