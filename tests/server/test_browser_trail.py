"""The audit desk in a real browser: reading the trail, opening an event, who saw a person, verifying all of it."""

import re
from pathlib import Path

import pytest

from support.browser import Tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_auditor_reads_opens_narrows_and_exports(tab: Tab, tmp_path: Path) -> None:
    tab.sign_in("audit")
    tab.page.wait_for_url("**/trail/events/")
    tab.shot("trail-home")
    tab.accessible()
    row = tab.page.locator(".trail details").first
    row.locator("summary").click()
    row.locator("dl.facts").wait_for()
    assert "链" in row.inner_text() or "尚未封存" in row.inner_text()
    tab.shot("trail-event-open")
    tab.accessible()
    tab.page.locator(".day-bars a").last.click()
    tab.page.wait_for_url("**from=*until=*")
    tab.page.select_option("#event", "access")
    tab.page.get_by_role("button", name="筛选").click()
    tab.page.wait_for_url("**event=access**")
    assert "登录" in tab.page.locator("tbody").inner_text()
    tab.page.locator("summary", has_text="导出 Excel").click()
    tab.page.fill("#purpose", "季度检查")
    with tab.page.expect_download() as waiting:
        tab.page.locator(".sheet").get_by_role("button", name="导出").click()
    waiting.value.save_as(tmp_path / "trail.xlsx")
    assert (tmp_path / "trail.xlsx").read_bytes()[:2] == b"PK"


def test_who_saw_a_person_whose_whole_number_was_shown(tab: Tab) -> None:
    tab.sign_in("county")
    tab.go("/county/people/")
    tab.page.locator("tbody a").first.click()
    tab.page.wait_for_url("**/county/people/*/")
    number = re.search(r"/people/(\d+)/", tab.page.url)
    assert number is not None
    tab.page.locator("summary", has_text="查看完整信息").click()
    tab.page.fill("#purpose", "核对身份证复印件")
    tab.page.get_by_role("button", name="查看", exact=True).click()
    tab.page.locator("#unmasked [role=status]").wait_for()
    officer = tab.site.accounts["county"][0]
    tab.page.context.clear_cookies()
    tab.sign_in("audit")
    tab.go(f"/county/people/{number[1]}/")
    tab.page.get_by_role("link", name="谁看过此人").click()
    tab.page.wait_for_url("**/trail/events/who/**")
    assert officer in tab.page.locator("tbody").inner_text()
    tab.shot("trail-who-saw")
    tab.accessible()
    tab.page.fill("#number", "520203195001010014")
    tab.page.get_by_role("button", name="换出编号").click()
    tab.page.locator("#find-message [role=alert]").wait_for()


def test_the_whole_trail_is_verified_with_its_progress(tab: Tab, tmp_path: Path) -> None:
    tab.sign_in("audit_admin")
    tab.go("/trail/verify/")
    tab.page.get_by_role("button", name="开始核验").click()
    tab.page.wait_for_url("**/trail/verify/*/")
    tab.page.get_by_text("轨迹完好").wait_for(timeout=60_000)
    tab.shot("trail-verified")
    tab.accessible()
    tab.go("/trail/verify/")
    tab.shot("trail-verify")
    tab.accessible()
    head = tab.page.get_by_role("link", name="下载凭据")
    if head.count():
        with tab.page.expect_download() as waiting:
            head.click()
        waiting.value.save_as(tmp_path / "head.jsonl")
        assert "doudi-audit-head/1" in (tmp_path / "head.jsonl").read_text()


def test_the_trail_on_a_phone_and_in_the_dark(phone: Tab) -> None:
    phone.page.emulate_media(color_scheme="dark")
    phone.sign_in("audit")
    phone.page.wait_for_url("**/trail/events/")
    phone.narrow()
    phone.accessible()
    phone.shot("trail-home-phone-dark")
    phone.go("/trail/verify/")
    phone.narrow()
    phone.accessible()
    phone.shot("trail-verify-phone-dark")
