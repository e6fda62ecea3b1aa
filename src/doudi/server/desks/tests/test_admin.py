"""The administrators' desk: each does their own part, nobody acts for themselves, secrets are shown once."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doudi.server.access import api as access
from doudi.server.access.models import User
from doudi.server.access.roles import Role
from doudi.server.desks.admin.places import chosen, places_for
from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import NotFound, Refused
from doudi.server.kernel.scope import NOTHING, scoped
from support import actors
from support.actors import LIUZHI, RONGJIANG, actor
from support.clients import client_of
from support.reference import divisions, facility

pytestmark = pytest.mark.django_db
PASSWORD = "Xin-zhanghao-2026"


@pytest.fixture(autouse=True)
def two_hospitals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Places to grant for, and administrators who need not bind a device first."""
    monkeypatch.setenv("DOUDI_SECOND_FACTOR", "none")
    with actors.two_hospitals():
        yield


@pytest.fixture
def keeper() -> Client:
    return client_of(Role.SYSTEM_ADMIN)


@pytest.fixture
def guard() -> Client:
    return client_of(Role.SECURITY_ADMIN)


def made(login: str = "neu", name: str = "新人") -> int:
    return access.create_user(actor=SYSTEM, now=clock.now(), login=login, display_name=name).user


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return re.sub(r"\s+", " ", answer.content.decode())


def post_form(**facts: object) -> dict[str, object]:
    return {"role": "county", "picked": str(LIUZHI), "key": "k1", "from": clock.today().isoformat()} | facts


def test_an_account_comes_to_life_by_two_administrators(keeper: Client, guard: Client) -> None:
    answer = keeper.post("/admin/users/new/", {"login": "Neu", "display_name": "新人", "key": "k"})
    address = answer["Location"]
    assert "未激活" in text(keeper, address)
    given = guard.post(f"{address}posts/", post_form())
    assert given["Location"] == address
    shown = keeper.post(f"{address}activation/", headers={"HX-Request": "true"})
    code = re.search(r"data-secret>(\w+)<", shown.content.decode())
    assert code is not None
    assert code[1] not in text(keeper, address)
    assert "待激活" in text(keeper, address)
    newcomer = Client()
    newcomer.post("/activate/", {"login": "neu", "code": code[1], "new": PASSWORD, "again": PASSWORD})
    assert newcomer.post("/sign-in/", {"login": "neu", "password": PASSWORD}).status_code == 302
    assert "六枝特区" in text(newcomer, "/county/people/")


def test_each_administrator_has_their_own_buttons(keeper: Client, guard: Client) -> None:
    number = made()
    onlooker = client_of(Role.AUDIT_ADMIN)
    address = f"/admin/users/{number}/"
    of = {"签发激活码</button>": keeper, ">停用</button>": keeper, "授予岗位</button>": guard}
    for button, its in of.items():
        for client in (keeper, guard, onlooker):
            assert (button in text(client, address)) is (client is its), button
    assert "岗位由安全管理员授予和取消" in text(keeper, address)
    assert "激活码由系统管理员签发" in text(guard, address)
    assert "新建账号" in text(keeper, "/admin/users/")
    assert "新建账号" not in text(guard, "/admin/users/")


@pytest.mark.parametrize(
    ("role", "door"),
    [
        (Role.SYSTEM_ADMIN, "posts/"), (Role.SYSTEM_ADMIN, "code/"), (Role.SYSTEM_ADMIN, "tokens/"),
        (Role.SECURITY_ADMIN, "close/"), (Role.SECURITY_ADMIN, "activation/"), (Role.SECURITY_ADMIN, "reopen/"),
        (Role.AUDIT_ADMIN, "posts/"), (Role.AUDIT_ADMIN, "close/"), (Role.AUDIT_ADMIN, "activation/"),
        (Role.COUNTY, "posts/"), (Role.AUDIT, "close/"),
    ],
)  # fmt: skip
def test_another_s_door_is_shut(role: Role, door: str) -> None:
    number = made()
    assert client_of(role).post(f"/admin/users/{number}/{door}", post_form(reason="试")).status_code == 403


