"""`python -m benchmarks.server.restore`: the restore drill. Dump a database while it works, restore it elsewhere, audit.

A cluster with people and past bills is dumped with `pg_dump -Fc`; a bill is settled meanwhile. Another cluster is
made from nothing, the dump restored into it by the steps of the operating guide, and the independent auditor asked
whether every balance is what the facts say. What is settled after the dump began is not in it: that is what is lost
(the RPO of a dump).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.ground import Ground, ground, in_fork, load  # noqa: E402 - found by the line above

load()


from benchmarks.server import crowd  # noqa: E402
from benchmarks.server.settle import BASE, a_county, settle  # noqa: E402
from support import auditing  # noqa: E402
from support.evidence import Evidence  # noqa: E402

UNCOVERED = """
A dump is as old as its beginning: what was settled since is lost unless WAL is archived, which the private cluster
does not do (the operating guide says how with a database of one's own). The key file is kept and carried by people;
here it was at hand. The crowd is one bill copied, which packs into a dump far smaller than real bills do: read the
time of the restore, not the size of the dump. Another machine, its programs and its certificates take longer than
the database.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server.restore", description=__doc__)
    parser.add_argument("--bills", type=int, default=60_000)
    parser.add_argument("--write", action="store_true", help="renew docs/evidence/restore.md")
    given = parser.parse_args()
    evidence = Evidence("restore", "The restore drill", "python -m benchmarks.server.restore --write")
    evidence.begin("Dumped while it works, restored into an empty cluster", __doc__ or "")
    with tempfile.TemporaryDirectory(prefix="doudi-dump-") as folder, ground() as here:
        county, template = in_fork(here, a_county)
        people = given.bills // crowd.BILLS
        with here.connect() as admin:
            admin.execute("SET session_replication_role = replica")
            crowd.people(admin, template, BASE, 1, people)
            crowd.history(admin, template, BASE, 1, people)
            crowd.opened(admin, template, [BASE + 1, BASE + 3])
            admin.execute("VACUUM ANALYZE")
        dump, size = Path(folder) / "doudi.dump", here.counted("SELECT pg_database_size(current_database())")
        start = time.perf_counter()
        with program(here, "pg_dump", "-Fc", "-f", str(dump)) as dumping:
            in_fork(here, lambda _: settle(county, BASE + 1))  # work goes on
            if dumping.wait():
                raise SystemExit("pg_dump failed")
        dumped = time.perf_counter() - start
        restored(here, evidence, dump, dumped, size)
    if given.write:
        evidence.write(UNCOVERED)


def restored(first: Ground, evidence: Evidence, dump: Path, dumped: float, size: int) -> None:
    """From nothing to a database that the auditor finds right; every step is in the time."""
    start = time.perf_counter()
    with ground(migrated=False) as there:
        made = time.perf_counter() - start
        with program(there, "pg_restore", "--exit-on-error", "-d", there.database, str(dump)) as restoring:
            if restoring.wait():
                raise SystemExit("pg_restore failed")
        with there.connect() as admin:
            admin.execute("ANALYZE")  # without it the first questions are planned for empty tables
        back = time.perf_counter() - start
        with there.connect("doudi_auditor", autocommit=False) as connection:
            counts, found = auditing.audited(connection)
        evidence.say(
            settlements=counts["settlements"],
            entries=counts["entries"],
            database_mb=size // 1_000_000,
            dump_mb=dump.stat().st_size // 1_000_000,
            dump_s=f"{dumped:.1f}",
            new_cluster_s=f"{made:.1f}",
            restored_s=f"{back:.1f}",
            audited_s=f"{time.perf_counter() - start:.1f}",
            settled_meanwhile=1,
            lost_of_what_was_there_before=first.counted("SELECT count(*) FROM settlement_settlement")
            - 1
            - counts["settlements"],
            differences=len(found),
        )


def program(here: Ground, name: str, *words: str) -> subprocess.Popen[bytes]:
    """One of PostgreSQL's programs on a cluster, as its superuser."""
    control = here.running.control
    command = [str(control.programs["postgres"].parent / name), "-h", str(here.socket), "-U", "postgres"]
    if name == "pg_dump":
        command += ["-d", here.database]
    return subprocess.Popen([*command, *words], env=os.environ | control.programs.environment())


if __name__ == "__main__":
    main()
