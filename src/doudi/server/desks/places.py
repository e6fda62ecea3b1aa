"""Names of places for pages, asked once a page: one query tells whether the kept names still hold."""

from __future__ import annotations

from collections.abc import Iterable

from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.reference.api import code_of, region_names, region_path, regions

MOST = 500


def place_name(key: int) -> str:
    """A region key as people say it, from the city down; the code itself where the region is not known."""
    return " ".join(part.name for part in region_path(code_of(key))[1:]) or str(code_of(key))


def place_names(keys: Iterable[int]) -> dict[int, str]:
    """The own name of each key, for the rows of a list."""
    wanted = set(keys)
    names = region_names(code_of(key) for key in wanted)
    return {key: names.get(code_of(key), str(code_of(key))) for key in wanted}


def region_choices(viewer: Actor) -> tuple[tuple[int, str], ...]:
    """Code (12 digits) and name of the regions one level below the viewer's own, to narrow a list by."""
    today = clock.today()
    found = [
        (one.code, one.name)
        for start, _ in viewer.ranges.pairs
        for one in regions(viewer=viewer, day=today, parent=start * 1000, size=MOST).items
    ]
    return tuple(found)
