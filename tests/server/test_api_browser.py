"""The page of the JSON doors in a real browser: served from here, under our own content security policy, and usable."""

import json
import urllib.request
from datetime import timedelta
from typing import Any

import pytest

from doudi.server.kernel import clock
from support.browser import Site, Tab
from support.demo_people import a_number

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_engineer_reads_a_door_and_tries_it_as_whoever_is_signed_in(tab: Tab) -> None:
    tab.sign_in("county")
    tab.go("/api/docs")
    tab.page.locator(".opblock-tag[data-tag=people]").click()
    door = tab.page.locator("#operations-people-people_persons")
    door.locator("button").first.click()
    door.get_by_text("县级经办").first.wait_for()
    tab.shot("api-docs")
    door.locator("button.try-out__btn").click()
    door.locator("textarea").fill('{"wanted": null, "size": 2}')
    door.locator("button.execute").click()
    answer = door.locator(".live-responses-table .response .microlight").first
    answer.wait_for()
    assert '"items"' in answer.inner_text()


def test_a_token_of_a_county_reads_a_card_over_http(tab: Tab) -> None:
    """As in docs/api.md: the security administrator issues a token for a post, the machine finds and asks."""
    tab.sign_in("security_admin")
    login = tab.site.accounts["county"][0]
    officer = ask(tab, "queries/access.users", {"words": login})["items"][0]
    until = (clock.now() + timedelta(days=1)).isoformat()
    issued = ask(
        tab, "operations/access.issue_token",
        {"grant": officer["grants"][0]["post"]["number"], "name": "医院系统", "until_at": until},
    )  # fmt: skip
    number = a_number(tab.site)
    machine = {"Authorization": f"Bearer {issued['secret']}"}
    found = post(tab.site, "queries/people.match_numbers", {"numbers": [number]}, machine)
    person = found[number]["id"]
    card = post(
        tab.site, "queries/entitlement.card", {"person": person, "day": clock.today().isoformat()}, machine
    )
    assert card["person"] == person
    assert card["card"]
    assert card["in_force"]


def ask(tab: Tab, address: str, words: dict[str, Any]) -> Any:
    """A door, as whoever is signed in in the tab."""
    cookie = next(one["value"] for one in tab.page.context.cookies() if one["name"] == "csrftoken")
    answer = tab.page.request.post(
        f"{tab.site.address}/api/{address}", data=json.dumps(words),
        headers={"Content-Type": "application/json", "X-CSRFToken": cookie},
    )  # fmt: skip
    assert answer.status == 200, answer.text()
    return answer.json()


def post(site: Site, address: str, words: dict[str, Any], headers: dict[str, str]) -> Any:
    """A door, as a machine."""
    request = urllib.request.Request(
        f"{site.address}/api/{address}",
        json.dumps(words).encode(),
        {"Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.headers["Set-Cookie"] is None
        return json.load(answer)
