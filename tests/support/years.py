"""Random years of a policy that it settles."""

from collections.abc import Iterator

from doudi.engine.data import Bill, Person
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settlement
from support.bills import Maker
from support.policies import policy, settler


def years(
    policy_id: str, seed: int, count: int, bills: int = 4
) -> Iterator[tuple[Person, list[Bill], Settlement]]:
    """Random years of a policy that it settles."""
    maker, made, tries = Maker(policy(policy_id).document, seed), 0, 0
    while made < count:
        tries += 1
        assert tries < 20 * count, "almost every year is refused"
        person, year = maker.year(tries, bills)
        try:
            settlement = settler(policy_id).settle(person, year)
        except Refused:
            continue
        made += 1
        yield person, year, settlement
