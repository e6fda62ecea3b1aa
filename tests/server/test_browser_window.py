"""The window in a real browser: from the door to the card by keyboard alone, also on a phone, light and dark."""

import pytest

from support.browser import Tab
from support.demo_people import a_number

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_clerk_finds_a_person_by_keyboard_and_reads_the_card(tab: Tab) -> None:
    tab.sign_in("window")
    tab.shot("window-home")
    tab.accessible()
    tab.page.keyboard.type(a_number(tab.site))  # the box has the focus
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/window/person/*/")
    assert tab.page.locator("[data-card]").count() == 1
    assert tab.page.locator("[data-payer]").count() >= 3
    number = tab.page.locator(".who-is .code").first.inner_text()
    assert "********" in number
    tab.shot("window-person")
    tab.accessible()
    tab.page.keyboard.press("F2")
    assert tab.page.evaluate("document.activeElement.id") == "number"


def test_unknown_and_mistyped_numbers_are_answered_beside_the_box(tab: Tab) -> None:
    tab.sign_in("window")
    tab.page.keyboard.type("520203198001010010")
    tab.page.keyboard.press("Enter")
    message = tab.page.locator("#finder-message [role=alert]")
    message.wait_for()
    assert "没有查到" in message.inner_text()
    assert tab.page.input_value("#number") == "520203198001010010"


def test_the_window_on_a_phone_and_in_the_dark(phone: Tab) -> None:
    phone.page.emulate_media(color_scheme="dark")
    phone.sign_in("window")
    phone.page.fill("#number", a_number(phone.site))
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_url("**/window/person/*/")
    phone.narrow()
    phone.accessible()
    phone.shot("window-person-phone-dark")


def test_an_officer_finds_a_person_and_looks_at_another_day(tab: Tab) -> None:
    tab.sign_in("county")
    tab.go("/county/people/")
    tab.shot("county-people")
    tab.accessible()
    tab.page.locator("tbody a").first.click()
    tab.page.wait_for_url("**/county/people/*/")
    tab.accessible()
    tab.shot("county-person")
    tab.page.locator("summary", has_text="查看完整信息").click()
    tab.page.fill("#purpose", "核对身份证复印件")
    tab.page.get_by_role("button", name="查看", exact=True).click()
    shown = tab.page.locator("#unmasked [role=status]")
    shown.wait_for()
    assert "审计轨迹" in shown.inner_text()
    tab.page.locator(".top details summary").click()
    tab.page.get_by_role("button", name="English").click()
    tab.page.wait_for_load_state()
    assert tab.page.locator("#card-title").inner_text().startswith("Entitlements")
