"""The user of the machine that PostgreSQL runs as, and running programs as that user.

PostgreSQL refuses to run as root. Root therefore drops to an existing user without rights; whatever is read or written
in that user's folders is read and written *as* that user, so that a link planted there leads root nowhere.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doudi.server.kernel.cluster import errors

UNPRIVILEGED = ("postgres", "nobody")
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/local/bin:/usr/bin:/bin"}
"""What PostgreSQL's programs are told; nothing of the caller's LANG, PGDATA or PGHOST reaches them."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the machine, with a name."""

    uid: int
    gid: int
    name: str

    @property
    def dropped(self) -> bool:
        """Whether we are root and become this user."""
        return os.geteuid() == 0 and self.uid != 0

    def popen(self) -> dict[str, Any]:
        """The arguments of `subprocess` that become this user. A session of its own: Ctrl-C is not for it."""
        become: dict[str, Any] = {}
        if self.dropped:
            become = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return become | {"umask": 0o077, "cwd": "/", "start_new_session": True}

    def run(
        self,
        command: Sequence[str | Path],
        *,
        text: str | None = None,
        environment: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user; both its outputs are in `stdout`. Raises OSError where it cannot begin."""
        return subprocess.run(  # noqa: S603  # our own words and paths, no shell
            [str(part) for part in command],
            check=False,
            env=ENVIRONMENT | (environment or {}),
            text=True,
            errors="replace",
            input=text or "",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **self.popen(),
        )

    def may(self, test: str, path: Path) -> bool:
        """What `test -x`, `-w` … answers to this user. Refused where we cannot become them."""
        try:
            return self.run(["/bin/sh", "-c", f'test {test} "$1"', "sh", path]).returncode == 0
        except OSError as error:
            raise errors.cannot_become(self.name) from error

    def write(self, path: Path, text: str) -> None:
        """Write a file of this user's, whole or not at all."""
        done = self.run(["/bin/sh", "-c", 'cat >"$1.new" && mv -f "$1.new" "$1"', "sh", path], text=text)
        if done.returncode:
            raise errors.failed("sh", done.stdout.strip(), path)

    def tail(self, pattern: str, folder: Path, lines: int = 12) -> str:
        """The last lines of this user's files that fit the pattern."""
        script = f'cd "$1" && tail -q -n {lines} $2'
        done = self.run(["/bin/sh", "-c", script, "sh", folder, pattern])
        return "" if done.returncode else done.stdout.strip()


def account_of(uid: int) -> Account:
    """The account of a user number. Refused where the machine has no name for it."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise errors.user_without_name(uid) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def unprivileged() -> Account:
    """Whom root drops to: `postgres` where the machine has it, else `nobody`. Nobody is created."""
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
    raise errors.no_ordinary_user()
