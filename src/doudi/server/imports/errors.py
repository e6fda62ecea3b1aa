"""Refusals of imports: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from doudi.server.imports.data import Obstacle
from doudi.server.imports.states import STATE_NAMES, State
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.words import Words

AGAIN = Words("请重新核对后再导入。", "Check the file again, then import.")


def unknown_kind(name: str) -> NotFound:
    """No app knows files of this kind."""
    return NotFound(
        "import_kind_unknown",
        Words(f"没有“{name}”这种导入。", f"There is no import called “{name}”."),
        remedy=Words("请从列表中选择。", "Choose one from the list."),
        where="kind",
    )


def no_such_import() -> NotFound:
    """There is no import of this number in the scope."""
    return NotFound("import_not_found", Words("没有找到这次导入。", "There is no such import."))


def kind_not_yours(words: Words) -> Forbidden:
    """The actor may import, but not files of this kind."""
    return Forbidden(
        "import_kind_not_allowed",
        Words(f"您的岗位不能导入“{words.zh}”。", f"Your role may not import “{words.en}”."),
        where="kind",
    )


def region_not_yours() -> Forbidden:
    """The list is of a place outside the actor's scope."""
    return Forbidden(
        "import_region_not_allowed",
        Words("名单所属地区不在您的管辖范围内。", "The place of the list is outside your scope."),
        where="region",
    )


def wrong_state(state: str) -> Conflict:
    """The step cannot be taken from where the import stands."""
    words = STATE_NAMES[State(state)]
    return Conflict(
        "import_state",
        Words(
            f"这次导入现在是“{words.zh}”，不能这样做。",
            f"This import is “{words.en}”: that cannot be done now.",
        ),
        remedy=Words("请刷新页面查看。", "Reload the page to see where it stands."),
    )


def option_wrong(name: str, words: Words) -> Refused:
    """Something asked at upload is missing or cannot be read."""
    return Refused("import_option", words, where=f"options.{name}")


def mapping_wrong(where: str, words: Words) -> Refused:
    """The mapping names a column or a place that is not there, or uses a place twice."""
    return Refused("import_mapping", words, where=where)


def columns_missing(words: list[Words]) -> Refused:
    """Needed columns have no heading."""
    return Refused(
        "import_columns_missing",
        Words(
            f"缺少必需的列：{'、'.join(w.zh for w in words)}。",
            f"Needed columns are missing: {', '.join(w.en for w in words)}.",
        ),
        remedy=Words("请为它们指定表头，或换一份文件。", "Say which heading they are, or use another file."),
        where="mapping",
    )


def nothing_chosen() -> Refused:
    """No row is chosen."""
    return Refused("import_nothing_chosen", Words("没有选中要导入的行。", "No row is chosen."))


def other_number_chosen(expected: int, found: int) -> Conflict:
    """The number of chosen rows is not the one the officer saw."""
    return Conflict(
        "import_choice_changed",
        Words(
            f"选中的行数已变为 {found:,} 行（您看到的是 {expected:,} 行）。",
            f"{found:,} rows are chosen now; you saw {expected:,}.",
        ),
        remedy=Words("请刷新后再确认。", "Reload and confirm again."),
    )


def row_not_duplicate(row: int) -> Refused:
    """The row is not a possible duplicate, or the answer is none of its candidates."""
    return Refused(
        "import_row_decision",
        Words(f"第 {row} 行不能这样判定。", f"Row {row} cannot be decided so."),
        where=f"rows.{row}",
    )


def stale(rows: list[int]) -> Conflict:
    """What was shown no longer holds: something changed between the preview and the import. Nothing was written."""
    shown = "、".join(map(str, rows[:10])) + ("…" if len(rows) > 10 else "")
    return Conflict(
        "import_stale",
        Words(
            f"预览之后库中资料有变化，涉及第 {shown} 行；没有写入任何内容。",
            f"Records changed after the preview (rows {shown}); nothing was written.",
        ),
        remedy=AGAIN,
    )


class UndoBlocked(Conflict):
    """Something depends on what was imported, or it was changed since. Nothing was undone."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        count = len(obstacles)
        super().__init__(
            "import_undo_blocked",
            Words(
                f"有 {count:,} 处已被后续业务引用或改动，不能撤销；没有撤销任何内容。",
                f"{count:,} changes are depended on or were changed since; nothing was undone.",
            ),
            remedy=Words("请逐条处理列出的行。", "Deal with the listed rows one by one."),
        )
        self.obstacles = tuple(sorted(obstacles, key=lambda each: each.row))


def removed() -> Conflict:
    """The file and rows were removed after the retention time."""
    return Conflict(
        "import_removed",
        Words(
            "已超过保存期限，文件和明细已删除，不能再操作。",
            "Past the retention time: the file and its rows were deleted, so this can no longer be done.",
        ),
    )


def nothing_refused() -> Refused:
    """There is no refused row to give back."""
    return Refused("import_nothing_refused", Words("没有未通过的行。", "No row was refused."))


def no_rows() -> Refused:
    """The header stands alone."""
    return Refused(
        "import_no_rows",
        Words("表头下面没有数据。", "There is nothing below the headings."),
        remedy=Words("请确认选择了正确的工作表。", "Check that the right sheet is chosen."),
    )
