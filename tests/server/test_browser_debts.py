"""Debts in a real browser: the hospital takes money by keyboard, the county reads by age; light, dark, on a phone."""

import pytest

from support.browser import Tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_clerk_takes_a_debt_in_two_keystrokes(tab: Tab) -> None:
    tab.sign_in("window")
    tab.go("/window/debts/")
    tab.accessible()
    tab.shot("window-debts")
    before = tab.page.locator("tbody tr").count()
    assert before, "the demo has bills that wait for their patients"
    tab.page.keyboard.press("F8")
    tab.page.wait_for_url("**/window/debts/*/")
    tab.accessible()
    tab.page.keyboard.press("F8")
    assert tab.page.evaluate("document.activeElement.id") == "pay-sum"
    tab.page.keyboard.press("Enter")
    tab.page.locator("#debt .chip.good").wait_for()
    tab.page.emulate_media(color_scheme="dark")
    tab.accessible()
    tab.shot("window-debt-dark")


def test_an_agreement_is_typed_where_the_debt_stands(tab: Tab) -> None:
    tab.sign_in("window")
    tab.go("/window/debts/")
    tab.page.keyboard.press("F8")
    tab.page.wait_for_url("**/window/debts/*/")
    tab.page.keyboard.press("F7")
    tab.page.locator("#doing-debt form").wait_for()
    tab.accessible()
    tab.page.locator("#doing-debt button.do").click()
    refused = tab.page.locator("[data-refusal=not_entitled_to_defer]")
    refused.wait_for()
    tab.page.check("[name=hospital_agrees]")
    tab.page.fill("#doing-debt [name=reason]", "家庭困难")
    tab.page.fill("#doing-debt [name=count]", "4")
    tab.page.locator("#doing-debt button.do").click()
    tab.page.locator("text=医院自行同意：家庭困难").wait_for()
    assert tab.page.locator("section:has(h2:text('付款约定')) tbody tr").count() == 4
    tab.shot("window-debt-agreed")


def test_the_county_reads_debts_by_age_also_on_a_phone(phone: Tab) -> None:
    phone.page.emulate_media(color_scheme="dark")
    phone.sign_in("county")
    for address in ("/county/debts/", "/county/cases/"):
        phone.go(address)
        phone.narrow()
        phone.accessible()
    phone.go("/county/debts/")
    phone.page.locator("tbody a[href*='/county/debts/']").first.click()
    phone.page.wait_for_url("**/county/debts/*/")
    phone.narrow()
    phone.accessible()
    phone.shot("county-debt-phone-dark")
