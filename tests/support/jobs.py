"""Kinds of jobs that tests run in processes of their own, and the process itself: `python -m support.jobs NAME`.

Side effects are counted as audit events of the job's number, written in transactions of their own.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from support import cluster

LEASE = timedelta(milliseconds=1500)


def kinds() -> None:
    """Register the kinds, once a process; Django must be set up."""
    from doudi.server.audit.api import append
    from doudi.server.kernel.jobs import JobContext, job, known_kinds
    from doudi.server.kernel.scope import scoped
    from doudi.words import Words

    if "test.count" in known_kinds():
        return

    def mark(context: JobContext, event: str, *, hold: bool = False) -> None:
        with scoped(context.actor.scope):
            append(event, actor=context.actor, at=context.now(), object_id=context.id)
            if hold:
                context.hold()

    @job("test.count", Words("计数", "Count"))
    def count(context: JobContext) -> Mapping[str, Any]:
        mark(context, "test.counted", hold=True)
        return {"counted": 1}

    @job("test.hang_once", Words("第一次卡住", "Hang at first"), lease=LEASE)
    def hang_once(context: JobContext) -> Mapping[str, Any]:
        mark(context, f"test.begun.{context.attempt}")
        if context.attempt == 1:
            while not Path(context.payload["go"]).exists():
                time.sleep(0.02)  # a handler that does not look: only its process can end it
        mark(context, "test.worked", hold=True)
        return {"attempt": context.attempt}

    @job("test.until_cancelled", Words("等人取消", "Until cancelled"), lease=LEASE)
    def until_cancelled(context: JobContext) -> None:
        mark(context, "test.begun")
        for step in range(1_000_000):
            context.progress(step, 1_000_000, Words("数数", "Counting"))
            time.sleep(0.01)


def start(database: str, socket: Path, name: str) -> subprocess.Popen[bytes]:
    """A worker process on a database of the cluster."""
    environment = os.environ | {
        "DATABASE_URL": f"host={socket} dbname={database} user=doudi_runtime",
        "DJANGO_SETTINGS_MODULE": "doudi.server.site.settings",
        "DOUDI_SECRET_KEY": "only-for-tests",
        "PYTHONPATH": os.pathsep.join([str(cluster.ROOT / "tests"), os.environ.get("PYTHONPATH", "")]),
    }
    return subprocess.Popen([sys.executable, "-m", "support.jobs", name], env=environment)


def main() -> None:
    import django

    django.setup()
    from doudi.server.kernel.jobs import run_worker, set_actor_builder

    set_actor_builder(lambda stored, now: stored)  # those who ask have no account here
    kinds()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_worker(stop=stop.is_set, name=sys.argv[1], poll=0.1, beat=0.1)


if __name__ == "__main__":
    main()
