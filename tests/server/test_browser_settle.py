"""The window by keyboard alone: from an ID number to the printed slip, what stops a clerk on the way, and taking it back.

The time and the number of keys are printed: the goal is under a minute and fewer than 120 keys, the number included.
"""

import time
from typing import Any

import pytest

from support.browser import Tab
from support.demo_people import a_number

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TAB = "\t"
MOST_KEYS = 120


class Keys:
    """A keyboard that counts. Nothing else touches the page."""

    def __init__(self, page: Any) -> None:
        self.page, self.pressed, self.began = page, 0, time.monotonic()

    def type(self, text: str) -> None:
        """Characters, one key each; a tab moves on."""
        for character in text:
            if character == TAB:
                self.page.keyboard.press("Tab")
            else:
                self.page.keyboard.type(character)
            self.pressed += 1

    def press(self, *keys: str) -> None:
        """Keys by their names."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def at_the_person(tab: Tab) -> Keys:
    """Signed in, with the person on the screen."""
    tab.sign_in("window")
    tab.page.wait_for_selector("#number:focus")
    keys = Keys(tab.page)
    keys.type(a_number(tab.site))
    keys.press("Enter")
    tab.page.wait_for_url("**/window/person/*/")
    return keys


def at_the_bill(tab: Tab) -> Keys:
    keys = at_the_person(tab)
    keys.press("F9")
    tab.page.wait_for_url("**/bill/**")
    tab.page.wait_for_selector("#admitted_on:focus")
    return keys


def caught_up(tab: Tab) -> None:
    """The trial on the screen is of what is typed."""
    tab.page.wait_for_selector("#bill:not([data-dirty]):not(.htmx-request)")


def looked_at(tab: Tab, keys: Keys) -> None:
    """Tick every notice: F9 goes to the next that was not looked at, the space bar ticks it."""
    for _ in range(4):
        boxes = tab.page.locator("#result [data-seen]:not(:checked)")
        if not boxes.count():
            return
        code = boxes.first.get_attribute("value")
        keys.press("F9")
        tab.page.wait_for_selector("[data-seen]:focus")
        keys.press("Space")
        tab.page.wait_for_selector(f"#result #seen-{code}:checked")
        caught_up(tab)


def test_from_an_id_number_to_the_printed_slip_without_a_mouse(
    tab: Tab, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = at_the_bill(tab)
    keys.type(f"1101{TAB}1112{TAB}{TAB}M17.9{TAB}26000.5{TAB}{TAB}2000{TAB}{TAB}1000")
    tab.page.wait_for_selector("#result [data-trial]")
    caught_up(tab)
    looked = time.monotonic()  # what the test looks at is not the clerk's time
    due = tab.page.locator("#result .due .value").inner_text()
    tab.shot("window-trial")
    tab.accessible()
    keys.began += time.monotonic() - looked
    looked_at(tab, keys)
    keys.press("F9")
    tab.page.wait_for_url("**/window/settlement/*/")
    tab.page.evaluate("window.print = () => { window.printed = true; }")
    slip = tab.page.locator(".slip-paper img")
    slip.evaluate("image => image.decode()")
    keys.press("F10")
    assert tab.page.evaluate("window.printed") is True
    took = time.monotonic() - keys.began
    with capsys.disabled():
        print(f"\nfrom the ID number to the printed slip: {keys.pressed} keys, {took:.1f} s on this machine")
    assert keys.pressed < MOST_KEYS
    assert tab.page.locator(".due .value").first.inner_text() == due
    assert slip.evaluate("image => image.naturalWidth") > 0
    pdf = tab.page.request.get(tab.page.url + "slip.pdf")
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF")
    tab.shot("window-settled")
    tab.accessible()


def test_what_is_wrong_is_said_and_settling_waits_for_it(tab: Tab) -> None:
    keys = at_the_bill(tab)
    keys.type(f"1102{TAB}1113{TAB}{TAB}M17.9{TAB}1000{TAB}{TAB}2000")
    refusal = tab.page.locator("#result [data-refusal=parts_differ]")
    refusal.wait_for()
    assert tab.page.evaluate("document.activeElement.id") == "first_pay"  # a trial does not move the cursor
    keys.press("Control+a")
    keys.type("200")
    tab.page.wait_for_selector("#result [data-trial]")
    caught_up(tab)
    if tab.page.locator("#result [data-seen]").count():
        keys.press("F9")  # not settled: the cursor goes to what was not looked at
        tab.page.wait_for_selector("[data-seen]:focus")
        assert "/bill/" in tab.page.url
    looked_at(tab, keys)
    keys.press("F9")
    tab.page.wait_for_url("**/window/settlement/*/")


def test_a_mistake_is_taken_back_with_what_it_undoes_on_the_screen(tab: Tab) -> None:
    keys = at_the_bill(tab)
    keys.type(f"1103{TAB}1114{TAB}{TAB}M17.9{TAB}7000")
    tab.page.wait_for_selector("#result [data-trial]")
    caught_up(tab)
    looked_at(tab, keys)
    keys.press("F9")
    tab.page.wait_for_url("**/window/settlement/*/")
    due = tab.page.locator(".due .value").first.inner_text().removeprefix("¥ ")
    keys.press("F4")
    tab.page.wait_for_selector("#reversal-reason:focus")
    assert due in tab.page.locator("[data-reversal] .consequence").inner_text()
    tab.shot("window-reversal")
    tab.accessible()
    keys.type("费用录入错误")
    keys.press("Enter")
    tab.page.wait_for_selector("[data-state=reversed]")
    assert "费用录入错误" in tab.page.locator("[role=status]").first.inner_text()
    assert tab.page.locator("[data-key=F4]").count() == 0


def test_the_bill_on_a_phone_and_in_the_dark(phone: Tab) -> None:
    phone.page.emulate_media(color_scheme="dark")
    at_the_bill(phone)
    phone.page.fill("#total", "5000")
    phone.page.wait_for_selector("#result [data-trial]")
    phone.narrow()
    phone.accessible()
    phone.shot("window-bill-phone-dark")
