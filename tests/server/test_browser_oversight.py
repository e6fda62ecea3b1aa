"""Oversight in a real browser: pictures that are drawn, a bar that opens down to the bills, numbers that renew alone."""

import subprocess
import sys

import pytest

from support.browser import Tab
from support.demo_people import a_number

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SETTLE = """
import sys, django; django.setup()
from doudi.server.access.roles import Role
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people.api import find_at_facility
from doudi.server.reference.models import Facility
from doudi.server.settlement.api import BillInput, settle, trial
number, serial, count = sys.argv[1:]
with scoped(Scope(EVERYWHERE)):
    hospital = Facility.objects.filter(region=520203000, standings__level="county").order_by("pk")[0].pk
clerk = Actor(user=1, login="clerk", roles=frozenset({Role.WINDOW}), facility=hospital)
now, today = clock.now(), clock.today()
person = find_at_facility(actor=clerk, now=now, number=number).person.id
for place in range(int(count)):
    bill = BillInput(
        person=person, care="outpatient", admitted_on=today, discharged_on=today, in_scope_fen=10_000 + place
    )
    seen = tuple(one.code for one in trial(viewer=clerk, bill=bill).notices)
    settle(actor=clerk, now=now, key=None, serial=f"{serial}{place}", bill=bill, seen=seen)
"""


def settle(tab: Tab, serial: str, count: int = 1) -> None:
    """Bills of today in the demo's county, settled as at a window; the site is shared, so nothing else will do."""
    given = [sys.executable, "-c", SETTLE, a_number(tab.site), serial, str(count)]
    done = subprocess.run(
        given, env=tab.site.facts["environment"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_a_click_on_a_bar_narrows_and_the_next_one_lists_the_bills(tab: Tab) -> None:
    settle(tab, "OVERSEEN-A", 3)
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


def test_todays_numbers_change_without_a_reload(tab: Tab) -> None:
    tab.sign_in("oversight")
    tab.page.wait_for_url("**/oversight/")
    bills = tab.page.locator("#today [data-bills]")
    before = int(bills.inner_text().replace(",", ""))
    tab.page.evaluate("window.notReloaded = true")
    settle(tab, "OVERSEEN-B")
    tab.page.locator("#today [data-bills]", has_text=f"{before + 1:,}").wait_for(timeout=15_000)
    assert tab.page.evaluate("window.notReloaded")


def test_oversight_on_a_phone_and_in_the_dark(phone: Tab) -> None:
    settle(phone, "OVERSEEN-C")
    phone.page.emulate_media(color_scheme="dark")
    phone.sign_in("oversight")
    phone.page.locator("#what canvas").wait_for()
    phone.narrow()
    phone.accessible()
    phone.shot("oversight-phone-dark")
    phone.go("/oversight/?span=year")
    phone.page.locator("#trend canvas").wait_for()
    phone.narrow()
