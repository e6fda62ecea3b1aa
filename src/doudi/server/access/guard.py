"""`operation` and `query`: the two doors to data. Nothing is read or written outside them.

An operation checks its rule, opens exactly one transaction under the actor's scope, answers a repeated key with the
answer given before, and must leave an audit event. A query checks its rule and reads under the viewer's scope.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable
from typing import Any, Literal, ParamSpec, TypeVar

from doudi.server.access.errors import not_allowed
from doudi.server.access.rules import rule_of
from doudi.server.audit.api import append, appended_in
from doudi.server.kernel import clock, idempotency
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused, invariant
from doudi.server.kernel.scope import active_scope, scoped

P = ParamSpec("P")
R = TypeVar("R")

GUARDED: dict[str, tuple[Literal["operation", "query"], Callable[..., Any]]] = {}
"""Every guarded function by name: what the access matrix of the tests is generated from."""


def permit(name: str, actor: Actor) -> None:
    """Raise `Forbidden`, leaving an audit event, unless the rule of `name` allows `actor`."""
    rule = rule_of(name)
    if rule is not None and rule.allows(actor):
        return
    if active_scope() is None:
        with scoped(actor.scope):
            append(name, actor=actor, at=clock.now(), outcome="denied")
    raise not_allowed(name)


def operation(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a keyword-only function with `actor`, `now` and `key` an operation called `name` (its rule's name)."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            invariant(not args, "operation.positional")
            actor = kwargs["actor"]
            assert isinstance(actor, Actor)  # noqa: S101 - for the type checker
            permit(name, actor)
            with scoped(actor.scope, durable=True):
                return _once(name, function, actor, kwargs)

        _enter(name, "operation", run)
        return run

    return decorate


def _once(name: str, function: Callable[..., R], actor: Actor, kwargs: dict[str, Any]) -> R:
    key = kwargs.get("key")
    kind = typing.get_type_hints(function)["return"]
    number = None
    if key is not None:
        request = {word: value for word, value in kwargs.items() if word not in ("actor", "now", "key")}
        number = idempotency.claim(
            user=actor.user, operation=name, key=key, request=request, now=kwargs["now"]
        )
        if number is None:
            answer: R = idempotency.remembered(user=actor.user, operation=name, key=key, kind=kind)
            return answer
    with appended_in() as events:
        result = function(**kwargs)
    invariant(events, f"audit.missing:{name}")
    if number is not None:
        idempotency.remember(number, result, kind)
    return result


def query(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a keyword-only function with `viewer` a query called `name`: its rule is asked, its reads are scoped."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        call: Callable[..., R] = function

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            invariant(not args, "query.positional")
            viewer = kwargs["viewer"]
            assert isinstance(viewer, Actor)  # noqa: S101 - for the type checker
            permit(name, viewer)
            with scoped(viewer.scope):
                return call(**kwargs)

        _enter(name, "query", run)
        return run

    return decorate


def _enter(name: str, kind: Literal["operation", "query"], run: Callable[..., Any]) -> None:
    if name in GUARDED:
        raise ValueError(f"{name} is guarded twice")
    GUARDED[name] = (kind, run)


__all__ = ["GUARDED", "Refused", "operation", "permit", "query"]
