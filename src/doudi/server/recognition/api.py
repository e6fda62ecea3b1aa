"""The door of recognition for other apps."""

from __future__ import annotations

from doudi.server.recognition.bulk import add_all
from doudi.server.recognition.categories import (
    EXCLUSIONS,
    CategoryTitle,
    Exclusion,
    category_title,
    excluded_by,
    known_categories,
)
from doudi.server.recognition.data import Count, Filter, Recognition, Terms, holdings
from doudi.server.recognition.dated import (
    believed_on,
    check_known,
    check_period,
    check_recent,
    fitting,
    lock_county,
    lock_person,
    needed,
    overlapping,
    renewed,
    retire,
    valid_on,
)
from doudi.server.recognition.matching import NAME, NUMBER, Found, matched, persons_in
from doudi.server.recognition.operations.correct import correct, correct_late
from doudi.server.recognition.operations.end import end, end_late
from doudi.server.recognition.operations.recognise import recognise, recognise_late
from doudi.server.recognition.persons import by_person, home_of, may_write, records_of
from doudi.server.recognition.queries.lists import counts, export, recognised
from doudi.server.recognition.queries.of_persons import (
    categories_of_many,
    categories_on,
    category_history,
    periods_of_many,
)

__all__ = [
    "EXCLUSIONS",
    "NAME",
    "NUMBER",
    "CategoryTitle",
    "Count",
    "Exclusion",
    "Filter",
    "Found",
    "Recognition",
    "Terms",
    "add_all",
    "believed_on",
    "by_person",
    "categories_of_many",
    "categories_on",
    "category_history",
    "category_title",
    "check_known",
    "check_period",
    "check_recent",
    "correct",
    "correct_late",
    "counts",
    "end",
    "end_late",
    "excluded_by",
    "export",
    "fitting",
    "holdings",
    "home_of",
    "known_categories",
    "lock_county",
    "lock_person",
    "matched",
    "may_write",
    "needed",
    "overlapping",
    "periods_of_many",
    "persons_in",
    "recognise",
    "recognise_late",
    "recognised",
    "records_of",
    "renewed",
    "retire",
    "valid_on",
]
