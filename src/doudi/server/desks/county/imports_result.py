"""What an import did: the things it made and changed, with the persons they are about where the desk can lead to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from doudi.server.access.api import allowed
from doudi.server.desks import fields
from doudi.server.desks.county.imports_words import DID, object_words
from doudi.server.enrolment import api as enrolment
from doudi.server.imports.api import ChangeView, ImportDetail, changes
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.recognition import api as recognition
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Line:
    """One change: the row of the file it came from, what it was, and the page of the person or facility."""

    row: int
    did: Words
    what: Words
    number: int
    address: str


AT_ONCE = 500
"""Records read to find the persons of a page of changes."""


_KINDS = {"people.roster": ("person", "household", "membership")}
"""What a kind changes, where it is several things: each is a list of its own, the first is shown first."""


def result(request: HttpRequest, actor: Actor, view: ImportDetail) -> dict[str, Any]:
    """One page of the changes, each with the way to whom it is about."""
    kinds = _KINDS.get(view.summary.kind, ())
    what = fields.choice(request.GET, "what", Words("对象", "what"), kinds, required=False)
    what = what or (kinds[0] if kinds else "")
    page = changes(
        viewer=actor,
        import_number=view.summary.number,
        object_kind=what or None,
        number=fields.page_number(request),
    )
    persons = _persons(actor, view, page.number * page.size // AT_ONCE)
    return {
        "changes": page,
        "changed": [_line(actor, one, persons) for one in page.items],
        "what": what,
        "whats": [(kind, object_words(kind)) for kind in kinds],
    }


def _persons(actor: Actor, view: ImportDetail, number: int) -> dict[int, int]:
    """Record → person, for lists of recognitions and of enrolments."""
    source = view.summary.number
    if view.summary.kind == "recognition.list" and allowed("recognition.recognised", actor):
        wanted = recognition.Filter(import_number=source)
        found = recognition.recognised(viewer=actor, wanted=wanted, number=number, size=AT_ONCE)
        return {one.id: one.person for one in found.items}
    if view.summary.kind == "enrolment.list" and allowed("enrolment.enrolled", actor):
        stated = view.options.get("year", "")
        year = int(stated) if stated.isdigit() else business_date(view.summary.uploaded_at).year
        enrolled = enrolment.enrolled(
            viewer=actor, wanted=enrolment.Filter(year, import_number=source), number=number, size=AT_ONCE
        )
        return {one.id: one.person for one in enrolled.items}
    return {}


def _line(actor: Actor, change: ChangeView, persons: dict[int, int]) -> Line:
    address = ""
    person = change.object_id if change.object_kind == "person" else persons.get(change.object_id)
    if person is not None and allowed("people.person", actor):
        address = reverse("county.person", args=[person])
    elif change.object_kind == "facility":
        address = reverse("county.facility", args=[change.object_id])
    did = DID.get(change.did, Words(change.did, change.did))
    return Line(change.row, did, object_words(change.object_kind), change.object_id, address)
