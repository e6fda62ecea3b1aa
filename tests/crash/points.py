"""Kill points: before and after every statement that a connection sends, BEGIN and COMMIT among them."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

KILLED = 77
"""The exit code of a process that died at its point."""


class Points:
    """Counts the points passed; the process dies at `die_at` (None: never), without a word to PostgreSQL."""

    def __init__(self, die_at: int | None = None) -> None:
        self.passed, self.die_at = 0, die_at
        self.statements: list[str] = []

    def reached(self) -> None:
        if self.passed == self.die_at:
            os._exit(KILLED)
        self.passed += 1


@contextmanager
def watching(points: Points) -> Iterator[Points]:
    """Points around all that Django's `default` connection sends: its own statements, and psycopg's BEGIN and COMMIT."""
    import psycopg
    from django.db import connection

    connection.ensure_connection()
    command = psycopg.Connection._exec_command

    def around(run: Callable[..., Any], statement: Any, *words: Any) -> Any:
        points.statements.append(str(statement))
        points.reached()
        answer = run(statement, *words)
        points.reached()
        return answer

    def around_command(self: Any, statement: Any, *words: Any, **more: Any) -> Generator[Any, Any, Any]:
        points.statements.append(str(statement))
        points.reached()
        answer = yield from command(self, statement, *words, **more)
        points.reached()
        return answer

    psycopg.Connection._exec_command = around_command  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(around):
            yield points
    finally:
        psycopg.Connection._exec_command = command  # type: ignore[method-assign]
