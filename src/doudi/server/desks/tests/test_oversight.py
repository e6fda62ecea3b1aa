"""The oversight page: figures, pictures with their tables and files, what a click narrows, and numbers that renew."""

import json
import re
from datetime import date, timedelta
from io import BytesIO
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from doudi.server.access.roles import Role
from doudi.server.desks.charts import large
from doudi.server.desks.oversight.filters import query_of, read
from doudi.server.settlement.models import Settlement
from support import overseeing
from support.clients import client_of
from support.overseeing import one, written
from support.settling import TODAY, bill, county, settled

pytestmark = pytest.mark.django_db
HERE = "/oversight/"


def rows(size: int = 60) -> list[Settlement]:
    made = overseeing.rows(Random(5), size, days=20)
    written(made)
    return [row for row in made if row.region // 1000 == 520203]


def chart(page: str, name: str) -> dict[str, Any]:
    found = re.search(rf'<script id="{name}-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None, name
    told: dict[str, Any] = json.loads(found[1])
    return told


def text(client: Client, address: str = HERE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:1500]
    return answer.content.decode()


def test_it_is_where_oversight_begins_and_says_when_there_is_nothing() -> None:
    client = client_of(Role.OVERSIGHT)
    assert client.get("/").headers["Location"] == HERE
    page = text(client)
    assert "这段时间没有结算" in page
    assert 'id="today"' in page
    assert "Nothing was settled" in text(client_of(Role.OVERSIGHT, language="en"))


def test_pictures_and_tables_are_of_the_same_sums() -> None:
    mine = [row for row in rows() if row.settled_on.month == TODAY.month and row.kind != "reversed"]
    page = text(client_of(Role.OVERSIGHT))
    total = sum(row.total_fen for row in mine)
    for name in ("when", "where", "how", "levels"):
        drawn = chart(page, name)
        assert sum(sum(filter(None, series["values"])) for series in drawn["series"]) == total, name
    who = chart(page, "who")
    several = sum(row.total_fen * max(1, len(row.categories)) for row in mine)
    assert sum(sum(filter(None, series["values"])) for series in who["series"]) == several
    assert f"{total // 100:,}.{total % 100:02d}" in page
    assert "璩" not in page
    assert "<style" not in page
    assert " style=" not in page


def test_a_bar_narrows_everything_and_the_second_click_lists() -> None:
    rows()
    viewer = client_of(Role.OVERSIGHT)
    where = chart(text(viewer), "where")
    place = where["bars"][0]
    assert place["address"].startswith("/oversight/?region=520203")
    narrowed = text(viewer, place["address"])
    again = chart(narrowed, "where")["bars"]
    assert [bar["on"] for bar in again] == [True]
    assert again[0]["address"].startswith("/county/settlements/?period=days")
    assert viewer.get(again[0]["address"]).status_code == 200
    assert "全部取消" in narrowed
    day = next(bar for bar in chart(narrowed, "when")["bars"] if bar["address"])
    assert viewer.get(day["address"]).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "span=year", "month=2026-01", "month=nonsense&span=x", "category=none", "category=poor&care=inpatient",
        "facility=9101&level=county", "disease=IX", "disease=I10", "disease=../", "region=520203101000", "month=2999-01",
    ],
)  # fmt: skip
def test_every_filter_shows_a_page_its_fragments_and_files(query: str) -> None:
    rows(30)
    client = client_of(Role.COUNTY)
    assert "监管" in text(client, f"{HERE}?{query}")
    assert "what-data" in text(client, f"{HERE}diseases/?{query}") or "没有可以显示" in text(
        client, f"{HERE}diseases/?{query}"
    )
    assert re.fullmatch(r"[\d,]+", text(client, f"{HERE}persons/?{query}").strip())
    for picture in ("when", "trend", "where", "who", "hospitals", "how", "levels", "what"):
        answer = client.get(f"{HERE}excel/?{query}&picture={picture}")
        assert answer.status_code == 200, picture
        assert load_workbook(BytesIO(answer.content)).active is not None


