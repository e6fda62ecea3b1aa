"""Columns of bills: the rivals of the three-payer policy, and the fuller law of five documents."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import five_documents, laws, python_loop
from benchmarks.bills import Bills, edges, generate
from benchmarks.five_documents import RichBills
from benchmarks.harness import Job, Row, fingerprint, side_by_side, told
from benchmarks.reference import three_payer_columns
from benchmarks.report import Cell, Section
from benchmarks.rows import C_LOOP, DUCKDB, ONE_BY_ONE

SAMPLE = 20_000
BASES = {C_LOOP: "C", DUCKDB: "DuckDB"}
RICH_BASES = {ONE_BY_ONE: "one by one"}
Bases = dict[str, str]


def headings(bases: Bases) -> list[str]:
    return [
        "",
        "million bills/s, best",
        "median",
        *(f"÷ {short}" for short in bases.values()),
        "bills",
        "note",
    ]


def table(jobs: Sequence[Job], absent: Sequence[tuple[Row, str]], bases: Bases) -> list[list[Cell]]:
    """Rates, and ratios to the bases; a rival that could not run says why.

    The ratios are of medians: slow rows run in fewer rounds, and a best of few is not a best of many.
    """
    middle = {job.name: job.rate(job.median) for job in jobs}

    def against(name: str) -> list[Cell]:
        return [middle[name] / middle[base] if base in middle else None for base in bases]

    rows: list[list[Cell]] = [
        [job.name, job.rate(job.best) / 1e6, middle[job.name] / 1e6, *against(job.name), job.items, job.note]
        for job in jobs
    ]
    return rows + [[row.name, None, None, *(None for _ in bases), None, reason] for row, reason in absent]


def three_payer(size: int, rows: Sequence[Row], rounds: int) -> Section:
    """The same policy by every rival over the same bills."""
    told(f"three-payer: {size:,} bills")
    bills = generate(Bills, size)
    expected = three_payer_columns(bills)
    jobs, absent = side_by_side(bills, rows, expected, rounds, (edges(), python_loop.settle(edges())))
    title = f"The three-payer policy, {size:,} bills of {bills.person[-1] + 1:,} people, two threads"
    notes = [
        f"every result equal to the fen: {fingerprint(expected)}",
        f"ratios of medians, {rounds} rounds",
    ]
    return Section("three-payer", title, headings(BASES), table(jobs, absent, BASES), notes)


def five(size: int, rows: Sequence[Row], rounds: int) -> Section:
    """The fuller law; the reference is the engine, one bill at a time, on a sample."""
    told(f"five-documents: {size:,} bills")
    bills = generate(RichBills, size)
    settler = laws.settler(laws.FIVE_DOCUMENTS)
    expected = five_documents.one_by_one(settler, bills.first(SAMPLE))
    jobs, absent = side_by_side(bills, rows, expected, rounds)
    count, known = len(settler.machine()[0].program.instructions), len(expected[0])
    title = f"A law of five documents ({count} instructions), {size:,} bills, two threads"
    same = f"the first {known:,} results equal to the engine's, one bill at a time: {fingerprint(expected)}"
    notes = [same, "beyond them all rows agree", f"ratios of medians, {rounds} rounds"]
    return Section("five-documents", title, headings(RICH_BASES), table(jobs, absent, RICH_BASES), notes)
