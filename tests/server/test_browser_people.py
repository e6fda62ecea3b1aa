"""A person's record in a real browser: forms in place, a late change sent for approval, lists, the window's filing."""

import pytest

from support.browser import Tab
from support.demo_people import a_number

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LISTS = (
    "recognitions/",
    "recognitions/?view=counts",
    "enrolments/",
    "filings/",
    "households/",
    "people/new/",
)


def test_a_late_recognition_is_sent_for_approval_from_the_page_of_the_person(tab: Tab) -> None:
    tab.sign_in("county")
    tab.go("/county/people/")
    tab.page.locator("tbody a").first.click()
    tab.page.locator("a.button", has_text="认定身份").click()
    form = tab.page.locator("#doing-standing form")
    form.wait_for()
    assert tab.page.evaluate("document.activeElement.name") == "category"
    tab.accessible()
    form.locator("[name=category]").select_option("orphan")
    form.locator("[name=evidence]").fill("民政局名单")
    form.locator("[name=from_date]").fill("2025-01-01")
    form.locator("[name=last_day]").fill("2024-01-01")
    form.locator("button.do").click()
    form.locator("button.late").wait_for()
    tab.shot("county-person-late")
    form.locator("[name=last_day]").fill("")
    form.locator("button.late").click()
    tab.page.wait_for_url("**proposed=*")
    assert "已提交审批" in tab.page.locator("[role=status]").first.inner_text()
    tab.page.locator("a", has_text="更正").first.click()
    tab.page.locator("#doing-who form [name=name]").fill("张3")
    tab.page.locator("#doing-who form [name=reason]").fill("核对")
    tab.page.locator("#doing-who button.do").click()
    wrong = tab.page.locator("#doing-who .field [data-where=name]")
    wrong.wait_for()  # beside its field
    assert tab.page.locator("#doing-who [name=name]").get_attribute("aria-invalid") == "true"
    tab.accessible()
    tab.page.locator("#doing-who [data-close-deed]").click()
    assert tab.page.locator("#doing-who form").count() == 0


def test_the_lists_are_accessible_and_one_leaves_as_excel(tab: Tab) -> None:
    tab.sign_in("county")
    for address in LISTS:
        tab.go(f"/county/{address}")
        tab.accessible()
    tab.go("/county/recognitions/")
    tab.page.locator("summary", has_text="导出").click()
    tab.page.fill("#export-purpose", "月度核对")
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="导出", exact=True).click()
    assert download.value.suggested_filename.startswith("身份认定-")
    tab.go("/county/recognitions/?view=counts")
    tab.shot("county-recognitions-counts")
    tab.page.locator("tbody td a").first.click()
    tab.page.wait_for_url("**category=*")
    assert tab.page.locator("tbody tr").count() >= 1


def test_a_clerk_files_a_referral_by_keyboard(tab: Tab) -> None:
    tab.sign_in("window")
    tab.page.keyboard.type(a_number(tab.site))
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/window/person/*/")
    tab.page.keyboard.press("F4")
    tab.page.locator("#doing-filing form").wait_for()
    assert tab.page.evaluate("document.activeElement.name") == "target"
    tab.accessible()
    tab.page.locator("[name=target]").select_option("level:city")
    tab.page.locator("[name=reason]").fill("病情需要转上级医院")
    tab.page.locator("[name=evidence]").press("Enter")
    tab.page.locator(".timeline", has_text="任何市级医院").wait_for()
    tab.shot("window-referral")


def test_the_lists_on_a_phone_in_the_dark(phone: Tab) -> None:
    phone.page.emulate_media(color_scheme="dark")
    phone.sign_in("county")
    for address in (*LISTS, "people/", "emergency/"):
        phone.go(f"/county/{address}")
        phone.narrow()
    phone.accessible()
