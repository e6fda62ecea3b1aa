"""The document of the doors (OpenAPI 3.1), written from the same signatures and rules, and the page that shows it.

Both are for whoever is signed in; a token may read the document. It is made once a process, when it is first asked for.
"""

from __future__ import annotations

import functools
import inspect
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from pydantic import BaseModel, ConfigDict, TypeAdapter, create_model
from pydantic.json_schema import JsonSchemaMode

from doudi.server.access.api import ROLE_NAMES, BudgetExceeded, Role
from doudi.server.desks.endpoints import errors
from doudi.server.desks.endpoints.callers import COOKIE, caller
from doudi.server.desks.endpoints.doors import JSON, LONGEST_KEY, MOST_BYTES, most_bytes, refused, told
from doudi.server.desks.endpoints.examples import EXAMPLES
from doudi.server.desks.endpoints.exposed import Door, doors
from doudi.server.desks.endpoints.naming import Shapes, describe_fields, remember
from doudi.server.desks.endpoints.shapes import KINDS, hints_of, pascal
from doudi.server.desks.endpoints.titles import APPS, title_of
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.idempotency import KeyTaken
from doudi.server.kernel.outages import no_room

VERSION = "1"
ABOUT = """每个操作与查询各有一个入口，规则、范围、审计与页面相同。Every operation and query has one door, with the rule,
the scope and the trail that its page has.

- **Amounts** are integer fen (`*_fen`), rates basis points (`*_bp`); **days** are `2026-11-25` in China's time,
  `from_date` is the first day and `until_date` the first day after; **instants** (`*_at`) carry their zone; **files** are
  base64; a **region key** has 9 digits, a division code 12.
- **Requests are read strictly**: an unknown field, a number in quotes, U+0000 in a text, a number beyond 64 bits or a day
  outside 1800–2199 is refused with 422 and every place in `faults`.
- **What is not there and what is elsewhere** answer alike: 404, the same body.
- **Operations** take an `Idempotency-Key`: the same key and content give the first answer again, other content is 409.
"""
REFUSALS: dict[int, tuple[str, str]] = {
    400: ("NotReadable", "正文不是 JSON · The body is no JSON."),
    401: ("NotKnown", "没有有效的登录或令牌 · No valid session or token."),
    403: (
        "NotAllowed",
        "岗位没有权限，或缺少 X-CSRFToken · The post does not allow it, or the form token is missing.",
    ),
    404: ("NotFound", "不存在，或不在范围内；答复相同 · Not there, or elsewhere: the same answer."),
    409: (
        "Conflict",
        "与已有的相矛盾，或须由另一人审批 · It contradicts what is there, or needs a second person.",
    ),
    413: ("TooLarge", "正文过大 · The body is too large."),
    415: ("WrongType", "正文不是 application/json · The body is not application/json."),
    422: ("Refused", "内容不符合要求 · The content is not as it must be; `where` and `faults` say where."),
    429: ("BudgetExceeded", "超过额度，审计已获知 · The budget is used up; the auditors were told."),
    500: ("Fault", "本系统的故障，凭编号查询 · A fault of ours, with its reference number."),
    503: ("Unavailable", "数据库暂不可用，稍后原样重发 · The database cannot work now: send the same again."),
}


def openapi(request: HttpRequest) -> HttpResponse:
    """The document, for whoever is known."""
    try:
        caller(request)
    except Refused as refusal:
        return refused(refusal)
    return HttpResponse(written(), content_type=JSON)


def docs(request: HttpRequest) -> HttpResponse:
    """The page of the document, for accounts."""
    if getattr(request, "actor", None) is None:
        return redirect("account.sign_in")
    return render(request, "endpoints/docs.html")


@functools.cache
def written() -> bytes:
    """The document as JSON."""
    return json.dumps(document(), ensure_ascii=False).encode()


def document() -> dict[str, Any]:
    """The document of every door."""
    shapes, components = _shapes()
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "兜底 Doudi", "version": VERSION, "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [
            {"name": app, "description": f"{words.zh} · {words.en}"}
            for app, words in APPS.items()
            if any(door.app == app for door in doors().values())
        ],
        "paths": {f"/api/{door.address}": {"post": _path(door, shapes)} for door in doors().values()},
        "components": {
            "schemas": dict(sorted({**components, **_REFUSAL}.items())),
            "responses": {
                name: _response(said, _EXAMPLES[status]) for status, (name, said) in REFUSALS.items()
            },
            "parameters": {"IdempotencyKey": _KEY},
            "securitySchemes": _SECURITY,
        },
    }
    for name, shape in made["components"]["schemas"].items():
        describe_fields(shape, name)
    return made


def _shapes() -> tuple[dict[tuple[str, str], Any], dict[str, Any]]:
    """The shape of each request and answer, and the named shapes they refer to."""
    whole = ConfigDict(json_schema_serialization_defaults_required=True)
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = []
    for name, door in doors().items():
        remember(hints_of(door.function)["return"])
        fields: dict[str, Any] = {"answer": (hints_of(door.function)["return"], ...)}
        answer: type[BaseModel] = create_model("Answer", __config__=whole, **fields)
        inputs += [(name, "validation", TypeAdapter(door.body)), (name, "serialization", TypeAdapter(answer))]
    found, rest = TypeAdapter.json_schemas(
        inputs, schema_generator=Shapes, ref_template="#/components/schemas/{model}"
    )
    components = rest["$defs"]
    shapes: dict[tuple[str, str], Any] = {}
    for (name, mode), shape in found.items():
        if mode == "serialization":
            wrapped = shape if "properties" in shape else components.pop(shape["$ref"].rpartition("/")[2])
            shapes[name, mode] = wrapped["properties"]["answer"]
        else:
            shapes[name, mode] = shape
    return shapes, components


