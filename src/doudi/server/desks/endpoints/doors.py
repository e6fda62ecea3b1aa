"""The JSON doors: every operation and query by its name, with the rule, the scope and the types it has anyway.

`POST /api/operations/<name>` with an `Idempotency-Key`; `POST /api/queries/<name>`, a POST as well because what it asks
for (a number, a name) must not stand in an address. A refusal answers its status with code, texts, remedy and place.

The order is fixed: who asks, whether there is such a door, whether the rule lets them through it; only then is the body
looked at, so that nobody learns a shape by trying doors that are not theirs. Then the guard does what it does for pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from doudi.server.access.api import permit
from doudi.server.desks.endpoints import errors
from doudi.server.desks.endpoints.callers import caller
from doudi.server.desks.endpoints.exposed import Door, Kind, doors
from doudi.server.desks.endpoints.shapes import read, write
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.words import Words

LONGEST_KEY = 120
KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")
MOST_BYTES = 1024 * 1024
JSON = "application/json"


def most_bytes(door: Door) -> int:
    """How large a request may be: a file travels as base64 within the limit of uploads, everything else is small."""
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE or MOST_BYTES if door.takes_file else MOST_BYTES


@csrf_exempt  # a session's form token is asked for in `caller`; a token of a machine has none
def operation(request: HttpRequest, name: str) -> HttpResponse:
    """The door of an operation."""
    return _answered(lambda: _through(request, name, "operation"))


@csrf_exempt
def query(request: HttpRequest, name: str) -> HttpResponse:
    """The door of a query."""
    return _answered(lambda: _through(request, name, "query"))


@csrf_exempt
def elsewhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address below `/api/`: strangers are told nothing, others that there is no such door."""

    def nowhere() -> HttpResponse:
        caller(request)
        raise errors.no_such_door()

    return _answered(nowhere)


def _through(request: HttpRequest, name: str, kind: Kind) -> HttpResponse:
    actor = caller(request)
    door = doors().get(name)
    if door is None or door.kind != kind:
        raise errors.no_such_door()
    if request.method != "POST":
        raise errors.post_only()
    permit(name, actor)
    words = read(door.body, _body(request, door))
    try:
        answer = door.function(**_frame(door, actor, request), **words)
    except DataError:  # class 22 of SQLSTATE: the value, not the statement, is at fault
        raise errors.not_storable() from None
    return HttpResponse(write(door.answer, answer), content_type=JSON)


def _frame(door: Door, actor: Actor, request: HttpRequest) -> dict[str, Any]:
    """What the server supplies: who, when, and under which key."""
    frame: dict[str, Any] = {"viewer" if door.kind == "query" else "actor": actor}
    if "now" in door.words:
        frame["now"] = clock.now()
    if door.kind == "operation":
        frame["key"] = _key(request, door)
    return frame


def _key(request: HttpRequest, door: Door) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if not door.keeps_answers:
        if key is not None:
            raise errors.key_not_kept()
        return None
    if key is None:
        raise errors.key_missing()
    if not KEY.fullmatch(key):
        raise errors.key_malformed(LONGEST_KEY)
    return key


def _body(request: HttpRequest, door: Door) -> bytes:
    if (
        request.content_type != JSON
        or (request.content_params or {}).get("charset", "utf-8").lower() != "utf-8"
    ):
        raise errors.json_only()
    most = most_bytes(door)
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            raise errors.too_large(most)
        return request.body
    except RequestDataTooBig:
        raise errors.too_large(most) from None


def _answered(run: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return run()
    except Refused as refusal:
        return refused(refusal)


def told(refusal: Refused) -> dict[str, Any]:
    """A refusal as JSON has it."""
    return {
        "code": refusal.code,
        "words": _both(refusal.words),
        "remedy": _both(refusal.remedy) if refusal.remedy else None,
        "where": refusal.where,
        "faults": [
            {"where": fault.where, "words": _both(fault.words)}
            for fault in (refusal.faults if isinstance(refusal, errors.Malformed) else ())
        ],
    }


def refused(refusal: Refused) -> HttpResponse:
    """The answer of a refusal."""
    body = json.dumps(told(refusal), ensure_ascii=False)
    response = HttpResponse(body, content_type=JSON, status=refusal.status)
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if refusal.status == 405:
        response["Allow"] = "POST"
    return response


def broken(reference: str) -> HttpResponse:
    """A fault of ours: nothing but the number under which the log has it."""
    return refused(errors.fault(reference))


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
