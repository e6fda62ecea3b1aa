"""A sweep: many versions of a law's numbers over the same bills; one kernel, one table of numbers a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from doudi.engine.batch.class_table import class_table
from doudi.engine.batch.prepared_files import PreparedFile
from doudi.engine.batch.steps import make_body
from doudi.engine.batch.totals import Totals, total_bucket
from doudi.engine.compile import Compiled
from doudi.engine.primitives import MISSING
from doudi.engine.program import Cell, Program, Version
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.words import did_you_mean

Variant = Mapping[str, int]
"""Label of a number of the law → its value (fen, basis points) on every day on which the law has it."""


def check_variants(compiled: Compiled, variants: Sequence[Variant]) -> None:
    """Every label names a number of the law. Raises Refused."""
    labels = sorted({cell.label for _, cell in compiled.program.cells})
    for label in (label for variant in variants for label in variant):
        if label not in labels:
            raise Refused("number_unknown", label, key=label, hint=did_you_mean(label, labels))


def sweep_bucket(
    settler: Settler,
    prepared: PreparedFile,
    variants: Sequence[Variant],
    by: Sequence[str],
    totals: Sequence[Totals],
) -> None:
    """Add a bucket to the totals of each version of the law's numbers."""
    program = prepared.compiled.program
    widened = replace(prepared.compiled, program=_beside(program, variants))
    body = make_body(widened, settler.rounding, prepared.law.body.empty)
    law = replace(prepared.law, body=body)
    for variant, total in zip(variants, totals, strict=True):
        table = class_table(_instead(program, variant), settler.rounding, body, prepared.classes)
        total_bucket(replace(prepared, law=law, table=table), by, total)


def _instead(program: Program, variant: Variant) -> Program:
    """The program with other numbers in the place of the law's."""

    def changed(cell: Cell) -> Cell:
        if cell.label not in variant:
            return cell
        kept = (version for version in cell.versions if version.value != MISSING)
        return replace(cell, versions=tuple(replace(v, value=variant[cell.label]) for v in kept))

    return replace(program, cells=tuple((register, changed(cell)) for register, cell in program.cells))


def _beside(program: Program, variants: Sequence[Variant]) -> Program:
    """The program with the other numbers beside the law's, on no day: bounds must hold for all of them."""

    def widened(cell: Cell) -> Cell:
        values = {variant[cell.label] for variant in variants if cell.label in variant}
        more = tuple(Version(date.max, date.max, value, ()) for value in sorted(values))
        return replace(cell, versions=(*more, *cell.versions))

    return replace(program, cells=tuple((register, widened(cell)) for register, cell in program.cells))
