"""The first administrators of a real installation, made at the server's machine; what a new one begins with."""

import json
import threading
from typing import Any

import pytest
from django.db import connection

from doudi.cli import account as command
from doudi.cli.arguments import build
from doudi.cli.screen import Screen
from doudi.server.access.api import Role, activate, close_user, grant, issue_activation, sign_in, user, users
from doudi.server.access.models import User
from doudi.server.audit.models import AuditEvent
from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import scoped
from doudi.server.reference.models import DiseaseList, Region
from doudi.server.site.launch.first_accounts import check, make_first, missing_roles, recover
from doudi.server.site.launch.preparation import silent
from doudi.server.site.launch.starting import load_once

NOW = clock.now()
PASSWORD = "Liuzhi-2026-xue"
LIUZHI = 520203000000


def first(role: str = "system_admin", login: str = "sysadmin", region: str = "520203", **words: Any) -> Any:
    return make_first(
        **{
            "login": login,
            "display_name": "张建国",
            "role": role,
            "region": region,
            "reason": "新装",
            "now": NOW,
            **words,
        }
    )


@pytest.fixture
def begun(fresh_database: str) -> None:
    load_once(silent)


@pytest.mark.usefixtures("fresh_database")
def test_a_new_installation_knows_the_divisions_and_the_lists_once() -> None:
    assert load_once(silent) > 3000
    with scoped(SYSTEM.scope):
        assert Region.objects.filter(code=LIUZHI).exists()
        assert DiseaseList.objects.exists()
        Region.objects.filter(code=LIUZHI).update(name="改名")
    assert load_once(silent) == 0
    with scoped(SYSTEM.scope):
        assert Region.objects.get(code=LIUZHI).name == "改名"
        assert AuditEvent.objects.filter(event="reference.starting_data_loaded").count() == 1