def _path(door: Door, shapes: dict[tuple[str, str], Any]) -> dict[str, Any]:
    title = title_of(door.name)
    body: dict[str, Any] = {"schema": shapes[door.name, "validation"]}
    if door.name in EXAMPLES:
        body["examples"] = {
            pascal(door.name): {"summary": f"{title.zh} · {title.en}", "value": EXAMPLES[door.name]}
        }
    made = {
        "operationId": door.name.replace(".", "_"),
        "tags": [door.app],
        "summary": f"{title.zh} · {title.en}",
        "description": _description(door),
        "requestBody": {"required": True, "content": {JSON: body}},
        "responses": {
            "200": {"description": "已办理 · Done", "content": {JSON: {"schema": shapes[door.name, "serialization"]}}},
            **{str(status): {"$ref": f"#/components/responses/{name}"} for status, (name, _) in REFUSALS.items()},
        },
        "security": [{"session": [], "formToken": []}, *([] if door.rule.needs == "person" else [{"token": []}])],
        "x-roles": sorted(door.rule.roles - {Role.SYSTEM}),
        "x-most-bytes": most_bytes(door),
    }  # fmt: skip
    if door.keeps_answers:
        made["parameters"] = [{"$ref": "#/components/parameters/IdempotencyKey"}]
    if door.rule.budget:
        made["x-budget"] = door.rule.budget
    return made


def _description(door: Door) -> str:
    roles = [ROLE_NAMES[role] for role in Role if role in door.rule.roles - {Role.SYSTEM, Role.NEWCOMER}]
    lines = [
        inspect.getdoc(door.function) or "",
        f"**岗位 Who:** {'、'.join(one.zh for one in roles)} · {', '.join(one.en for one in roles)}.",
    ]
    if door.rule.needs == "person":
        lines.append("**须由本人登录 Session only:** 令牌不能使用 · not for tokens.")
    if door.rule.four_eyes:
        lines.append(
            "**双人复核 Four eyes:** 经 `access.propose` 提交，由他人批准；直接调用答复 409 · proposed with"
            " `access.propose` and run by the approval of another person; a direct call is answered 409."
        )
    if door.rule.budget:
        lines.append(f"**额度 Budget:** `{door.rule.budget}`.")
    if door.kind == "operation" and not door.keeps_answers:
        lines.append("**不保存答复 No kept answer:** 不接受 Idempotency-Key · takes no `Idempotency-Key`.")
    return "\n\n".join(lines)


def _response(said: str, example: Refused) -> dict[str, Any]:
    shape = {"$ref": "#/components/schemas/Refusal"}
    return {"description": said, "content": {JSON: {"schema": shape, "example": told(example)}}}


_EXAMPLES: dict[int, Refused] = {
    400: errors.not_json("expected value at line 1 column 2"),
    401: errors.not_known(),
    403: errors.no_form_token(),
    404: errors.no_such_door(),
    409: KeyTaken("list-2026-11-apply"),
    413: errors.too_large(MOST_BYTES),
    415: errors.json_only(),
    422: errors.Malformed((errors.Fault("terms.from_date", KINDS["date_type"]),)),
    429: BudgetExceeded("people.search", 600, 1),
    500: errors.fault("QVXR-TMNB"),
    503: no_room(),
}


_TEXT = {"$ref": "#/components/schemas/Text"}
_REFUSAL: dict[str, Any] = {
    "Text": {
        "type": "object", "description": "中英文 · A text in both languages.", "required": ["zh", "en"],
        "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
    },
    "RefusalFault": {
        "type": "object", "description": "请求中的一处 · One place of the request.", "required": ["where", "words"],
        "properties": {"where": {"type": "string"}, "words": _TEXT},
    },
    "Refusal": {
        "type": "object", "required": ["code", "words", "remedy", "where", "faults"],
        "description": "为何不办、何处、如何补救 · Why it was refused, where, and what would mend it.",
        "properties": {
            "code": {"type": "string", "description": "稳定的代码，供程序判断 · stable, for programs"},
            "words": _TEXT,
            "remedy": {"anyOf": [_TEXT, {"type": "null"}]},
            "where": {"type": "string", "description": "字段或行，如 terms.from_date · the field or row"},
            "faults": {"type": "array", "items": {"$ref": "#/components/schemas/RefusalFault"}},
        },
    },
}  # fmt: skip
_KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "请求号：每件业务一个新号，重发时沿用 · new for each piece of work, the same when sent again",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    "example": "6f1c8a52-0b7e-4f0a-9f43-2d1f6f1f7c11",
}  # fmt: skip
_SECURITY = {
    "token": {
        "type": "http", "scheme": "bearer",
        "description": "机器的令牌，由安全管理员对一个岗位发放 · a machine's token for one post",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "已登录的会话 · a signed-in session"},
    "formToken": {
        "type": "apiKey", "in": "header", "name": "X-CSRFToken",
        "description": "会话须附 csrftoken Cookie 的值 · with a session: the value of the cookie csrftoken",
    },
}  # fmt: skip
