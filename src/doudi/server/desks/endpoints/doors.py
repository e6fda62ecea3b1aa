"""Builds the API from the registry of guarded functions.

`POST /api/operations/<name>` with an `Idempotency-Key` header; `POST /api/queries/<name>`, a POST as well because what
it asks for (a number, a name) must not stand in an address. The caller is a signed-in session (with its CSRF token) or
a bearer token; either acts in one post. A refusal answers its status with code, texts, remedy and the field.
"""

from __future__ import annotations

import base64
import functools
import inspect
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from ninja import NinjaAPI, Router, Schema
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder
from ninja.security import HttpBearer, SessionAuth

from doudi.server.access.api import GUARDED, actor_of_token
from doudi.server.desks.endpoints.shapes import answer_of, body_of, words_of
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused

LONGEST_KEY = 120


class Text(Schema):
    """A text in both languages."""

    zh: str
    en: str


class Refusal(Schema):
    """Why a request was refused, where, and what would mend it."""

    code: str
    words: Text
    remedy: Text | None = None
    where: str = ""


class Encoder(NinjaJSONEncoder):
    """Sets become sorted lists, bytes base64 (as in requests)."""

    def default(self, o: Any) -> Any:
        """What JSON itself does not know."""
        if isinstance(o, bytes):
            return base64.b64encode(o).decode()
        return sorted(o) if isinstance(o, set | frozenset) else super().default(o)


class Renderer(JSONRenderer):
    """Writes answers with `Encoder`."""

    encoder_class = Encoder


class Token(HttpBearer):
    """A token of a machine: it acts in its post and never becomes a session."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002 - ninja's signature
        """The actor of the token, or None."""
        return actor_of_token(token, clock.now())


class Session(SessionAuth):
    """A signed-in session."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002 - ninja's signature
        """The actor of the session, or None."""
        actor: Actor | None = getattr(request, "actor", None)
        return actor


def _signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The pages of the API's documentation are for accounts only."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "actor", None) is None:
            return redirect("account.sign_in")
        return view(request, *args, **kwargs)

    return run


def build() -> NinjaAPI:
    """The API of everything that is registered now."""
    api = NinjaAPI(
        title="Doudi 兜底", version="1", urls_namespace="api", auth=[Session(csrf=True), Token()],
        renderer=Renderer(),
        docs_decorator=_signed_in,
        description="Every operation and query of the server. 每个操作与查询各有一个入口。",
    )  # fmt: skip
    for kind, address in (("operation", "/operations/"), ("query", "/queries/")):
        router = Router(tags=[kind])
        for name, (its_kind, function) in sorted(GUARDED.items()):
            if its_kind == kind:
                _add(router, name, kind, function)
        api.add_router(address, router)
    api.add_exception_handler(Refused, functools.partial(_refused, api))
    api.add_exception_handler(ValidationError, functools.partial(_invalid, api))
    return api


def _add(router: Router, name: str, kind: str, function: Callable[..., Any]) -> None:
    body = body_of(name, function)
    supplied = set(inspect.signature(function).parameters)

    def endpoint(request: HttpRequest, **given: Any) -> Any:
        actor: Actor = request.auth  # type: ignore[attr-defined]
        asked = given["body"]
        facts = {word: getattr(asked, word) for word in type(asked).model_fields}
        if kind == "query":
            instant = {"now": clock.now()} if "now" in supplied else {}
            return 200, function(viewer=actor, **instant, **facts)
        return 200, function(actor=actor, now=clock.now(), key=_key(request), **facts)

    keyword = inspect.Parameter.KEYWORD_ONLY
    endpoint.__name__ = endpoint.__qualname__ = name.replace(".", "_")
    endpoint.__doc__ = inspect.getdoc(function)
    endpoint.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest),
            inspect.Parameter("body", keyword, annotation=body),
        ]
    )
    router.add_api_operation(
        f"{name}",
        ["POST"],
        endpoint,
        response={200: answer_of(function), **dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Refusal)},
        operation_id=words_of(name),
        summary=name,
    )


def _key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    return key[:LONGEST_KEY] or None


def _refused(api: NinjaAPI, request: HttpRequest, refusal: Any) -> HttpResponse:
    answer = Refusal(
        code=refusal.code,
        words=Text(zh=refusal.words.zh, en=refusal.words.en),
        remedy=Text(zh=refusal.remedy.zh, en=refusal.remedy.en) if refusal.remedy else None,
        where=refusal.where,
    )
    return api.create_response(request, answer.model_dump(), status=refusal.status)


def _invalid(api: NinjaAPI, request: HttpRequest, error: Any) -> HttpResponse:
    first = error.errors[0] if error.errors else {"loc": (), "msg": ""}
    where = ".".join(str(part) for part in first.get("loc", ())[2:])
    answer = Refusal(
        code="request_shape",
        words=Text(
            zh=f"请求内容不符合要求：{where or '正文'}。",
            en=f"The request is not as it must be: {first['msg']}.",
        ),
        remedy=Text(zh="请对照 /api/docs 中的格式。", en="See the shape in /api/docs."),
        where=where,
    )
    return api.create_response(request, answer.model_dump(), status=422)