@pytest.mark.usefixtures("begun")
def test_three_administrators_of_three_accounts() -> None:
    assert missing_roles(NOW) == (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    assert check(NOW).well is None
    made = first()
    assert (made.role, made.place) == (Role.SYSTEM_ADMIN, "六盘水市六枝特区")
    for other in ("security_admin", "audit_admin"):
        with pytest.raises(Conflict, match="login_in_use"):
            first(other)
    assert missing_roles(NOW) == (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    first("security_admin", "security")
    first("audit_admin", "auditor", "0")
    assert check(NOW).well is True
    for role in ("system_admin", "security_admin", "audit_admin"):
        with pytest.raises(Conflict, match="role_held"):
            first(role, "another")
    with scoped(SYSTEM.scope):
        assert not User.objects.filter(login="another").exists()
        asked = AuditEvent.objects.filter(event="site.first_account_asked")
        assert [(event.object_id, event.purpose, event.login) for event in asked.order_by("id")] == [
            ("sysadmin", "新装", "system"), ("security", "新装", "system"), ("auditor", "新装", "system"),
        ]  # fmt: skip


@pytest.mark.usefixtures("begun")
def test_the_first_one_signs_in_and_makes_the_others() -> None:
    made = first()
    activate(login="sysadmin", code=made.activation.code, password=PASSWORD, address="", now=NOW)
    signed = sign_in(login="sysadmin", password=PASSWORD, code="", address="", now=NOW)
    assert signed.post.role == Role.SYSTEM_ADMIN
    assert signed.must_enrol_code
    with pytest.raises(Refused):
        activate(login="sysadmin", code=made.activation.code, password=PASSWORD + "x", address="", now=NOW)


@pytest.mark.usefixtures("begun")
def test_what_is_refused_makes_nothing() -> None:
    for words, code in (
        ({"role": "county"}, "account.role"),
        ({"region": "529999"}, "account.region"),
        ({"region": "六枝"}, "account.region"),
        ({"region": "52020"}, "account.region"),
        ({"reason": " "}, "account.reason"),
        ({"login": "1"}, "login_form"),
        ({"display_name": ""}, "display_name_form"),
    ):
        with pytest.raises(Refused) as refused:
            first(**words)
        assert refused.value.code == code, words
    with scoped(SYSTEM.scope):
        assert not User.objects.exists()


@pytest.mark.usefixtures("begun")
def test_an_account_in_use_for_something_else_is_not_taken() -> None:
    number = User.objects.model(login="one", display_name="王")
    with scoped(SYSTEM.scope):
        number.save()
    grant(
        actor=SYSTEM,
        now=NOW,
        user=number.pk,
        role=Role.COUNTY,
        region_code=LIUZHI,
        from_date=clock.business_date(NOW),
    )
    with pytest.raises(Conflict, match="login_in_use"):
        first(login="one")


@pytest.mark.usefixtures("begun")
def test_broken_off_it_is_begun_again() -> None:
    with scoped(SYSTEM.scope):
        User.objects.create(login="sysadmin", display_name="张建国", password="")
    assert first().login == "sysadmin"


@pytest.mark.usefixtures("begun")
def test_when_the_only_one_has_left_there_may_be_a_first_one_again() -> None:
    made = first()
    close_user(actor=SYSTEM, now=NOW, user=made.activation.user, reason="离职")
    assert missing_roles(NOW)[0] == Role.SYSTEM_ADMIN
    assert first(login="successor").role == Role.SYSTEM_ADMIN


@pytest.mark.usefixtures("begun")
def test_two_commands_at_once_make_one() -> None:
    answers: list[str] = []

    def run(login: str) -> None:
        try:
            answers.append(first(login=login).login)
        except Conflict as refused:
            answers.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(login,)) for login in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 2
    assert sorted(answers)[0] == "account.role_held"


@pytest.mark.usefixtures("begun")
def test_an_administrator_is_let_in_again_and_nobody_else() -> None:
    made = first()
    activate(login="sysadmin", code=made.activation.code, password=PASSWORD, address="", now=NOW)
    again = recover(login="sysadmin", reason="忘记密码", lost_device=True, now=NOW)
    with pytest.raises(Refused):
        sign_in(login="sysadmin", password=PASSWORD, code="", address="", now=NOW)
    activate(login="sysadmin", code=again.activation.code, password=PASSWORD + "9", address="", now=NOW)
    with scoped(SYSTEM.scope):
        told = AuditEvent.objects.filter(event__in=["site.account_recovery_asked", "access.code_removed"])
        assert {event.purpose for event in told} == {"忘记密码"}
        assert told.count() == 2
        User.objects.create(login="clerk", display_name="王")
    for login in ("clerk", "nobody"):
        with pytest.raises(NotFound, match="not_an_administrator"):
            recover(login=login, reason="忘记密码", lost_device=False, now=NOW)


@pytest.mark.usefixtures("begun")
def test_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--login", "sysadmin", "--reason", "新装"]
    options = build("zh").parse_args(
        ["account", "first", *words, "--name", "张建国", "--role", "system_admin", "--region", "520203"]
    )
    assert command.first(options, Screen.make("en", as_json=True, colour=False)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["login"], told["role"], len(told["activation_code"])) == ("sysadmin", "system_admin", 12)
    options = build("zh").parse_args(["account", "recover", *words])
    assert command.recover(options, Screen.make("zh", as_json=False, colour=False)) == 0
    assert "sysadmin：系统管理员" in capsys.readouterr().out
    assert build("zh").parse_args(["account"]).run is None


@pytest.mark.usefixtures("begun")
def test_the_system_administrator_of_a_county_sees_the_three() -> None:
    made = first()
    viewer = Actor(
        user=made.activation.user,
        login="sysadmin",
        roles=frozenset({"system_admin"}),
        ranges=Ranges.of([LIUZHI]),
    )
    first("security_admin", "security")
    assert {item.login for item in users(viewer=viewer).items} >= {"security"}
    with scoped(SYSTEM.scope):
        other = User.objects.get(login="security").pk
    assert user(viewer=viewer, number=other).grants[0].post.role == Role.SECURITY_ADMIN
    assert issue_activation(actor=viewer, now=NOW, user=other).code
