"""Refusals of imports."""

from __future__ import annotations

from doudi.server.kernel.errors import NotFound
from doudi.words import Words


def unknown_kind(name: str) -> NotFound:
    """No app knows files of this kind."""
    return NotFound(
        "import_kind_unknown",
        Words(f"没有“{name}”这种导入。", f"There is no import called “{name}”."),
        remedy=Words("请从列表中选择。", "Choose one from the list."),
        where="kind",
    )
