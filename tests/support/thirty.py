"""Thirty of everything in one county, for pages that must ask no more of thirty rows than of three."""

from datetime import date, timedelta
from typing import Any

from doudi.server.access import api as access
from doudi.server.access.roles import Role
from doudi.server.kernel.actor import SYSTEM
from support import actors, standing
from support.people import id_number
from support.two_counties import NOW, TODAY, County

MANY = 30
DIGITS = "零一二三四五六七八九"


def thirty(county: County) -> None:
    """Rows of every kind the pages list, entered through the apps' own doors."""
    persons = [_person(county, order) for order in range(MANY)]
    for fill in (_households, _standing, _reach, _facilities, _decisions, _openings):
        fill(county, persons)
    _imports(county)
    _accounts(county)


def _person(county: County, order: int) -> int:
    from doudi.server.people.api import register

    number = id_number(date(1950 + order, 6, 1), order * 2 + 11, county.birth_area)
    county.numbers.append(number)
    name = f"{county.mark}{'甲乙丙'[order // 10]}{DIGITS[order % 10]}"
    return register(
        actor=county.officer(), now=NOW, key=None, region=county.town, name=name, number=number
    ).person


def _households(county: County, persons: list[int]) -> None:
    """Ten join the first household, the others head their own; the first person has wards."""
    from doudi.server.people import api as people

    entered: dict[str, Any] = {"actor": county.officer(), "now": NOW, "key": None}
    for person in persons[:10]:
        people.join_household(**entered, household=county.first("household"), person=person, relation="97")
    for order, person in enumerate(persons[10:]):
        people.form_household(**entered, region=county.town, head=person, number=f"{county.mark}9{order}")
    for order in range(2, 8):
        name, born = f"{county.mark}小{DIGITS[order]}", date(2020, order, 1)
        people.register(
            **entered, region=county.town, name=name, sex="2", birth_date=born,
            guardian=county.first("person"), birth_order=order,
        )  # fmt: skip


def _standing(county: County, persons: list[int]) -> None:
    from doudi.server.enrolment.api import enrol
    from doudi.server.filings.api import file
    from doudi.server.recognition.api import recognise

    entered: dict[str, Any] = {"actor": county.officer(), "now": NOW, "key": None}
    first, later = county.first("person"), date(TODAY.year + 1, 1, 1)
    month = timedelta(days=30)
    for order, person in enumerate(persons):
        terms = standing.recognition(from_date=TODAY, until_date=TODAY + month)
        recognise(**entered, person=person, terms=terms)
        dated: dict[str, Any] = {
            "from_date": TODAY + month * order,
            "until_date": TODAY + month * (order + 1),
        }
        recognise(**entered, person=first, terms=standing.recognition("tuberculosis", **dated))
        insured = standing.enrolment(year=TODAY.year, from_date=TODAY, until_date=later)
        enrol(**entered, person=person, terms=insured)
        target: dict[str, Any] = {"target_facility": county.first("facility"), "from_date": TODAY}
        file(**entered, person=person, terms=standing.referral(until_date=TODAY + month, **target))


def _reach(county: County, persons: list[int]) -> None:
    from doudi.server.people.api import add_contact

    for order in range(len(persons)):
        add_contact(
            actor=county.officer(), now=NOW, key=None, person=county.first("person"), phone=f"138000022{order:02d}",
            name=f"{county.mark}丁",
        )  # fmt: skip


def _facilities(county: County, persons: list[int]) -> None:
    from doudi.server.reference.api import add_facility, set_fund

    for order in range(len(persons)):
        add_facility(
            actor=SYSTEM, now=NOW, key=None, code=f"H{county.code // 1_000_000}1{order:04d}",
            name=f"{county.mark}第{order}医院", region=county.key, opened_on=date(2015, 1, 1), level="county", grade="2",
        )  # fmt: skip
        set_fund(
            actor=SYSTEM, now=NOW, key=None, region=county.key, code=f"fund{order}", name=f"{county.mark}基金{order}",
            department="医疗保障局", from_date=date(2020, 1, 1),
        )  # fmt: skip


def _decisions(county: County, persons: list[int]) -> None:
    for order in range(len(persons)):
        access.propose(
            actor=county.officer(), now=NOW, name="recognition.end_late", region=county.town,
            content={"recognition": county.first("recognition"), "until_date": TODAY, "reason": f"核查{order}"},
            summary=f"{county.mark}江退出",
        )  # fmt: skip


def _openings(county: County, persons: list[int]) -> None:
    """Persons open at the county's hospital; glasses broken by as many officers of a third county."""
    from doudi.server.people.api import find_at_facility, find_in_emergency

    clerk = actors.clerk(county.first("facility"))
    for number in county.numbers[-len(persons) :]:
        find_at_facility(actor=clerk, now=NOW, number=number)
        third = actors.officer(520526000000)
        find_in_emergency(actor=third, now=NOW, number=number, reason="车祸昏迷送医", ticket="120-1")


def _imports(county: County) -> None:
    from doudi.server.imports.api import upload
    from support.sheets import xlsx

    for order in range(MANY):
        content = xlsx(("身份证号码", "姓名"), (county.numbers[order], f"{county.mark}丙{order}"))
        upload(
            actor=county.officer(), now=NOW, key=None, kind="enrolment.list", region=county.key,
            file_name=f"{order}.xlsx", content=content,
            options={"evidence": "名单", "scheme": "resident", "year": str(TODAY.year), "status": "insured"},
        )  # fmt: skip


def _accounts(county: County) -> None:
    for order in range(MANY):
        user = actors.account(f"many{county.birth_area}x{order}", Role.COUNTY, code=county.code)
        post = access.posts_of(user, actors.NOW)[0]
        access.issue_token(
            actor=county.officer(Role.SECURITY_ADMIN), now=actors.NOW, grant=post.number, name=f"系统{order}",
            until_at=actors.NOW + timedelta(days=300),
        )  # fmt: skip
