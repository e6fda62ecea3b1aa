"""The county's settlements in a browser: from the list to one bill, proved; known late, approved, posted anew."""

from datetime import timedelta
from typing import Any

import pytest

from doudi.server.kernel import clock
from support.browser import DESK, Site, Tab, open_tab

pytestmark = pytest.mark.browser
LARGE = "/county/settlements/?period=month&care=inpatient&patient_from=1000"


def test_what_becomes_known_late_is_settled_anew_by_two_people(
    tab: Tab, phone: Tab, playwright_browser: Any, site: Site
) -> None:
    page = tab.page
    tab.sign_in("county")
    tab.go(LARGE)
    tab.accessible()
    tab.shot("county-settlements")
    person = page.locator("tbody td a[href*='/people/']").first.get_attribute("href")
    page.locator("tbody td a.code").first.click()
    page.wait_for_selector("text=谁付多少")
    bill = page.url
    page.keyboard.press("F9")
    page.wait_for_selector('[data-identical="yes"]')
    tab.accessible()
    tab.go(person)
    page.locator("a.button", has_text="认定身份").click()
    form = page.locator("#doing-standing form")
    form.wait_for()
    form.locator("[name=category]").select_option("tuberculosis")
    form.locator("[name=evidence]").fill("县疾控中心名单")
    form.locator("[name=from_date]").fill(str(clock.today() - timedelta(days=28)))
    form.locator("button.do").click()
    page.locator(".timeline", has_text="结核").first.wait_for()
    number = person.rstrip("/").split("/")[-1] if person else ""
    tab.go(f"/county/readjudications/{number}/")
    tab.accessible()
    tab.shot("county-readjudication")
    page.fill("#reason", "追溯认定肺结核")
    page.keyboard.press("F9")
    page.wait_for_url("**proposed=*")
    tab.accessible()
    proposal = page.url.split("proposed=")[1]
    context, approver = open_tab(playwright_browser, site, DESK)
    approver.sign_in("county_approver")
    approver.go(f"/county/proposals/{proposal}/")
    approver.page.wait_for_selector("text=笔合计变动")
    approver.accessible()
    approver.shot("county-readjudication-approval")
    approver.page.keyboard.press("F9")
    approver.page.wait_for_url("**/county/proposals/")
    context.close()
    assert approver.wrong == []
    page.goto(bill)
    page.wait_for_selector("text=已重新结算")
    assert "第 2 版" in page.locator(".timeline").inner_text()
    page.keyboard.press("F9")
    page.wait_for_selector('[data-identical="yes"]')
    phone.sign_in("county")
    for address in (
        "/county/settlements/",
        bill.removeprefix(site.address),
        "/county/readjudications/",
        "/county/holds/",
    ):
        phone.go(address)
        phone.narrow()
