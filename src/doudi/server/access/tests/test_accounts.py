"""Accounts and grants: made by one, granted by another, never for oneself, never two roles that must be apart."""

import threading
from itertools import combinations

import pytest
from django.db import IntegrityError, connection

from doudi.server.access import api
from doudi.server.access.limits import PASSWORD_POLICIES
from doudi.server.access.models import Grant, User
from doudi.server.access.passwords import check_new, fault
from doudi.server.access.roles import ADMINISTRATORS, FACILITY_ROLES, INCOMPATIBLE, Role
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import NOTHING, scoped
from support.actors import (
    DAY,
    GRANTED,
    LIUZHI,
    LIUZHI_HOSPITAL,
    NOW,
    PASSWORD,
    PROVINCE,
    RONGJIANG,
    RONGJIANG_HOSPITAL,
    TODAY,
    account,
    acting,
    actor,
    two_hospitals,
)

ADMIN = actor(Role.SYSTEM_ADMIN)
SECURITY = actor(Role.SECURITY_ADMIN)
MORE = "Chongyang-2026"


def give(role, user, *, by=SECURITY, code=LIUZHI, facility=None, from_date=TODAY, until=None):
    place = {"facility": facility or LIUZHI_HOSPITAL} if role in FACILITY_ROLES else {"region_code": code}
    with two_hospitals():
        return api.grant(
            actor=by, now=NOW, user=user, role=role, from_date=from_date, until_date=until, **place
        )


def made(login="wang"):
    return api.create_user(actor=ADMIN, now=NOW, login=login, display_name="王小明").user


@pytest.mark.django_db
def test_three_administrators_do_three_things():
    user = made()
    with pytest.raises(Forbidden):
        give(Role.COUNTY, user, by=ADMIN)
    with pytest.raises(Forbidden):
        api.create_user(actor=SECURITY, now=NOW, login="zhang", display_name="张")
    with pytest.raises(Forbidden):
        api.issue_activation(actor=SECURITY, now=NOW, user=user)
    for call in (api.users, api.tokens):
        with pytest.raises(Forbidden):
            call(viewer=actor(Role.COUNTY))


def test_administrators_have_no_rule_over_business_data():
    business = ("people.", "recognition.", "enrolment.", "filings.", "entitlement.")
    reached = {
        name
        for name, rule in api.all_rules().items()
        if name.startswith(business) and rule.roles & ADMINISTRATORS
    }
    assert reached == set()


@pytest.mark.django_db
def test_nobody_grants_to_themselves_not_even_the_database_lets_them():
    user = account("wang", Role.SECURITY_ADMIN)
    me = acting(user)
    with pytest.raises(Refused, match="not_for_oneself"):
        give(Role.AUDIT, user, by=me)
    with pytest.raises(IntegrityError), scoped(me.scope):
        Grant.objects.create(user_id=user, role="audit", region_code=0, from_date=TODAY, granted_by=user)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "code", "facility"),
    [(Role.COUNTY, RONGJIANG, None), (Role.COUNTY, PROVINCE, None), (Role.COUNTY, 0, None),
     (Role.WINDOW, 0, RONGJIANG_HOSPITAL), (Role.WINDOW, 0, 777)],
)  # fmt: skip
def test_nobody_grants_beyond_their_own_region(role, code, facility):
    with pytest.raises(NotFound):
        give(role, made(), code=code, facility=facility)


@pytest.mark.django_db
def test_a_window_is_granted_for_a_facility_and_a_county_for_a_region():
    user = made()
    with two_hospitals(), pytest.raises(Refused, match="grant_place"):
        api.grant(actor=SECURITY, now=NOW, user=user, role=Role.WINDOW, region_code=LIUZHI, from_date=TODAY)
    with two_hospitals(), pytest.raises(Refused, match="grant_place"):
        api.grant(
            actor=SECURITY, now=NOW, user=user, role=Role.COUNTY, facility=LIUZHI_HOSPITAL, from_date=TODAY
        )
    for role in (Role.SYSTEM, Role.NEWCOMER):
        with pytest.raises(Refused, match="role_never_granted"):
            give(role, user)


