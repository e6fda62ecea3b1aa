"""How the cost a bill and the memory grow with the number of bills; each row and size in a process of its own.

`python -m benchmarks.scaling NAME SIZE` is that process. Memory is what the process reached above what it held after
the bills were made and the row had settled a few of them: its results, and whatever it needs in between.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bills import Bills, generate
from benchmarks.harness import WARM_ROWS, told
from benchmarks.report import Cell, Section

SIZES = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
ENOUGH_SECONDS = 0.5
MOST_RUNS = 50
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak() -> int:
    """The most memory this process has held, in bytes (on Linux of this program alone, not of what started it)."""
    if STATUS.is_file():
        lines = STATUS.read_text("utf-8").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def forget_peak() -> None:
    """Count the peak from now on, where the system can."""
    if CLEAR.exists():
        CLEAR.write_text("5", "utf-8")


def measured(name: str, size: int) -> dict[str, float]:
    """Best seconds and memory of one row over so many bills, in this process."""
    from benchmarks.rows import THREE_PAYER

    row = next(row for row in THREE_PAYER if row.name == name)
    bills = generate(Bills, size)
    row.settle(row.prepare(bills.first(WARM_ROWS)))
    prepared = row.prepare(bills)
    forget_peak()
    before = peak()
    seconds: list[float] = []
    while sum(seconds) < ENOUGH_SECONDS and len(seconds) < MOST_RUNS:
        start = time.perf_counter()
        row.settle(prepared)
        seconds.append(time.perf_counter() - start)
        if len(seconds) == 1:
            memory = peak() - before
    return {"seconds": min(seconds), "memory": memory}


def apart(name: str, size: int) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scaling", name, str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def most(name: str) -> int:
    """The most bills that a row takes."""
    from benchmarks.rows import THREE_PAYER

    limit = next(row.limit for row in THREE_PAYER if row.name == name)
    return SIZES[-1] if limit is None else limit


def scaling(names: Sequence[str], largest: int) -> Section:
    """Nanoseconds a bill at each size, and bytes a bill at the largest."""
    sizes = [size for size in SIZES if size <= largest] or [largest]
    rows: list[list[Cell]] = []
    for name in names:
        told(f"scaling: {name}")
        found = {size: apart(name, size) for size in sizes if size <= most(name)}
        costs: list[Cell] = [found[size]["seconds"] / size * 1e9 if size in found else None for size in sizes]
        last = max(found)
        rows.append([name, *costs, found[last]["memory"] / 1e6, found[last]["memory"] / last])
    headings = ["", *(f"ns a bill, {size:,}" for size in sizes), "MB more at the most", "bytes a bill"]
    return Section(
        "scaling",
        "Cost a bill by number of bills (best)",
        headings,
        rows,
        ["32 bytes a bill are the results"],
    )


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
