"""What a YAML parser complains about, said so that an author of policies knows what to mend.

The parser's own words ("did not find expected key") name its inner state. The table below says what was probably
typed: a quotation mark left open, a full-width colon, an indentation that fits no line above. Where a thing was
opened and never closed, the place is where it was opened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from doudi.policy.problems import Problem, Where, problem
from doudi.words import Words

# What YAML takes for text and an author for a blank, or the reverse: where it stands, and what it is called.
_TAB = re.compile(r"\t")
_WIDE_BLANK = re.compile("^[ -]*([\u3000\u00a0\u200b\ufeff])|^[ -]*[a-z_0-9]+:([\u3000\u00a0\u200b])")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_BLANKS = {
    "\u3000": Words("全角空格", "a full-width space"),
    "\u00a0": Words("不换行空格", "a no-break space"),
    "\u200b": Words("零宽空格", "a zero-width space"),
    "\ufeff": Words("零宽空格", "a zero-width space"),
}
_WIDE_COLON = re.compile(r"^[ -]*[a-z_0-9]+(：)")
_WIDE_COMMA = re.compile(r"(，)\s*[a-z_]+:")


@dataclass(frozen=True, slots=True)
class _Explained:
    """One complaint of the parser: what it says, whether its `context` or its `problem` mark is the place."""

    says: re.Pattern[str]
    opened: bool
    what: Words
    mend: Words


_CLOSE_QUOTE = Words("补上右引号；引号内的引号用另一种。", "Close it; inside quotes use the other kind.")
_TABLE: list[_Explained] = [
    _Explained(
        re.compile("unexpected end of stream|unexpected document indicator"), True,
        Words("引号没有闭合", "a quotation mark is never closed"), _CLOSE_QUOTE,
    ),
    _Explained(
        re.compile(r"expected ',' or '[]}]'"), True,
        Words("括号没有闭合，或者两项之间少了逗号", "a bracket is never closed, or a comma is missing"),
        Words("从这个左括号往后逐项核对。", "Check item by item from this opening bracket."),
    ),
    _Explained(
        re.compile("could not find expected ':'"), True,
        Words("这一行不是“键: 值”", "this line is not key: value"),
        Words("键后面写半角冒号，再空一格。", "Write a colon and a space after the key."),
    ),
    _Explained(
        re.compile("mapping values are not allowed"), False,
        Words("值里又出现了冒号", "a second colon stands in the value"),
        Words(
            "含有“: ”的文字要加引号；下一级的键另起一行缩进写。",
            "Quote text that holds “: ”; put nested keys on their own lines.",
        ),
    ),
    _Explained(
        re.compile(r"expected key|expected '-' indicator|<block end>|sequence entries are not allowed"), False,
        Words("这一行的缩进与上面的行对不上", "the indentation fits none of the lines above"),
        Words("同一级的键和“- ”左端对齐，只用空格。", "Align keys and dashes of one level, with spaces only."),
    ),
    _Explained(
        re.compile("cannot start any token"), False,
        Words("值不能以这个符号开头", "a value cannot begin with this character"),
        Words("给整个值加引号；百分号写在数字后面。", "Quote the value; a percent sign stands after the number."),
    ),
    _Explained(
        re.compile("unknown escape character"), False,
        Words("双引号内的反斜杠有特殊含义", "a backslash inside double quotes has a meaning of its own"),
        Words("改用单引号。", "Use single quotes."),
    ),
    _Explained(
        re.compile("node content"), False,
        Words("这里少了一项", "an item is missing here"),
        Words("删去多余的逗号，或补上这一项。", "Remove the comma or write the item."),
    ),
]  # fmt: skip
_OTHERWISE = Words(
    "检查这一行和上一行的缩进、引号和冒号。", "Check indentation, quotes and colons here and one line above."
)


def character_problems(text: str, shown: str) -> list[Problem]:
    """Characters that no policy may hold: control characters, tabs, blanks that are not spaces. First of each kind."""
    found: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if (match := _FORBIDDEN.search(line)) is not None:
            code = f"U+{ord(match.group()):04X}"
            found.append(problem("yaml_character", Where(shown, number, match.start() + 1), character=code))
            break
    tabs = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if _TAB.search(line)]
    if tabs:
        number, line = tabs[0]
        found.append(problem("yaml_tab", Where(shown, number, line.index("\t") + 1), lines=len(tabs)))
    for number, line in enumerate(text.split("\n"), start=1):
        if (match := _WIDE_BLANK.search(line)) is not None:
            place = match.end() - 1
            found.append(problem("yaml_blank", Where(shown, number, place + 1), name=_BLANKS[line[place]]))
            break
    return found


def syntax_problem(error: yaml.MarkedYAMLError, text: str, shown: str) -> Problem:
    """The parser's complaint in our words."""
    mark = error.problem_mark or error.context_mark
    lines = text.split("\n")
    upto = mark.line if mark is not None else 0
    for number in range(max(0, upto - 1), min(upto + 1, len(lines))):
        for pattern, mean in ((_WIDE_COLON, "："), (_WIDE_COMMA, "，")):
            if (match := pattern.search(lines[number])) is not None:
                return _wide_mark(mean, Where(shown, number + 1, match.start(1) + 1))
    for row in _TABLE:
        if row.says.search(error.problem or ""):
            mark = (error.context_mark if row.opened else None) or mark
            return _explained(row.what, row.mend, mark, shown)
    detail = error.problem or ""
    return _explained(Words(f"解析器报告 {detail}", f"the parser says: {detail}"), _OTHERWISE, mark, shown)


def _explained(what: Words, mend: Words, mark: yaml.Mark | None, shown: str) -> Problem:
    where = Where(shown, mark.line + 1, mark.column + 1) if mark is not None else Where(shown, 1, 1)
    return problem("yaml_syntax", where, detail=what, hint=mend)


def _wide_mark(mark: str, where: Where) -> Problem:
    plain = {"：": ":", "，": ","}[mark]
    return problem("yaml_full_width", where, mark=mark, plain=plain)
