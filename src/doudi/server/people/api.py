"""The door of people for other apps."""

from __future__ import annotations

from doudi.server.people.codes import ETHNICITIES, RELATIONS, ethnicity_code, relation_code
from doudi.server.people.data import (
    NUMBER_KINDS,
    SEXES,
    STATUSES,
    CardView,
    Changed,
    ChangeView,
    ContactView,
    ExportBatch,
    FoundAtFacility,
    HouseholdFilter,
    HouseholdSummary,
    HouseholdView,
    Masked,
    MembershipView,
    NumberKind,
    OnPaper,
    PersonFacts,
    PersonFilter,
    PersonMatch,
    PersonSummary,
    PersonView,
    PossibleDuplicate,
    Registered,
    Unmasked,
)
from doudi.server.people.jobs import JOBS
from doudi.server.people.masking import mask_card, mask_name, mask_number, mask_phone, sees_names
from doudi.server.people.number_errors import BadNumber
from doudi.server.people.numbers import Number, read_number
from doudi.server.people.operations.bulk import NewPerson
from doudi.server.people.operations.correct import correct
from doudi.server.people.operations.export import export_persons
from doudi.server.people.operations.find import find_at_facility, find_in_emergency
from doudi.server.people.operations.household import form_household, join_household, leave_household
from doudi.server.people.operations.keys import fill_next_index, history_needs, reseal, switch_index
from doudi.server.people.operations.load import Loaded, NewHousehold, NewMember, load
from doudi.server.people.operations.merge import merge, split
from doudi.server.people.operations.move import move, set_status
from doudi.server.people.operations.reach import add_card, add_contact, end_contact
from doudi.server.people.operations.register import register
from doudi.server.people.operations.unmask import unmask
from doudi.server.people.queries.groups import same_person_ids
from doudi.server.people.queries.groups_of_many import many_same_person_ids
from doudi.server.people.queries.history import person_history
from doudi.server.people.queries.households import household, households
from doudi.server.people.queries.matches import match_numbers, person_of_number
from doudi.server.people.queries.near import duplicates
from doudi.server.people.queries.persons import (
    many_facts,
    on_paper,
    opened_here,
    person,
    person_facts,
    person_summaries,
    persons,
)
from doudi.server.people.queries.search import search

__all__ = [
    "ETHNICITIES",
    "JOBS",
    "NUMBER_KINDS",
    "RELATIONS",
    "SEXES",
    "STATUSES",
    "BadNumber",
    "CardView",
    "ChangeView",
    "Changed",
    "ContactView",
    "ExportBatch",
    "FoundAtFacility",
    "HouseholdFilter",
    "HouseholdSummary",
    "HouseholdView",
    "Loaded",
    "Masked",
    "MembershipView",
    "NewHousehold",
    "NewMember",
    "NewPerson",
    "Number",
    "NumberKind",
    "OnPaper",
    "PersonFacts",
    "PersonFilter",
    "PersonMatch",
    "PersonSummary",
    "PersonView",
    "PossibleDuplicate",
    "Registered",
    "Unmasked",
    "add_card",
    "add_contact",
    "correct",
    "duplicates",
    "end_contact",
    "ethnicity_code",
    "export_persons",
    "fill_next_index",
    "find_at_facility",
    "find_in_emergency",
    "form_household",
    "history_needs",
    "household",
    "households",
    "join_household",
    "leave_household",
    "load",
    "many_facts",
    "many_same_person_ids",
    "mask_card",
    "mask_name",
    "mask_number",
    "mask_phone",
    "match_numbers",
    "merge",
    "move",
    "on_paper",
    "opened_here",
    "person",
    "person_facts",
    "person_history",
    "person_of_number",
    "person_summaries",
    "persons",
    "read_number",
    "register",
    "relation_code",
    "reseal",
    "same_person_ids",
    "search",
    "sees_names",
    "set_status",
    "split",
    "switch_index",
    "unmask",
]
