"""People of the county's desk for tests of its pages: registered, recognised, enrolled through the apps' own doors."""

from datetime import date, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from doudi.server.enrolment import api as enrolment
from doudi.server.kernel import clock
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people import api as people
from doudi.server.recognition import api as recognition
from support import actors, standing
from support.people import id_number

OFFICER = actors.officer()
ELSEWHERE = actors.officer(actors.RONGJIANG)
_orders = count(1)


def a_number(born: date = date(1980, 1, 1), area: int = 520203) -> str:
    """A valid number nobody has yet."""
    return id_number(born, next(_orders), area)


def someone(name: str = "王小明", *, elsewhere: bool = False, **words: Any) -> int:
    """Somebody of the county, or of the other one."""
    given = {"number": a_number(), "region": actors.RONGJIANG_TOWN if elsewhere else actors.LIUZHI_TOWN}
    actor = ELSEWHERE if elsewhere else OFFICER
    return people.register(actor=actor, now=clock.now(), key=None, name=name, **(given | words)).person


def recognised(person: int, until: date | None = None, **words: Any) -> int:
    terms = standing.recognition(from_date=clock.today(), until_date=until, **words)
    return recognition.recognise(actor=OFFICER, now=clock.now(), key=None, person=person, terms=terms).id


def enrolled(person: int, status: str = "insured") -> int:
    today = clock.today()
    terms = standing.enrolment(
        year=today.year, status=status, from_date=today, until_date=date(today.year + 1, 1, 1)
    )
    return enrolment.enrol(actor=OFFICER, now=clock.now(), key=None, person=person, terms=terms).id


def soon(days: int) -> date:
    return clock.today() + timedelta(days=days)


def exported(client: Client, address: str, **data: str) -> list[list[Any]]:
    """The rows of the Excel that an export answers."""
    answer = client.post(address, {"purpose": "月度核对", **data})
    assert answer.status_code == 200, answer.content.decode()[:1500]
    assert answer["Content-Disposition"].startswith("attachment")
    page = load_workbook(BytesIO(answer.content)).active
    return [list(row) for row in page.iter_rows(values_only=True)]


def reads(client: Client, address: str) -> int:
    """Statements a page sends, its session included; the savepoints that stand for transactions in tests left out."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return sum("SAVEPOINT" not in one["sql"] for one in caught.captured_queries)


def hospitals() -> None:
    """The two hospitals that accounts of tests work at, as rows that filings may name."""
    with scoped(Scope(EVERYWHERE)), connection.cursor() as cursor:
        for number, region in ((actors.LIUZHI_HOSPITAL, 520203101), (actors.RONGJIANG_HOSPITAL, 522632101)):
            cursor.execute(
                "INSERT INTO reference_facility (id, code, name, region, credit_code, opened_on, is_fictional)"
                " VALUES (%s, %s, '医院', %s, '', '2000-01-01', true) ON CONFLICT DO NOTHING",
                [number, f"H{region // 1000}0{number}", region],
            )
