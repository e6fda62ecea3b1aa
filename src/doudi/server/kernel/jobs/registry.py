"""The kinds of jobs this process knows: a handler a kind, and which kinds come round by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from doudi.server.kernel.jobs.data import Done
from doudi.words import Words

if TYPE_CHECKING:
    from doudi.server.kernel.jobs.context import JobContext

Handler = Callable[["JobContext"], Done | Mapping[str, Any] | None]
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job. `lease`: how long a silent worker keeps it; `longest`: after this it is taken away in any case."""

    name: str
    words: Words
    handler: Handler
    attempts: int
    lease: timedelta
    longest: timedelta


_KINDS: dict[str, Kind] = {}
_PERIODS: dict[str, timedelta] = {}


def job(
    name: str,
    words: Words,
    *,
    attempts: int = 3,
    lease: timedelta = timedelta(seconds=30),
    longest: timedelta = timedelta(hours=2),
) -> Callable[[H], H]:
    """Make a function of a `JobContext` the handler of jobs called `name`; `words` is what a person reads.

    The handler may be run again from its beginning after a fault or a dead worker, at most `attempts` times: whatever it
    writes goes through operations with `key=context.key(step)`, which count once.
    """

    def enter(handler: H) -> H:
        if _KINDS.get(name) is not None:
            raise ValueError(f"two handlers for {name}")
        _KINDS[name] = Kind(name, words, handler, attempts, lease, longest)
        return handler

    return enter


def every(name: str, *, minutes: int) -> None:
    """Have the job `name` enqueued by the server itself once in each period, however many workers there are."""
    if minutes < 1:
        raise ValueError("a period is at least a minute")
    _PERIODS[name] = timedelta(minutes=minutes)


def kind_of(name: str) -> Kind | None:
    """The kind of a name, or None where this process does not know it."""
    return _KINDS.get(name)


def known_kinds() -> list[str]:
    """The names of all kinds, sorted."""
    return sorted(_KINDS)


def periods() -> dict[str, timedelta]:
    """What comes round by itself, and how often."""
    return dict(_PERIODS)


def forget(name: str) -> None:
    """Take a kind out again: for tests that make their own."""
    _KINDS.pop(name, None)
    _PERIODS.pop(name, None)
