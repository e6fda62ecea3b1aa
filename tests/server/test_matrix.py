"""The matrix: every role, at every place, at every guarded function, aimed at its own county and at the other one.

Made from the registry: a function that is written tomorrow is in it. What a rule does not allow is refused with the same
words and leaves a denial in the trail; what it allows is never refused for lack of right; and whatever an allowed
role does, the other county's rows stay as they were and none of them is in the answer.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from doudi.server.access.api import GUARDED, Role, rule_of
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Forbidden, Refused
from doudi.server.kernel.scope import scoped
from support import two_counties
from support.actors import GRANTED, LIUZHI, RONGJIANG, actor, nowhere
from support.catalogue_of_tables import tables
from support.probes import calls, frame
from support.server import RUNTIME, connect
from support.two_counties import County, TwoCounties, traces, undone

PLACES = ("own county", "other county", "no place", "own facility", "other facility")
PUBLIC = {
    "reference.": "facilities, divisions and catalogues are for everybody",
    "entitlement.policies_in_force": "which law holds where is public",
    "entitlement.policy_page": "the law is public",
    "entitlement.assumptions": "what a county has confirmed about the law is public",
}
"""Answers that may name the other county."""
REACHES_OUT = {
    "people.find_at_facility": "finds by the whole number anywhere, counted and in the trail; opens the person",
    "people.break_glass": "the emergency, reviewed afterwards",
}
"""Operations made to reach the other county."""
FOLLOWS_OPENINGS = {
    "access_opening",
    "access_glass",
    "access_spent",
    "audit_auditevent",
    "kernel_givenanswer",
}
"""Tables that say who reached where; the first two are written by `REACHES_OUT`."""


@pytest.fixture(scope="module")
def two(
    database_cluster: Path, template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[TwoCounties]:
    name = f"matrix_{template_database[-12:]}_{id(object()) % 99_999}"
    with (
        django_db_blocker.unblock(),
        two_counties.database(database_cluster, template_database, name) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def watched(two: TwoCounties, database_cluster: Path) -> list[str]:
    """Tables with a region, by name: what must not change in the other county."""
    with connect(database_cluster, connection.settings_dict["NAME"]) as admin:
        found = tables(admin, RUNTIME)
    return sorted(
        name
        for name, table in found.items()
        if "region" in table.columns and "SELECT" in table.rights and name not in FOLLOWS_OPENINGS
    )


def at(role: Role, place: str, two: TwoCounties) -> Actor:
    """`role` at one of the places; user numbers are new, so that no budget is shared."""
    return {
        "own county": lambda: actor(role, LIUZHI),
        "other county": lambda: actor(role, RONGJIANG),
        "no place": lambda: nowhere(role),
        "own facility": lambda: actor(role, facility=two.here.first("facility")),
        "other facility": lambda: actor(role, facility=two.there.first("facility")),
    }[place]()


def denials(name: str) -> int:
    with scoped(SYSTEM.scope), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_auditevent WHERE event = %s AND outcome = 'denied'", [name]
        )
        return int(cursor.fetchone()[0])


def is_denial(refusal: Refused, name: str) -> bool:
    return isinstance(refusal, Forbidden) and refusal.code == "not_allowed" and refusal.where == name


@pytest.mark.parametrize("name", sorted(GUARDED))
def test_who_is_not_allowed_is_refused_and_it_is_in_the_trail(name: str, two: TwoCounties) -> None:
    kind, function = GUARDED[name]
    rule, refused = rule_of(name), 0
    words = calls(name, function, two.here)[0]
    with undone():
        before = denials(name)
        for role in (*GRANTED, Role.NEWCOMER):
            for place in PLACES:
                who = at(role, place, two)
                if rule is not None and rule.allows(who):
                    continue
                with pytest.raises(Forbidden) as caught:
                    function(**frame(kind, function, who), **words)
                assert is_denial(caught.value, name), (role, place)
                refused += 1
        assert denials(name) - before == refused
    assert refused > 0 or (rule is not None and rule.needs in ("nothing", "person")), (
        "open to everybody everywhere"
    )


def fingerprint(watched: list[str]) -> list[tuple[str, int, str]]:
    """Rows and a digest of them for every watched table of the other county, read under its own scope."""
    one = (
        "SELECT '{0}', count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
        " FROM {0} t WHERE region >= 522632000 AND region < 522633000"
    )
    with scoped(actor(Role.COUNTY, RONGJIANG).scope), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in watched))
        return cursor.fetchall()


def attempt(name: str, who: Actor, county: County, *, public: bool, two: TwoCounties) -> None:
    """Call `name` in every way the probes know, aimed at `county`: never denied, and no trace of the other county."""
    kind, function = GUARDED[name]
    words_of_calls = calls(name, function, county)
    for words in words_of_calls[:1] if public else words_of_calls:
        try:
            answer: Any = function(**frame(kind, function, who), **words)
        except Refused as refusal:
            answer = refusal
        if isinstance(answer, Refused):
            assert not is_denial(answer, name), (name, who.roles)
            said = f"{answer.said().zh} {answer.where}"
            assert two.there.mark not in said or two.there.mark in str(words), (name, said)
        elif not public:
            assert traces(answer, two.there) == [], (name, who.roles, words)


@pytest.mark.parametrize("name", sorted(GUARDED))
def test_who_is_allowed_comes_through_and_the_other_county_stays_out_of_reach(
    name: str, two: TwoCounties, watched: list[str]
) -> None:
    rule = rule_of(name)
    assert rule is not None
    public = name.startswith(tuple(PUBLIC)) or name in REACHES_OUT
    with undone():
        before = fingerprint(watched)
        for role in (*GRANTED, Role.NEWCOMER):
            for place in ("own county", "no place", "own facility"):
                who = at(role, place, two)
                if rule.allows(who):
                    for county in (two.here, two.there):
                        with undone():
                            attempt(name, who, county, public=public, two=two)
                            if GUARDED[name][0] == "operation":
                                assert [
                                    t for t, b in zip(fingerprint(watched), before, strict=True) if t != b
                                ] == []
