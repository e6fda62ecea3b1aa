"""What access asks of regions and facilities when a role is granted (the port `access.places.Places`)."""

from __future__ import annotations

from doudi.server.access.api import Place
from doudi.server.reference.models import Facility
from doudi.server.reference.queries.regions import county_of, divisions_known, region_path


class KnownPlaces:
    """Regions and facilities of the tables. Joined in `site/wiring.py`."""

    def region(self, code: int) -> Place | None:
        """The region of a 12-digit code by its newest name (0: the whole country), or None.

        Before the divisions are loaded every code is taken by its number: somebody must be able to begin.
        """
        if code == 0:
            return Place("全国", 0)
        if not divisions_known():
            return Place(f"{code:012d}", code)
        path = region_path(code)
        if not path or path[-1].code != code:
            return None
        return Place("".join(step.name for step in path[-2:]), code)

    def facility(self, number: int) -> Place | None:
        """The facility, with the county it lies in, or None; closed ones too, for the posts that were held there."""
        row = Facility.objects.filter(pk=number).first()
        return None if row is None else Place(row.name, county_of(row.region))
