"""The arguments of the command, in the reader's language; argparse's own messages as well."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from doudi.words import Language

EXIT_OK, EXIT_FINDINGS, EXIT_USAGE, EXIT_UNREADABLE, EXIT_INTERNAL = 0, 1, 2, 3, 70

_MESSAGES = [
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"参数 \1 不能是 \2，可以写：\3"),
    (r"argument (.+?): expected one argument", r"参数 \1 后面要写一个值"),
    (r"argument (.+?): expected at least one argument", r"参数 \1 后面至少要写一个值"),
    (r"argument (.+?): not allowed with argument (.+)", r"参数 \1 不能与 \2 同时使用"),
    (r"argument (.+?): ignored explicit argument (.+)", r"参数 \1 不带值，却写了 \2"),
    (r"one of the arguments (.+) is required", r"要写其中一个参数：\1"),
    (r"argument (.+?): (.+)", r"参数 \1：\2"),
]


def in_chinese(message: str) -> str:
    """One of argparse's messages in Chinese; unknown ones stay as they are."""
    for pattern, chinese in _MESSAGES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return found.expand(chinese)
    return message


class UsageError(Exception):
    """The command line is wrong; says how in the reader's language."""


class _ChineseHelp(argparse.RawDescriptionHelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError and speaks the reader's language."""

    language: Language = "zh"

    def __init__(self, **options: Any) -> None:
        chinese = self.language == "zh"
        options.setdefault(
            "formatter_class", _ChineseHelp if chinese else argparse.RawDescriptionHelpFormatter
        )
        options |= {"allow_abbrev": False, "add_help": False}
        super().__init__(**options)
        self.positional = self.add_argument_group("参数" if chinese else "arguments")
        self.option = self.add_argument_group("选项" if chinese else "options")
        text = "显示这份帮助" if chinese else "show this help"
        self.option.add_argument("-h", "--help", action="help", help=text)

    def error(self, message: str) -> NoReturn:  # type: ignore[override, unused-ignore]  # raises instead of leaving
        """Say what is wrong and how the command is written."""
        said = in_chinese(message) if self.language == "zh" else message
        raise UsageError(f"{said}\n{self.format_usage().rstrip()}")


W = Callable[[str, str], str]


def words_for(language: Language) -> W:
    """A chooser between Chinese and English."""
    return lambda zh, en: zh if language == "zh" else en


def exit_codes(w: W) -> str:
    """The exit codes, for help."""
    return w(
        "退出码：0 正常；1 有发现或单据被拒绝；2 命令写错；3 政策或文件读不了；70 内部错误",
        "exit codes: 0 fine; 1 findings or a refused bill; 2 wrong usage; 3 unreadable policy or file; 70 internal error",
    )


def common_options(language: Language) -> Parser:
    """The options that every command takes, before or after its name."""
    w = words_for(language)
    parser = parser_class(language)(prog="doudi", usage="doudi …")
    group = parser.add_argument_group(w("通用选项", "options of every command"))
    group.add_argument("--lang", choices=("zh", "en"), default=language, help=w("语言", "language"))
    group.add_argument(
        "--policies", action="append", default=[], metavar="DIR",
        help=w("自己的政策文件夹，可多次；或 DOUDI_POLICIES", "a folder of own policies, repeatable; or DOUDI_POLICIES"),
    )  # fmt: skip
    group.add_argument("--json", action="store_true", help=w("输出 JSON", "answer JSON"))
    group.add_argument("--no-color", action="store_true", help=w("不用颜色", "no colours"))
    return parser


def parser_class(language: Language) -> type[Parser]:
    """A parser class of a language (subparsers are made from the class of their parent)."""
    return type("Parser", (Parser,), {"language": language})


def split_common(argv: list[str], language: Language) -> tuple[argparse.Namespace, list[str]]:
    """The common options wherever they stand, and the rest in its order."""
    parser = common_options(language)
    wants_help = [argument for argument in argv if argument in ("-h", "--help")]
    found, rest = parser.parse_known_args([argument for argument in argv if argument not in ("-h", "--help")])
    return found, [*rest, *wants_help[:1]]


def build(language: Language) -> Parser:
    """The parser of everything but the common options."""
    w = words_for(language)
    common = common_options(language).format_help().partition("\n\n")[2].partition("\n\n")[2]
    tail = f"{common}\n{exit_codes(w)}"
    cls = parser_class(language)
    title = w(
        "兜底：把医疗救助的政策写成数据，每一分钱都有出处",
        "Doudi: medical assistance as data, every fen with its article",
    )
    parser = cls(prog="doudi", description=title, epilog=tail)
    parser.option.add_argument("--version", action="store_true", help=w("显示版本", "show the version"))
    commands = parser.add_subparsers(
        title=w("命令", "commands"), dest="command", metavar=w("命令", "COMMAND"), parser_class=cls
    )

    def add(place: Any, name: str, text: str, path: str) -> Parser:
        made: Parser = place.add_parser(name, help=text, description=text, epilog=tail)
        made.set_defaults(run=path)
        return made

    policy = commands.add_parser(
        "policy", help=w("查看、检查、新建政策", "list, show, check, begin policies"), epilog=tail
    )
    policy.set_defaults(run=None, help_of=policy)
    inner = policy.add_subparsers(
        title=w("命令", "commands"), dest="policy_command", metavar=w("命令", "COMMAND"), parser_class=cls
    )
    _policy_commands(inner, add, w)
    _bill_commands(commands, add, w)
    from doudi.cli.arguments_audit import audit_commands
    from doudi.cli.arguments_batch import batch_commands
    from doudi.cli.arguments_operating import operating_commands
    from doudi.cli.arguments_server import server_commands

    batch_commands(commands, add, w)
    server_commands(commands, add, w)
    audit_commands(commands, add, w)
    operating_commands(commands, add, w)
    return parser


def _policy_commands(inner: Any, add: Callable[..., Parser], w: W) -> None:
    add(inner, "list", w("列出政策", "list the policies"), "policy_list")

    show = add(inner, "show", w("像文件一样读一份政策", "read a policy as a page"), "policy_show")
    show.positional.add_argument("id", metavar="ID", help=w("政策编号", "id of the policy"))
    show.option.add_argument(
        "--on", metavar="DATE", help=w("只看这一天施行的数，如 2017-09-01", "only what is law on this day")
    )
    show.option.add_argument("--html", metavar="OUT", help=w("写成网页", "write a page"))
    show.option.add_argument(
        "--instructions", action="store_true", help=w("列出编译后的指令", "list the compiled instructions")
    )

    card = add(inner, "card", w("一个人当天的待遇卡", "what a policy gives a person on a day"), "policy_card")
    card.positional.add_argument("id", metavar="ID", help=w("政策编号", "id of the policy"))
    card.positional.add_argument(
        "file", metavar="FILE", help=w("结算文件，- 为标准输入", "settle file, - for standard input")
    )
    card.option.add_argument(
        "--on", metavar="DATE", help=w("哪一天，如 2017-09-01", "the day, such as 2017-09-01")
    )

    about = w(
        "检查政策：格式、出处、案例、覆盖、会不会伤人", "check forms, sources, cases, coverage, no harm"
    )
    _check_command(add(inner, "check", about, "policy_check"), w)

    about = w("对照两份政策：改了什么，谁受益谁受损", "what changes, who gains, who loses")
    _diff_command(add(inner, "diff", about, "policy_diff"), w)

    add(
        inner,
        "schema",
        w("输出政策语言的 JSON Schema", "print the JSON Schema of the language"),
        "policy_schema",
    )

    new = add(
        inner,
        "new",
        w("新建一份带注释的政策和案例文件", "begin a commented policy with its cases"),
        "policy_new",
    )
    new.positional.add_argument(
        "id",
        metavar="ID",
        help=w(
            "如 guizhou/shuicheng/triple-guarantee-2017", "such as guizhou/shuicheng/triple-guarantee-2017"
        ),
    )
    new.option.add_argument(
        "--from", dest="template", metavar="ID", help=w("以这份政策为上级", "extend this policy")
    )
    new.option.add_argument(
        "--region", metavar="CODE",
        help=w("行政区划代码；没有 --from 时从头写起", "division code; without --from begin from nothing"),
    )  # fmt: skip


def _check_command(check: Parser, w: W) -> None:
    check.positional.add_argument(
        "target", nargs="?", metavar="ID|FILE", help=w("政策编号或文件", "id or file")
    )
    check.option.add_argument("--all", action="store_true", help=w("检查全部政策", "check all policies"))
    check.option.add_argument(
        "--assumptions", action="store_true", help=w("列出全部假定", "list all assumptions")
    )
    check.option.add_argument(
        "--html", metavar="OUT", help=w("写成可以开会用的网页", "write a page fit for a meeting")
    )
    check.option.add_argument(
        "--bills", metavar="DIR",
        help=w("把每处伤害的两张单据写成结算文件", "write the two bills of every harm as settle files"),
    )  # fmt: skip


def _diff_command(diff: Parser, w: W) -> None:
    for name, text in (
        ("before", w("原政策", "the policy before")),
        ("after", w("新政策", "the policy after")),
    ):
        diff.positional.add_argument(name, metavar="ID|FILE", help=text)
    diff.option.add_argument(
        "--bills", nargs="+", metavar="FILE",
        help=w("在这些结算文件上比较（JSON，也可以是一列结算文件）；不写则用两份政策的案例",
               "compare on these settle files (JSON, or a list of them); without: the worked cases of both"),
    )  # fmt: skip
    diff.option.add_argument(
        "--own-dates", action="store_true",
        help=w("单据不在施行期内就拒绝，不按最近一天试算", "refuse bills outside a policy's time, rehearse none"),
    )  # fmt: skip
    diff.option.add_argument(
        "--most",
        default="10",
        metavar="N",
        help=w("列出变化最大的几张单据", "how many of the largest to list"),
    )
    diff.option.add_argument("--html", metavar="OUT", help=w("写成网页", "write a page"))


def _bill_commands(commands: Any, add: Callable[..., Parser], w: W) -> None:
    settle = add(commands, "settle", w("结算单据", "settle bills"), "settle")
    settle.positional.add_argument(
        "file",
        metavar="FILE|-",
        help=w("结算文件（JSON），- 为标准输入", "settle file (JSON), - for standard input"),
    )
    which = settle.option.add_mutually_exclusive_group()
    which.add_argument("--policy", metavar="ID", help=w("用这份政策", "use this policy"))
    which.add_argument(
        "--region", metavar="CODE", help=w("用该地当日施行的政策", "use the policy in force for a region")
    )
    settle.option.add_argument(
        "--catalogue", metavar="FILE", help=w("费用明细的目录（JSON）", "catalogue for fee lines (JSON)")
    )
    how = settle.option.add_mutually_exclusive_group()
    how.add_argument("--explain", action="store_true", help=w("逐步说明每一分钱", "explain each fen"))
    how.add_argument("--html", metavar="OUT", help=w("写成网页", "write a page"))
    settle.option.add_argument(
        "--record", metavar="OUT", help=w("写下可复算的决定记录", "write a decision record")
    )
    settle.option.add_argument(
        "--year-end",
        action="store_true",
        help=w("同时试算这些单据所在年度的年末结算", "also propose the year-end payments"),
    )

    replay = add(
        commands, "replay", w("复算一份决定记录", "verify a decision record byte for byte"), "replay"
    )
    replay.positional.add_argument("record", metavar="RECORD", help=w("决定记录", "decision record"))

    gallery = add(
        commands,
        "gallery",
        w("结算公开发表的案例并与公布的答案对照", "settle published cases beside their answers"),
        "gallery",
    )
    gallery.option.add_argument(
        "--out", metavar="DIR", default="var/gallery", help=w("网页写到哪里", "where to write pages")
    )
