"""The books in a real browser: from the sums of a month to an entry; floats, periods; the hospital's side."""

import pytest

from support.browser import Tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_officer_follows_the_money_down_to_an_entry(tab: Tab) -> None:
    tab.sign_in("county")
    tab.page.locator(".menu a", has_text="资金台账").click()
    tab.page.locator(".figure.good", has_text="平衡").wait_for()
    tab.shot("county-ledger")
    tab.accessible()
    tab.page.locator("tbody a", has_text="医疗费用").click()
    tab.shot("county-ledger-kind")
    tab.accessible()
    tab.page.locator("tbody a").first.click()
    for _ in range(6):  # the demo's last bill of this account may lie some months back
        if tab.page.locator("tbody a.code").count():
            break
        tab.page.locator("a[rel=prev]").click()
    tab.shot("county-ledger-account")
    tab.accessible()
    tab.page.locator("tbody a.code").first.click()
    tab.page.wait_for_url("**/county/ledger/entry/*/")
    tab.shot("county-ledger-entry")
    tab.accessible()
    tab.page.locator(".actions a", has_text="全部凭证").click()
    tab.page.wait_for_url("**/county/ledger/of/**")
    tab.accessible()


def test_money_comes_into_a_float(tab: Tab, phone: Tab) -> None:
    tab.sign_in("county")
    tab.go("/county/floats/")
    tab.shot("county-floats")
    tab.accessible()
    tab.page.fill("#deposit_sum", "120,000.50")
    tab.page.fill("#deposit_voucher", "农信-1125-7")
    tab.page.get_by_role("button", name="登记到账").click()
    tab.page.locator("td", has_text="农信-1125-7").wait_for()
    assert "120,000.50" in tab.page.locator("tr", has_text="农信-1125-7").inner_text()
    tab.page.locator("summary", has_text="退回部门").click()
    tab.page.fill("#return_sum", "99999999")
    tab.page.fill("#return_voucher", "1")
    tab.page.get_by_role("button", name="登记退回").click()
    tab.page.locator("[role=alert]", has_text="超过周转金余额").wait_for()
    tab.go("/county/periods/")
    tab.shot("county-periods")
    tab.accessible()
    phone.sign_in("county_approver")
    for name in ("ledger", "floats", "periods", "ledger/?kind=due"):
        phone.go(f"/county/{name}" if "?" in name else f"/county/{name}/")
        phone.shot(f"phone-{name.split('/')[0]}{'-due' if '?' in name else ''}")
        phone.narrow()
        phone.accessible()


def test_the_hospital_sees_what_it_is_owed(tab: Tab, phone: Tab) -> None:
    tab.sign_in("window")
    tab.page.locator(".menu a", has_text="应收款").click()
    tab.page.locator("h1", has_text="应收款").wait_for()
    tab.shot("window-finance")
    tab.accessible()
    phone.sign_in("window")
    phone.go("/finance/")
    phone.shot("phone-finance")
    phone.narrow()
    phone.accessible()
