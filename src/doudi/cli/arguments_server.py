"""The arguments of the commands of the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

W = Callable[[str, str], str]


def server_commands(commands: Any, add: Callable[..., Any], w: W) -> None:
    """`doudi serve`, `worker`, `migrate`, `demo`, `doctor`."""
    text = w(
        "启动服务（没有 DATABASE_URL 就用自带的数据库）",
        "start the server (with its own database if none is given)",
    )
    _serving(add(commands, "serve", text, "serve"), w)

    add(commands, "worker", w("启动一个后台任务进程", "start one more background worker"), "worker")
    add(commands, "migrate", w("升级数据库结构", "bring the database to this release"), "migrate")

    demo = add(commands, "demo", w("建一个演示县", "make a demo county"), "demo")
    people = w("演示县有多少人，最多 500000", "how many people the county has, up to 500000")
    demo.option.add_argument("--people", metavar="N", default="1000", help=people)
    demo.option.add_argument("--serve", action="store_true", help=w("然后启动服务", "then start the server"))
    _serving(demo, w)

    text = w("检查运行环境、数据库和密钥", "examine the machine, the database and the keys")
    add(commands, "doctor", text, "doctor")


def _serving(command: Any, w: W) -> None:
    option = command.option.add_argument
    option("--host", metavar="HOST", default="127.0.0.1", help=w("监听的地址", "the address to listen on"))
    port = w("监听的端口；不写则从 8000 起找空闲的", "the port; without it the first free one from 8000")
    option("--port", metavar="N", help=port)
    workers = w("处理请求的进程数；不写则按处理器数", "processes for requests; without it by processors")
    option("--workers", metavar="N", help=workers)
