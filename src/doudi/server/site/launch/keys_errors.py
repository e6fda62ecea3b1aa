"""Refusals of the drill of changing keys, in words for the operator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.words import Words

NEXT_STEP = Words("doudi keys status 会说明现在到了哪一步。", "doudi keys status says how far things are.")


def reason_missing() -> Refused:
    """Every change of keys has its reason in the trail."""
    return Refused(
        "keys.reason",
        Words("请用 --reason 写明原因（1 至 200 字）。", "Say why with --reason (1 to 200 characters)."),
        where="reason",
    )


def busy() -> Conflict:
    """One change of keys at a time."""
    return Conflict(
        "keys.busy",
        Words("另一个 doudi keys 命令正在运行。", "Another doudi keys command is running."),
        remedy=Words("请等它结束。", "Wait for its end."),
    )


def no_such_master(version: int, held: tuple[int, ...]) -> NotFound:
    """The key file has no such version."""
    listed = "、".join(map(str, held))
    return NotFound(
        "keys.no_such_master",
        Words(
            f"密钥文件里没有第 {version} 版主密钥，只有：{listed}。",
            f"The key file holds no master key {version}, only: {listed}.",
        ),
        where="version",
    )


def master_current(version: int) -> Conflict:
    """New values are sealed with it."""
    return Conflict(
        "keys.master_current",
        Words(f"第 {version} 版主密钥正在使用。", f"Master key {version} is the current one."),
        remedy=Words("请先 doudi keys rotate。", "Run doudi keys rotate first."),
        where="version",
    )


def master_in_use(version: int, again: Mapping[str, int], kept: Mapping[str, int]) -> Conflict:
    """Values would be lost. `again` are columns that can be sealed again, `kept` those that are never changed."""
    listed = "，".join(f"{column} {count}" for column, count in {**again, **kept}.items())
    if again:
        remedy = Words("请先运行 doudi keys reseal。", "Run doudi keys reseal first.")
    else:
        remedy = Words(
            "这些是历史记录，按规定不可改写，所以这一版要一直保留。",
            "These are records that may not be rewritten: this version is kept as long as they are.",
        )
    return Conflict(
        "keys.master_in_use",
        Words(
            f"第 {version} 版主密钥还有值要靠它解开：{listed}。",
            f"Master key {version} is still needed: {listed}.",
        ),
        remedy=remedy,
        where="version",
    )


def too_early(wait: timedelta) -> Conflict:
    """Somebody may still write what was sealed a moment before."""
    minutes = max(1, -(-wait // timedelta(minutes=1)))
    return Conflict(
        "keys.too_early",
        Words(
            "换密钥之前开始的事务可能还没有写完。",
            "Transactions that began before the change may not have ended yet.",
        ),
        remedy=Words(f"请约 {minutes} 分钟后再试。", f"Try again in about {minutes} minutes."),
    )


def no_index_rotation() -> Conflict:
    """There is nothing to switch."""
    return Conflict(
        "keys.no_next_index",
        Words("没有正在更换的索引密钥。", "No change of the index key is under way."),
        remedy=Words("请先运行 doudi keys next-index。", "Run doudi keys next-index first."),
    )


def index_missing(count: int) -> Conflict:
    """A number without its next index could not be found any more."""
    return Conflict(
        "keys.next_index_missing",
        Words(f"还有 {count} 人没有新索引。", f"{count} persons have no next index yet."),
        remedy=Words("请再运行 doudi keys next-index。", "Run doudi keys next-index again."),
    )


def server_runs(connections: int) -> Conflict:
    """Whoever computed an index a moment before would ask with the old key."""
    return Conflict(
        "keys.server_runs",
        Words(
            f"服务还在运行（{connections} 个数据库连接）。切换索引时要停止服务。",
            f"The server is running ({connections} connections to the database). It must be stopped for the switch.",
        ),
        remedy=Words(
            "请停止 doudi serve 和所有 doudi worker，再运行一次。",
            "Stop doudi serve and every doudi worker, then run this again.",
        ),
    )


def file_does_not_fit() -> Conflict:
    """The key file is not the one that the numbers in the database were sealed and indexed with."""
    return Conflict(
        "keys.file_does_not_fit",
        Words(
            "密钥文件与数据库不是一套：证件号解不开，或按号找不到人。",
            "The key file is not that of the database: numbers do not open, or nobody is found by them.",
        ),
        remedy=Words(
            "请停止服务，恢复与数据库同一时间的密钥文件。",
            "Stop the server and restore the key file of the same time as the database.",
        ),
    )