def test_no_administrator_sees_an_insured_person(keeper: Client, guard: Client) -> None:
    for client in (keeper, guard, client_of(Role.AUDIT_ADMIN)):
        for address in ("/county/people/", "/county/people/1/", "/window/"):
            assert client.get(address).status_code == 403
        assert "/county/people/" not in text(client, "/account/")


def test_an_account_of_another_county_is_not_there(keeper: Client, guard: Client) -> None:
    number = actors.account("far", Role.COUNTY, code=RONGJIANG)
    for client in (keeper, guard):
        assert "far" not in text(client, "/admin/users/")
        text(client, f"/admin/users/{number}/", 404)
        assert "far" not in client.post("/admin/users/find/", {"asked": "far"}).content.decode().replace(
            '"far"', ""
        )
    assert keeper.post(f"/admin/users/{number}/close/", {"reason": "试"}).status_code == 404


def test_search_finds_by_login_and_name(keeper: Client) -> None:
    made("wang.li", "王丽"), made("zhao", "赵强")
    for asked, found in (("wang", "王丽"), ("强", "赵强"), ("WANG", "王丽")):
        rows = keeper.post(
            "/admin/users/find/", {"asked": asked}, headers={"HX-Request": "true"}
        ).content.decode()
        assert rows.count("<tr>") == 2
        assert found in rows
    assert "没有符合条件" in keeper.post("/admin/users/find/", {"asked": "nobody"}).content.decode()


def test_incompatible_posts_are_refused_in_words(guard: Client) -> None:
    number = actors.account("both", Role.COUNTY)
    answer = guard.post(f"/admin/users/{number}/posts/", post_form(role="county_approver"))
    assert answer.status_code == 409
    assert "不能由同一人担任" in answer.content.decode()
    for wrong in ({"role": "system"}, {"role": "window", "picked": str(LIUZHI)}, {"until": "2001-01-01"}):
        assert guard.post(f"/admin/users/{number}/posts/", post_form(**wrong)).status_code in (404, 422)


def test_sending_a_post_twice_gives_one(guard: Client) -> None:
    number = made()
    for _ in range(2):
        assert guard.post(f"/admin/users/{number}/posts/", post_form()).status_code == 302
    assert text(guard, f"/admin/users/{number}/").count("<td>县级经办</td>") == 1


def test_ending_a_post_and_closing_shut_the_sessions(keeper: Client, guard: Client) -> None:
    for client, door in ((guard, "posts/{post}/end/"), (keeper, "close/")):
        victim = client_of(Role.COUNTY)
        login = re.search(r'class="sub">(desk\d+)', text(victim, "/account/"))
        assert login is not None
        with scoped(NOTHING):
            number = User.objects.get(login=login[1]).pk
        post = access.posts_of(number, clock.now())[0].number
        assert (
            client.post(f"/admin/users/{number}/{door.format(post=post)}", {"reason": "调离"}).status_code
            == 302
        )
        assert victim.get("/county/people/").status_code == 302
    assert "已停用" in text(keeper, f"/admin/users/{number}/")
    assert keeper.post(f"/admin/users/{number}/reopen/", {"reason": "返聘"}).status_code == 302
    assert keeper.post(f"/admin/users/{number}/close/", {"reason": ""}).status_code == 422


def test_nobody_acts_on_their_own_account(keeper: Client) -> None:
    with scoped(NOTHING):
        own = User.objects.order_by("-pk")[0].pk
    page = text(keeper, f"/admin/users/{own}/")
    assert "这是您自己的账号" in page
    assert "签发激活码</button>" not in page
    answer = keeper.post(f"/admin/users/{own}/activation/")
    assert answer.status_code == 422
    assert "不能为自己的账号办理" in answer.content.decode()


