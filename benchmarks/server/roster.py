"""`python -m benchmarks.server.roster`: 100,000 people from the upload of their list to its undoing, step by step.

An officer of the demo county uploads a workbook with the headings of the list 已脱贫人口名单 (fictional names, numbers
that belong to nobody), has it judged and imported by `doudi worker`, uploads the same file again (all unchanged) and
undoes the first. For each step: wall time, and processor time of the worker with its reading program and of all of
PostgreSQL, so that a loaded machine can be told from slow work. The installation is `var/bench-roster`; it is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.machine import machine, sentence
from benchmarks.report import Section, aligned

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var" / "bench-roster"
RESULT = ROOT / "var" / "bench-roster.json"
AREA = "520298"
"""No county has it, and the demo does not use it."""
LIUZHI = 520203000
KIND = "people.roster"
TICKS = os.sysconf("SC_CLK_TCK")
HEADINGS = (
    "序号", "乡(镇)", "行政村", "户编号", "人编号", "姓名", "证件号码", "性别", "出生日期", "与户主关系", "民族",
    "文化程度", "健康状况", "户联系电话", "家庭住址",
)  # fmt: skip
SCHOOL = ("文盲或半文盲", "小学", "初中", "高中", "大专及以上", "学龄前儿童")
HEALTH = ("健康", "健康", "健康", "长期慢性病", "患有大病", "残疾")


def spent(process: int) -> float:
    """Seconds of processor time of a process and of its children that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def family(process: int) -> float:
    """`spent` of a process and of its living children."""
    total = spent(process)
    for child in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split():
        try:
            total += spent(int(child))
        except OSError:
            continue
    return total


@dataclass
class Meter:
    """Measures steps: this process and the worker together, PostgreSQL apart."""

    worker: int
    postgres: int
    section: Section

    def step(self, name: str, act: Callable[[], Any]) -> Any:
        """Do it, and note what it took."""
        before = time.perf_counter(), self._ours(), family(self.postgres)
        done = act()
        after = time.perf_counter(), self._ours(), family(self.postgres)
        self.section.rows.append([name, *(end - start for start, end in zip(before, after, strict=True))])
        print(f"{name}: {after[0] - before[0]:.1f} s", flush=True)
        return done

    def _ours(self) -> float:
        return spent(os.getpid()) + family(self.worker)


