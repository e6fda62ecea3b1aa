"""What an import did: the things it made and changed, with the persons they are about where the desk can lead to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from doudi.server.access.api import allowed
from doudi.server.desks.county.imports_words import DID, object_words
from doudi.server.imports.api import ChangeView, ImportDetail, changes
from doudi.server.kernel.actor import Actor
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Line:
    """One change: the row of the file it came from, what it was, and the page of the person or facility."""

    row: int
    did: Words
    what: Words
    number: int
    address: str


_PAGES = {
    "person": ("county.person", "people.person"),
    "facility": ("county.facility", "reference.facility"),
}


def result(actor: Actor, view: ImportDetail, number: int) -> dict[str, Any]:
    """One page of the changes."""
    page = changes(viewer=actor, import_number=view.summary.number, number=number)
    return {"changes": page, "changed": [_line(actor, one) for one in page.items]}


def _line(actor: Actor, change: ChangeView) -> Line:
    name, rule = _PAGES.get(change.object_kind, ("", ""))
    address = reverse(name, args=[change.object_id]) if name and allowed(rule, actor) else ""
    did = DID.get(change.did, Words(change.did, change.did))
    return Line(change.row, did, object_words(change.object_kind), change.object_id, address)
