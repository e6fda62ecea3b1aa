"""Silence never means allow: every guarded function, every page and every address has a rule, and nobody is refused."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from doudi.server.access.api import DOORSTEP, GUARDED, Role, Rule, all_rules, allowed, permit
from doudi.server.access.rules import register
from doudi.server.desks.pages import OPEN, PAGES, SIGNED_IN
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Forbidden
from support.actors import GRANTED, NOW, actor, nowhere
from support.probes import frame

OPEN_ADDRESSES = {
    "health.live": "says only that the process lives",
    "health.ready": "says only whether the database answers",
    "api": "the root of the JSON doors; each of them asks the guard",
    "account.sign_in": "the door itself",
    "account.activate": "the first password, with a one-time code",
    "account.look": "language and colours of one's own browser",
}
"""Pages for anybody. A page that is `OPEN` and not here fails."""
DOORS = {"access.sign_in", "access.activate"}
"""Functions that write without an actor."""


def addresses(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the resolver: its name (with its namespaces) and its pattern."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or ''}", str(pattern.pattern)


def test_every_guarded_function_has_a_rule() -> None:
    assert sorted(set(GUARDED) - set(all_rules())) == []


def test_every_rule_names_somebody_or_something_that_exists() -> None:
    """A rule without a function is a page's or a leftover."""
    named = set(GUARDED) | set(PAGES.values())
    from_jobs = {name for name, rule in all_rules().items() if rule.roles == {Role.SYSTEM}}
    assert sorted(set(all_rules()) - named - from_jobs - IN_TRANSACTION) == []
    assert [name for name, rule in all_rules().items() if not rule.roles] == []


IN_TRANSACTION: set[str] = set()


def test_every_address_has_a_rule() -> None:
    found = list(addresses(get_resolver().url_patterns))
    api = [name for name, _ in found if name.startswith("api:")]
    pages = [(name, pattern) for name, pattern in found if not name.startswith("api:")]
    assert [pattern for name, pattern in pages if name not in PAGES and name not in OPEN_ADDRESSES] == []
    operations = {name.removeprefix("api:") for name in api}
    assert operations, "the JSON doors are there"
    rules = {rule for rule in PAGES.values() if rule not in (OPEN, SIGNED_IN)}
    assert sorted(rules - set(all_rules())) == []
    assert {name for name, rule in PAGES.items() if rule == OPEN} <= set(OPEN_ADDRESSES)


def test_who_writes_without_an_actor_is_counted_on_two_fingers() -> None:
    assert set(DOORSTEP) == DOORS


@pytest.mark.parametrize("name", sorted(GUARDED))
@pytest.mark.parametrize("who", [None, "admin", 7], ids=["nobody", "a name", "a number"])
def test_nobody_is_refused(name: str, who: Any) -> None:
    """No actor, no act; a text or a number is not an actor. Asked before the database is."""
    kind, function = GUARDED[name]
    with pytest.raises(Forbidden):
        function(**frame(kind, function, who))


@pytest.mark.django_db
@pytest.mark.parametrize("role", GRANTED)
def test_a_name_without_a_rule_is_nobody_s(role: Role) -> None:
    assert not allowed("no.such", actor(role))
    with pytest.raises(Forbidden):
        permit("no.such", actor(role))
    with pytest.raises(Forbidden):
        permit("no.such", SYSTEM)


@pytest.mark.parametrize("needs", ["region", "place", "facility"])
@pytest.mark.parametrize("role", GRANTED)
def test_an_empty_place_allows_nothing_that_needs_one(role: Role, needs: Any) -> None:
    assert not Rule("test.any", frozenset(Role), needs).allows(nowhere(role))
    assert not Rule("test.none", frozenset()).allows(actor(role))


def test_a_name_has_one_rule() -> None:
    with pytest.raises(ValueError, match="two rules"):
        register([Rule("access.users", frozenset({Role.COUNTY}))])
    assert NOW
