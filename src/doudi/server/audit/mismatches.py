"""Links whose hash does not fit, sorted out: two that were exchanged explain each other, the others were changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.server.audit import chain, told
from doudi.server.audit.data import Finding


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A link whose hash is not that of its event at this place."""

    seal: int
    region: int
    day: date
    position: int
    previous: bytes
    hash: bytes
    row: chain.Row


def sorted_out(mismatches: list[Mismatch]) -> list[Finding]:
    """A finding for each mismatch, in their order: reordered where another of the same chain fits here, else changed.

    A link that fits as soon as its predecessor stands in its old place was not touched and is left out.
    """
    partner: dict[int, Mismatch] = {}
    for i, one in enumerate(mismatches):
        for j in range(i + 1, len(mismatches)):
            other = mismatches[j]
            if (one.region, one.day) == (other.region, other.day) and _exchanged(one, other):
                partner[i], partner[j] = other, one
    moved = [mismatches[i] for i in partner]
    findings = []
    for i, one in enumerate(mismatches):
        if i in partner:
            findings.append(told.events_exchanged(one, partner[i]))
        elif not any(_fits(one, one.row, previous=other.hash) for other in moved):
            findings.append(told.event_changed(one))
    return findings


def _exchanged(one: Mismatch, other: Mismatch) -> bool:
    """Whether the event of `other` gives, at the place of `one`, the hash of one of the two links."""
    own = one.row
    for row in (other.row, other.row | {"id": own["id"]}, other.row | {"id": own["id"], "txid": own["txid"]}):
        if _digest(one, row, one.previous) in (one.hash, other.hash):
            return True
    return False


def _fits(one: Mismatch, row: chain.Row, *, previous: bytes) -> bool:
    return _digest(one, row, previous) == one.hash


def _digest(place: Mismatch, row: chain.Row, previous: bytes) -> bytes:
    return chain.link_hash(previous, place.region, place.day, place.position, row)
