"""Oversight in a real browser: pictures that are drawn, a bar that opens down to the bills, numbers that renew alone."""

from pathlib import Path
from random import Random

import pytest

from support.browser import Tab
from support.overseeing import inserted, one
from support.server import connect
from support.settling import TODAY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOWN = 520203101


def settle(tab: Tab, cluster: Path, seed: int, count: int = 1) -> None:
    """Bills of today in the demo's county, beside whatever the demo has."""
    with connect(cluster, tab.site.facts["database"]) as admin:
        for place in range(count):
            row = one(Random(seed + place), TODAY, region=TOWN, kind="settled", version=1, replaces_id=None)
            row.root_id = row.id
            inserted(admin, row)


def test_a_click_on_a_bar_narrows_and_the_next_one_lists_the_bills(tab: Tab, database_cluster: Path) -> None:
    settle(tab, database_cluster, 20, 12)
    tab.sign_in("oversight")
    tab.page.wait_for_url("**/oversight/")
    picture = tab.page.locator("#where .canvas")
    tab.page.locator("#where canvas").wait_for()
    tab.page.locator("#what canvas").wait_for()
    tab.shot("oversight")
    tab.accessible()
    middle = """element => {
      const chart = window.doudiCharts.at(element), [x, y] = chart.convertToPixel({ gridIndex: 0 }, [1, 0]);
      const box = element.getBoundingClientRect();
      return [box.left + x + 3, box.top + y];
    }"""
    clicks = 0
    while "/county/settlements/" not in tab.page.url:  # from the city down to a township, and on to the list
        here = tab.page.url
        tab.page.locator("#where canvas").wait_for()
        picture.scroll_into_view_if_needed()
        tab.page.mouse.click(*picture.evaluate(middle))
        tab.page.wait_for_url(lambda address, here=here: address != here)
        assert "region=52" in tab.page.url
        clicks += 1
    assert clicks > 1
    assert tab.page.locator("tbody tr").count() > 0
    tab.go("/oversight/")
    table = tab.page.locator("#who details")
    table.locator("summary").click()
    table.locator("tbody a").first.click()
    tab.page.wait_for_url("**category=*")


def test_todays_numbers_change_without_a_reload(tab: Tab, database_cluster: Path) -> None:
    tab.sign_in("oversight")
    tab.page.wait_for_url("**/oversight/")
    bills = tab.page.locator("#today [data-bills]")
    before = int(bills.inner_text().replace(",", ""))
    tab.page.evaluate("window.notReloaded = true")
    settle(tab, database_cluster, 40)
    tab.page.locator("#today [data-bills]", has_text=f"{before + 1:,}").wait_for(timeout=15_000)
    assert tab.page.evaluate("window.notReloaded")


def test_oversight_on_a_phone_and_in_the_dark(phone: Tab, database_cluster: Path) -> None:
    settle(phone, database_cluster, 60, 3)
    phone.page.emulate_media(color_scheme="dark")
    phone.sign_in("oversight")
    phone.page.locator("#what canvas").wait_for()
    phone.narrow()
    phone.accessible()
    phone.shot("oversight-phone-dark")
    phone.go("/oversight/?span=year")
    phone.page.locator("#trend canvas").wait_for()
    phone.narrow()
