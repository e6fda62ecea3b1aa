"""A cluster that is up while somebody uses it.

Every process that uses it holds a shared lock on one file while it lives; starting and stopping happen under another
lock, one process at a time. Whoever leaves and gets the first lock for itself alone was the last, and stops the
cluster. A process that was killed holds no lock any more: the next one finds the cluster running, uses it and stops it
in its turn.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

import psycopg

from doudi.server.kernel.cluster import errors
from doudi.server.kernel.cluster.control import Control
from doudi.server.kernel.cluster.places import Place, open_folder
from doudi.server.kernel.cluster.programs import programs_for
from doudi.server.kernel.cluster.roles import DATABASE, SUPERUSER, make_database, make_roles
from doudi.words import Words

Say = Callable[[Words], None]


@dataclass(frozen=True, slots=True)
class Running:
    """A cluster that is up: its place and the folder of its socket."""

    place: Place
    control: Control

    @property
    def socket(self) -> Path:
        """The folder of the socket, which is the `host` of a connection."""
        return self.control.socket

    def address(self, role: str, database: str = DATABASE) -> str:
        """The address of a role, for `DATABASE_URL`; there is no password in it."""
        return f"postgresql:///{database}?host={quote(str(self.socket), safe='/')}&user={role}"

    def alive(self) -> bool:
        """Whether the postmaster lives."""
        return self.control.process() is not None

    def revive(self) -> None:
        """Start it again after its postmaster was killed."""
        with _locked(self.place.base / "cluster.lock"):
            if not self.alive():
                self.control.start()


@contextmanager
def running(
    place: Place,
    *,
    say: Say = lambda _: None,
    settings: Mapping[str, str] | None = None,
    lasting: bool = True,
) -> Iterator[Running]:
    """The cluster of a place, up until the block ends. Refused with what is in the way.

    `lasting=False` is for data that is thrown away: nothing is flushed to disk, and it stops without ado.
    """
    if place.apart and place.data_version() is None:
        user = place.account.name
        say(
            Words(
                f"用户 {user} 进不了这个文件夹，数据库的程序和数据放在 {place.base}。",
                f"User {user} cannot reach this folder: the database's programs and data are kept in {place.base}.",
            )
        )
    open_folder(place.base)
    with _private(place.base / "cluster.users") as users:
        with _locked(place.base / "cluster.lock"):
            control = Control(place, programs_for(place), dict(settings or {}), lasting)
            alone = _alone(users)
            fcntl.flock(users, fcntl.LOCK_SH)
            _up(control, say, alone=alone)
        try:
            yield Running(place, control)
        finally:
            with _locked(place.base / "cluster.lock"):
                if _alone(users):
                    control.stop()


def _up(control: Control, say: Say, *, alone: bool) -> None:
    place = control.place
    place.prepare()
    if place.data_version() is None:
        say(Words(f"正在新建数据库：{place.data}", f"Making a new database: {place.data}"))
        control.initialise()
    if not control.answers():
        if not alone and control.process() is None:
            raise errors.in_use_but_silent(place.folder)
        control.start()
    with psycopg.connect(
        host=str(control.socket), dbname="postgres", user=SUPERUSER, autocommit=True
    ) as connection:
        make_roles(connection)
        make_database(connection)


def _private(path: Path) -> TextIO:
    """A file for locks, which other users of the machine cannot open and so cannot hold."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "a")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _private(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _alone(users: TextIO) -> bool:
    """Take the lock for ourselves alone, if nobody else holds it."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
