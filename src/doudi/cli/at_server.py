"""What the commands of the server have in common: their packages, their refusals in words, their faults without a row."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from doudi.cli.arguments import EXIT_FINDINGS, EXIT_INTERNAL
from doudi.cli.batch import need_extra
from doudi.cli.screen import Screen
from doudi.words import Words

if TYPE_CHECKING:
    from doudi.server.site.launch.signals import Stopping

PACKAGES = ("django", "django_htmx", "granian", "psycopg", "whitenoise", "cryptography", "argon2")


def at_server(screen: Screen, work: Callable[[Stopping], int]) -> int:
    """Run a command of the server; its exit code. It can be asked to stop, and says what it refuses."""
    gc.enable()  # it may live for months, unlike other commands (main.py)
    need_extra(screen, "server", PACKAGES)
    from doudi.server.kernel.errors import Refused
    from doudi.server.site.launch.signals import stoppable

    with stoppable() as stopping:
        try:
            return work(stopping)
        except Refused as refused:
            say_refusal(screen, refused.code, refused.words, refused.remedy)
            return EXIT_FINDINGS
        except OSError:
            raise
        except Exception as fault:
            if os.environ.get("DOUDI_DEBUG"):
                raise
            return _fault(screen, fault)


def say_refusal(screen: Screen, code: str, what: Words, remedy: Words | None) -> None:
    """What is wrong, and what to do."""
    screen.error(f"{code}: {screen.say(what)}")
    if remedy:
        screen.error(f"    → {screen.say(remedy)}", "plain")
    if screen.as_json:
        mend = screen.say(remedy) if remedy else ""
        screen.json({"refused": {"code": code, "what": screen.say(what), "mend": mend}})


def _fault(screen: Screen, fault: Exception) -> int:
    """A fault may quote a row of the database; its words stay unsaid, its place goes to the log."""
    words = getattr(fault, "words", None)
    if isinstance(words, Words):  # a fault that only the operator can mend, such as a broken key file
        say_refusal(screen, type(fault).__name__, words, None)
        return EXIT_FINDINGS
    from doudi.server.site.logs import fault_fields, log, reference

    quoted, name = reference(), type(fault).__name__
    log.error("command failed", exc_info=fault, extra={"reference": quoted})
    place = os.environ.get("DOUDI_LOGS", "-")
    screen.error(screen.w(f"内部错误 {name}，编号 {quoted}", f"internal error {name}, reference {quoted}"))
    for frame in fault_fields(fault)["at_code"][-3:]:  # type: ignore[index]
        screen.error(f"    {frame}", "quiet")
    screen.error(
        screen.w(
            f"    → 详情在日志 {place}；DOUDI_DEBUG=1 直接显示。请带上编号报告。",
            f"    → More is in the log ({place}); DOUDI_DEBUG=1 shows it here. Report the reference.",
        ),
        "plain",
    )
    return EXIT_INTERNAL


def teller(screen: Screen) -> Callable[[Words], None]:
    """How the server's steps are told: as lines, or not at all where the answer is JSON."""

    def say(words: Words) -> None:
        if not screen.as_json:
            screen.error(screen.say(words), "quiet")

    return say
