"""What else can be asked of a dataset: totals, a sweep of numbers, the bills that another law settles differently.

Only `differ_files` writes, and only bills that differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from doudi.engine.batch.dataset import Dataset
from doudi.engine.batch.differences import Changes, Outcome, changes_of, compared, side_by_side
from doudi.engine.batch.groupings import GROUPINGS
from doudi.engine.batch.job import Job
from doudi.engine.batch.prepared_files import write_numbers
from doudi.engine.batch.ready import as_columns, settle_tables
from doudi.engine.batch.run import run_all
from doudi.engine.batch.sweep import Variant, check_variants, sweep_bucket
from doudi.engine.batch.totals import Totals, total_bucket, total_settled
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.words import did_you_mean


def total_files(job: Job, by: Sequence[str] = ()) -> Totals:
    """The totals of all settled bills by some groupings. Raises Refused."""
    _check_groupings(by)
    dataset = job.open()
    totals = Totals(job.names())

    def piece(bucket: int) -> None:
        if as_columns(job.settler):
            total_bucket(job.prepared(dataset, bucket), by, totals)
        else:
            done = settle_tables(job.settler, job.tables(dataset, bucket))
            total_settled(done, job.settler.document, by, totals)

    _each_bucket(job, dataset, piece)
    return totals


def sweep_files(job: Job, variants: Sequence[Variant], by: Sequence[str] = ()) -> list[Totals]:
    """The totals for each version of the law's numbers. Raises Refused for a number that the law does not have."""
    _check_groupings(by)
    check_variants(job.settler.machine()[0], variants)
    if not as_columns(job.settler):
        raise Refused("columns_only", id=job.settler.policy.id)
    dataset = job.open()
    totals = [Totals(job.names()) for _ in variants]

    def piece(bucket: int) -> None:
        sweep_bucket(job.settler, job.prepared(dataset, bucket), variants, by, totals)

    _each_bucket(job, dataset, piece)
    return totals


def differ_files(job: Job, other: Settler, out: Path) -> Changes:
    """Write the bills that another policy settles differently; answers what they come to. Raises Refused."""
    jobs = (replace(job, others=(other,)), replace(job, settler=other, others=(job.settler,), laws={}))
    dataset = jobs[0].open()
    found: dict[int, pa.Table] = {}

    def piece(bucket: int) -> None:
        if as_columns(job.settler) and as_columns(other):
            found[bucket] = side_by_side(*(one.side(dataset, bucket) for one in jobs))
        else:
            settled = [settle_tables(one.settler, one.tables(dataset, bucket)) for one in jobs]
            found[bucket] = compared(*(Outcome.of_settled(one) for one in settled))

    _each_bucket(job, dataset, piece)
    table = pa.concat_tables([found[bucket] for bucket in range(dataset.buckets)])
    write_numbers(out, table)
    return changes_of(table)


def _each_bucket(job: Job, dataset: Dataset, work: Callable[[int], None]) -> None:
    """Do some work on every bucket, telling how far it is."""
    done: list[int] = []

    def piece(bucket: int) -> None:
        work(bucket)
        done.append(bucket)
        job.report("settle", len(done), dataset.buckets)

    run_all(piece, dataset.buckets)


def _check_groupings(by: Sequence[str]) -> None:
    for name in by:
        if name not in GROUPINGS:
            raise Refused("not_one_of", "by", key="by", text=name, hint=did_you_mean(name, list(GROUPINGS)))
