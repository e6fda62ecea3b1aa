"""A proxy with bad manners between a hospital's program and the door: it loses, cuts and doubles what passes.

One request a connection. Its fate is drawn: `passed`; `cut_before` it reaches the server; `cut_after` the server
answered; `cut_within` the answer; `doubled`, both copies at once, one answer
passed on; `late`, the copy arrives after the answer.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable

FATES = ("passed", "cut_before", "cut_after", "cut_within", "doubled", "late")
WEIGHTS = (40, 15, 20, 10, 10, 5)


class Proxy:
    """Listens on a port of its own and passes on to `port`, or does not."""

    def __init__(self, port: int, seed: int) -> None:
        self.port, self.chance = port, random.Random(seed)
        self.fates: Counter[str] = Counter()
        self.listens = 0
        self.later: set[asyncio.Task[bytes]] = set()

    async def begin(self) -> asyncio.Server:
        server = await asyncio.start_server(self._one, "127.0.0.1", 0)
        self.listens = server.sockets[0].getsockname()[1]
        return server

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._treated(await _message(reader), writer)
        except (OSError, asyncio.IncompleteReadError):
            self.fates["broken"] += 1
        finally:
            writer.close()

    async def _treated(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        fate = self.chance.choices(FATES, WEIGHTS)[0]
        self.fates[fate] += 1
        if fate == "cut_before":
            return
        copies = 2 if fate == "doubled" else 1
        answers = await asyncio.gather(*(self._asked(request) for _ in range(copies)))
        if fate == "cut_after":
            return
        answer = self.chance.choice(answers)
        writer.write(answer[: len(answer) // 2] if fate == "cut_within" else answer)
        await writer.drain()
        if fate == "late":
            self.later.add(asyncio.create_task(self._asked(request)))

    async def _asked(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        await writer.drain()
        answer = await _message(reader)
        writer.close()
        return answer


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A whole request or answer: its head, and as many bytes as the head says."""
    head = await reader.readuntil(b"\r\n\r\n")
    return head + await reader.readexactly(_length(head.lower().split(b"\r\n")))


def _length(lines: Iterable[bytes]) -> int:
    return next((int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")), 0)
