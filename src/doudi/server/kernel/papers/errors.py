"""Refusals of stored papers."""

from __future__ import annotations

from doudi.server.kernel.errors import NotFound, Refused
from doudi.words import Words


def no_such_paper() -> NotFound:
    """There is no paper of this number in the scope."""
    return NotFound("paper_not_found", Words("没有找到这份文件。", "There is no such file."))


def paper_removed() -> NotFound:
    """The paper was removed when its time was over."""
    return NotFound(
        "paper_removed",
        Words(
            "这份文件已超过保存期限，内容已删除。",
            "This file was past its retention time and has been deleted.",
        ),
    )


def paper_too_large(limit: int) -> Refused:
    """More bytes than a paper may have."""
    return Refused(
        "paper_too_large",
        Words(f"文件超过 {limit // 2**20} MB。", f"The file is larger than {limit // 2**20} MB."),
        remedy=Words("请拆分后再上传。", "Split it and upload the parts."),
    )
