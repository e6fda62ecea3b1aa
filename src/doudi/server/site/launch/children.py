"""The processes under `doudi serve`, each begun as `python -m doudi.server.site.launch.children web|worker …`.

A child holds the reading end of its parent's pipe. When the parent is gone, however it went, the pipe ends and the child
stops itself: nothing is left serving by itself.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading


def follow_parent(pipe: int) -> None:
    """Stop when the parent is gone."""

    def wait() -> None:
        os.read(pipe, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="follows its parent", daemon=True).start()


def web(host: str, port: int, workers: int) -> None:
    """Serve requests until stopped: WSGI, one thread a worker process."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces

    Granian(
        "doudi.server.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def worker() -> None:
    """Run background jobs until stopped."""
    from doudi.server.site.launch.preparation import load_django

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    load_django()
    from doudi.server.kernel.jobs import run_worker

    run_worker(stop=stop.is_set)


def main(arguments: list[str]) -> None:
    """`PIPE web HOST PORT WORKERS` or `PIPE worker`."""
    follow_parent(int(arguments[0]))
    try:
        if arguments[1] == "web":
            web(arguments[2], int(arguments[3]), int(arguments[4]))
        else:
            worker()
    except Exception as fault:  # its words may quote a row; the log tells its place only
        logging.getLogger("doudi.serve").error("process failed", exc_info=fault, extra={"kind": arguments[1]})
        sys.exit(70)


if __name__ == "__main__":
    main(sys.argv[1:])
