"""Fill an empty database with the demo. Deterministic by its seed, but for passwords and instants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import islice
from random import Random
from typing import Any

from django.db import connection

from doudi.policy import Library
from doudi.server.access.models import User
from doudi.server.audit.api import append
from doudi.server.entitlement.accumulators import counted_by
from doudi.server.entitlement.api import assumptions, confirm_assumption, put_in_force
from doudi.server.entitlement.models import PolicyInForce
from doudi.server.kernel import clock, sealing
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.scope import scoped
from doudi.server.ledger.api import deposit_float, set_float_level
from doudi.server.people.models import Person
from doudi.server.reference.api import load_demo, load_starting_data, region_path
from doudi.server.reference.errors import already_filled
from doudi.server.reference.models import Facility, Region
from doudi.server.site.demo import standing
from doudi.server.site.demo.accounts import DemoAccount, make_accounts, password
from doudi.server.site.demo.families import LIUZHI_WEIGHTS, RONGJIANG_WEIGHTS, Weights, families
from doudi.server.site.demo.numbers import Numbers
from doudi.server.site.demo.rows import EARLIER, Batch, County, prepare
from doudi.server.site.demo.tables import Tables
from doudi.server.site.demo.years import Years
from doudi.server.site.demo.years.loading import ONE_BY_ONE, Lives

DemoAccounts = tuple[DemoAccount, ...]
Progress = Callable[[int, int], None]


def quietly(done: int, total: int) -> None:
    """Tell nobody how far it is."""
    del done, total


SEED = 20260101
AT_ONCE = 2000
"""Households in one statement."""
SMALLER = 5
"""The second county has a fifth of the people."""
AGREED = {"nrcms": 300_000_00, "civil_affairs": 800_000_00}
"""What the two departments of 六枝 advanced, in fen (document 003)."""
COUNTIES = (
    (520203000, "520299", LIUZHI_WEIGHTS, "guizhou/liuzhi/triple-guarantee-2017"),
    (522632000, "522699", RONGJIANG_WEIGHTS, "guizhou/rongjiang/medical-assistance-2017"),
)
"""Region key, the area that no county has for its IDs, its people, the policy in force."""


def fill(people: int = 1000, progress: Progress = quietly, *, seed: int = SEED) -> DemoAccounts:
    """`people` fictional persons and all that goes with them; the accounts to sign in with. Refused where anybody is.

    People and accounts are one transaction: a fill that is broken off leaves none of them, and may be begun again.
    """
    now = clock.now()
    with scoped(SYSTEM.scope):
        if Person.objects.exists() or User.objects.exists():
            raise already_filled()
        facilities, policies = Facility.objects.exists(), PolicyInForce.objects.exists()
    sealing.ensure_keys()
    load_starting_data(actor=SYSTEM, now=now, key=None)
    if not facilities:
        load_demo(actor=SYSTEM, now=now, key=None)
    for region, _, _, policy in COUNTIES if not policies else ():
        since = Library().load(policy).document.in_force.from_
        put = put_in_force(actor=SYSTEM, now=now, key=None, region=region, policy=policy, from_date=since)
        _confirm(put.in_force, now)
    with scoped(SYSTEM.scope):
        floats = _people(people, progress, seed, now)
        accounts = make_accounts(now, clock.business_date(now), password())
        append("site.demo_filled", actor=SYSTEM, at=now, detail={"people": people, "accounts": len(accounts)})
    _floats(floats, now)
    return tuple(accounts)


Floats = dict[int, dict[str, list[tuple[date, int]]]]
"""County → fund → when its float paid how much."""


def _floats(floats: Floats, now: datetime) -> None:
    """Departments filled their floats when bills began (document 003: 300,000 and 800,000), and as they were used."""
    for region, funds in floats.items():
        for fund, paid in funds.items():
            agreed = AGREED.get(fund, 300_000_00)
            frame: dict[str, Any] = {"actor": SYSTEM, "now": now, "key": None, "region": region, "fund": fund}
            set_float_level(**frame, agreed_fen=agreed, warning_fen=agreed // 4, source="演示：预拨款协议")
            first = date(now.year - EARLIER, 1, 5)
            for place, (day, fen) in enumerate([(first, agreed), *paid], 1):
                deposit_float(**frame, sum_fen=fen, on_date=day, voucher=f"演示-{fund}-{place:03d}")


def _people(people: int, progress: Progress, seed: int, now: datetime) -> Floats:
    today = clock.business_date(now)
    smaller = people // (SMALLER + 1)
    done, floats = 0, Floats()
    progress(0, people)
    for (region, area, weights, policy), count in zip(COUNTIES, (people - smaller, smaller), strict=True):
        county, tables = _county(region, policy, today), Tables(region, now)
        years = Years(region, policy, now, today, batch=people > ONE_BY_ONE)
        chance = Random(f"{seed}:{region}:bills")  # noqa: S311 - fiction, not a secret
        for batch in ahead(_batches(county, count, Numbers(area), weights, seed)):
            persons, homes = tables.write(batch)
            years.write(_lives(batch, persons, homes), chance)
            done += len(persons)
            _check_now()
            progress(done, people)
        floats[region] = years.pay_hospitals()
    return floats


def _lives(batch: Batch, persons: list[int], homes: list[int]) -> list[Lives]:
    """The persons of a batch as their bills are drawn from them."""
    return [
        Lives(
            one,
            persons[place],
            homes[place],
            batch.regions[place],
            place in batch.insured,
            batch.filed.get(place),
        )
        for place, one in enumerate(batch.members)
    ]


def _confirm(in_force: int, now: datetime) -> None:
    """The county has looked at what its policy assumes: nothing is settled before."""
    for one in assumptions(viewer=SYSTEM, in_force=in_force):
        confirm_assumption(
            actor=SYSTEM, now=now, key=None, in_force=in_force, path=one.path, is_so=True, note="演示：已核对"
        )


def _batches(county: County, people: int, numbers: Numbers, weights: Weights, seed: int) -> Iterator[Batch]:
    chance = Random(f"{seed}:{county.key}")  # noqa: S311 - fiction, not a secret
    made = families(people, sorted(county.names), numbers, weights, county.today, chance)
    first = 1
    while some := list(islice(made, AT_ONCE)):
        for family in some:
            standing.recognise(family, county.today, chance)
        yield prepare(county, some, first, chance)
        first += len(some)


def ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches, each made in another thread while the one before is written."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch


def _county(region: int, policy: str, today: date) -> County:
    villages = Region.objects.filter(
        code__gte=region * 1000, code__lt=(region + 1000) * 1000, is_fictional=True
    )
    names = {
        code: "".join(step.name for step in region_path(code))
        for code in villages.values_list("code", flat=True)
    }
    sums = sorted(
        name
        for name, one in counted_by([Library().load(policy)]).items()
        if one.period == "year" and not one.household
    )
    hospital = Facility.objects.filter(region=region, standings__level="county").order_by("pk")[0]
    return County(region, sums, hospital.pk, today, names)


def _check_now() -> None:
    """Let PostgreSQL check what was deferred, so that it need not remember it until the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
