"""`doudi demo`: a county with fictional people in an empty database, its accounts, and with `--serve` the server."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from doudi.cli.arguments import EXIT_OK, UsageError
from doudi.cli.at_server import at_server, teller
from doudi.cli.batch import need_extra
from doudi.cli.screen import Screen
from doudi.cli.serve import check_numbers, hold_up

if TYPE_CHECKING:
    from doudi.server.site.launch.demonstration import DemoAccount
    from doudi.server.site.launch.signals import Stopping

ONE_BY_ONE = 10_000
"""Above so many people their three years of bills are decided as columns (`site/demo/years`)."""
MOST_PEOPLE = 500_000


def run(options: Namespace, screen: Screen) -> int:
    """Fill, tell the accounts, serve."""
    check_numbers(options, screen)
    text = options.people
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_PEOPLE:
        raise UsageError(
            screen.w(
                f"--people 要写 1 到 {MOST_PEOPLE} 的整数", f"--people: a number from 1 to {MOST_PEOPLE}"
            )
        )
    if int(options.people) > ONE_BY_ONE:
        need_extra(screen, "batch", ("numpy", "pyarrow"))
    return at_server(screen, lambda stopping: _demo(options, screen, stopping))


def _demo(options: Namespace, screen: Screen, stopping: Stopping) -> int:
    from doudi.server.site.launch.migrating import migrate
    from doudi.server.site.launch.preparation import load_django, prepared

    with prepared(teller(screen), stopping) as installation:
        load_django()
        migrate(teller(screen))
        from doudi.server.site.launch.demonstration import accounts_of

        def progress(done: int, total: int) -> None:
            screen.progress(screen.w(f"演示县 {done}/{total} 人", f"demo county {done}/{total} people"))

        accounts = accounts_of(installation.var, int(options.people), progress)
        screen.progress("")
        _tell(accounts, screen)
        if options.serve:
            return hold_up(options, screen, stopping, installation)
    return EXIT_OK


def _tell(accounts: list[DemoAccount], screen: Screen) -> None:
    if screen.as_json:
        screen.json(
            {
                "accounts": [
                    {"login": one.login, "password": one.password, "post": screen.say(one.post)}
                    for one in accounts
                ]
            }
        )
        return
    screen.line(screen.w("演示账号（都是虚构的）", "Demo accounts (all fictional)"), "title")
    heads = [screen.w("岗位", "post"), screen.w("账号", "login"), screen.w("密码", "password")]
    screen.table(heads, [[screen.say(one.post), one.login, one.password] for one in accounts])
