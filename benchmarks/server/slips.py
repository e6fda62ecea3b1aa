"""`python -m benchmarks.server.slips`: 1,000 slips as one PDF, and one slip at a time, in seconds and KB.

The bills are different ones under four policies of three to seven payers; settling them is not counted. Every slip is
composed from its record (whose hash is checked), laid out and printed.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.machine import machine, sentence
from benchmarks.report import Section, aligned
from doudi.engine.record import make_record
from doudi.engine.settle import Settler
from doudi.money import format_yuan
from doudi.policy.library import Library
from doudi.server.settlement.slip.compose import compose
from doudi.server.settlement.slip.data import HeadCategory, HeadDiagnosis, Slip, SlipHead
from doudi.server.settlement.slip.printer import render_pdf, render_svg
from doudi.words import Words

POLICIES = {
    "guizhou/liuzhi/triple-guarantee-2017": "subsistence_allowance",
    "guizhou/rongjiang/medical-assistance-2017": "subsistence_allowance",
    "chongqing/five-layers-2017": "registered_poor",
    "shandong/poverty-2017-top-up": "registered_poor",
}
PARTS = ("in_scope", "first_pay", "over_limit", "own_pay")
SINGLE_ROUNDS = 60


def head(number: int) -> SlipHead:
    """A head like a county's; a different name each."""
    return SlipHead(
        name=f"{'张王李赵陈'[number % 5]}{chr(0x5B89 + number % 3000)}",
        masked_number="520203********0027",
        sex=Words("女", "female"),
        age=60,
        categories=(HeadCategory(Words("低保对象", "subsistence allowance"), "民政局", "2016-01-01"),),
        scheme=Words("城乡居民基本医疗保险", "resident"),
        county="六枝特区",
        facility="六枝特区人民医院",
        facility_code="H52020300012",
        facility_level=Words("县级", "county"),
        department="骨科",
        diagnoses=(HeadDiagnosis("M17.9", "膝关节病"), HeadDiagnosis("I10.x00", "特发性高血压")),
        serial=f"ZY20170901{number:05d}",
        clerk="王建国",
        settled_at="2017-09-01T10:24:00+08:00",
    )


def slips(count: int) -> list[Slip]:
    """Different bills of a county hospital under each of the policies in turn."""
    chance, library = random.Random(7), Library()
    settlers = [(Settler(library.load(policy)), category) for policy, category in POLICIES.items()]
    made = []
    for number in range(count):
        settler, category = settlers[number % len(settlers)]
        bill: dict[str, Any] = {part: format_yuan(chance.randint(0, 4_000_000)) for part in PARTS}
        bill |= {"id": "b1", "care": "inpatient", "diagnoses": ["M17.9"]}
        bill |= {"admitted": "2017-08-20", "discharged": "2017-09-01", "referred": True}
        bill["facility"] = {"level": "county", "region": settler.document.region}
        if settler.document.payers[0].decided == "elsewhere":
            bill["recorded"] = {"basic": format_yuan(int(bill["in_scope"].replace(".", "")) * 6 // 10)}
        person = {"id": "p1", "born": "1957-03-01", "categories": [{"code": category, "from": "2016-01-01"}]}
        record = make_record(settler, {"person": person, "bills": [bill]})
        made.append(Slip(head(number), record, f"520203-2017-{number:07d}"))
    return made


def timed(act: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock, seconds of the processors (what remains on a busy machine), and what came of it."""
    start, used = time.perf_counter(), time.process_time()
    made = act()
    return time.perf_counter() - start, time.process_time() - used, made


def measure(count: int) -> Section:
    section = Section("slips", "Slips", ["what", "slips", "seconds", "CPU s", "ms each", "KB each"])
    made = slips(count)

    def row(name: str, printed: int, seconds: float, used: float, size: int) -> None:
        section.rows.append([name, printed, seconds, used, seconds * 1000 / printed, size / printed / 1024])

    def singly(name: str, act: Callable[[Slip], bytes]) -> None:
        taken = [timed(partial(act, slip)) for slip in made[:SINGLE_ROUNDS]]
        seconds, used = (statistics.median(one[place] for one in taken) for place in (0, 1))
        row(name, 1, seconds, used, len(taken[0][2]))

    *took, pdf = timed(lambda: render_pdf(made[:1]))
    row("the first slip of a process (font and template read)", 1, *took, len(pdf))
    singly("a PDF of one, median", lambda slip: render_pdf([slip]))
    singly("an SVG of one, median", render_svg)
    *took, _ = timed(lambda: [compose(slip) for slip in made])
    row("composed, not printed", count, *took, 0)
    *took, pdf = timed(lambda: render_pdf(made))
    row("one PDF", count, *took, len(pdf))
    return section


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server.slips", description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    print(aligned(measure(parser.parse_args().count)))
    print(sentence(machine()))


if __name__ == "__main__":
    main()
