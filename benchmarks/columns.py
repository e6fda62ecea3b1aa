"""Columns of bills: the rivals of the three-payer policy, and the fuller law of five documents."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import five_documents, laws, python_loop
from benchmarks.bills import Bills, edges, generate
from benchmarks.five_documents import RichBills
from benchmarks.harness import Job, Row, fingerprint, side_by_side, told
from benchmarks.reference import three_payer_columns
from benchmarks.report import Cell, Section
from benchmarks.rows import C_LOOP, DUCKDB

SAMPLE = 20_000
HEADINGS = ["", "million bills/s, best", "median", "÷ C", "÷ DuckDB", "bills", "note"]


def table(jobs: Sequence[Job], absent: Sequence[tuple[Row, str]]) -> list[list[Cell]]:
    """Rates, and ratios of the best rates; a rival that could not run says why."""
    best = {job.name: job.rate(job.best) for job in jobs}

    def against(name: str, base: str) -> float | None:
        return best[name] / best[base] if base in best else None

    rows: list[list[Cell]] = [
        [job.name, best[job.name] / 1e6, job.rate(job.median) / 1e6, against(job.name, C_LOOP),
         against(job.name, DUCKDB), job.items, job.note]
        for job in jobs
    ]  # fmt: skip
    return rows + [[row.name, None, None, None, None, 0, reason] for row, reason in absent]


def three_payer(size: int, rows: Sequence[Row], rounds: int) -> Section:
    """The same policy by every rival over the same bills."""
    told(f"three-payer: {size:,} bills")
    bills = generate(Bills, size)
    expected = three_payer_columns(bills)
    jobs, absent = side_by_side(bills, rows, expected, rounds, (edges(), python_loop.settle(edges())))
    title = f"The three-payer policy, {size:,} bills of {bills.person[-1] + 1:,} people, two threads"
    notes = [f"every result equal to the fen: {fingerprint(expected)}; ratios are of the best rates"]
    return Section("three-payer", title, HEADINGS, table(jobs, absent), notes)


def five(size: int, rows: Sequence[Row], rounds: int) -> Section:
    """The fuller law; the reference is the engine, one bill at a time, on a sample."""
    told(f"five-documents: {size:,} bills")
    bills = generate(RichBills, size)
    settler = laws.settler(laws.FIVE_DOCUMENTS)
    expected = five_documents.one_by_one(settler, bills.first(SAMPLE))
    jobs, absent = side_by_side(bills, rows, expected, rounds)
    count = len(settler.machine()[0].program.instructions)
    title = f"A law of five documents ({count} instructions), {size:,} bills"
    known = len(expected[0])
    notes = [
        f"the first {known:,} results equal to the engine's, one bill at a time: {fingerprint(expected)}"
    ]
    return Section("five-documents", title, HEADINGS, table(jobs, absent), notes)
