"""A policy read and its assumptions confirmed in a real browser; facilities, funds and the catalogue beside it."""

import pytest

from support.browser import Tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_officer_reads_the_policy_and_confirms_what_it_assumes(tab: Tab) -> None:
    tab.sign_in("county")
    tab.go("/county/inbox/")
    tab.shot("county-inbox")
    tab.accessible()
    tab.page.locator(".menu a", has_text="执行政策").click()
    tab.shot("county-policies")
    tab.accessible()
    tab.page.locator(".policy-row a").first.click()
    tab.page.locator(".law").wait_for()
    tab.shot("county-policy")
    tab.accessible()
    mark = tab.page.locator(".mark-of a").first
    target = mark.get_attribute("href")
    mark.click()
    assert tab.page.locator(str(target)).count() == 1
    tab.page.locator(".tabs a", has_text="假定").click()
    tab.accessible()
    first = tab.page.locator("#assumption-1")
    first.get_by_role("button", name="本县不同").click()
    first.locator("[role=alert]").wait_for()  # a note is needed
    first.get_by_role("textbox").fill("本县按文件施行日起")
    first.get_by_role("button", name="本县不同").click()
    tab.page.locator("#assumption-1.differs").wait_for()
    tab.shot("county-assumptions")
    tab.accessible()
    first.get_by_role(
        "button", name="是这样"
    ).click()  # the last look counts, and the county can settle again
    tab.page.locator("#assumption-1.confirmed").wait_for()
    whole = tab.page.locator(".assumption").count() or tab.page.locator("[id^=assumption-]").count()
    assert tab.page.locator("#progress .value").first.inner_text() == f"{whole} / {whole}"


def test_facilities_funds_and_the_catalogue(tab: Tab, phone: Tab) -> None:
    tab.sign_in("county")
    for name in ("facilities", "funds", "catalogue", "diseases"):
        tab.go(f"/county/{name}/")
        tab.shot(f"county-{name}")
        tab.accessible()
    tab.go("/county/facilities/")
    tab.page.locator("tbody a").first.click()
    tab.page.wait_for_url("**/county/facilities/*/")
    tab.page.locator("summary", has_text="停业").click()
    tab.accessible()
    phone.sign_in("county_approver")
    for name in (
        "facilities",
        "funds",
        "catalogue",
        "policies",
        "policies/1",
        "policies/1/assumptions",
        "proposals",
    ):
        phone.go(f"/county/{name}/")
        phone.narrow()