def test_a_token_s_secret_is_shown_once_and_opens_its_post(guard: Client) -> None:
    number = actors.account("machine", Role.COUNTY)
    post = access.posts_of(number, clock.now())[0].number
    until = (clock.today() + timedelta(90)).isoformat()
    answer = guard.post(
        f"/admin/users/{number}/tokens/",
        {"post": post, "name": "医院前置机", "until": until},
        headers={"HX-Request": "true"},
    )
    secret = re.search(r"data-secret>([\w-]+)<", answer.content.decode())
    assert secret is not None
    found = access.actor_of_token(secret[1], clock.now())
    assert found is not None
    assert found.roles == {Role.COUNTY}
    listed = text(guard, "/admin/tokens/")
    assert "医院前置机" in listed
    assert secret[1] not in listed
    token = re.search(r"/admin/tokens/(\d+)/end/", listed)
    assert token is not None
    assert guard.post(token[0], {"reason": "停用"}).status_code == 302
    assert access.actor_of_token(secret[1], clock.now()) is None
    far = (clock.today() + timedelta(400)).isoformat()
    assert (
        guard.post(f"/admin/users/{number}/tokens/", {"post": post, "name": "x", "until": far}).status_code
        == 422
    )


def test_places_are_those_of_the_administrator_s_own_region(guard: Client) -> None:
    divisions()
    hospital = facility()
    facility("H52263200001", region=522632000)
    here = actor(Role.SECURITY_ADMIN)
    today = clock.today()

    def found(role: Role, asked: str) -> list[int]:
        return [one.value for one in places_for(here, role, asked, today)]

    assert LIUZHI in found(Role.COUNTY, "六枝")
    assert found(Role.COUNTY, "榕江") == []
    assert found(Role.COUNTY, str(LIUZHI)) == [LIUZHI]
    assert found(Role.COUNTY, str(RONGJIANG)) == []
    assert found(Role.WINDOW, "示例") == [hospital]
    assert chosen(here, Role.COUNTY, "17", "", today) == 17
    assert chosen(here, Role.WINDOW, "", "示例", today) == hospital
    with pytest.raises(NotFound):
        chosen(here, Role.COUNTY, "", "榕江", today)
    with pytest.raises(Refused, match="place_unclear"):
        chosen(here, Role.COUNTY, "", "镇", today)
    offered = guard.post("/admin/places/", {"role": "county", "place": "六枝"}).content.decode()
    assert f'value="{LIUZHI}"' in offered
    assert "没有名称含" in guard.post("/admin/places/", {"role": "county", "place": "榕江"}).content.decode()
    assert guard.post("/admin/places/", {"role": "county", "place": "六"}).content.decode().strip() == ""
    assert guard.post("/admin/places/", {"role": "king", "place": "六枝"}).status_code == 422


def test_broken_glass_is_reviewed_once_and_not_by_whoever_broke_it() -> None:
    from doudi.server.people import api as people
    from support.people import id_number

    number = id_number(clock.today().replace(year=1961, day=1), 1, 522632)
    people.register(
        actor=actors.officer(RONGJIANG),
        now=clock.now(),
        key=None,
        region=522632101,
        name="璩乙",
        number=number,
    )
    who = actors.officer()
    people.find_in_emergency(actor=who, now=clock.now(), number=number, reason="车祸昏迷急救", ticket="120-7")
    auditor, supervisor = client_of(Role.AUDIT), client_of(Role.COUNTY_APPROVER)
    page = text(auditor, "/admin/reviews/")
    for part in (who.login, "车祸昏迷急救", "120-7", "认定正当"):
        assert part in page
    assert "认定正当" not in text(supervisor, "/admin/reviews/")
    assert "由审计、审计管理员或安全管理员复核" in text(supervisor, "/admin/reviews/")
    door = re.search(r"/admin/reviews/(\d+)/", page)
    assert door is not None
    assert supervisor.post(door[0], {"verdict": "justified"}).status_code == 403
    assert auditor.post(door[0], {"verdict": "unjustified", "note": ""}).status_code == 422
    assert auditor.post(door[0], {"verdict": "unjustified", "note": "无急救记录"}).status_code == 302
    assert auditor.post(door[0], {"verdict": "justified"}).status_code == 409
    assert "没有待复核" in text(auditor, "/admin/reviews/")
    assert "无急救记录" in text(auditor, "/admin/reviews/?all=1")


def test_the_list_costs_the_same_for_many(keeper: Client) -> None:
    for place in range(3):
        made(f"few{place}")
    with CaptureQueriesContext(connection) as few:
        text(keeper, "/admin/users/")
    for place in range(30):
        actors.account(f"many{place}", Role.COUNTY)
    with CaptureQueriesContext(connection) as many:
        text(keeper, "/admin/users/")
    assert len(many) <= len(few)
