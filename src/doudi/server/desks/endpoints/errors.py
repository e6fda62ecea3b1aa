"""What the doors refuse before an operation or query is asked: the envelope of a request, not what it asks for.

Nothing of a request's content is repeated in an answer: what was sent may be a person's number.
"""

from __future__ import annotations

from doudi.server.kernel.errors import Forbidden, NotFound, Refused
from doudi.words import Words

SEE_DOCS = Words("格式见 /api/docs。", "The shapes are in /api/docs.")


class NotKnown(Refused):
    """Who asks is not known."""

    status = 401


class NotReadable(Refused):
    """The body is no JSON."""

    status = 400


class WrongMethod(Refused):
    """Every door is a POST."""

    status = 405


class TooLarge(Refused):
    """The body is larger than the door takes."""

    status = 413


class WrongType(Refused):
    """The body is said to be something else than JSON."""

    status = 415


class Malformed(Refused):
    """The body is JSON of another shape; `faults` lists every place."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = faults[0]
        super().__init__("request_shape", first.words, remedy=SEE_DOCS, where=first.where)
        self.faults = faults


class Fault:
    """One place of a body that is not as it must be."""

    __slots__ = ("where", "words")

    def __init__(self, where: str, words: Words) -> None:
        self.where = where
        self.words = words


def not_known() -> NotKnown:
    """No token and no session, or one that does not hold (any more); which of them is not said."""
    return NotKnown(
        "not_known",
        Words("没有有效的登录或令牌。", "There is no valid session or token."),
        remedy=Words(
            "请登录，或用 Authorization: Bearer 发送有效的令牌。", "Sign in, or send a token as Authorization: Bearer."
        ),
        where="Authorization",
    )  # fmt: skip


def no_form_token() -> Forbidden:
    """A session speaks with its form token, so that no other site can speak for it."""
    return Forbidden(
        "form_token",
        Words("缺少或不符的 X-CSRFToken。", "X-CSRFToken is missing or not right."),
        remedy=Words(
            "用会话访问时，请把 csrftoken Cookie 的值放入 X-CSRFToken 头。",
            "With a session, send the value of the cookie csrftoken in the header X-CSRFToken.",
        ),
        where="X-CSRFToken",
    )


def no_such_door() -> NotFound:
    """No operation or query of this name has a door."""
    return NotFound(
        "no_such_door", Words("没有这个接口。", "There is no such operation or query."), remedy=SEE_DOCS
    )


def post_only() -> WrongMethod:
    """Another method than POST."""
    return WrongMethod("post_only", Words("接口只接受 POST。", "The doors take POST only."), remedy=SEE_DOCS)


def json_only() -> WrongType:
    """Another content type."""
    return WrongType(
        "json_only",
        Words("请求内容须为 JSON（UTF-8）。", "The body must be JSON in UTF-8."),
        remedy=Words("请发送 Content-Type: application/json。", "Send Content-Type: application/json."),
        where="Content-Type",
    )


def too_large(most: int) -> TooLarge:
    """More bytes than the door takes."""
    return TooLarge(
        "request_too_large",
        Words(
            f"请求内容超过 {most // 1024} KiB 的上限。", f"The body is larger than the limit of {most // 1024} KiB."
        ),
        remedy=Words("请分批提交。", "Send it in parts."),
    )  # fmt: skip


def not_json(message: str) -> NotReadable:
    """`message` says where reading stopped; it holds nothing of the content."""
    return NotReadable(
        "request_not_json",
        Words(f"请求内容不是可读的 JSON：{message}。", f"The body cannot be read as JSON: {message}."),
        remedy=SEE_DOCS,
    )


def key_missing() -> Refused:
    """Who repeats a request without a key may do the work twice."""
    return Refused(
        "request_key_missing",
        Words("缺少请求号（Idempotency-Key 头）。", "The header Idempotency-Key is missing."),
        remedy=Words(
            "请为每件业务生成一个新的请求号；重发同一请求时沿用原号。",
            "Make a new key for each piece of work, and repeat it when you send the same request again.",
        ),
        where="Idempotency-Key",
    )


def key_malformed(longest: int) -> Refused:
    """The key is cut nowhere: two keys must never become one."""
    return Refused(
        "request_key_shape",
        Words(
            f"请求号须为 1 至 {longest} 个可见的 ASCII 字符，不含空格。",
            f"The key must be 1 to {longest} visible ASCII characters without spaces.",
        ),
        where="Idempotency-Key",
    )


def key_not_kept() -> Refused:
    """What is answered here is secret or a person's number, so that no answer is kept to be repeated."""
    return Refused(
        "request_key_not_kept",
        Words("此项业务不保存答复，不接受请求号。", "This operation keeps no answer, so it takes no Idempotency-Key."),
        remedy=Words("请去掉请求号；重发即重新办理。", "Leave the key out; a repeated request is a new one."),
        where="Idempotency-Key",
    )  # fmt: skip


def not_storable() -> Refused:
    """A value that a column cannot hold, and that nobody above has refused."""
    return Refused(
        "value_out_of_range",
        Words("请求中有超出可保存范围的数值或文本。", "A value of the request is outside what can be kept."),
        remedy=Words("请核对数值的大小和文本的长度。", "Check the size of numbers and the length of texts."),
    )


def fault(reference: str) -> Refused:
    """A fault of ours, with the number under which the log has it."""
    told = Refused(
        "fault",
        Words(f"系统故障，编号 {reference}。", f"A fault of the server; its number is {reference}."),
        remedy=Words(
            "同一请求号可以原样重发；仍有故障请将编号告知系统管理员。",
            "Send the same request with the same key again; if it persists, tell the system administrator the number.",
        ),
        where=reference,
    )
    told.status = 500
    return told
