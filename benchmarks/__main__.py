"""Speed, measured side by side in one run and reported as ratios: `make bench`.

Every result is compared with a reference to the fen before a time is shown. The tables go to the screen and to
`var/bench.json`; `--markdown` shows the last ones as Markdown without measuring again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import columns, files, one_bill, parquet, rows, scaling
from benchmarks.harness import ROUNDS, Row
from benchmarks.machine import machine, sentence
from benchmarks.report import Report

RESULT = Path(__file__).parents[1] / "var" / "bench.json"
SECTIONS = ("one-bill", "shell", "three-payer", "five-documents", "parquet", "files", "scaling")
SIZE = "1e7"


def amount(text: str) -> int:
    """A number of bills: 10000000 or 1e7."""
    size = int(float(text))
    if size < 1:
        raise argparse.ArgumentTypeError("at least one bill")
    return size


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", type=amount, default=amount(SIZE), help=f"how many bills ({SIZE})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds; slow rows take fewer ({ROUNDS})")
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[],
                        help=f"sections ({', '.join(SECTIONS)}) or parts of the names of rows")  # fmt: skip
    parser.add_argument("--markdown", action="store_true", help="show the last tables as Markdown")
    return parser.parse_args()


def chooser(section: str, only: Sequence[str]) -> Callable[[str], bool]:
    """Which rows of a section are wanted: all when it is named or nothing is, else those that are named in part."""
    whole = not only or section in only
    parts = [name.casefold() for name in only if name not in SECTIONS]
    return lambda row: whole or any(part in row.casefold() for part in parts)


def chosen(section: str, listed: Sequence[Row], only: Sequence[str]) -> list[Row]:
    wanted = chooser(section, only)
    return [row for row in listed if wanted(row.name)]


def main() -> None:
    given = options()
    if given.markdown:
        if not RESULT.is_file():
            sys.exit(f"{RESULT.name} is missing: run `make bench` first")
        print(Report.read(RESULT).markdown())
        return
    report = Report(machine())
    print(sentence(report.machine))
    only, rounds = given.only, max(1, given.rounds)
    if not only or "one-bill" in only:
        report.add(one_bill.one_bill(rounds))
    if not only or "shell" in only:
        report.add(one_bill.shell(rounds))
    if listed := chosen("three-payer", rows.THREE_PAYER, only):
        report.add(columns.three_payer(given.size, listed, rounds))
    if listed := chosen("five-documents", rows.FIVE_DOCUMENTS, only):
        report.add(columns.five(given.size, listed, rounds))
    if not only or "parquet" in only:
        report.add(parquet.parquet(given.size, rows.PARQUET, rounds))
    if not only or "files" in only:
        for section in files.files(given.size, rounds):
            report.add(section)
    if not only or "scaling" in only:
        report.add(scaling.scaling(rows.SCALING, given.size))
    report.write(RESULT)


if __name__ == "__main__":
    main()
