"""Clients that begin together: each makes ready in a process of its own, waits for the word, works, tells its times."""

from __future__ import annotations

import os
import pickle
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Took:
    """What all clients did in one run: acts a second, and the milliseconds of one act."""

    rate: float
    median: float
    p99: float

    @classmethod
    def of(cls, told: list[tuple[float, float, list[float]]]) -> Took:
        """From begin, end and the seconds of each act of every client."""
        each = sorted(one * 1000 for _, _, acts in told for one in acts)
        whole = max(end for _, end, _ in told) - min(begin for begin, _, _ in told)
        return cls(
            len(each) / whole, statistics.median(each), each[min(len(each) - 1, len(each) * 99 // 100)]
        )


def together(here: Any, clients: int, ready: Callable[[Any, int], list[Callable[[], Any]]]) -> Took:
    """`ready(here, number)` answers the acts of a client; they are timed one by one once every client is ready."""
    from support.ground import started

    go, hold = os.pipe()
    told_ready, say_ready = os.pipe()

    def client(inside: Any, number: int) -> tuple[float, float, list[float]]:
        os.close(hold)
        acts = ready(inside, number)
        os.write(say_ready, b".")
        os.read(go, 1)  # ends when the parent lets go
        begin, taken = time.monotonic(), []
        for act in acts:
            start = time.perf_counter()
            act()
            taken.append(time.perf_counter() - start)
        return begin, time.monotonic(), taken

    begun = [started(here, client, number) for number in range(clients)]
    waited = 0
    while waited < clients:
        waited += len(os.read(told_ready, clients))
    for end in (hold, go, told_ready, say_ready):
        os.close(end)
    told = []
    for number, answers in begun:
        with os.fdopen(answers, "rb") as reading:
            said = reading.read()
        _, status = os.waitpid(number, 0)
        if status or not said:
            raise SystemExit("a client ended early")
        told.append(pickle.loads(said))
    return Took.of(told)
