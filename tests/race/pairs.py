"""The pairs that meet on one person, and what must hold after every order of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from doudi.server.access.guard import GUARDED, run_approved
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api as settlement
from support import settling
from support.ground import Ground
from support.settling import NOW, TODAY

LIMIT, LIMIT_FEN = "catastrophic_paid", 100_000_00
"""大病保险封顶线 10 万元: the yearly limit of the Liuzhi policy (document 000)."""
LARGE = 900_000_00
"""A bill that alone takes the whole limit."""
Act = Callable[[settling.County, dict[str, Any]], Any]


@dataclass(frozen=True)
class Pair:
    """`allowed`: outcomes of left and right that may be; `needs`: names of operations."""

    name: str
    ready: Callable[[settling.County], dict[str, Any]]
    left: Act
    right: Act
    needs: tuple[str, ...] = ()
    allowed: frozenset[tuple[str, str]] = frozenset({("done", "done")})
    alike: bool = False
    """Both must hear the same."""

    @property
    def there(self) -> bool:
        """Whether the server has what it needs."""
        return all(name in GUARDED for name in self.needs)


def somebody(county: settling.County) -> dict[str, Any]:
    return {"person": county.person("subsistence_allowance"), "a": settling.serial(), "b": settling.serial()}


def settle_at_first(county: settling.County, asked: dict[str, Any]) -> Any:
    return settling.settled(county.first, settling.bill(asked["person"], LARGE), serial=asked["a"])


def settle_at_second(county: settling.County, asked: dict[str, Any]) -> Any:
    return settling.settled(county.second, settling.bill(asked["person"], LARGE + 10), serial=asked["b"])


def the_same_again(county: settling.County, asked: dict[str, Any]) -> Any:
    return settle_at_first(county, asked)


def with_a_bill(county: settling.County) -> dict[str, Any]:
    asked = somebody(county)
    done = settling.settled(county.first, settling.bill(asked["person"], LARGE), serial=asked["a"])
    return asked | {"bill": done.settlement, "c": settling.serial(), "d": settling.serial()}


def reverse(county: settling.County, asked: dict[str, Any], serial: str = "c") -> Any:
    run = GUARDED["settlement.reverse"][1]
    return run(
        actor=county.first,
        now=NOW,
        key=None,
        settlement=asked["bill"],
        serial=asked[serial],
        reason="录入错误",
    )


def reverse_too(county: settling.County, asked: dict[str, Any]) -> Any:
    return reverse(county, asked, "d")


def with_two_bills_and_news(county: settling.County) -> dict[str, Any]:
    """Two bills, and a category that became known after them: settling again changes both."""
    person = county.person()
    asked = {"person": person, "a": settling.serial(), "b": settling.serial(), "c": settling.serial()}
    first = settling.settled(county.first, settling.bill(person, LARGE), serial=asked["a"])
    settling.settled(county.first, settling.bill(person, 60_000_00), serial=settling.serial())
    county.recognise(person, "subsistence_allowance")
    preview = GUARDED["settlement.readjudication_preview"][1](viewer=county.officer, person=person)
    return asked | {"bill": first.settlement, "fingerprint": preview.fingerprint}


def readjudicate(county: settling.County, asked: dict[str, Any]) -> Any:
    words = {name: asked[name] for name in ("person", "fingerprint")}
    with scoped(county.approver.scope, durable=True):  # as the approval of a proposal runs it
        return run_approved(
            "settlement.readjudicate",
            actor=county.approver,
            now=NOW,
            words=words | {"reason": "补认定", "corrections": ()},
        )


def with_a_hold(county: settling.County) -> dict[str, Any]:
    """A stay at the first hospital with a hold whose last day is yesterday when `expire` looks."""
    asked = somebody(county)
    stay = settlement.register(
        actor=county.first, now=NOW, key=None, person=asked["person"], care="inpatient",
        admitted_on=TODAY - timedelta(days=12), serial=settling.serial(),
    ).registration  # fmt: skip
    settlement.hold(
        actor=county.first, now=NOW, key=None, registration=stay, name=LIMIT, fen=60_000_00, expires_on=TODAY,
        serial=settling.serial(),
    )  # fmt: skip
    return asked | {"stay": stay}


def settle_the_stay(county: settling.County, asked: dict[str, Any]) -> Any:
    bill = replace(settling.bill(asked["person"], LARGE), registration=asked["stay"])
    return settling.settled(county.first, bill, serial=asked["a"])


def expire(_: settling.County, __: dict[str, Any]) -> Any:
    return settlement.expire_holds(actor=SYSTEM, now=NOW + timedelta(days=2))


def hold_more(county: settling.County, asked: dict[str, Any]) -> Any:
    return settlement.hold(
        actor=county.first, now=NOW, key=None, registration=asked["stay"], name=LIMIT, fen=30_000_00,
        expires_on=TODAY + timedelta(days=9), serial=asked["a"],
    )  # fmt: skip


EITHER = frozenset({("done", "done"), ("done", "already_reversed"), ("already_reversed", "done")})
PAIRS = (
    Pair("settle / settle at two hospitals", somebody, settle_at_first, settle_at_second),
    Pair("settle / the same serial again", somebody, settle_at_first, the_same_again, alike=True),
    Pair("settle / reverse", with_a_bill, settle_at_second, reverse, ("settlement.reverse",)),
    Pair("reverse / reverse", with_a_bill, reverse, reverse_too, ("settlement.reverse",), EITHER),
    Pair(
        "reverse / re-adjudicate", with_two_bills_and_news, reverse, readjudicate,
        ("settlement.reverse", "settlement.readjudicate"),
        frozenset({("done", "done"), ("done", "readjudication_changed")}),
    ),
    Pair("settle / re-adjudicate", with_two_bills_and_news, settle_at_second, readjudicate,
        ("settlement.readjudicate",), frozenset({("done", "done"), ("done", "readjudication_changed")})),
    Pair("settle the stay / its hold expires", with_a_hold, settle_the_stay, expire, ("settlement.expire_holds",)),
    Pair("settle elsewhere / its hold expires", with_a_hold, settle_at_second, expire, ("settlement.expire_holds",)),
    Pair("settle elsewhere / hold more", with_a_hold, settle_at_second, hold_more, ("settlement.hold",),
        frozenset({("done", "done"), ("done", "hold_exceeds_limit")})),
)  # fmt: skip


def over_the_limit(here: Ground) -> int:
    """Persons for whom what their bills took + what is held is above the limit of the policy: counted from the bills."""
    return int(
        here.counted(
            """SELECT count(*) FROM (
                 SELECT subject_id FROM (
                   SELECT person_id AS subject_id, (m ->> 3)::bigint AS fen
                     FROM settlement_settlement, jsonb_array_elements(moved) m
                    WHERE superseded_at IS NULL AND kind <> 'reversed' AND m ->> 1 = %s
                    UNION ALL SELECT subject_id, held_fen - posted_fen FROM settlement_hold
                    WHERE state = 'held' AND name = %s) x
                  GROUP BY 1 HAVING sum(fen) > %s) y""",
            LIMIT, LIMIT, LIMIT_FEN,
        )
    )  # fmt: skip
