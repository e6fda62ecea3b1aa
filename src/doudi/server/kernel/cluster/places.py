"""Where a cluster lies and who runs it.

An ordinary user has everything in the folder of what is made (`var`). Root drops to another user, who must be able to go
there; where a folder above is closed (a checkout under a 0700 home), data and programs lie under `/var/lib/doudi/`, in a
folder named by a hash of the place.

Data once made decides: whoever starts finds the cluster where it was begun, or is told why not; never a fresh and
empty one because a right or a user changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from doudi.server.kernel.cluster import errors
from doudi.server.kernel.cluster.accounts import Account, account_of, unprivileged
from doudi.server.kernel.errors import Refused

SYSTEM = Path("/var/lib/doudi")
SOCKET_LIMIT = 107
"""Bytes of a socket's path on Linux (`sun_path` less its final zero); macOS has 103."""
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Place:
    """A base folder (locks, copied programs), which holds `cluster` (data, logs, socket), and who runs it."""

    base: Path
    account: Account
    apart: bool = False
    """Whether it lies apart from the folder of what is made, because the account cannot go there."""

    @property
    def folder(self) -> Path:
        """The database user's folder, closed to others."""
        return self.base / "cluster"

    @property
    def data(self) -> Path:
        """PostgreSQL's data."""
        return self.folder / "data"

    def data_version(self) -> int | None:
        """The major version that made the data; None before there is any."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return int((self.data / "PG_VERSION").read_text("ascii").split(".")[0])
        return None

    def socket(self) -> Path:
        """The folder of the socket: inside, or among the temporary files where the path cannot be a host.

        It may be too long for a socket, and libpq takes a comma for the end of one of several hosts.
        """
        inside = self.folder / "socket"
        if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_LIMIT - 4 and "," not in str(inside):
            return inside
        return Path(tempfile.gettempdir()) / f"doudi-{self.account.uid}-{digest(self.base)}"

    def prepare(self) -> None:
        """Make the folders, closed to others and owned by the account."""
        open_folder(self.base)
        if not self.folder.is_dir():
            _own_folder(self.folder, self.account)
        socket = self.socket()
        if socket.parent == self.folder:
            if self.account.run(["mkdir", "-p", socket]).returncode:
                raise errors.unreachable(self.folder, self.account.name)
            return
        if not socket.is_symlink() and not socket.exists():
            _own_folder(socket, self.account)
        found = socket.lstat()
        if socket.is_symlink() or found.st_uid != self.account.uid or found.st_mode & 0o077:
            raise errors.socket_taken(socket)


def digest(path: Path) -> str:
    """A short name for a folder, the same whenever it stays where it is."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def open_folder(path: Path) -> None:
    """Make a folder that others may pass through (whatever the umask), if it is not there."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def _own_folder(path: Path, account: Account) -> None:
    """A closed folder of the account, complete when it appears under its name."""
    making = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    if account.dropped:
        os.chown(making, account.uid, account.gid)
    try:
        making.rename(path)
    except OSError:  # another process was quicker
        making.rmdir()


def choose(var: Path, *, system: Path = SYSTEM) -> Place:
    """The place of the cluster of `var`. Refused where the data is somebody else's or out of reach."""
    var = var.resolve()
    elsewhere = system / digest(var)
    mine = var / "cluster"
    _unmoved(var, elsewhere)
    if os.geteuid() != 0:
        me = account_of(os.geteuid())
        if mine.exists():
            owner = mine.stat().st_uid
            if owner != me.uid:
                raise errors.of_another_user(mine, _name(owner), me.name)
        elif (elsewhere / "cluster").exists():
            raise errors.kept_elsewhere(elsewhere)
        return Place(var, me)
    if (elsewhere / "cluster").exists():
        return Place(elsewhere, account_of((elsewhere / "cluster").stat().st_uid), apart=True)
    if mine.exists():
        account = account_of(mine.stat().st_uid)
        if not account.may("-x", mine):
            raise errors.unreachable(mine, account.name)
        return Place(var, account)
    account = unprivileged()
    open_folder(var)
    if account.may("-x", var):
        return Place(var, account)
    open_folder(elsewhere)
    _mark(var).write_text(f"{elsewhere}\n", "utf-8")
    return Place(elsewhere, account, apart=True)


def _mark(var: Path) -> Path:
    return var / "cluster.place"


def _unmoved(var: Path, elsewhere: Path) -> None:
    """A folder whose data lies elsewhere says where; moved, it would lose it."""
    mark = _mark(var)
    if not mark.is_file() or (elsewhere / "cluster").exists():
        return
    before = Path(mark.read_text("utf-8").strip())
    if before != elsewhere and (before / "cluster").exists():
        raise errors.moved(mark, before, elsewhere)


def _name(uid: int) -> str:
    try:
        return account_of(uid).name
    except Refused:
        return str(uid)
