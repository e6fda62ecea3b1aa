"""When the database cannot work: no room, no connection, too many at once. An answer for people, not a fault."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

from doudi.server.kernel.errors import Refused
from doudi.words import Words

NO_ROOM = "53100"
FULL = "53"
GONE = ("08", "57P")
RETRY_AFTER = 30
"""Seconds that a program is asked to wait."""


class Outage(Refused):
    """The database cannot do it now; the same request may be sent again as it is."""

    status = 503


def outage(fault: BaseException | None) -> Outage | None:
    """What a fault tells of the database's state; None for any other fault.

    By SQLSTATE: 53100 no room, class 53 too little of something else, 08 and 57P the connection is gone. A connection
    that breaks has no SQLSTATE; whether what was asked is done is then not known.
    """
    for one in _causes(fault):
        if not isinstance(one, OperationalError | InterfaceError):
            continue
        state = getattr(one.__cause__, "sqlstate", None)
        if state == NO_ROOM:
            return no_room()
        if state is None or state.startswith(GONE):
            return _gone()
        if state.startswith(FULL):
            return _crowded()
    return None


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__


def no_room() -> Outage:
    """The disk is full."""
    return Outage(
        "no_room",
        Words("服务器磁盘已满，这次没有保存任何内容。", "The server's disk is full; nothing was saved."),
        remedy=Words(
            "请告知系统管理员腾出空间；恢复后原样再办一次，不会重复。",
            "Tell the administrator to make room; then do the same again, nothing is done twice.",
        ),
    )


def _crowded() -> Outage:
    return Outage(
        "database_crowded",
        Words("数据库一时忙不过来，这次没有保存任何内容。", "The database is overloaded; nothing was saved."),
        remedy=Words(
            "请稍后原样再办一次，不会重复；持续如此请告知系统管理员。",
            "Do the same again a little later, nothing is done twice; if it persists, tell the administrator.",
        ),
    )


def _gone() -> Outage:
    return Outage(
        "database_gone",
        Words(
            "数据库连接中断，不能确认这次是否办成。",
            "The database went away; whether it was done is not known.",
        ),
        remedy=Words(
            "请稍后原样再办一次：已经办成的不会重复；持续如此请告知系统管理员。",
            "Do the same again a little later: what was done is not done twice; if it persists, tell the administrator.",
        ),
    )
