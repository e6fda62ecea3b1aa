"""Being asked to stop: once, at a good moment, whatever sends the signal and however often.

The first SIGTERM, SIGINT or SIGHUP becomes a `KeyboardInterrupt` in the main thread, so that every `with` ends as it
should; later ones change nothing, and inside `put_off` the first one waits for the end of the block.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopping:
    """Whether somebody asked to stop, and whether that may interrupt now."""

    def __init__(self) -> None:
        self.asked = False
        self._waits = False
        self._ends = False

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        first, self.asked = not self.asked, True
        if first and not self._waits and not self._ends:
            raise KeyboardInterrupt

    @contextmanager
    def put_off(self, *, quietly: bool = False) -> Iterator[None]:
        """A block that is not interrupted; if asked meanwhile, stop at its end, unless `quietly`."""
        self._waits = True
        try:
            yield
        finally:
            self._waits = False
        if self.asked and not self._ends and not quietly:
            raise KeyboardInterrupt

    def no_more(self) -> None:
        """From now on everything ends anyway."""
        self._ends = True


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Hear the signals during the block."""
    stopping = Stopping()
    heard = [number for number in SIGNALS if number != signal.SIGHUP or not _ignored(number)]
    before = {number: signal.signal(number, stopping._hear) for number in heard}  # noqa: SLF001 - our own
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignored(number: signal.Signals) -> bool:
    """Whether our caller had us ignore it, as `nohup` does."""
    return signal.getsignal(number) is signal.SIG_IGN
