"""Signing in says nothing about accounts, locks alike, and a session ends when anything it stands on ends."""

from datetime import timedelta

import pyotp
import pytest

from doudi.server.access import api
from doudi.server.access.errors import SignInRefused
from doudi.server.access.limits import ACCOUNT_LOCKOUT, ADDRESS_LOCKOUT, SESSION_IDLE, SESSION_LONGEST
from doudi.server.access.models import Session, User
from doudi.server.access.roles import Role
from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Forbidden, Refused
from doudi.server.kernel.scope import NOTHING, scoped
from support.actors import DAY, HOUR, LIUZHI, NOW, PASSWORD, TODAY, account, acting, actor

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def enter(login="wang", password=PASSWORD, *, code="", address="10.0.0.1", now=NOW):
    return api.sign_in(login=login, password=password, code=code, address=address, now=now)


def refusal(**words):
    with pytest.raises(SignInRefused) as caught:
        enter(**words)
    return caught.value


def held(signed):
    return {api.SESSION_FIELD: signed.session}


def who(signed, now=NOW):
    return api.actor_of_session(held(signed), now)


def events(name):
    with scoped(SYSTEM.scope):
        return list(AuditEvent.objects.filter(event=name).order_by("pk"))


def test_a_session_acts_in_one_post():
    number = account("wang", Role.COUNTY, Role.OVERSIGHT, password=PASSWORD)
    signed = enter()
    assert [post.role for post in signed.posts] == [Role.COUNTY, Role.OVERSIGHT]
    found = who(signed)
    assert (found.user, found.roles, found.session) == (number, {Role.COUNTY}, signed.session)
    assert found.ranges.pairs == ((520203000, 520204000),)
    switched = api.switch_post(actor=found, now=NOW, post=signed.posts[1].number)
    assert switched.role == Role.OVERSIGHT
    assert who(signed).roles == {Role.OVERSIGHT}
    assert enter(now=NOW + HOUR).post.role == Role.OVERSIGHT, "the next session begins where the last one was"


def test_somebody_else_s_post_is_not_there_to_switch_to():
    account("wang", Role.COUNTY, password=PASSWORD)
    account("li", Role.COUNTY_APPROVER, password=PASSWORD)
    theirs = enter("li").post.number
    with pytest.raises(Refused, match="absent"):
        api.switch_post(actor=who(enter()), now=NOW, post=theirs)


def test_a_window_clerk_has_a_facility_and_no_region():
    account("zhao", Role.WINDOW, password=PASSWORD)
    found = who(enter("zhao"))
    assert (found.facility, found.ranges.pairs) == (9_101, ())
    assert found.facility_name == "六枝特区人民医院"


def test_unknown_closed_and_wrong_are_told_alike():
    number = account("wang", Role.COUNTY, password=PASSWORD)
    account("li", Role.COUNTY)  # no password yet
    closed = account("sun", Role.COUNTY, password=PASSWORD)
    api.close_user(actor=SYSTEM, now=NOW, user=closed, reason="离职")
    said = {
        str(refusal(login=login, password=password).said())
        for login, password in [
            ("nobody", PASSWORD),
            ("wang", "wrong"),
            ("li", ""),
            ("sun", PASSWORD),
            ("wang", ""),
        ]
    }
    assert len(said) == 1
    trail = events("access.sign_in_refused")
    assert [event.user_id for event in trail].count(0) == 1
    assert {event.outcome for event in trail} == {"refused"}
    assert trail[1].user_id == number
    assert not any("nobody" in str(event.detail) + event.login for event in trail), (
        "may be a mistyped password"
    )


def test_the_same_work_is_done_for_an_unknown_name(monkeypatch):
    account("wang", Role.COUNTY, password=PASSWORD)
    work = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *facts: work.append(1) or plain(self, *facts)
    )
    for login in ("wang", "nobody"):
        work.clear()
        refusal(login=login, password="wrong")
        assert len(work) == 1


