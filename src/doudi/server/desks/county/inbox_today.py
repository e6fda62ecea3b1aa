"""Today's changes among people, from the trail: how many were recognised, ended, enrolled, moved; and the last of them.

One query of the trail. A list that was imported is one event that says how many it made and changed, and counts as many,
unless it was taken back the same day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse

from doudi.server.access.api import allowed
from doudi.server.audit.api import Event, TrailFilter, describe, trail
from doudi.server.kernel.actor import Actor
from doudi.words import Words

ROSTER = "people.roster"
_IMPORTED = ("imports.applied", "recognition.list_applied", "enrolment.list_applied")
READ = 500
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Tally:
    """One figure of the day, and the list it belongs to."""

    words: Words
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the last changes: the sentence of the trail, and the person's page."""

    event: Event
    words: Words
    address: str


@dataclass(frozen=True, slots=True)
class Today:
    """The figures, the last changes; `more`: there were more events than were read."""

    tallies: tuple[Tally, ...]
    entries: tuple[Entry, ...]
    more: bool


_TALLIES: tuple[tuple[Words, str, tuple[str, ...]], ...] = (
    (Words("新认定", "Recognised"), "county.recognitions", ("recognition.entered", "recognition.list_applied")),
    (Words("终止认定", "Ended"), "county.recognitions", ("recognition.ended",)),
    (Words("参保登记", "Enrolled"), "county.enrolments", ("enrolment.entered", "enrolment.list_applied")),
    (Words("备案", "Filed"), "county.filings", ("filings.entered",)),
    (Words("新增人员", "Registered"), "county.people", ("people.registered",)),
    (Words("名册导入的行", "Rows of rosters"), "county.imports", ("imports.applied",)),
    (Words("迁移", "Moved"), "county.people", ("people.moved",)),
)  # fmt: skip
_UNDONE = ("imports.undone", "recognition.list_undone", "enrolment.list_undone")
_OTHERS = (*_UNDONE, "recognition.corrected", "recognition.voided", "people.corrected", "people.status_set")


def changes_today(actor: Actor, today: date) -> Today:
    """What stands in the trail since midnight, of the viewer's region."""
    names = tuple(name for _, _, events in _TALLIES for name in events)
    found = trail(actor, TrailFilter(events=names + _OTHERS, from_day=today, outcome="done"), size=READ)
    counts = dict.fromkeys(names, 0)
    undone = {event.object_id for event in found.items if event.event in _UNDONE}
    for event in found.items:
        if event.event in counts and not (event.event in _IMPORTED and event.object_id in undone):
            counts[event.event] += _weight(event)
    tallies = tuple(
        Tally(words, sum(counts[name] for name in events), _address(at)) for words, at, events in _TALLIES
    )
    return Today(
        tallies, tuple(_entry(actor, one) for one in found.items[:SHOWN]), found.next_before is not None
    )


def _weight(event: Event) -> int:
    """How many an event stands for: an import of a roster its rows, a list what it made, anything else one."""
    if event.event == "imports.applied":
        rows = event.detail.get("rows")
        return rows if isinstance(rows, int) and event.detail.get("kind") == ROSTER else 0
    made = event.detail.get("made")
    return made if isinstance(made, int) else 1


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _entry(actor: Actor, event: Event) -> Entry:
    address = ""
    if event.person is not None and allowed("people.person", actor):
        address = reverse("county.person", args=[event.person])
    elif event.object_kind == "import" and event.object_id.isdigit():
        address = reverse("county.import", args=[int(event.object_id)])
    return Entry(event, describe(event), address)
