"""The files enrolment reads: lists of insured and unpaid persons."""

from __future__ import annotations

from doudi.server.enrolment.import_kinds.lists import EnrolmentList
from doudi.server.imports.api import register_kind


def register() -> None:
    """Make them known to imports."""
    register_kind(EnrolmentList())
