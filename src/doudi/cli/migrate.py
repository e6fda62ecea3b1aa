"""`doudi migrate`: bring the database to this release; run it after every upgrade, after a backup."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from doudi.cli.arguments import EXIT_OK
from doudi.cli.at_server import at_server, teller
from doudi.cli.screen import Screen

if TYPE_CHECKING:
    from doudi.server.site.launch.signals import Stopping


def run(options: Namespace, screen: Screen) -> int:  # noqa: ARG001 - every command takes its options
    """Migrate, and gather the static files."""
    return at_server(screen, lambda stopping: _migrate(screen, stopping))


def _migrate(screen: Screen, stopping: Stopping) -> int:
    from doudi.server.site.launch.migrating import migrate
    from doudi.server.site.launch.preparation import load_django, prepared
    from doudi.server.site.launch.statics import gather

    with prepared(teller(screen), stopping):
        load_django()
        names = migrate(teller(screen))
        gather(teller(screen))
    if screen.as_json:
        screen.json({"applied": names})
    elif names:
        screen.line(
            screen.w(f"数据库已升级，共 {len(names)} 步", f"The database is migrated, {len(names)} steps"),
            "good",
        )
    else:
        screen.line(screen.w("数据库已是最新", "The database is up to date"), "good")
    return EXIT_OK
