"""The arguments of `doudi audit`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

W = Callable[[str, str], str]


def audit_commands(commands: Any, add: Callable[..., Any], w: W) -> None:
    """`doudi audit verify`, `seal`, `head`."""
    text = w("审计轨迹：核验、封存、取封存凭据", "the audit trail: verify it, seal it, print its head")
    audit = add(commands, "audit", text, "audit")
    audit.set_defaults(run=None, help_of=audit)
    inner = audit.add_subparsers(
        title=w("命令", "commands"),
        dest="audit_command",
        metavar=w("命令", "COMMAND"),
        parser_class=type(audit),
    )
    text = w(
        "核验全部轨迹：改、删、插、换、截，各在何处",
        "verify the whole trail: what was changed, deleted, inserted, reordered, cut, and where",
    )
    kept = w(
        "外存的封存凭据（head 的输出，每行一个，可多次）；没有它就看不出尾部被截",
        "heads kept elsewhere (what `head` printed, one a line; repeatable); without them a cut tail cannot show",
    )
    verify = add(inner, "verify", text, "audit")
    verify.option.add_argument("--witness", action="append", default=[], metavar="FILE", help=kept)
    add(
        inner,
        "seal",
        w("现在就封存（平时每五分钟一次）", "seal now (it happens every five minutes)"),
        "audit",
    )
    text = w("输出当前封存凭据，请存到别处", "print the head of the trail, to be kept elsewhere")
    add(inner, "head", text, "audit")