@pytest.mark.parametrize("login", ["wang", "nobody"])
def test_failures_lock_known_and_unknown_names_alike(login):
    account("wang", Role.COUNTY, password=PASSWORD)
    codes = [refusal(login=login, password="x").code for _ in range(ACCOUNT_LOCKOUT.failures + 2)]
    assert codes == ["sign_in_wrong"] * ACCOUNT_LOCKOUT.failures + ["sign_in_locked"] * 2
    assert refusal(login=login, address="10.9.9.9").code == "sign_in_locked", (
        "the right password does not open it"
    )
    later = NOW + ACCOUNT_LOCKOUT.locked
    if login == "wang":
        assert enter(now=later)
    else:
        assert refusal(login=login, now=later).code == "sign_in_wrong"


def test_a_success_starts_the_count_anew_and_old_failures_fade():
    account("wang", Role.COUNTY, password=PASSWORD)
    for _ in range(3):
        for _ in range(ACCOUNT_LOCKOUT.failures - 1):
            refusal(password="x")
        enter()
    for step in range(2 * ACCOUNT_LOCKOUT.failures):
        refusal(password="x", now=NOW + step * ACCOUNT_LOCKOUT.window)


def test_one_address_may_not_try_many_names():
    account("wang", Role.COUNTY, password=PASSWORD)
    for number in range(ADDRESS_LOCKOUT.failures):
        refusal(login=f"guess{number}", password="x")
    assert refusal().code == "sign_in_locked"
    assert enter(address="10.0.0.2")


def test_a_login_is_found_in_any_case_and_width():
    account("wang", Role.COUNTY, password=PASSWORD)
    assert enter(login=" Ｗａｎｇ ")


def test_without_a_post_nobody_comes_in_and_a_grant_to_come_is_none():
    account("wang", password=PASSWORD)
    assert refusal().code == "sign_in_no_post"


def test_sessions_end_by_idleness_and_by_length():
    account("wang", Role.COUNTY, password=PASSWORD)
    signed = enter()
    assert who(signed, NOW + SESSION_IDLE - MINUTE)
    assert who(signed, NOW + 2 * SESSION_IDLE - 2 * MINUTE), "use keeps it alive"
    assert who(signed, NOW + 3 * SESSION_IDLE) is None
    assert api.why_ended(held(signed), NOW + 3 * SESSION_IDLE).zh.startswith("长时间")
    signed = enter()
    now = NOW
    while now < NOW + SESSION_LONGEST:
        assert who(signed, now)
        now += SESSION_IDLE / 2
    assert who(signed, now) is None


def test_reading_a_session_is_one_query_and_seldom_a_write(django_assert_num_queries):
    account("wang", Role.COUNTY, password=PASSWORD)
    signed = enter()
    scope_and_savepoint = (
        3  # SAVEPOINT, set_config, RELEASE in a test; BEGIN and COMMIT are no statements of ours
    )
    with django_assert_num_queries(scope_and_savepoint + 1):
        who(signed, NOW + MINUTE / 2)
    with django_assert_num_queries(scope_and_savepoint + 2):
        who(signed, NOW + MINUTE)
    with scoped(NOTHING):
        assert Session.objects.get(reference=signed.session).last_seen_at == NOW + MINUTE
    with django_assert_num_queries(0):
        assert api.actor_of_session({}, NOW) is None


def test_only_so_many_sessions_at_once_and_the_oldest_is_told():
    account("wang", Role.COUNTY, password=PASSWORD)
    first, second, third = enter(), enter(now=NOW + MINUTE), enter(now=NOW + 2 * MINUTE)
    now = NOW + 3 * MINUTE
    assert [signed.ended_others for signed in (first, second, third)] == [0, 0, 1]
    assert who(first, now) is None
    assert "别处登录" in api.why_ended(held(first), now).zh
    assert who(second, now)
    assert who(third, now)
    assert len(api.my_sessions(viewer=who(third, now))) == 2
    api.end_session(actor=who(third, now), now=now, reference=second.session)
    assert who(second, now) is None


