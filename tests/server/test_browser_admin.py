"""The administrators' desk in a real browser: an account is made by one, given its post by another, and comes to life."""

import re

import pytest

from support.browser import Tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOGIN = "li.ming"


def test_an_account_is_made_posted_and_activated(tab: Tab) -> None:
    tab.sign_in("system_admin")
    tab.page.wait_for_url("**/admin/users/")
    tab.shot("admin-users")
    tab.accessible()
    tab.page.locator("summary", has_text="新建账号").click()
    tab.page.fill("#login", LOGIN)
    tab.page.fill("#display_name", "李明")
    tab.page.get_by_role("button", name="建立账号").click()
    tab.page.wait_for_url(re.compile(r"/admin/users/\d+/"))
    address = tab.page.url.removeprefix(tab.site.address)
    tab.page.get_by_role("button", name="签发激活码").click()
    code = tab.page.locator("[data-secret]")
    code.wait_for()
    secret = code.inner_text()
    tab.shot("admin-activation")
    tab.accessible()
    tab.page.context.clear_cookies()

    tab.sign_in("security_admin")
    tab.go(address)
    tab.page.select_option("#role", "county")
    tab.page.locator("#place").press_sequentially("六枝")
    tab.page.locator("#places input").first.wait_for()
    tab.page.locator("#places input").first.check()
    tab.shot("admin-grant")
    tab.accessible()
    tab.page.get_by_role("button", name="授予岗位").click()
    tab.page.locator("td", has_text="县级经办").wait_for()
    tab.page.select_option("#role", "county_approver")
    tab.page.locator("#place").press_sequentially("六枝")
    tab.page.locator("#places input").first.check()
    tab.page.get_by_role("button", name="授予岗位").click()
    refused = tab.page.locator("#grant-message [role=alert]")
    refused.wait_for()
    assert "不能由同一人担任" in refused.inner_text()
    tab.page.context.clear_cookies()

    tab.go("/activate/")
    tab.page.fill("input[name=login]", LOGIN)
    tab.page.fill("input[name=code]", secret)
    tab.page.fill("input[name=new]", "Liming-liuzhi-2026")
    tab.page.fill("input[name=again]", "Liming-liuzhi-2026")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/sign-in/")
    tab.page.fill("input[name=login]", LOGIN)
    tab.page.fill("input[name=password]", "Liming-liuzhi-2026")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(lambda there: "/sign-in/" not in there)
    assert "县级经办" in tab.page.locator(".place").inner_text()


def test_accounts_and_reviews_on_a_phone(phone: Tab) -> None:
    phone.sign_in("security_admin")
    phone.page.wait_for_url("**/admin/users/")
    phone.narrow()
    phone.accessible()
    phone.shot("admin-users-phone")
    phone.page.locator("tbody a").first.click()
    phone.page.wait_for_url(re.compile(r"/admin/users/\d+/"))
    phone.narrow()
    phone.accessible()
    phone.shot("admin-user-phone")
    phone.go("/admin/reviews/")
    phone.narrow()
    phone.accessible()
    phone.shot("admin-reviews-phone")