def test_what_is_no_filter_is_refused_with_its_field() -> None:
    client = client_of(Role.OVERSIGHT)
    for query in ("care=bogus", "region=abc", "region=520203101001", "facility=-1"):
        assert client.get(f"{HERE}?{query}").status_code == 422, query


def test_a_file_has_the_rows_of_its_table() -> None:
    mine = [row for row in rows() if row.settled_on.month == TODAY.month]
    answer = client_of(Role.OVERSIGHT).get(f"{HERE}excel/?picture=hospitals")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    assert heads[:4] == ["医院", "住院自付占比", "95 % 区间自", "至"]
    stays = [row for row in mine if row.care == "inpatient" and row.kind != "reversed"]
    listed = [row for row in sheet.iter_rows(min_row=2, values_only=True) if isinstance(row[4], int)]
    assert sum(int(str(row[4])) for row in listed) == len(stays)


def test_today_renews_only_where_something_was_settled() -> None:
    client = client_of(Role.OVERSIGHT)
    page = text(client)
    found = re.search(r'hx-get="(/oversight/today/\?[^"]*last=\d+)"', page)
    assert found is not None
    address = found[1].replace("&amp;", "&")
    assert client.get(address).status_code == 204
    made = county()
    person = made.person("registered_poor")
    settled(made.first, bill(person))
    renewed = client.get(address)
    assert renewed.status_code == 200
    assert "<b data-bills>1</b>" in renewed.content.decode()
    assert "30,000.00" in renewed.content.decode()
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    reads = [one["sql"] for one in caught.captured_queries if "settlement_" in one["sql"]]
    assert len(reads) <= 2


def test_targets_of_the_policy_are_measured_on_real_settlements() -> None:
    made = county()
    person = made.person("registered_poor")
    answer = settled(made.first, bill(person))
    page = text(client_of(Role.OVERSIGHT))
    assert "救助对象住院政策范围内补偿比" in page
    assert "不低于" in page
    assert f"{answer.patient_fen // 100:,}" in page


def test_others_do_not_get_in_and_auditors_get_no_list() -> None:
    assert client_of(Role.WINDOW).get(HERE).status_code == 403
    assert client_of(Role.SYSTEM_ADMIN).get(HERE).status_code == 403
    page = text(client_of(Role.AUDIT))
    assert "查看结算清单" not in page


def test_pages_ask_the_same_of_many_rows_as_of_few() -> None:
    client = client_of(Role.OVERSIGHT)
    counted = []
    for size in (8, 120):
        rows(size)
        written([one(Random(size), TODAY, region=520203101)])
        client.get(HERE)
        with CaptureQueriesContext(connection) as caught:
            client.get(HERE)
        counted.append(len(caught.captured_queries))
    assert counted[0] == counted[1]


def test_addresses_of_filters_come_back_as_they_were() -> None:
    for query in (
        "",
        "span=year",
        "month=2026-01&region=520203101000&disease=IX",
        "category=poor&care=inpatient",
    ):
        wanted = read(
            {key: value for key, _, value in (part.partition("=") for part in query.split("&") if part)},
            TODAY,
        )
        assert query_of(wanted, TODAY) == query
    assert read({"month": "1999-13"}, TODAY).month == TODAY.replace(day=1)
    assert read({"month": f"{TODAY + timedelta(days=62):%Y-%m}"}, TODAY).month == TODAY.replace(day=1)
    assert read({}, date(2026, 3, 31)).month == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, ("0", "元"), ("0", "")), (99_50, ("99.50", "元"), ("99.50", "")),
        (1_284_500_00, ("128.5", "万元"), ("1.28", "m")), (327_000_000_00, ("3.27", "亿元"), ("327.0", "m")),
        (9_999_99, ("9,999.99", "元"), ("10.00", "k")),
    ],
)  # fmt: skip
def test_large_sums_are_short(fen: int, zh: tuple[str, str], en: tuple[str, str]) -> None:
    assert large(fen, "zh") == zh
    assert large(fen, "en") == en