def test_what_a_session_stands_on_ends_it_at_once():
    number = account("wang", Role.COUNTY, password=PASSWORD)
    signed = enter()
    api.end_grant(actor=SYSTEM, now=NOW, grant=signed.post.number, reason="调离")
    assert who(signed) is None
    assert api.why_ended(held(signed), NOW) == api.why_ended(held(signed), NOW + DAY)
    with pytest.raises(SignInRefused):
        enter()

    account("li", Role.COUNTY, password=PASSWORD, until=TODAY + DAY)
    signed = enter("li")
    midnight = NOW + timedelta(hours=14)
    signed = enter("li", now=midnight - MINUTE)
    assert who(signed, midnight - MINUTE)
    assert who(signed, midnight) is None, "the grant's last day in China is over"

    number = account("sun", Role.COUNTY, password=PASSWORD)
    signed = enter("sun")
    with scoped(NOTHING):
        User.objects.filter(pk=number).update(is_active=False)
    assert who(signed) is None


def test_signing_out_ends_the_row_not_only_the_cookie():
    account("wang", Role.COUNTY, password=PASSWORD)
    signed = enter()
    api.sign_out(actor=who(signed), now=NOW)
    assert who(signed) is None


@pytest.mark.parametrize(
    "session", [{"access_session": "0" * 16}, {"access_session": 7}, {"access_session": None}]
)
def test_a_session_that_never_was_is_nobody(session):
    assert api.actor_of_session(session, NOW) is None
    assert api.why_ended(session, NOW) is None


def test_an_old_password_must_be_changed_before_anything_else(monkeypatch):
    account("wang", Role.COUNTY, password=PASSWORD)
    later = NOW + 90 * DAY
    signed = enter(now=later)
    assert signed.must_change_password
    found = api.present(held(signed), later)
    assert found.must_change_password
    assert found.actor.roles == {Role.NEWCOMER}
    assert (found.actor.ranges.pairs, found.actor.facility) == ((), 0)
    allowed = {
        name for name in api.all_rules() if name.startswith("access.") and api.allowed(name, found.actor)
    }
    assert "access.change_password" in allowed
    assert not {"access.propose", "access.users", "access.broken_glass"} & allowed
    api.change_password(actor=found.actor, now=later, old=PASSWORD, new="Chongyang-2026")
    assert who(signed, later).roles == {Role.COUNTY}
    monkeypatch.setenv("DOUDI_PASSWORDS", "modern")
    assert not enter(password="Chongyang-2026", now=later + 900 * DAY).must_change_password


def code_of(secret, now):
    return pyotp.TOTP(secret).at(int(now.timestamp()))


def bound(login="wang"):
    number = account(login, Role.COUNTY, password=PASSWORD)
    me = acting(number)
    secret = api.begin_code(actor=me, now=NOW).secret
    api.confirm_code(actor=me, now=NOW, code=code_of(secret, NOW))
    return number, secret


def test_a_code_is_asked_for_and_good_once():
    _, secret = bound()
    assert refusal().code == "sign_in_code"
    assert refusal(code="000000").code == "sign_in_wrong"
    later = NOW + 5 * MINUTE
    assert refusal(code=code_of(secret, NOW), now=later).code == "sign_in_wrong", "too old"
    assert enter(code=code_of(secret, later), now=later)
    assert refusal(code=code_of(secret, later), now=later).code == "sign_in_wrong", "used"
    next_step = later + timedelta(seconds=30)
    assert refusal(code=code_of(secret, later - timedelta(seconds=30)), now=later).code == "sign_in_wrong"
    assert enter(code=code_of(secret, next_step), now=later), "a clock half a minute fast"


def test_a_wrong_code_with_the_right_password_locks_too():
    bound()
    codes = [refusal(code="000000").code for _ in range(ACCOUNT_LOCKOUT.failures + 1)]
    assert codes[-1] == "sign_in_locked"


