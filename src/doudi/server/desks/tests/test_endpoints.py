"""The JSON doors: which there are, who gets through, what they refuse before anything is asked, and what they keep."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from doudi.server.access import api as access
from doudi.server.access.api import GUARDED, Role, rule_of
from doudi.server.desks.endpoints import doors as views
from doudi.server.desks.endpoints.exposed import WITHHELD, doors, why_not
from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.models import GivenAnswer
from doudi.server.kernel.scope import NOTHING, scoped
from support import actors
from support.clients import client_of
from support.doors import call, issued, token

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
TODAY = "2026-11-25"
NOBODY_HUMAN = {Role.SYSTEM}


# Which doors there are.


def test_there_is_a_door_for_what_a_person_or_a_token_may_run_and_for_nothing_else() -> None:
    for name, (kind, _) in GUARDED.items():
        rule = rule_of(name)
        assert rule is not None
        if name not in doors():
            assert rule.roles == NOBODY_HUMAN or name in WITHHELD or kind == "operation", name
        else:
            assert rule.roles - NOBODY_HUMAN, name
    steps = {name for name in GUARDED if why_not(name) == "a step of a background job"}
    assert steps == {"imports.apply_now", "imports.examine_now", "imports.put_back", "imports.undo_now"}
    assert set(WITHHELD) <= set(GUARDED)
    for name in ("people.reseal", "reference.load_demo", "access.expire_proposals"):
        assert name not in doors()


def test_what_is_withheld_answers_like_what_does_not_exist() -> None:
    secret = token(Role.COUNTY)
    absent = call("no.such", secret=secret, kind="query")
    for name in ("recognition.export", "imports.apply_now", "people.reseal"):
        answer = call(name, secret=secret)
        assert (answer.status_code, answer.content) == (404, absent.content)
    assert call("people.register", secret=secret, kind="query").content == absent.content
    assert (
        Client().get("/api/elsewhere", headers={"authorization": f"Bearer {secret}"}).content
        == absent.content
    )


# Who gets through.


def is_unknown(answer: Any) -> bool:
    return bool(answer.status_code == 401 and answer.json()["code"] == "not_known")


def test_nobody_gets_through_without_a_token_or_a_session() -> None:
    for name in doors():
        assert is_unknown(call(name)), name
        assert is_unknown(call(name, secret="doudi_nobody")), name
    assert call("people.persons").headers["WWW-Authenticate"] == "Bearer"
    for other in ("Basic YTpi", "Bearer", "Bearer ", "bearer  x", "\x00", "Token x"):
        assert is_unknown(call("people.persons", authorization=other))


def test_a_stranger_does_not_learn_which_doors_there_are() -> None:
    assert call("no.such", kind="query").content == call("people.persons").content
    for address in ("/api/", "/api/openapi.json", "/api/operations/", "/api/x/y"):
        assert is_unknown(Client().get(address)), address
    assert Client().get("/api/docs").status_code == 302


def test_a_token_acts_and_leaves_no_cookie() -> None:
    answer = call("people.persons", secret=token(Role.COUNTY))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_a_token_that_ended_expired_or_whose_account_closed_is_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended, closed, expired = issued(Role.COUNTY), issued(Role.COUNTY), issued(Role.COUNTY, days=1)
    for made in (ended, closed, expired):
        assert call("people.persons", secret=made.secret).status_code == 200
    now, security = clock.now(), actors.actor(Role.SECURITY_ADMIN, 0)
    access.end_token(actor=security, now=now, key=None, token=ended.token, reason="停用")
    assert is_unknown(call("people.persons", secret=ended.secret))
    login = next(one.login for one in access.tokens(viewer=security).items if one.number == closed.token)
    owner = access.users(viewer=actors.actor(Role.SYSTEM_ADMIN, 0), words=login).items[0].number
    access.close_user(actor=SYSTEM, now=now, key=None, user=owner, reason="离职")
    assert is_unknown(call("people.persons", secret=closed.secret))
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))
    assert is_unknown(call("people.persons", secret=expired.secret))


def test_a_bad_token_beside_a_good_session_is_nobody() -> None:
    client = client_of(Role.COUNTY)
    assert is_unknown(call("people.persons", client=client, authorization="Bearer doudi_bad"))


def test_a_session_needs_its_form_token() -> None:
    client = client_of(Role.COUNTY)
    client.handler.enforce_csrf_checks = True
    refused = call("people.persons", client=client)
    assert (refused.status_code, refused.json()["code"]) == (403, "form_token")
    client.get("/api/docs")
    good = client.cookies["csrftoken"].value
    assert call("people.persons", client=client, **{"x-csrftoken": good}).status_code == 200
    assert call("people.persons", client=client, **{"x-csrftoken": "x" * 32}).status_code == 403


def test_a_role_that_is_not_allowed_is_refused_before_the_body_is_looked_at() -> None:
    secret = token(Role.HEALTH)
    for words in ({}, {"nonsense": 1}, b"{"):
        answer = call("people.register", words, secret=secret)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_what_is_for_persons_is_not_for_tokens() -> None:
    secret = token(Role.COUNTY)
    own = [name for name, door in doors().items() if door.rule.needs == "person"]
    assert len(own) > 5
    for name in own:
        assert call(name, secret=secret).status_code == 403, name


def test_only_post() -> None:
    headers = {"authorization": f"Bearer {token(Role.COUNTY)}"}
    for method in ("get", "put", "patch", "delete"):
        answer = getattr(Client(), method)("/api/queries/people.persons", headers=headers)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
        assert answer.json()["code"] == "post_only"


# What is refused before anything is asked.

REGISTER: dict[str, Any] = {"region": 520203101, "name": "王小明", "sex": "1", "birth_date": "1980-01-01"}


@pytest.fixture
def clerk() -> Callable[..., Any]:
    secret = token(Role.COUNTY)
    return lambda name, words=None, **other: call(name, words, secret=secret, **other)


def refusal(answer: Any) -> tuple[int, str, str]:
    told = answer.json()
    assert set(told) == {"code", "words", "remedy", "where", "faults"}
    assert told["words"]["zh"]
    assert told["words"]["en"]
    return answer.status_code, told["code"], told["where"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"nonsense": 1}, "nonsense"),
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"region": "520203101"}, "region"),
        ({"region": 1.5}, "region"),
        ({"region": True}, "region"),
        ({"region": 2**63}, "region"),
        ({"region": -(2**80)}, "region"),
        ({"name": "王\0明"}, "name"),
        ({"name": "王" * 20_001}, "name"),
        ({"birth_date": "1980-13-01"}, "birth_date"),
        ({"birth_date": 315532800}, "birth_date"),
        ({"birth_date": "0001-01-01"}, "birth_date"),
        ({"birth_date": "9999-12-31"}, "birth_date"),
        ({"sex": "男"}, "sex"),
    ],
)
def test_a_request_of_another_shape_is_refused_with_its_place(
    clerk: Callable[..., Any], change: dict[str, Any], where: str
) -> None:
    answer = clerk("people.register", {**REGISTER, **change})
    assert refusal(answer) == (422, "request_shape", where)
    assert [fault["where"] for fault in answer.json()["faults"]] == [where]


def test_every_place_is_told_and_nothing_that_was_sent(clerk: Callable[..., Any]) -> None:
    answer = clerk(
        "people.register", {"name": 520203192505010011, "520203192505010011": "张三", "sex": "李四"}
    )
    places = {fault["where"] for fault in answer.json()["faults"]}
    assert {"region", "name", "sex"} < places
    assert "李四" not in answer.content.decode()
    assert "张三" not in answer.content.decode()


def test_values_inside_values_are_read_as_strictly(clerk: Callable[..., Any]) -> None:
    terms = {"kind": "referral", "from_date": TODAY}
    for change, where in (
        ({"nonsense": 1}, "terms.nonsense"),
        ({"facility": "7"}, "terms.facility"),
        ({"facility": 2**64}, "terms.facility"),
        ({"reason": "\0"}, "terms.reason"),
        ({"from_date": "2300-01-01"}, "terms.from_date"),
    ):
        answer = clerk("filings.file", {"person": 1, "terms": {**terms, **change}})
        assert refusal(answer)[0] == 422
        assert answer.json()["where"].endswith(where.rpartition(".")[2])
    proposal = {
        "name": "recognition.end_late",
        "content": {"a\0": {"b": ["\0", 2**70, 1.5]}},
        "region": 1,
        "summary": "",
    }
    assert len(clerk("access.propose", proposal).json()["faults"]) == 4


@pytest.mark.parametrize(
    "text",
    [b" ", b"{", b"nonsense", b"\xff\xfe{}", b'{"text": "\\ud800"}', b'{"text": NaN}', b'{"text": "\x01"}',
     b"[" * 100_000, b'{"content":' * 5_000, b"{}{}", b"\xef\xbb\xbf"],
)  # fmt: skip
def test_what_is_no_json_is_refused(clerk: Callable[..., Any], text: bytes) -> None:
    answer = clerk("people.search", text)
    assert answer.status_code in (400, 422)
    refusal(answer)


@pytest.mark.parametrize("text", [b"null", b"[]", b'"x"', b"7", b'{"text": Infinity}', b'{"text": 1e999}'])
def test_what_is_no_object_is_refused(clerk: Callable[..., Any], text: bytes) -> None:
    assert clerk("people.search", text).status_code in (400, 422)


def test_deep_content_is_refused_or_read(clerk: Callable[..., Any]) -> None:
    for depth in (50, 150, 190, 199, 250, 5_000):
        content = '{"a":' * depth + "1" + "}" * depth
        text = (
            f'{{"name": "recognition.end_late", "content": {content}, "region": 1, "summary": ""}}'.encode()
        )
        answer = clerk("access.propose", text)
        assert 400 <= answer.status_code < 500
        refusal(answer)


def test_only_json_is_taken() -> None:
    headers = {"authorization": f"Bearer {token(Role.COUNTY)}"}
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", "x", ""):
        answer = Client().generic(
            "POST", "/api/queries/people.search", "{}", content_type=kind, headers=headers
        )
        assert (answer.status_code, answer.json()["code"]) == (415, "json_only"), kind
    good = Client().generic(
        "POST",
        "/api/queries/people.persons",
        "{}",
        content_type="application/json; charset=UTF-8",
        headers=headers,
    )
    assert good.status_code == 200


def test_a_request_is_small_and_a_file_as_large_as_an_upload_may_be(
    clerk: Callable[..., Any], settings: Any
) -> None:
    large = b'{"text": "' + b"a" * views.MOST_BYTES + b'"}'
    assert refusal(clerk("people.search", large))[:2] == (413, "request_too_large")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * views.MOST_BYTES
    assert refusal(clerk("imports.upload", large))[:2] == (422, "request_shape")
    assert refusal(clerk("imports.upload", large * 2))[:2] == (413, "request_too_large")


# What is there and what is elsewhere.


def test_unknown_and_elsewhere_answer_alike(clerk: Callable[..., Any]) -> None:
    secret = token(Role.COUNTY, code=actors.RONGJIANG)
    words = {"region": actors.RONGJIANG_TOWN, "name": "王小明", "number": "520203192505010011"}
    theirs = call("people.register", words, secret=secret)
    assert theirs.status_code == 200, theirs.content
    number = theirs.json()["person"]
    asked: tuple[tuple[str, dict[str, str]], ...] = (
        ("people.person", {}),
        ("entitlement.card", {"day": TODAY}),
        ("people.split", {"reason": "合并有误，拆分"}),
    )
    for name, other in asked:
        elsewhere, unknown = (clerk(name, {"person": one, **other}) for one in (number, 2**40))
        assert (elsewhere.status_code, elsewhere.content) == (404, unknown.content), name


# What is kept under a key.


def test_the_same_key_gives_the_first_answer_and_does_the_work_once(clerk: Callable[..., Any]) -> None:
    words = {"region": 520203101, "name": "王小明", "number": "520203192505010011"}
    first, again = (clerk("people.register", words, key="a-key") for _ in range(2))
    assert first.status_code == 200, first.content
    assert first.content == again.content
    other = clerk("people.register", {**words, "name": "李小明"}, key="a-key")
    assert refusal(other)[:2] == (409, "request_key_taken")


def test_a_key_is_needed_and_is_never_cut(clerk: Callable[..., Any]) -> None:
    assert refusal(clerk("people.register", REGISTER, key=None)) == (
        422,
        "request_key_missing",
        "Idempotency-Key",
    )
    for key in ("x" * 121, "a b", "键", "a\x7f"):
        assert refusal(clerk("people.register", REGISTER, key=key))[:2] == (422, "request_key_shape")


def test_secret_answers_are_kept_under_no_key() -> None:
    unkept = {name for name, door in doors().items() if door.kind == "operation" and not door.keeps_answers}
    by_serial = {  # the facility's own serial is their key, for ever; of a re-adjudication its fingerprint
        "settlement.hold", "settlement.pay", "settlement.readjudicate", "settlement.refund", "settlement.register",
        "settlement.reverse", "settlement.reverse_by_serial", "settlement.settle",
    }  # fmt: skip
    assert unkept - by_serial == {
        "access.begin_code", "access.change_password", "access.confirm_code", "access.issue_activation",
        "access.issue_token", "people.break_glass", "people.export", "people.find_at_facility", "people.unmask",
        "trail.export", "trail.find_person",
    }  # fmt: skip
    secret = token(Role.WINDOW)
    answer = call("people.find_at_facility", {"number": "520203192505010011"}, secret=secret, key="k")
    assert refusal(answer)[:2] == (422, "request_key_not_kept")
    answer = call("people.find_at_facility", {"number": "520203192505010011"}, secret=secret, key=None)
    assert answer.status_code == 200, answer.content
    with scoped(NOTHING):
        assert not GivenAnswer.objects.filter(operation__in=unkept).exists()


# Budgets, four eyes, faults.


def test_a_budget_that_is_used_up_answers_429(monkeypatch: pytest.MonkeyPatch) -> None:
    from doudi.server.access.limits import BUDGETS, HOUR, Allowance

    monkeypatch.setitem(BUDGETS, "people.search", (Allowance(HOUR, 2),))
    secret = token(Role.COUNTY)
    found = [call("people.search", {"text": "王"}, secret=secret) for _ in range(3)]
    assert [answer.status_code for answer in found] == [200, 200, 429]
    assert refusal(found[2]) == (429, "budget_exceeded", "people.search")


def test_what_needs_a_second_person_says_so(clerk: Callable[..., Any]) -> None:
    answer = clerk("recognition.end_late", {"recognition": 1, "until_date": TODAY, "reason": "核查"})
    assert refusal(answer)[:2] == (409, "needs_second_person")


def test_a_fault_of_ours_is_json_with_its_number() -> None:
    secret = token(Role.COUNTY)
    client = Client(raise_request_exception=False)
    door = doors()["people.search"]
    whole = door.function
    object.__setattr__(door, "function", lambda **_words: 1 / 0)
    try:
        answer = call("people.search", {"text": "王"}, secret=secret, client=client)
    finally:
        object.__setattr__(door, "function", whole)
    assert answer.status_code == 500
    assert answer.json()["code"] == "fault"
    assert answer.json()["where"] == answer.headers["X-Reference"]
    assert "ZeroDivision" not in json.dumps(answer.json())
