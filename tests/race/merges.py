"""Every order in which the statements of two operations can meet on two real connections, one after another.

Each side runs in a thread with a connection of its own, and stops before each of its statements until it is let go. A
schedule says who goes next; all of them are tried, depth first, each on a person of its own. Where PostgreSQL makes a
side wait for the other, it cannot go on: orders in which it would are *impossible*, and counted so.

Orders that differ only in what cannot be told apart are one, and one of them is tried (*pruned* are the others).
Statements that touch no table the other side writes are not stopped at. Of the rest a reading statement meets only
the other's COMMIT (before it PostgreSQL shows nothing: READ COMMITTED), a writing or locking one also what the other
writes or locks. What counts as touching is read from the text of the statements; tables that are only ever added to and
that neither side reads (the audit trail) do not count; triggers and policies read rows of their own side, or of tables
that neither writes.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import comb
from typing import Any

import psycopg
from django.db import connection

from support.ground import Ground

PATIENCE = 60.0
GLANCE = 0.004
"""Seconds a side may run before PostgreSQL is asked whether it waits for a lock."""
NAMED = re.compile(r'\b(?:INTO|UPDATE|FROM|JOIN|ON)\s+"?([a-z]+_[a-z]+)\b', re.IGNORECASE)
WRITTEN = re.compile(r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?([a-z]+_[a-z]+)\b', re.IGNORECASE)
NEVER_READ = frozenset({"audit_auditevent", "settlement_changedday"})


def tables(statement: str, pattern: re.Pattern[str] = NAMED) -> set[str]:
    return {name.lower() for name in pattern.findall(statement)}


def written(statements: list[str]) -> set[str]:
    """The tables that statements write, without those that nobody in a race reads."""
    return {name for one in statements for name in tables(one, WRITTEN)} - NEVER_READ


def meets(statement: str, shared: set[str]) -> bool:
    """Whether the order of a statement among the other side's can matter."""
    return _ends(statement) or bool(touched(statement, shared))


def touched(statement: str, shared: set[str]) -> set[str]:
    """What of the shared it reads or writes; locks without a table are called `advisory`."""
    return (tables(statement) & shared) | ({"advisory"} if "advisory" in statement else set())


def _ends(statement: str) -> bool:
    return statement.startswith(("COMMIT", "ROLLBACK"))


def swapped(one: str, other: str, shared: set[str]) -> bool:
    """Whether two statements of the two sides may change places and nobody can tell."""
    if _ends(one) or _ends(other):
        return False
    return not (_taken(one, shared) & _taken(other, shared))


def _taken(statement: str, shared: set[str]) -> set[str]:
    """What a statement writes or locks, of what is shared."""
    if "FOR UPDATE" in statement or "FOR NO KEY UPDATE" in statement:
        return touched(statement, shared)
    return (tables(statement, WRITTEN) & shared) | (touched(statement, shared) & {"advisory"})


def different(left: list[str], right: list[str], shared: set[str]) -> int:
    """How many orders of two sequences can be told apart: those in which no step of `right` comes straight before one of
    `left` that might as well have come first.
    """
    ways = {(0, 0, 0): 1}  # steps of left, of right, which came last
    for total in range(len(left) + len(right)):
        for mine in range(min(total, len(left)) + 1):
            theirs = total - mine
            for last in (0, 1):
                count = ways.get((mine, theirs, last), 0)
                if not count:
                    continue
                held = (
                    last == 1
                    and theirs > 0
                    and mine < len(left)
                    and swapped(right[theirs - 1], left[mine], shared)
                )
                if mine < len(left) and not held:
                    ways[mine + 1, theirs, 0] = ways.get((mine + 1, theirs, 0), 0) + count
                if theirs < len(right):
                    ways[mine, theirs + 1, 1] = ways.get((mine, theirs + 1, 1), 0) + count
    return sum(ways.get((len(left), len(right), last), 0) for last in (0, 1))


class Side(threading.Thread):
    """One of the two: does one act after another, and stops before statements that meet the other's."""

    def __init__(self, here: Ground, name: str) -> None:
        super().__init__(daemon=True)
        self.here, self.name = here, name
        self.shared: set[str] | None = None
        self.act: Callable[[], Any] | None = None
        self.going, self.changed = threading.Event(), threading.Event()
        self.at: str | None = None
        """The statement it stands before; None while it runs or has nothing to do."""
        self.over = True
        self.statements: list[str] = []
        self.outcome: tuple[str, Any] = ("", None)
        self.backend = 0
        self.ready = threading.Event()

    def run(self) -> None:
        connection.ensure_connection()
        self.backend = connection.connection.info.backend_pid
        _sides[threading.get_ident()] = self
        with connection.execute_wrapper(self._around):
            self.ready.set()
            while True:
                self.going.wait()
                self.going.clear()
                if self.act is None:
                    break
                self._perform(self.act)
        connection.close()

    def _perform(self, act: Callable[[], Any]) -> None:
        try:
            self.outcome = ("done", act())
        except Exception as fault:  # noqa: BLE001 - a refusal is an outcome; what may be one, the pair says
            self.outcome = (getattr(fault, "code", type(fault).__name__), fault)
        self.over = True
        self.changed.set()

    def _around(self, run: Callable[..., Any], statement: Any, *words: Any) -> Any:
        self.before(str(statement))
        return run(statement, *words)

    def before(self, statement: str) -> None:
        """Note it; stop, if the order can matter, until told to go."""
        self.statements.append(statement)
        if self.shared is not None and meets(statement, self.shared):
            self.at = statement
            self.changed.set()
            self.going.wait()
            self.going.clear()

    def begin(self, act: Callable[[], Any], shared: set[str] | None) -> None:
        self.act, self.shared, self.over, self.at = act, shared, False, None
        self.statements, self.outcome = [], ("", None)
        self.let_go()

    def let_go(self) -> None:
        self.at = None
        self.changed.clear()
        self.going.set()

    def end(self) -> None:
        self.act = None
        self.going.set()
        self.join()


