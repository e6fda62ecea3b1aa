"""A cluster of one's own for suites that kill it: real commits on real disks, a county in a database, processes to lose.

Not for pytest, which has its own. The process that stands here never connects with Django: everything that does runs in a
fork of it, so that a killed one is a process like any other and its heir begins with nothing but what it was told.
"""

import contextlib
import itertools
import os
import pickle
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from support import auditing

T = TypeVar("T")
DATABASE = "ground"
SEEN = {"log_line_prefix": "%a|"}
"""The name of the application before each line of PostgreSQL's log, so that a connection's statements can be counted."""


@dataclass(frozen=True)
class Ground:
    """Where suites stand: a running cluster with a migrated database, and what was made in it."""

    running: Any
    database: str = DATABASE

    @property
    def socket(self) -> Path:
        return self.running.socket

    @property
    def data(self) -> Path:
        return self.running.place.data

    def address(self, role: str = "doudi_runtime") -> str:
        return f"host={self.socket} dbname={self.database} user={role}"

    def connect(self, role: str = "postgres", **words: Any) -> psycopg.Connection[Any]:
        return psycopg.connect(self.address(role), **({"autocommit": True} | words))

    def django(self, name: str = "") -> None:
        """Point this process's Django at the database; `name`: what its connections are called."""
        from django.db import connections

        from support.server import use_database

        use_database(self.socket, self.database)
        connections["default"].settings_dict.setdefault("OPTIONS", {})["application_name"] = name or "suite"

    def audited(self) -> list[str]:
        """What the independent auditor finds."""
        with self.connect("doudi_auditor", autocommit=False) as connection:
            return auditing.audited(connection)[1]

    def counted(self, query: str, *words: Any) -> Any:
        """One figure, seen by a superuser."""
        with self.connect() as connection:
            return connection.execute(query, words).fetchone()[0]


def load() -> None:
    """Load Django before anything of the server is imported; what it logs is thrown away."""
    os.environ.setdefault("DOUDI_SECRET_KEY", "only-for-tests")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.server.site.settings")
    os.environ.setdefault("DOUDI_LOGS", tempfile.mkdtemp(prefix="doudi-logs-"))
    import django

    django.setup()
    from doudi.engine.entitlement import law_of
    from doudi.server.entitlement.installed import installed
    from support.settling import LIUZHI_POLICY

    read = installed(LIUZHI_POLICY)  # from files alone; each fork would else spend a second on it
    assert read is not None
    law_of(read.policy)


@contextlib.contextmanager
def ground(
    settings: Mapping[str, str] | None = None,
    folder: Path | None = None,
    database: str = DATABASE,
    *,
    migrated: bool = True,
) -> Iterator[Ground]:
    """A new cluster in a new folder, with the settings of a real one, migrated; all thrown away at the end.

    With a `folder` what is there is used, and stays.
    """
    made = folder or Path(tempfile.mkdtemp(prefix="doudi-ground-"))
    made.chmod(0o755)
    outer = os.environ.get("DOUDI_KEYS")  # of a ground on which this one stands
    os.environ["DOUDI_KEYS"] = str(made / "keys" / "keys.json")
    (made / "keys").mkdir(mode=0o700, exist_ok=True)
    from doudi.server.kernel import cluster
    from doudi.server.kernel.cluster.roles import make_database
    from doudi.server.kernel.sealing import ensure_keys

    ensure_keys()
    try:
        with cluster.running(cluster.choose(made / "var"), settings={**SEEN, **(settings or {})}) as running:
            here = Ground(running, database)
            with psycopg.connect(
                host=str(here.socket), dbname="postgres", user="postgres", autocommit=True
            ) as admin:
                make_database(admin, here.database)
            if migrated:
                in_fork(here, _migrate)
            yield here
    finally:
        if outer is not None:
            os.environ["DOUDI_KEYS"] = outer
        if folder is None:
            shutil.rmtree(made, ignore_errors=True)


def _migrate(here: Ground) -> None:
    from django.core.management import call_command

    call_command("migrate", database="owner", verbosity=0, interactive=False)


def in_fork(here: Ground, work: Callable[..., T], *words: Any, name: str = "") -> T:
    """What `work(here, *words)` answers in a process of its own; its end is ours where it fails."""
    code, answer = tried_in_fork(here, work, *words, name=name)
    if code != 0:
        raise SystemExit(f"{work.__name__}: a process ended with {code}")
    return answer  # type: ignore[return-value]


def tried_in_fork(here: Ground, work: Callable[..., T], *words: Any, name: str = "") -> tuple[int, T | None]:
    """The exit code of a process that does it, and its answer where it lived to give one."""
    number, answers = started(here, work, *words, name=name)
    with os.fdopen(answers, "rb") as told:
        said = told.read()
    _, status = os.waitpid(number, 0)
    return os.waitstatus_to_exitcode(status), pickle.loads(said) if said else None


_forks = itertools.count(1)


def _new_numbers(fork: int) -> None:
    """No two processes give two persons one identity number or two bills one serial; no clerk exceeds a budget."""
    from support import people, settling

    def opened(county: settling.County, person: int) -> None:
        for clerk in (county.first, county.second):
            once = replace(clerk, user=fork * 100_000 + next(users))
            settling.people.find_at_facility(actor=once, now=settling.NOW, number=county.numbers[person])

    def person(county: settling.County, *words: Any, **more: Any) -> int:
        officer = replace(county.officer, user=fork * 100_000 + 50_000 + next(users) // 100)
        return known(replace(county, officer=officer), *words, **more)

    users, known = itertools.count(1), settling.County.person
    settling.id_number = lambda born, order, _area: people.id_number(born, order, 110_000 + fork)
    settling.County.open, settling.County.person = opened, person
    settling._serials = itertools.count(fork * 100_000)


def started(here: Ground, work: Callable[..., Any], *words: Any, name: str = "") -> tuple[int, int]:
    """A process that does it: its number, and the pipe in which its answer will be."""
    ours, theirs = os.pipe()
    number_of_fork = next(_forks)
    sys.stdout.flush()
    number = os.fork()
    if number:
        os.close(theirs)
        return number, ours
    os.close(ours)
    try:
        here.django(name)
        _new_numbers(number_of_fork)
        answer = pickle.dumps(work(here, *words))
        with contextlib.suppress(BrokenPipeError):  # nobody may be listening
            while answer:
                answer = answer[os.write(theirs, answer) :]
        os._exit(0)
    except BaseException:  # noqa: BLE001 - the process ends here
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
