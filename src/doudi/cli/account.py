"""`doudi account first|recover`: administrators from the server's machine, where nobody can sign in to make them."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from doudi.cli.arguments import EXIT_OK
from doudi.cli.at_server import at_server, teller
from doudi.cli.screen import Screen

if TYPE_CHECKING:
    from doudi.server.site.launch.first_accounts import FirstAccount
    from doudi.server.site.launch.signals import Stopping


def run(options: Namespace, screen: Screen) -> int:
    """Make or recover one."""
    return at_server(screen, lambda stopping: _run(options, screen, stopping))


def _run(options: Namespace, screen: Screen, stopping: Stopping) -> int:
    from doudi.server.site.launch.migrating import make_ready
    from doudi.server.site.launch.preparation import load_django, prepared

    say = teller(screen)
    with prepared(say, stopping) as installation:
        load_django()
        make_ready(say, private=installation.cluster is not None)
        return first(options, screen) if options.account_command == "first" else recover(options, screen)


def first(options: Namespace, screen: Screen) -> int:
    """Make the first account of a role."""
    from doudi.server.site.launch.first_accounts import make_first

    made = make_first(
        login=options.login,
        display_name=options.name,
        role=options.role,
        region=options.region,
        reason=options.reason,
    )
    _tell(made, screen)
    return EXIT_OK


def recover(options: Namespace, screen: Screen) -> int:
    """Let an administrator in again."""
    from doudi.server.site.launch.first_accounts import recover as go

    _tell(
        go(login=options.login, reason=options.reason, lost_device=options.lost_device),
        screen,
    )
    return EXIT_OK


def _tell(made: FirstAccount, screen: Screen) -> None:
    from doudi.server.access.api import ROLE_NAMES
    from doudi.server.kernel.clock import SHANGHAI

    until = made.activation.until.astimezone(SHANGHAI)
    if screen.as_json:
        screen.json(
            {
                "login": made.login,
                "role": str(made.role),
                "place": made.place,
                "activation_code": made.activation.code,
                "until": until.isoformat(timespec="minutes"),
            }
        )
        return
    role = screen.say(ROLE_NAMES[made.role])
    place = (
        f"，{made.place}"
        if made.place and screen.language == "zh"
        else f", {made.place}"
        if made.place
        else ""
    )
    screen.line(screen.w(f"{made.login}：{role}{place}", f"{made.login}: {role}{place}"), "good")
    screen.line(
        screen.w(f"激活码 {made.activation.code}", f"activation code {made.activation.code}"), "title"
    )
    screen.line(
        screen.w(
            f"只显示这一次，{until:%Y-%m-%d %H:%M} 前有效。请当面交给本人，在登录页点“首次登录，用激活码设置密码”。",
            f"Shown only now, good until {until:%Y-%m-%d %H:%M} (China). Hand it over in person: on the sign-in page"
            " follow “First time: set a password”.",
        )
    )
