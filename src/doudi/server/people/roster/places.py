"""Names of townships and villages, as rosters write them, to codes: read once an import."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.server.imports.api import Task
from doudi.server.people.roster.entries import Problems
from doudi.server.reference.api import regions
from doudi.words import Words

LARGE = 500
_SUFFIXES = ("居民委员会", "村民委员会", "民族乡", "街道办事处", "街道", "社区", "镇", "乡", "村")


class Places:
    """The townships of the import's county, and the villages of each when they are asked for."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._county = task.region // 1000 * 1_000_000
        self._towns = _by_name(self._children(self._county))
        self._villages: dict[int, dict[str, int | None]] = {}
        self._read: dict[str, int] = {}
        self._read_villages: dict[tuple[int, str], int | None] = {}

    def region(self, township: str | None) -> int:
        """The region key of a row: its township's, or the import's where the row names none. Raises `Problems`."""
        if not township:
            return self._task.region
        key = self._read.get(township)
        if key is None:
            key = self._read[township] = self._township(township)
        return key

    def _township(self, township: str) -> int:
        whole = self._task.region
        code = self._towns.get(_plain(township), 0)
        if code == 0:
            raise Problems(
                "township", Words("本县没有这个乡镇。", "There is no such township in the county.")
            )
        if code is None:
            raise Problems(
                "township", Words("本县有几个乡镇叫这个名字，请写全称。", "Several townships are called so.")
            )
        key = code // 1000
        if whole % 1000 and key != whole:
            raise Problems(
                "township",
                Words(
                    "这一行属于别的乡镇，不在本次导入的范围内。",
                    "The row is of another township than this import.",
                ),
            )
        if key not in self._task.actor.ranges:
            raise Problems(
                "township", Words("该乡镇不在您的管辖范围内。", "The township is outside your area.")
            )
        return key

    def village(self, region: int, village: str | None) -> int | None:
        """The code of a village of a township; None where none is named, or no villages are known there."""
        if not village or region % 1000 == 0:
            return None
        named = (region, village)
        if named not in self._read_villages:
            self._read_villages[named] = self._village(region, village)
        return self._read_villages[named]

    def _village(self, region: int, village: str) -> int | None:
        if region not in self._villages:
            self._villages[region] = _by_name(self._children(region * 1000))
        known = self._villages[region]
        if not known:
            return None
        code = known.get(_plain(village), 0)
        if not code:
            raise Problems(
                "village", Words("该乡镇没有这个村，或有重名。", "No such village there, or several.")
            )
        return code

    def _children(self, code: int) -> Iterator[tuple[str, int]]:
        page = 0
        while True:
            found = regions(viewer=self._task.actor, day=self._task.today, parent=code, page=page, size=LARGE)
            yield from ((item.name, item.code) for item in found.items)
            if not found.has_next:
                return
            page += 1


def _plain(name: str) -> str:
    return "".join(name.split())


def _by_name(names: Iterator[tuple[str, int]]) -> dict[str, int | None]:
    """By the whole name, and by the name without 镇, 乡, 村 where that is clear; None where it is not."""
    whole: dict[str, int | None] = {}
    short: dict[str, int | None] = {}
    for name, code in names:
        whole[name] = None if name in whole else code
        brief = next((name.removesuffix(end) for end in _SUFFIXES if name.endswith(end)), name)
        short[brief] = None if brief in short else code
    return {**short, **whole}
