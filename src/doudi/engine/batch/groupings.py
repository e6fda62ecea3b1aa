"""Columns by which totals are grouped: level, kind of care, year, month, scheme, groups of people."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from doudi.engine.batch.answers import Asker
from doudi.engine.batch.columns import Coded, Codes
from doudi.engine.batch.distinct import distinct
from doudi.engine.batch.periods_array import calendar
from doudi.engine.program import Fact

GROUPINGS = ("level", "grade", "care", "channel", "year", "month", "region", "scheme", "people")
"""`year` and `month` are those of discharge, `region` the facility's, `people` all groups of the policy that hold."""

NONE = "-"
"""The label of bills for which the column says nothing."""


def grouping(name: str, asker: Asker, rows: npt.NDArray[np.intp]) -> Coded:
    """The label of each of some bills."""
    found = _MAKERS.get(name, _attribute)(name, asker)
    labels = tuple(NONE if value is None else str(value) for value in found.values)
    return Coded(labels, found.codes[rows])


def _attribute(name: str, asker: Asker) -> Coded:
    return asker.bills.attributes[{"region": "facility_region"}.get(name, name)]


def _date(name: str, asker: Asker) -> Coded:
    year, month, _ = calendar(asker.bills.days["discharged"])
    numbers = year if name == "year" else year * 100 + month
    values, codes = np.unique(numbers, return_inverse=True)
    labels = [str(v) if name == "year" else f"{v // 100}-{v % 100:02d}" for v in values]
    return Coded(tuple(labels), codes.astype(np.int64))


def _scheme(_: str, asker: Asker) -> Coded:
    values = [None, *(scheme for scheme, _ in asker.people.insured.value.values)]
    return Coded(tuple(values), np.maximum(asker.column("insurance"), 0))


def _people(_: str, asker: Asker) -> Coded:
    groups = list(asker.document.people)
    answers = [asker.answers(Fact("people", group), None) for group in groups]
    if not groups:
        return Coded((None,), np.zeros(len(asker.bills), np.int64))
    codes, example = distinct(answers)
    labels = [
        "+".join(g for g, a in zip(groups, answers, strict=True) if a[bill] == 1) or None for bill in example
    ]
    return Coded(tuple(labels), codes)


_MAKERS = {"year": _date, "month": _date, "scheme": _scheme, "people": _people}


def joined_labels(columns: list[Coded]) -> tuple[Codes, list[tuple[str, ...]]]:
    """One code for the combination of several columns, and the labels of each."""
    if not columns:
        return np.zeros(0, np.int64), [()]
    codes, example = distinct([column.codes for column in columns])
    labels = [tuple(str(column.values[column.codes[at]]) for column in columns) for at in example]
    return codes, labels
