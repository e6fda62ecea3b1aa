"""The door of enrolment for other apps."""

from __future__ import annotations

from doudi.server.enrolment.data import Count, Enrolment, Filter, Terms, insurances
from doudi.server.enrolment.operations.correct import correct, correct_late
from doudi.server.enrolment.operations.enrol import enrol, enrol_late
from doudi.server.enrolment.operations.lapse import lapse, lapse_late
from doudi.server.enrolment.operations.pay import pay, pay_late
from doudi.server.enrolment.operations.refund import refund, refund_late
from doudi.server.enrolment.queries.lists import counts, enrolled, export
from doudi.server.enrolment.queries.of_persons import (
    enrolment_history,
    enrolments_of_many,
    enrolments_on,
    periods_of_many,
)
from doudi.server.enrolment.schemes import (
    COUNTED,
    SCHEMES,
    STATUS_WORDS,
    Scheme,
    Status,
    scheme_named,
    scheme_words,
)

__all__ = [
    "COUNTED",
    "SCHEMES",
    "STATUS_WORDS",
    "Count",
    "Enrolment",
    "Filter",
    "Scheme",
    "Status",
    "Terms",
    "correct",
    "correct_late",
    "counts",
    "enrol",
    "enrol_late",
    "enrolled",
    "enrolment_history",
    "enrolments_of_many",
    "enrolments_on",
    "export",
    "insurances",
    "lapse",
    "lapse_late",
    "pay",
    "pay_late",
    "periods_of_many",
    "refund",
    "refund_late",
    "scheme_named",
    "scheme_words",
]
