"""Refusals of access."""

from __future__ import annotations

from doudi.server.kernel.errors import Forbidden
from doudi.words import Words


def not_allowed(name: str) -> Forbidden:
    """The actor's roles or place do not allow the operation or query `name`."""
    return Forbidden(
        "not_allowed",
        Words("您的岗位没有这项权限。", "Your role does not allow this."),
        remedy=Words(
            "如需办理，请联系本单位的安全管理员。", "If you need it, ask your security administrator."
        ),
        where=name,
    )