def test_the_secret_of_codes_is_sealed_and_bound_only_once():
    number, secret = bound()
    with scoped(NOTHING):
        assert secret.encode() not in bytes(User.objects.get(pk=number).totp_sealed)
    with pytest.raises(Refused, match="code_already_bound"):
        api.begin_code(actor=acting(number), now=NOW)
    admin = actor(Role.SECURITY_ADMIN)
    signed = enter(code=code_of(secret, NOW + MINUTE), now=NOW + MINUTE)
    api.remove_code(actor=admin, now=NOW + MINUTE, user=number, reason="手机遗失")
    assert who(signed, NOW + MINUTE) is None
    assert enter(now=NOW + MINUTE)


def test_who_must_have_a_code_binds_one_before_anything_else(monkeypatch):
    monkeypatch.setenv("DOUDI_SECOND_FACTOR", "administrators")
    account("wang", Role.SYSTEM_ADMIN, password=PASSWORD)
    account("li", Role.COUNTY, password=PASSWORD)
    assert not enter("li").must_enrol_code
    signed = enter()
    assert signed.must_enrol_code
    assert who(signed).roles == {Role.NEWCOMER}
    secret = api.begin_code(actor=who(signed), now=NOW).secret
    api.confirm_code(actor=who(signed), now=NOW, code=code_of(secret, NOW))
    assert who(signed).roles == {Role.SYSTEM_ADMIN}


def test_a_token_is_one_post_and_never_a_session():
    number = account("his", Role.WINDOW)
    grant = api.posts_of(number, NOW)[0].number
    admin = actor(Role.SECURITY_ADMIN, LIUZHI)
    issued = api.issue_token(actor=admin, now=NOW, grant=grant, name="医院信息系统", until_at=NOW + 30 * DAY)
    machine = api.actor_of_token(issued.secret, NOW)
    assert (machine.user, machine.roles, machine.facility) == (number, {Role.WINDOW}, 9_101)
    assert api.actor_of_session({api.SESSION_FIELD: machine.session}, NOW) is None
    for call in (
        lambda: api.switch_post(actor=machine, now=NOW, post=grant),
        lambda: api.begin_code(actor=machine, now=NOW),
        lambda: api.change_password(actor=machine, now=NOW, old="", new=PASSWORD),
    ):
        with pytest.raises(Forbidden):
            call()
    assert api.actor_of_token(issued.secret + "x", NOW) is None
    assert api.actor_of_token(issued.secret, NOW + 30 * DAY) is None
    assert [token.name for token in api.tokens(viewer=admin).items] == ["医院信息系统"]
    api.end_token(actor=admin, now=NOW, token=issued.token, reason="更换系统")
    assert api.actor_of_token(issued.secret, NOW) is None


def test_a_token_ends_with_its_post_and_its_account():
    number = account("his", Role.WINDOW, until=TODAY + DAY)
    grant = api.posts_of(number, NOW)[0].number
    admin = actor(Role.SECURITY_ADMIN, LIUZHI)
    first = api.issue_token(actor=admin, now=NOW, grant=grant, name="一", until_at=NOW + 30 * DAY)
    assert api.actor_of_token(first.secret, NOW)
    assert api.actor_of_token(first.secret, NOW + DAY) is None
    api.close_user(actor=SYSTEM, now=NOW, user=number, reason="停用")
    assert api.actor_of_token(first.secret, NOW) is None


def test_administrators_have_no_tokens_and_nobody_issues_one_elsewhere():
    grant = api.posts_of(account("admin", Role.AUDIT_ADMIN), NOW)[0].number
    admin = actor(Role.SECURITY_ADMIN, LIUZHI)
    with pytest.raises(Refused, match="token_administrator"):
        api.issue_token(actor=admin, now=NOW, grant=grant, name="x", until_at=NOW + DAY)
    elsewhere = actor(Role.SECURITY_ADMIN, 522632000000)
    grant = api.posts_of(account("his", Role.WINDOW), NOW)[0].number
    with pytest.raises(Refused, match="absent"):
        api.issue_token(actor=elsewhere, now=NOW, grant=grant, name="x", until_at=NOW + DAY)