_sides: dict[int, Side] = {}


def watch_commits() -> None:
    """COMMIT does not pass through Django's cursors: psycopg sends it."""
    command = psycopg.Connection._exec_command

    def around(self: Any, statement: Any, *words: Any, **more: Any) -> Iterator[Any]:
        side = _sides.get(threading.get_ident())
        text = statement.decode() if isinstance(statement, bytes) else str(statement)
        if side is not None and text.startswith(("COMMIT", "ROLLBACK")):
            side.before(text)
        answer = yield from command(self, statement, *words, **more)
        return answer

    psycopg.Connection._exec_command = around  # type: ignore[method-assign,assignment]


@dataclass
class Merges:
    """What became of all orders of one pair."""

    tried: int = 0
    impossible: int = 0
    waited: int = 0
    statements: tuple[int, int] = (0, 0)
    steps: tuple[int, int] = (0, 0)
    different: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    @property
    def all_of_statements(self) -> int:
        return comb(sum(self.statements), self.statements[0])


class Two:
    """The two sides, and who lets them go."""

    def __init__(self, here: Ground) -> None:
        self.sides = (Side(here, "left"), Side(here, "right"))
        self.looking = here.connect()
        for side in self.sides:
            side.start()
            side.ready.wait()

    def alone(self, act: Callable[[], Any], which: int) -> list[str]:
        """Its statements when nobody is in its way."""
        side = self.sides[which]
        side.begin(act, None)
        self._settled(side)
        return side.statements

    def _waits(self, side: Side) -> bool:
        """Whether PostgreSQL lets it wait for a lock."""
        row = self.looking.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [side.backend]).fetchone()
        return bool(row and row[0])

    def _settled(self, side: Side) -> bool:
        """Until it stands, is over (True), or waits for the other (False)."""
        until = time.monotonic() + PATIENCE
        while not side.over and side.at is None:
            if not side.changed.wait(GLANCE) and self._waits(side):
                return False
            side.changed.clear()
            if time.monotonic() > until:
                raise SystemExit(f"{side.name} does not come on")
        return True

    def perform(
        self, acts: tuple[Callable[[], Any], Callable[[], Any]], shared: set[str], schedule: list[int]
    ) -> tuple[list[tuple[int, list[int]]], bool]:
        """Follow a schedule, then whoever can go first: each choice with who could go, and whether one waited."""
        for side, act in zip(self.sides, acts, strict=True):
            side.begin(act, shared)
            self._settled(side)
        made: list[tuple[int, list[int]]] = []
        waiting, waited, last = [False, False], False, (0, "")
        while not all(side.over for side in self.sides):
            can = [which for which, side in enumerate(self.sides) if not side.over and not waiting[which]]
            if not can:  # each waits for the other: PostgreSQL ends one of them after its second of patience
                waiting = [not side.over and not self._settled(side) for side in self.sides]
                continue
            ahead = self.sides[0].at or ""
            if len(can) == 2 and last[0] == 1 and swapped(last[1], ahead, shared):
                can = [1]  # the other order of these two is tried, and is the same
            chosen = schedule[len(made)] if len(made) < len(schedule) else can[0]
            made.append((chosen, can))
            last = chosen, self.sides[chosen].at or ""
            self.sides[chosen].let_go()
            waiting[chosen] = not self._settled(self.sides[chosen])
            waited |= waiting[chosen]
            other = 1 - chosen
            if waiting[other]:
                waiting[other] = not self._settled(self.sides[other])
                last = (0, "") if not waiting[other] else last  # what waited could not have come first
        return made, waited

    def end(self) -> None:
        for side in self.sides:
            side.end()
        self.looking.close()


def orders(
    perform: Callable[[list[int]], list[tuple[int, list[int]]]],
) -> Iterator[list[tuple[int, list[int]]]]:
    """All schedules, depth first: each run shows where another choice was possible."""
    schedule: list[int] = []
    while True:
        made = perform(schedule)
        yield made
        while made and (made[-1][0] == 1 or 1 not in made[-1][1]):
            made.pop()
        if not made:
            return
        schedule = [chosen for chosen, _ in made[:-1]] + [1]
