"""The county's settlements in a browser: from the list to one bill, proved; known late, approved, posted anew."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from doudi.server.kernel import clock
from support.browser import DESK, Site, Tab, open_tab
from support.server import connect

pytestmark = pytest.mark.browser
LARGE = "/county/settlements/?period=month&care=inpatient&patient_from=1000"
EARLY = 28
"""Days back that an officer may still enter a category alone."""
UNRECOGNISED = """
SELECT person_id, root_id FROM settlement_settlement
 WHERE superseded_at IS NULL AND kind = 'settled' AND care = 'inpatient' AND categories = '{}' AND region < 522000000
   AND admitted_on >= %s AND patient_in_scope_fen > 50000
 ORDER BY root_id LIMIT 1
"""


def unrecognised(site: Site, cluster: Path, known_from: date) -> tuple[int, int]:
    """A person without a category and the root of a bill of theirs, whoever else was settled on this site meanwhile."""
    with connect(cluster, site.facts["database"]) as reader:
        found = reader.execute(UNRECOGNISED, [known_from]).fetchone()
    assert found is not None
    return found


def recognise(tab: Tab, number: int, known_from: date) -> None:
    tab.go(f"/county/people/{number}/")
    tab.page.locator("a.button", has_text="认定身份").click()
    form = tab.page.locator("#doing-standing form")
    form.wait_for()
    form.locator("[name=category]").select_option("tuberculosis")
    form.locator("[name=evidence]").fill("县疾控中心名单")
    form.locator("[name=from_date]").fill(str(known_from))
    form.locator("button.do").click()
    tab.page.locator(".timeline", has_text="结核").first.wait_for()


def approve(browser: Any, site: Site, proposal: str) -> None:
    context, approver = open_tab(browser, site, DESK)
    approver.sign_in("county_approver")
    approver.go(f"/county/proposals/{proposal}/")
    approver.page.wait_for_selector("text=笔合计变动")
    approver.accessible()
    approver.shot("county-readjudication-approval")
    approver.page.keyboard.press("F9")
    approver.page.wait_for_url("**/county/proposals/")
    context.close()
    assert approver.wrong == []


def test_what_becomes_known_late_is_settled_anew_by_two_people(
    tab: Tab, phone: Tab, playwright_browser: Any, site: Site, database_cluster: Path
) -> None:
    known_from = clock.today() - timedelta(days=EARLY)
    number, root = unrecognised(site, database_cluster, known_from)
    page = tab.page
    tab.sign_in("county")
    tab.go(LARGE)
    tab.accessible()
    tab.shot("county-settlements")
    page.locator("tbody td a.code").first.click()
    page.wait_for_selector("text=谁付多少")
    tab.go(f"/county/settlements/{root}/")
    page.wait_for_selector("text=谁付多少")
    bill = page.url
    page.keyboard.press("F9")
    page.wait_for_selector('[data-identical="yes"]')
    tab.accessible()
    recognise(tab, number, known_from)
    tab.go(f"/county/readjudications/{number}/")
    tab.accessible()
    tab.shot("county-readjudication")
    page.fill("#reason", "追溯认定肺结核")
    page.keyboard.press("F9")
    page.wait_for_url("**proposed=*")
    tab.accessible()
    approve(playwright_browser, site, page.url.split("proposed=")[1])
    page.goto(bill)
    page.wait_for_selector("text=已重新结算")
    assert "第 2 版" in page.locator(".timeline").inner_text()
    page.keyboard.press("F9")
    page.wait_for_selector('[data-identical="yes"]')
    phone.sign_in("county")
    settlement = bill.removeprefix(site.address)
    for address in ("/county/settlements/", settlement, "/county/readjudications/", "/county/holds/"):
        phone.go(address)
        phone.narrow()