def workbook(people: int, today: date) -> bytes:
    """The roster, in the order of villages as townships hand it in."""
    from doudi.server.kernel.actor import SYSTEM
    from doudi.server.kernel.scope import scoped
    from doudi.server.kernel.sheets.api import ListColumn, write_workbook
    from doudi.server.people.codes import ETHNICITIES, RELATIONS
    from doudi.server.reference.models import Region
    from doudi.server.site.demo.families import LIUZHI_WEIGHTS, families
    from doudi.server.site.demo.numbers import Numbers
    from doudi.words import Words

    chance = Random("roster")
    places = Region.objects.filter(code__gte=LIUZHI * 1000, code__lt=(LIUZHI + 1000) * 1000)
    with scoped(SYSTEM.scope):
        names = dict(places.values_list("code", "name"))
        villages = sorted(places.filter(is_fictional=True).values_list("code", flat=True))
    numbers = Numbers(AREA)
    homes = sorted(
        families(people, villages, numbers, LIUZHI_WEIGHTS, today, chance), key=lambda home: home.village
    )

    def rows() -> Iterator[list[str | int | date | None]]:
        row = 0
        for place, home in enumerate(homes, start=1):
            town, village = names[home.village // 1000 * 1000], names[home.village]
            for member in home.members:
                row += 1
                yield [
                    row, town, village, f"5202038{place:08d}", f"5202039{row:08d}", member.name,
                    member.number.text if member.number else None, "男" if member.sex == "1" else "女",
                    member.born, RELATIONS[member.relation].zh, ETHNICITIES[member.ethnicity],
                    chance.choice(SCHOOL), chance.choice(HEALTH), home.phone, f"{town}{village}{home.group}组",
                ]  # fmt: skip

    columns = [ListColumn(Words(heading, heading)) for heading in HEADINGS]
    return write_workbook(columns, rows(), name=Words("花名册", "Roster"), counted=False)


@dataclass
class Officer:
    """The steps of an import as the officer takes them, waiting for the worker."""

    actor: Any

    def upload(self, content: bytes) -> int:
        from doudi.server.imports import api
        from doudi.server.kernel import clock

        done = api.upload(
            actor=self.actor, now=clock.now(), key=None, kind=KIND, region=LIUZHI, file_name="花名册.xlsx",
            content=content, options={"moves": "refuse"},
        )  # fmt: skip
        return done.number

    def map(self, number: int) -> None:
        from doudi.server.imports import api
        from doudi.server.kernel import clock

        mapping = self.detail(number).mapping
        api.map_columns(actor=self.actor, now=clock.now(), key=None, number=number, mapping=mapping)

    def have(self, step: str, number: int, **more: Any) -> Any:
        """Ask for `step`, wait until the worker has done it; the import's counts."""
        from doudi.server.imports import api
        from doudi.server.kernel import clock
        from doudi.server.kernel.jobs import job_state

        begun = getattr(api, step)(actor=self.actor, now=clock.now(), key=None, number=number, **more)
        while (job := job_state(self.actor, begun.job)).state in ("waiting", "running"):
            time.sleep(0.1)
        if job.state != "done":
            raise SystemExit(f"{step}: {job}")
        return self.detail(number).summary.counts

    def detail(self, number: int) -> Any:
        from doudi.server.imports import api

        return api.detail(viewer=self.actor, import_number=number)

    def undo_what_was_left(self) -> None:
        """A run that was broken off leaves its import."""
        from doudi.server.imports import api

        for one in api.imports(viewer=self.actor, size=100).items:
            if one.kind == KIND and one.state == "applied":
                self.have("undo", one.number, reason="bench")


def officer() -> Officer:
    from doudi.server.access.models import Grant
    from doudi.server.access.posts import actor_of
    from doudi.server.kernel.actor import SYSTEM
    from doudi.server.kernel.scope import scoped

    with scoped(SYSTEM.scope):
        grant = Grant.objects.select_related("user").get(user__login="liuzhi-county")
        return Officer(actor_of(grant.user, grant, session=""))


def measure(meter: Meter, by: Officer, content: bytes, people: int) -> None:
    """All steps; what they answer must add up."""
    first = meter.step("upload", lambda: by.upload(content))
    meter.step("map", lambda: by.map(first))
    counts = meter.step("examine", lambda: by.have("examine", first))
    assert (counts.rows, counts.unchanged, counts.refused) == (people, 0, 0), counts
    chosen = counts.chosen
    meter.step("apply", lambda: by.have("apply", first, expected=chosen))
    assert written() == chosen, (written(), chosen)
    rows = meter.section.rows
    total: list[Any] = [sum(float(row[place] or 0) for row in rows) for place in (1, 2, 3)]
    rows.append(["upload to written", *total])
    again = meter.step("the same file again: upload", lambda: by.upload(content))
    counts = meter.step("the same file again: examine", lambda: by.have("examine", again))
    assert (counts.rows, counts.unchanged, counts.changed) == (people, chosen, 0), counts
    meter.step("undo the first", lambda: by.have("undo", first, reason="bench"))
    assert written() == 0, written()


def written() -> int:
    """Persons of the roster in the vault."""
    from doudi.server.kernel.actor import SYSTEM
    from doudi.server.kernel.scope import scoped
    from doudi.server.people.models import Person

    with scoped(SYSTEM.scope):
        return Person.objects.filter(source_import__isnull=False).count()


@contextmanager
def working() -> Iterator[int]:
    """A worker of its own process, ready: its number."""
    doudi = str(Path(sys.executable).parent / "doudi")
    with subprocess.Popen([doudi, "worker"], stderr=subprocess.DEVNULL) as worker:
        try:
            yield worker.pid
        finally:
            worker.terminate()
            worker.wait(60)


def settle() -> None:
    """PostgreSQL counts what is there, and writes out what earlier runs left."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    connections["owner"].close()


def run(people: int, file: str) -> Section:
    from doudi.server.site.launch.preparation import load_django, prepared, silent
    from doudi.server.site.launch.signals import stoppable

    section = Section(
        "roster",
        f"A roster of {people:,} people (seconds)",
        ["step", "wall", "processor: server", "processor: PostgreSQL"],
    )
    with stoppable() as stopping, prepared(silent, stopping) as installation:
        load_django()
        from doudi.server.kernel import clock

        content = workbook(people, clock.business_date(clock.now()))
        if file:
            Path(file).write_bytes(content)
        with working() as worker:
            by = officer()
            by.undo_what_was_left()
            settle()
            time.sleep(3)
            assert installation.cluster is not None
            postgres = installation.cluster.control.process()
            assert postgres is not None
            measure(Meter(worker, postgres, section), by, content, people)
    return section


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server.roster", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--keep", default="", help="also write the workbook to this file")
    given = parser.parse_args()
    os.environ |= {"DOUDI_VAR": str(VAR), "DOUDI_SECOND_FACTOR": "none"}
    VAR.mkdir(parents=True, exist_ok=True)
    doudi = str(Path(sys.executable).parent / "doudi")
    subprocess.run([doudi, "demo", "--people", "1000"], check=True, stdout=subprocess.DEVNULL)
    section = run(given.rows, given.keep)
    print(aligned(section))
    print(sentence(machine()))
    RESULT.write_text(json.dumps({"rows": given.rows, "steps": section.rows}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