@pytest.mark.django_db
def test_incompatible_roles_are_refused_in_either_order_and_all_others_are_not():
    for number, (first, second) in enumerate(combinations(GRANTED, 2)):
        for pair in ((first, second), (second, first)):
            user = made(f"user{number}.{pair[0]}")
            give(pair[0], user)
            if frozenset(pair) in INCOMPATIBLE:
                with pytest.raises(Conflict, match="roles_incompatible"):
                    give(pair[1], user)
            else:
                give(pair[1], user)


@pytest.mark.django_db
def test_roles_one_after_the_other_are_compatible_and_overlapping_ones_are_not():
    user = made()
    give(Role.COUNTY, user, until=TODAY + 10 * DAY)
    give(Role.COUNTY_APPROVER, user, from_date=TODAY + 10 * DAY)
    with pytest.raises(Conflict):
        give(Role.COUNTY, user, from_date=TODAY + 9 * DAY, until=TODAY + 11 * DAY)
    with pytest.raises(Refused, match="grant_back_dated"):
        give(Role.COUNTY, made("li"), from_date=TODAY - DAY)
    with pytest.raises(Refused, match="grant_dates"):
        give(Role.COUNTY, made("liu"), until=TODAY)


def test_two_grants_at_the_same_moment_cannot_make_a_pair(fresh_database):
    user = made()
    barrier, outcomes = threading.Barrier(2), []

    def granting(role):
        barrier.wait()
        try:
            api.grant(actor=SECURITY, now=NOW, user=user, role=role, region_code=LIUZHI, from_date=TODAY)
            outcomes.append("granted")
        except Conflict:
            outcomes.append("refused")
        finally:
            connection.close()

    with two_hospitals():
        threads = [
            threading.Thread(target=granting, args=[role]) for role in (Role.COUNTY, Role.COUNTY_APPROVER)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == ["granted", "refused"]
    connection.close()


@pytest.mark.django_db
def test_an_account_that_works_elsewhere_too_is_not_one_s_own_to_close():
    user = account("wang", Role.COUNTY)
    elsewhere = actor(Role.SYSTEM_ADMIN, RONGJIANG)
    with pytest.raises(NotFound):
        api.close_user(actor=elsewhere, now=NOW, user=user, reason="x")
    with pytest.raises(NotFound):
        api.user(viewer=elsewhere, number=user)
    assert user not in {row.number for row in api.users(viewer=elsewhere).items}
    api.grant(actor=SYSTEM, now=NOW, user=user, role=Role.OVERSIGHT, region_code=RONGJIANG, from_date=TODAY)
    with pytest.raises(NotFound):
        api.close_user(actor=ADMIN, now=NOW, user=user, reason="x")
    seen = api.user(viewer=ADMIN, number=user)
    assert [grant.post.role for grant in seen.grants] == [Role.COUNTY], "what they do elsewhere is not told"


@pytest.mark.django_db
def test_a_grant_elsewhere_is_not_there_to_end():
    user = account("wang", Role.COUNTY)
    grant = api.posts_of(user, NOW)[0].number
    with pytest.raises(NotFound):
        api.end_grant(actor=actor(Role.SECURITY_ADMIN, RONGJIANG), now=NOW, grant=grant, reason="x")
    api.end_grant(actor=SECURITY, now=NOW, grant=grant, reason="调离")
    assert api.posts_of(user, NOW) == ()
    with pytest.raises(Conflict):
        api.end_grant(actor=SECURITY, now=NOW, grant=grant, reason="调离")


@pytest.mark.django_db
def test_closed_accounts_are_opened_again_without_their_password():
    user = account("wang", Role.COUNTY, password=PASSWORD)
    api.close_user(actor=ADMIN, now=NOW, user=user, reason="休假")
    api.reopen_user(actor=ADMIN, now=NOW, user=user, reason="返岗")
    with pytest.raises(Refused):
        api.sign_in(login="wang", password=PASSWORD, address="", now=NOW)
    code = api.issue_activation(actor=ADMIN, now=NOW, user=user).code
    with pytest.raises(Refused, match="password_used"):
        api.activate(login="wang", code=code, password=PASSWORD, address="", now=NOW)
    api.activate(login="wang", code=code.lower(), password=MORE, address="", now=NOW)
    assert api.sign_in(login="wang", password=MORE, address="", now=NOW)


@pytest.mark.django_db
def test_an_activation_code_is_good_once_for_three_days_and_voids_what_was():
    user = account("wang", Role.COUNTY, password=PASSWORD)
    first = api.issue_activation(actor=ADMIN, now=NOW, user=user).code
    with pytest.raises(Refused):
        api.sign_in(login="wang", password=PASSWORD, address="", now=NOW)
    second = api.issue_activation(actor=ADMIN, now=NOW, user=user).code
    for code, now in [(first, NOW), (second, NOW + 3 * DAY), ("", NOW)]:
        with pytest.raises(Refused, match="sign_in_wrong"):
            api.activate(login="wang", code=code, password=MORE, address="", now=now)
    api.activate(login="wang", code=second, password=MORE, address="", now=NOW + 2 * DAY)
    with pytest.raises(Refused, match="sign_in_wrong"):
        api.activate(login="wang", code=second, password="Zhongqiu-2026", address="", now=NOW)
    with scoped(NOTHING):
        row = User.objects.get(pk=user)
        assert second not in row.activation_hash + row.password


@pytest.mark.django_db
def test_no_key_keeps_a_secret():
    from doudi.server.kernel.models import GivenAnswer

    user = account("wang", Role.COUNTY, password=PASSWORD)
    codes = {api.issue_activation(actor=ADMIN, now=NOW, key="k1", user=user).code for _ in range(2)}
    assert len(codes) == 2
    with scoped(ADMIN.scope):
        assert not GivenAnswer.objects.filter(operation="access.issue_activation").exists()


@pytest.mark.django_db
def test_one_s_own_password_needs_the_present_one_and_ends_other_sessions():
    user = account("wang", Role.COUNTY, password=PASSWORD)
    first, second = (api.sign_in(login="wang", password=PASSWORD, address="", now=NOW) for _ in range(2))
    me = api.actor_of_session({api.SESSION_FIELD: second.session}, NOW)
    for old, new, code in [("wrong", MORE, "password_wrong"), (PASSWORD, PASSWORD, "password_same"),
                           (PASSWORD, "short", "password_short")]:  # fmt: skip
        with pytest.raises(Refused, match=code):
            api.change_password(actor=me, now=NOW, old=old, new=new)
    api.change_password(actor=me, now=NOW, old=PASSWORD, new=MORE)
    assert api.actor_of_session({api.SESSION_FIELD: first.session}, NOW) is None
    assert api.actor_of_session({api.SESSION_FIELD: second.session}, NOW)
    for number in range(4):
        api.change_password(actor=me, now=NOW, old=[MORE, *[f"Xiazhi-{n}-2026" for n in range(4)]][number],
                            new=f"Xiazhi-{number}-2026")  # fmt: skip
    with pytest.raises(Refused, match="password_used"):
        api.change_password(actor=me, now=NOW, old="Xiazhi-3-2026", new=MORE)
    assert user


@pytest.mark.parametrize(
    ("password", "dengbao", "modern"),
    [
        ("Ab3-", "password_short", "password_short"),
        ("Guizhou-26", None, "password_short"),
        ("guizhou two rivers", "password_classes", None),
        ("P@ssw0rd", "password_common", "password_short"),
        ("Administrator1234wang", "password_common", "password_common"),
        ("兜底线织密网建机制123abc", None, None),
        ("x" * 129, "password_long", "password_long"),
    ],
)
def test_two_password_policies(password, dengbao, modern):
    found = [fault(password, login="wang", policy=PASSWORD_POLICIES[name]) for name in ("dengbao", "modern")]
    assert [refusal and refusal.code for refusal in found] == [dengbao, modern]


def test_the_policy_is_a_setting(monkeypatch):
    monkeypatch.setenv("DOUDI_PASSWORDS", "modern")
    check_new("guizhou two rivers", login="wang")
    monkeypatch.setenv("DOUDI_PASSWORDS", "dengbao")
    with pytest.raises(Refused):
        check_new("guizhou two rivers", login="wang")


@pytest.mark.django_db
def test_a_login_is_taken_once():
    made()
    for login, code in [
        ("wang", "login_taken"),
        ("WANG ", "login_taken"),
        ("1wang", "login_form"),
        ("", "login_form"),
    ]:
        with pytest.raises(Refused, match=code):
            made(login)
    assert SYSTEM.user == 0
