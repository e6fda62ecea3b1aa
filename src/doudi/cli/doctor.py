"""`doudi doctor`: everything the server rests on, what was found and what to do; exit code 1 where it is ill."""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING

from doudi.cli.arguments import EXIT_FINDINGS, EXIT_OK
from doudi.cli.at_server import at_server, teller
from doudi.cli.screen import Screen, padded, width
from doudi.words import Words

if TYPE_CHECKING:
    from doudi.server.kernel.cluster import Place
    from doudi.server.kernel.errors import Refused
    from doudi.server.site.launch.checks import Check
    from doudi.server.site.launch.signals import Stopping

MARKS = {True: ("✔", "good"), False: ("✘", "refused"), None: ("–", "look")}


def run(options: Namespace, screen: Screen) -> int:  # noqa: ARG001 - every command takes its options
    """Look at everything and tell it."""
    return at_server(screen, lambda stopping: _doctor(screen, stopping))


def _doctor(screen: Screen, stopping: Stopping) -> int:
    checks = _examined(screen, stopping)
    if screen.as_json:
        screen.json([_data(check, screen) for check in checks])
    else:
        _tell(checks, screen)
    return EXIT_FINDINGS if any(check.well is False for check in checks) else EXIT_OK


def _examined(screen: Screen, stopping: Stopping) -> list[Check]:
    from doudi.server.kernel import cluster
    from doudi.server.kernel.errors import Refused
    from doudi.server.site.launch.checks import before_the_database
    from doudi.server.site.launch.preparation import folder, load_django, prepared, settle_environment

    settle_environment(folder())
    given = bool(os.environ.get("DATABASE_URL"))
    place: Place | None = None
    try:
        place = None if given else cluster.choose(folder())
        checks = before_the_database(folder(), place)
        if not given and (place is None or place.data_version() is None):
            return checks
        with prepared(teller(screen), stopping):
            load_django()
            from doudi.server.site.launch.checks_database import with_the_database

            return [*checks, *with_the_database()]
    except Refused as refused:
        return [*before_the_database(folder(), place), _ill(refused)]


def _ill(refused: Refused) -> Check:
    from doudi.server.site.launch.checks import Check

    return Check(refused.code, Words("数据库", "database"), False, refused.words, refused.remedy)


def _data(check: Check, screen: Screen) -> dict[str, object]:
    return {
        "code": check.code,
        "name": screen.say(check.name),
        "well": check.well,
        "found": screen.say(check.found),
        "mend": screen.say(check.remedy) if check.remedy else "",
    }


def _tell(checks: list[Check], screen: Screen) -> None:
    widest = max(width(screen.say(check.name)) for check in checks)
    for check in checks:
        mark, tone = MARKS[check.well]
        name = padded(screen.say(check.name), widest)
        screen.line(f"{mark} {name}  {screen.say(check.found)}", "plain" if check.well else tone)
        if check.remedy:
            screen.line(f"  {' ' * widest}  → {screen.say(check.remedy)}", "plain")
