"""The door of reference for other apps."""

from __future__ import annotations

from doudi.server.reference.calendar import (
    DayFound,
    DaysCounted,
    WorkingDay,
    add_working_days,
    is_working_day,
    working_days_between,
)
from doudi.server.reference.operations.add_facility import add_facility
from doudi.server.reference.operations.close_facility import close_facility
from doudi.server.reference.operations.designate import designate, end_designation
from doudi.server.reference.operations.load_demo import load_demo
from doudi.server.reference.operations.load_starting_data import load_starting_data
from doudi.server.reference.operations.reorganise import NewRegion, add_regions, reorganise
from doudi.server.reference.operations.restand_facility import restand_facility
from doudi.server.reference.operations.set_funds import end_fund, end_payer, set_fund, set_payer
from doudi.server.reference.queries.catalogue import ceiling_grade, items, price_of
from doudi.server.reference.queries.clinical import clinical_codes, clinical_names, disease_lists
from doudi.server.reference.queries.facilities import (
    FacilityFilter,
    facilities,
    facility,
    facility_at,
    facility_by_code,
    facility_history,
    facility_names,
)
from doudi.server.reference.queries.funds import funds, payers, regions_above
from doudi.server.reference.queries.places import KnownPlaces
from doudi.server.reference.queries.regions import (
    code_of,
    county_of,
    level_of,
    region,
    region_changes,
    region_history,
    region_names,
    region_now,
    region_path,
    regions,
)

__all__ = [
    "DayFound",
    "DaysCounted",
    "FacilityFilter",
    "KnownPlaces",
    "NewRegion",
    "WorkingDay",
    "add_facility",
    "add_regions",
    "add_working_days",
    "ceiling_grade",
    "clinical_codes",
    "clinical_names",
    "close_facility",
    "code_of",
    "county_of",
    "designate",
    "disease_lists",
    "end_designation",
    "end_fund",
    "end_payer",
    "facilities",
    "facility",
    "facility_at",
    "facility_by_code",
    "facility_history",
    "facility_names",
    "funds",
    "is_working_day",
    "items",
    "level_of",
    "load_demo",
    "load_starting_data",
    "payers",
    "price_of",
    "region",
    "region_changes",
    "region_history",
    "region_names",
    "region_now",
    "region_path",
    "regions",
    "regions_above",
    "reorganise",
    "restand_facility",
    "set_fund",
    "set_payer",
    "working_days_between",
]
