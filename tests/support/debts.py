"""A settled bill whose patient owes something, and the two people who decide in a county."""

from typing import Any

from doudi.server.access import api as access
from doudi.server.access.roles import Role
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.papers.api import keep
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api
from support import actors, settling
from support.settling import NOW, County

PDF = b"%PDF-1.4 a paper"


def owing(county: County, *categories: str, total: int = 30_000_00, **words: Any) -> api.Settled:
    """A bill settled at the first hospital; its patient owes at least its tenth of own pay."""
    person = county.person(*(categories or ("subsistence_allowance",)))
    done = settling.settled(county.first, settling.bill(person, total, **words))
    assert done.patient_fen > 0
    return done


def paid(clerk: Actor, settlement: int, fen: int, **words: Any) -> api.DebtMoved:
    given = {"channel": "cash", "serial": settling.serial(), "now": NOW, "key": None} | words
    return api.pay(actor=clerk, settlement=settlement, sum_fen=fen, **given)


def debt(viewer: Actor, settlement: int) -> api.DebtView:
    return api.debt(viewer=viewer, settlement=settlement)


class Deciders:
    """A county officer who proposes and an approver, with accounts; `decided` goes through both."""

    def __init__(self, code: int = actors.LIUZHI) -> None:
        self.code = code
        with actors.two_hospitals():
            self.officer = actors.acting(actors.account(f"o{settling.serial()}", Role.COUNTY, code=code))
            self.approver = actors.acting(
                actors.account(f"a{settling.serial()}", Role.COUNTY_APPROVER, code=code)
            )

    def proposed(self, name: str, **content: Any) -> int:
        return access.propose(
            actor=self.officer, now=actors.NOW, name=name, content=content, region=self.code // 1000 + 101,
            summary="核销",
        ).proposal  # fmt: skip

    def decided(self, name: str, **content: Any) -> access.Decided:
        return self.approve(self.proposed(name, **content))

    def approve(self, number: int, who: Actor | None = None) -> access.Decided:
        approver = who or self.approver
        seen = access.proposal(viewer=approver, now=actors.NOW, number=number)
        return access.approve(
            actor=approver, now=actors.NOW, proposal=number, content_sm3=seen.summary.content_sm3
        )

    def paper(self, settlement: int) -> int:
        return api.keep_case_paper(
            actor=self.officer, now=NOW, key=None, settlement=settlement, name="申请书.pdf",
            media_type="application/pdf", content=PDF,
        ).paper  # fmt: skip


def other_paper(who: Actor) -> int:
    """A paper of something else."""
    with scoped(who.scope):
        return keep(
            actor=who, region=actors.LIUZHI_TOWN, name="x.csv", media_type="text/csv", content=b"x", now=NOW
        )
