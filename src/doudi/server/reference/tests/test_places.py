"""What access asks when a role is granted."""

import pytest

from doudi.server.access.api import Place
from doudi.server.kernel.scope import NOTHING, scoped
from doudi.server.reference.api import KnownPlaces
from support.reference import divisions, facility


@pytest.mark.django_db
def test_regions_and_facilities_are_named() -> None:
    with scoped(NOTHING):
        assert KnownPlaces().region(999999000000) == Place("999999000000", 999999000000)
    divisions()
    hospital = facility(name="六枝示例医院")
    with scoped(NOTHING):
        known = KnownPlaces()
        assert known.region(0) == Place("全国", 0)
        assert known.region(520203000000) == Place("六盘水市六枝特区", 520203000000)
        assert known.region(999999000000) is None
        assert known.facility(hospital) == Place("六枝示例医院", 520203000000)
        assert known.facility(0) is None
