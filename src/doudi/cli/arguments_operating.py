"""The arguments of what an operator does now and then: `doudi keys`, `doudi account`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

W = Callable[[str, str], str]


def operating_commands(commands: Any, add: Callable[..., Any], w: W) -> None:
    """Both families."""
    _keys(commands, add, w)
    _accounts(commands, add, w)


def _keys(commands: Any, add: Callable[..., Any], w: W) -> None:
    text = w("数据密钥：查看、更换、停用", "the keys of the data: look at them, change, retire them")
    inner = _family(commands, add, "keys", text, w)

    add(inner, "status", w("密钥各版本和用量", "versions of the keys, and what needs each of them"), "keys")
    steps = (
        ("rotate", w("新建主密钥并立即启用", "make a new master key, current at once")),
        (
            "reseal",
            w("用新的主密钥重新加密（服务可照常运行）", "seal everything again with it; the server may work"),
        ),
        ("retire", w("停用不再需要的旧主密钥", "forget an old master key that nothing needs")),
        (
            "next-index",
            w(
                "开始更换索引密钥并填写新索引（服务可照常运行）",
                "begin to change the index key and fill it in; the server may work",
            ),
        ),
        (
            "switch-index",
            w("切换到新索引（须停止服务）", "switch to the next index; the server must be stopped"),
        ),
    )
    for name, text in steps:
        step = add(inner, name, text, "keys")
        if name == "retire":
            step.positional.add_argument(
                "master", metavar="VERSION", help=w("第几版主密钥", "which version of the master")
            )
        _reason(step, w)


def _accounts(commands: Any, add: Callable[..., Any], w: W) -> None:
    text = w("管理员账号：建立首批、恢复", "administrators: make the first ones, recover one")
    inner = _family(commands, add, "account", text, w)

    text = w("建立首个系统、安全或审计管理员", "make the first system, security or audit administrator")
    first = add(inner, "first", text, "account")
    _login(first, w)
    first.option.add_argument("--name", metavar="NAME", required=True, help=w("姓名", "the person's name"))
    roles = "system_admin|security_admin|audit_admin"
    first.option.add_argument("--role", metavar=roles, required=True, help=w("岗位", "the role"))
    region = w("管辖的行政区划代码，0 为全国", "the division it reaches, by its code; 0 is the whole country")
    first.option.add_argument("--region", metavar="CODE", required=True, help=region)
    _reason(first, w)

    text = w("给进不来的管理员发新激活码", "a new activation code for an administrator who is locked out")
    recover = add(inner, "recover", text, "account")
    _login(recover, w)
    lost = w("动态口令设备也丢了：一并解绑", "the device of one-time codes is lost too: unbind it")
    recover.option.add_argument("--lost-device", action="store_true", help=lost)
    _reason(recover, w)


def _family(commands: Any, add: Callable[..., Any], name: str, text: str, w: W) -> Any:
    family = add(commands, name, text, name)
    family.set_defaults(run=None, help_of=family)
    return family.add_subparsers(
        title=w("命令", "commands"),
        dest=f"{name}_command",
        metavar=w("命令", "COMMAND"),
        parser_class=type(family),
    )


def _login(command: Any, w: W) -> None:
    command.option.add_argument("--login", metavar="LOGIN", required=True, help=w("账号", "the account"))


def _reason(command: Any, w: W) -> None:
    text = w("原因，写入审计轨迹", "why; it is kept in the trail")
    command.option.add_argument("--reason", metavar="TEXT", required=True, help=text)
