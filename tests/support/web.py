"""The web server as `doudi serve` starts it (granian, WSGI, one thread a process), on a database of a suite."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from support.ground import Ground


def free_port() -> int:
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])


@contextmanager
def served(here: Ground, workers: int = 1) -> Iterator[int]:
    """The port it listens on."""
    port = free_port()
    address = f"postgresql:///{here.database}?host={here.socket}&user=doudi_runtime"
    held, theirs = os.pipe()
    command = [
        sys.executable,
        "-m",
        "doudi.server.site.launch.children",
        str(held),
        "web",
        "127.0.0.1",
        str(port),
    ]
    with subprocess.Popen(
        [*command, str(workers)],
        env=os.environ | {"DATABASE_URL": address},
        pass_fds=[held],
        start_new_session=True,
    ) as server:
        try:
            _wait(port)
            yield port
        finally:
            os.close(theirs)  # it follows its parent
            os.close(held)
            server.wait(30)


def _wait(port: int) -> None:
    for _ in range(600):
        with suppress(OSError):
            if asked(port, "GET", "/health/live")[0] == 200:
                return
        time.sleep(0.1)
    raise SystemExit("the web server does not answer")


def asked(port: int, method: str, address: str, words: Any = None, secret: str = "") -> tuple[int, bytes]:
    """One request on a connection of its own; an answer that is cut is an `http.client.HTTPException` or `OSError`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Connection": "close"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    if words is not None:
        headers["Content-Type"] = "application/json"
    try:
        connection.request(method, address, None if words is None else json.dumps(words), headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def token(_: Ground, facility: int) -> str:
    """The secret of a machine at the window of a facility. In a process that has Django."""
    from doudi.server.access import api as access
    from doudi.server.access.roles import Role
    from doudi.server.kernel import clock
    from doudi.server.kernel.actor import SYSTEM
    from support import actors

    now = clock.now()
    user = access.create_user(
        actor=SYSTEM, now=now, login=f"machine{facility}.{time.monotonic_ns()}", display_name="机器"
    ).user
    access.grant(
        actor=SYSTEM, now=now, user=user, role=Role.WINDOW, from_date=clock.today(), facility=facility
    )
    post = access.posts_of(user, now)[0].number
    return access.issue_token(
        actor=actors.actor(Role.SECURITY_ADMIN, 0), now=now, grant=post, name="machine",
        until_at=now + timedelta(days=30),
    ).secret  # fmt: skip


def bill_words(person: int, total: int, serial: str) -> dict[str, Any]:
    """What the door `settlement.settle` is asked for the bill of `settling.bill`."""
    from dataclasses import asdict

    from support import settling

    bill = {
        name: value
        for name, value in asdict(settling.bill(person, total)).items()
        if value not in (None, (), {})
    }
    bill |= {"admitted_on": str(bill["admitted_on"]), "discharged_on": str(bill["discharged_on"])}
    return {"serial": serial, "bill": bill, "seen": list(settling.SEEN)}


__all__ = ["asked", "bill_words", "free_port", "served", "token"]
