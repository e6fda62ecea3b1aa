"""What the policies of a viewer's places call their payers: for headings and rows, asked once a page."""

from __future__ import annotations

from collections.abc import Iterable

from doudi.engine.vocabulary import name_of
from doudi.server.entitlement.api import policies_at
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.reading import once, reading
from doudi.words import Words

MOST = 20
"""Whoever sees more places than this reads the names of the first ones."""


def payer_names(viewer: Actor, region: int | None = None) -> dict[str, Words]:
    """Payer → its name, in the order in which policies have them. `region`: of one bill's county; else the viewer's."""
    places = [region // 1000 * 1000] if region is not None else [start for start, _ in viewer.ranges.pairs]
    with reading(viewer.scope):
        return once(("desks.payers", tuple(places[:MOST])), lambda: _names(places[:MOST]))


def _names(places: Iterable[int]) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for place in places:
        for policy in policies_at(place, clock.today()):
            for form in policy.document.payers:
                english = form.payer.replace("_", " ")
                words = (
                    Words(form.name.zh, form.name.en or english) if form.name else Words(form.payer, english)
                )
                found.setdefault(form.payer, words)
    return found


def called(names: dict[str, Words], payer: str) -> Words:
    """The name of a payer; what no policy in force names any more keeps the shared word, or its own."""
    return names.get(payer) or name_of(payer)
