"""`operation` and `query`: the two doors to data. Nothing is read or written outside them.

An operation checks its rule, opens exactly one transaction under the actor's scope, answers a repeated key with the
answer given before, and must leave an audit event. A query checks its rule and reads under the viewer's scope. Where
the rule asks for a second person, the operation itself refuses, and runs inside the approval (`run_approved`). Where
the rule names a budget, one of it is used before the work begins, so that refused calls count.

Nobody, `None` or anything that is not an `Actor` is refused like whoever has no role.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal, ParamSpec, TypeVar

from doudi.server.access.budgets import spend
from doudi.server.access.errors import BudgetExceeded, not_allowed, second_person
from doudi.server.access.rules import Rule, rule_of
from doudi.server.audit.api import append, appended_in
from doudi.server.kernel import clock, idempotency
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused, invariant
from doudi.server.kernel.reading import reading
from doudi.server.kernel.scope import active_scope, scoped

P = ParamSpec("P")
R = TypeVar("R")

GUARDED: dict[str, tuple[Literal["operation", "query"], Callable[..., Any]]] = {}
"""Every guarded function by name: what the access matrix of the tests is generated from."""

FRAME = frozenset({"actor", "now", "key"})
"""Words every operation takes beside its content."""


def permit(name: str, actor: Actor | None) -> Rule:
    """The rule of `name`; `Forbidden`, leaving an audit event, unless it allows `actor`."""
    rule = rule_of(name)
    if not isinstance(actor, Actor):
        raise not_allowed(name)
    if rule is not None and rule.allows(actor):
        return rule
    if active_scope() is None:
        with scoped(actor.scope):
            append(name, actor=actor, at=clock.now(), outcome="denied")
    raise not_allowed(name)


def operation(name: str, *, remembered: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a keyword-only function with `actor`, `now` and `key` an operation called `name` (its rule's name).

    Not `remembered`: what it is asked or what it answers is secret, so that no key keeps either.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            invariant(not args, "operation.positional")
            actor = typing.cast("Actor", kwargs.get("actor"))
            rule = permit(name, actor)
            if rule.four_eyes and rule.eyes.needed(kwargs):
                raise second_person(name)
            with _alarmed(actor, name):
                _charge(rule, actor)
                with scoped(actor.scope, durable=True):
                    return _once(name, function, actor, kwargs, remembered)

        run.remembered = remembered  # type: ignore[attr-defined]  # what gives it a door tells callers
        _enter(name, "operation", run)
        return run

    return decorate


def _once(name: str, function: Callable[..., R], actor: Actor, kwargs: dict[str, Any], remembered: bool) -> R:
    key = kwargs.get("key")
    if key is None or not remembered:
        return _audited(name, function, kwargs)
    kind = answer_of(function)
    request = {word: value for word, value in kwargs.items() if word not in FRAME}
    number = idempotency.claim(user=actor.user, operation=name, key=key, request=request, now=kwargs["now"])
    if number is None:
        answer: R = idempotency.remembered(user=actor.user, operation=name, key=key, kind=kind)
        return answer
    result = _audited(name, function, kwargs)
    idempotency.remember(number, result, kind)
    return result


def _audited(name: str, function: Callable[..., R], kwargs: dict[str, Any]) -> R:
    with appended_in() as events:
        result = function(**kwargs)
    invariant(events, f"audit.missing:{name}")
    return result


@functools.cache
def answer_of(function: Callable[..., Any]) -> Any:
    """The declared type of what a guarded function returns."""
    return typing.get_type_hints(function)["return"]


def inner_of(name: str) -> Callable[..., Any]:
    """The function behind the guard of an operation; only the approval of a proposal calls it."""
    kind, run = GUARDED[name]
    invariant(kind == "operation", "guard.not_an_operation")
    function: Callable[..., Any] = run.__wrapped__  # type: ignore[attr-defined]
    return function


def run_approved(name: str, *, actor: Actor, now: datetime, words: dict[str, Any]) -> Any:
    """Run a proposed operation inside the transaction of its approval, under the approver's scope and in their name."""
    invariant(active_scope() == actor.scope, "approval.outside_scope")
    function = inner_of(name)
    frame: dict[str, Any] = {"actor": actor, "now": now}
    if "key" in typing.get_type_hints(function):
        frame["key"] = None
    return _audited(name, function, {**words, **frame})


def query(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a keyword-only function with `viewer` a query called `name`: its rule is asked, its reads are scoped."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        call: Callable[..., R] = function

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            invariant(not args, "query.positional")
            viewer = typing.cast("Actor", kwargs.get("viewer"))
            rule = permit(name, viewer)
            with _alarmed(viewer):
                _charge(rule, viewer)
                with reading(viewer.scope):
                    return call(**kwargs)

        _enter(name, "query", run)
        return run

    return decorate


def _charge(rule: Rule, actor: Actor) -> None:
    """Use one of the rule's budget, in a transaction of its own where none is open: a refusal later does not undo it."""
    if rule.budget:
        with scoped(actor.scope):
            spend(actor, rule.budget, now=clock.now())


@contextmanager
def _alarmed(actor: Actor, operation_name: str = "") -> Iterator[None]:
    """A budget that was exceeded leaves an event although the work was rolled back, and so does a refused operation.

    The event of a refusal says which and why by its code, never what was written in the form.
    """
    try:
        yield
    except BudgetExceeded as exceeded:
        if active_scope() is None:
            with scoped(actor.scope):
                append(
                    "budget.exceeded",
                    actor=actor,
                    at=clock.now(),
                    outcome="refused",
                    object_kind="budget",
                    object_id=exceeded.budget,
                )
        raise
    except Refused as refusal:
        if operation_name and active_scope() is None:
            with scoped(actor.scope):
                append(
                    operation_name,
                    actor=actor,
                    at=clock.now(),
                    outcome="refused",
                    detail={"code": refusal.code},
                )
        raise


def _enter(name: str, kind: Literal["operation", "query"], run: Callable[..., Any]) -> None:
    if name in GUARDED:
        raise ValueError(f"{name} is guarded twice")
    GUARDED[name] = (kind, run)


__all__ = ["GUARDED", "Refused", "inner_of", "operation", "permit", "query", "run_approved"]
