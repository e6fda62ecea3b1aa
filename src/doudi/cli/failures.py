"""What went wrong, for people on standard error and, with `--json`, for programs on standard output."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from doudi.cli.screen import Screen
from doudi.engine.refusals import Refused
from doudi.policy.problems import PolicyError, Problem

TONES = {"error": "refused", "warning": "look", "note": "quiet"}


def problem_data(found: Problem, screen: Screen) -> dict[str, Any]:
    """A finding as data."""
    where = found.where
    return {
        "code": found.code,
        "severity": found.severity,
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "path": found.path,
        "what": screen.say(found.what),
        "mend": screen.say(found.mend),
    }


def problem_lines(problems: Iterable[Problem], screen: Screen) -> list[tuple[str, str]]:
    """Findings as lines: the place and what is wrong, then how to mend it."""
    lines = []
    for found in problems:
        lines.append((f"{found.where}: {found.code}: {screen.say(found.what)}", TONES[found.severity]))
        if mend := screen.say(found.mend).strip():
            lines.append((f"    → {mend}", "plain"))
    return lines


def say_problems(screen: Screen, error: PolicyError) -> None:
    """A policy cannot be read."""
    for text, tone in problem_lines(error.problems, screen):
        screen.error(text, tone)
    if screen.as_json:
        screen.json({"problems": [problem_data(found, screen) for found in error.problems]})


def say_refused(screen: Screen, refused: Refused) -> None:
    """A bill is refused."""
    place = f"{refused.path}: " if refused.path else ""
    screen.error(f"{place}{refused.code}: {screen.say(refused.what)}")
    screen.error(f"    → {screen.say(refused.mend)}", "plain")
    if screen.as_json:
        screen.json({"refused": refused_data(screen, refused)})


def refused_data(screen: Screen, refused: Refused) -> dict[str, str]:
    """A refusal as data."""
    what, mend = screen.say(refused.what), screen.say(refused.mend)
    return {"code": refused.code, "path": refused.path, "what": what, "mend": mend}


def say_unreadable(screen: Screen, error: OSError | UnicodeDecodeError) -> None:
    """A file cannot be read or written."""
    if isinstance(error, UnicodeDecodeError):
        reason, place = screen.w("不是 UTF-8 编码", "not UTF-8"), screen.w("文件", "file")
    else:
        reason, place = _reason(screen, error), str(error.filename or screen.w("文件", "file"))
    screen.error(f"{place}: file_unreadable: {reason}")
    screen.error(
        screen.w("    → 检查路径、权限和编码。", "    → Check the path, the permissions and the encoding."),
        "plain",
    )
    if screen.as_json:
        screen.json({"problems": [{"code": "file_unreadable", "file": place, "what": reason}]})


def _reason(screen: Screen, error: OSError) -> str:
    known = {
        FileNotFoundError: ("没有这个文件", "no such file"),
        IsADirectoryError: ("这是一个文件夹", "this is a folder"),
        PermissionError: ("没有权限", "no permission"),
        FileExistsError: ("文件已经存在", "the file exists"),
    }
    zh, en = known.get(type(error), ("", ""))
    return screen.w(zh, en) or error.strerror or str(error)


def say_internal(screen: Screen, error: Exception) -> None:
    """Doudi contradicts itself; nothing it computed may be used."""
    what = f"{type(error).__name__}: {error}"
    screen.error(screen.w(f"内部错误：{what}", f"internal error: {what}"))
    screen.error(
        screen.w(
            "    → 这次的结果不能用。请带上这条信息、版本和文件报告；DOUDI_DEBUG=1 可看详情。",
            "    → Do not use this result. Report this line with version and file; DOUDI_DEBUG=1 shows more.",
        ),
        "plain",
    )
    if screen.as_json:
        screen.json({"internal": what})
