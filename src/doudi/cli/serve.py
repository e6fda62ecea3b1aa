"""`doudi serve`: the database (if none is given), the web and a worker, until somebody asks to stop."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from doudi.cli.arguments import EXIT_OK, UsageError
from doudi.cli.at_server import at_server, teller
from doudi.cli.screen import Screen
from doudi.words import Words

if TYPE_CHECKING:
    from doudi.server.site.launch.preparation import Installation
    from doudi.server.site.launch.signals import Stopping

STOPPED = Words("已停止", "Stopped")


def run(options: Namespace, screen: Screen) -> int:
    """Serve until stopped."""
    check_numbers(options, screen)
    return at_server(screen, lambda stopping: _serve(options, screen, stopping))


def check_numbers(options: Namespace, screen: Screen) -> None:
    """Turn `--port` and `--workers` into numbers. Raises UsageError where they are none."""
    for name, least, most in (("port", 1, 65535), ("workers", 1, 64)):
        text = getattr(options, name)
        if text is None or isinstance(text, int):
            continue
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise UsageError(
                screen.w(
                    f"--{name} 要写 {least} 到 {most} 的整数", f"--{name}: a number from {least} to {most}"
                )
            )
        setattr(options, name, int(text))


def _serve(options: Namespace, screen: Screen, stopping: Stopping) -> int:
    from doudi.server.site.launch.migrating import make_ready
    from doudi.server.site.launch.preparation import load_django, prepared

    with prepared(teller(screen), stopping) as installation:
        load_django()
        make_ready(teller(screen), private=installation.cluster is not None)
        return hold_up(options, screen, stopping, installation)


def hold_up(options: Namespace, screen: Screen, stopping: Stopping, installation: Installation) -> int:
    """Serve a database that is ready."""
    from doudi.server.site.launch.serving import choose_port, hosts_warning, serve, worker_count
    from doudi.server.site.launch.statics import gather

    gather(teller(screen))
    port = choose_port(options.host, options.port)
    if warning := hosts_warning(options.host):
        screen.error(screen.say(warning), "look")

    def ready(address: str) -> None:
        if screen.as_json:
            screen.json({"address": address})
        else:
            screen.line(screen.w(f"兜底已启动：{address}", f"Doudi is ready: {address}"), "good")
            screen.line(screen.w("按 Ctrl-C 停止", "Ctrl-C stops it"), "quiet")
        sys.stdout.flush()

    try:
        serve(installation, options.host, port, worker_count(options.workers), ready)
    except KeyboardInterrupt:
        stopping.no_more()
        teller(screen)(STOPPED)
    return EXIT_OK
