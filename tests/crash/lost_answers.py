"""Answers lost, cut and doubled between a hospital's program and the door: it asks again until it has heard one whole."""

import asyncio
import http.client
import json
import random
import threading
from pathlib import Path
from typing import Any

from crash.load import Load, loaded
from crash.proxy import FATES, Proxy
from support.evidence import Evidence
from support.ground import Ground, in_fork
from support.web import asked, bill_words, served, token

CLIENTS = 4


def run(here: Ground, county: Any, evidence: Evidence, folder: Path, bills: int) -> None:
    """Settle so many bills over HTTP through the proxy."""
    load = loaded(here, county, folder / "answers", bills, random.Random(5))
    secret = in_fork(here, token, county.first.facility)
    with served(here, workers=2) as port:
        attempts, fates, heard, refused = in_fork(here, _stormed, load, port, secret)
    with here.connect() as admin:
        query = "SELECT serial, id FROM settlement_settlement WHERE serial LIKE %s"
        rows = admin.execute(query, ["Lanswers-%"]).fetchall()
    there = dict(rows)
    evidence.say(
        attempts=attempts,
        **{fate: fates.get(fate, 0) for fate in FATES},
        bills=bills,
        acknowledged=len(heard),
        settlements=len(rows),
        missing=sum(serial not in there for serial in heard) + bills - len(heard),
        duplicates=len(rows) - len(there),
        unequal=sum(there.get(serial) != number for serial, number in heard.items()),
        faults=refused,
        half_written=len(here.audited()),
    )


def _stormed(
    _: Ground, load: Load, port: int, secret: str
) -> tuple[int, dict[str, int], dict[str, int], int]:
    """All clients at once through one proxy: attempts, fates, what each serial was told, answers that were refusals."""
    heard: dict[str, int] = {}
    attempts, refused = [0] * CLIENTS, [0] * CLIENTS

    def client(part: int, through: int) -> None:
        for serial, person, total in load.bills[part::CLIENTS]:
            words = bill_words(person, total, serial)
            while serial not in heard:
                attempts[part] += 1
                try:
                    status, body = asked(through, "POST", "/api/operations/settlement.settle", words, secret)
                    told = json.loads(body)
                except (http.client.HTTPException, OSError, ValueError):
                    continue
                if status == 200:
                    heard[serial] = told["settlement"]
                else:
                    refused[part] += 1
                    print(status, told)

    async def storm() -> dict[str, int]:
        proxy = Proxy(port, seed=7)
        async with await proxy.begin():
            threads = [threading.Thread(target=client, args=(part, proxy.listens)) for part in range(CLIENTS)]
            for thread in threads:
                thread.start()
            await asyncio.to_thread(lambda: [thread.join() for thread in threads])
            if proxy.later:
                await asyncio.wait(proxy.later)
        return dict(proxy.fates)

    fates = asyncio.run(storm())
    return sum(attempts), fates, heard, sum(refused)
