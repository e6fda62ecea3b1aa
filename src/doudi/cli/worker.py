"""`doudi worker`: one more process for background jobs, until somebody asks to stop."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from doudi.cli.arguments import EXIT_OK
from doudi.cli.at_server import at_server, teller
from doudi.cli.screen import Screen
from doudi.words import Words

if TYPE_CHECKING:
    from doudi.server.site.launch.signals import Stopping


def run(options: Namespace, screen: Screen) -> int:  # noqa: ARG001 - every command takes its options
    """Work until stopped."""
    return at_server(screen, lambda stopping: _work(screen, stopping))


def _work(screen: Screen, stopping: Stopping) -> int:
    from doudi.server.site.launch.migrating import make_ready
    from doudi.server.site.launch.preparation import load_django, prepared

    say = teller(screen)
    with prepared(say, stopping) as installation:
        load_django()
        make_ready(say, private=installation.cluster is not None)
        from doudi.server.kernel.jobs import run_worker

        say(Words("后台任务进程已启动，按 Ctrl-C 停止", "The worker is ready; Ctrl-C stops it"))
        with stopping.put_off(quietly=True):  # it stops between jobs, not in the middle of one
            done = run_worker(stop=lambda: stopping.asked)
        stopping.no_more()
        say(Words(f"已停止，完成了 {done} 个任务", f"Stopped after {done} jobs"))
    return EXIT_OK
