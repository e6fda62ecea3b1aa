"""`doudi keys status|rotate|reseal|retire|next-index|switch-index`: the drill of changing keys, step by step."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from doudi.cli.arguments import EXIT_FINDINGS, EXIT_OK, UsageError
from doudi.cli.at_server import at_server, teller
from doudi.cli.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from doudi.server.site.launch.keys_state import KeysState
    from doudi.server.site.launch.signals import Stopping


def run(options: Namespace, screen: Screen) -> int:
    """Run one step."""
    if options.keys_command == "retire" and not (options.master.isascii() and options.master.isdigit()):
        raise UsageError(screen.w("VERSION 要写一个整数", "VERSION: a whole number"))
    return at_server(screen, lambda stopping: _run(options, screen, stopping))


def _run(options: Namespace, screen: Screen, stopping: Stopping) -> int:
    from doudi.server.site.launch.migrating import make_ready
    from doudi.server.site.launch.preparation import load_django, prepared

    say = teller(screen)
    with prepared(say, stopping) as installation:
        load_django()
        make_ready(say, private=installation.cluster is not None)
        if options.keys_command == "status":
            return status(screen)
        from doudi.server.site.launch.keys import alone

        with alone():
            return STEPS[options.keys_command](options, screen)


def status(screen: Screen) -> int:
    """What there is, and the next step; exit code 1 where values cannot be opened or found."""
    from doudi.server.site.launch.keys_state import state

    now = state()
    if screen.as_json:
        screen.json(_data(now))
    else:
        _tell(now, screen)
    return EXIT_FINDINGS if now.missing or not now.fits else EXIT_OK


def rotate(options: Namespace, screen: Screen) -> int:
    """A new master."""
    from doudi.server.site.launch.keys import rotate as go

    version = go(reason=options.reason)
    _done(
        screen,
        {"master": version},
        screen.w(f"第 {version} 版主密钥已启用", f"Master key {version} is current"),
        screen.w(
            "现在就备份密钥文件，然后运行 doudi keys reseal",
            "Back the key file up now, then run doudi keys reseal",
        ),
    )
    return EXIT_OK


def reseal(options: Namespace, screen: Screen) -> int:
    """Everything sealed again."""
    from doudi.server.site.launch.keys import left
    from doudi.server.site.launch.keys import reseal as go

    changed = go(reason=options.reason, progress=_progress(screen, screen.w("重新加密", "sealed again")))
    screen.progress("")
    rest = left()
    said = screen.w(f"重新加密了 {changed:,} 个值", f"Sealed {changed:,} values again")
    then = screen.w(f"还剩 {rest:,} 个，请再运行一次", f"{rest:,} are left; run it again") if rest else ""
    _done(screen, {"changed": changed, "left": rest}, said, then)
    return EXIT_FINDINGS if rest else EXIT_OK


def retire(options: Namespace, screen: Screen) -> int:
    """An old master forgotten."""
    from doudi.server.site.launch.keys import retire as go

    version = go(version=int(options.master), reason=options.reason)
    _done(
        screen,
        {"retired": version},
        screen.w(f"第 {version} 版主密钥已从密钥文件删除", f"Master key {version} is gone from the key file"),
        screen.w(
            "更早的数据库备份仍要它才能解开：旧密钥文件的备份要与那些备份保存得一样久",
            "Older backups of the database still need it: keep the old key file's backup as long as those",
        ),
    )
    return EXIT_OK


def next_index(options: Namespace, screen: Screen) -> int:
    """The second column begun and filled."""
    from doudi.server.site.launch.keys_index import fill, unfilled

    filled = fill(reason=options.reason, progress=_progress(screen, screen.w("填写新索引", "filled")))
    screen.progress("")
    rest = unfilled()
    _done(
        screen,
        {"filled": filled, "left": rest},
        screen.w(f"填写了 {filled:,} 人的新索引", f"Filled the next index of {filled:,} persons"),
        screen.w(
            "现在就备份密钥文件；然后停止服务，运行 doudi keys switch-index",
            "Back the key file up now; then stop the server and run doudi keys switch-index",
        ),
    )
    return EXIT_OK


def switch_index(options: Namespace, screen: Screen) -> int:
    """The next index made the current one."""
    from doudi.server.site.launch.keys_index import switch

    changed = switch(reason=options.reason)
    _done(
        screen,
        {"switched": changed},
        screen.w(f"已切换 {changed:,} 人的索引", f"Switched the indexes of {changed:,} persons"),
        screen.w("现在就备份密钥文件，再启动服务", "Back the key file up now, then start the server"),
    )
    return EXIT_OK


STEPS = {
    "rotate": rotate,
    "reseal": reseal,
    "retire": retire,
    "next-index": next_index,
    "switch-index": switch_index,
}


def _done(screen: Screen, data: dict[str, Any], said: str, then: str) -> None:
    if screen.as_json:
        screen.json(data)
        return
    screen.line(said, "good")
    if then:
        screen.line(f"→ {then}", "look")


def _progress(screen: Screen, what: str) -> Callable[[int, int], None]:
    return lambda done, total: screen.progress(f"{what} {done:,}/{total:,}")


def _data(now: KeysState) -> dict[str, Any]:
    return {
        "file": str(now.path),
        "cipher": now.cipher,
        "masters": [
            {
                "version": one.version,
                "created_at": one.created_at.isoformat(),
                "current": one.current,
                "values": one.again + one.kept,
                "kept": one.kept,
                "free": one.free,
            }
            for one in now.masters
        ],
        "uses": [
            {"column": use.column, "version": use.version, "values": use.values, "sealed_again": use.again}
            for use in now.uses
        ],
        "missing": list(now.missing),
        "to_seal_again": now.to_seal_again,
        "index": {
            "version": now.index,
            "next": now.next_index,
            "persons": now.numbered,
            "unfilled": now.unfilled,
            "fits": now.fits,
            "switch_broken_off": now.switch_broken_off,
        },
    }


def _tell(now: KeysState, screen: Screen) -> None:
    from doudi.server.kernel.clock import business_date

    w = screen.w
    screen.line(w(f"密钥文件 {now.path}（{now.cipher}）", f"Key file {now.path} ({now.cipher})"))
    screen.line()
    heads = [
        w("主密钥", "master"),
        w("建立", "made"),
        w("用它的值", "values"),
        w("其中不可改写", "never changed"),
        "",
    ]
    rows = [
        [
            str(one.version),
            business_date(one.created_at).isoformat(),
            f"{one.again + one.kept:,}",
            f"{one.kept:,}",
            w("当前", "current") if one.current else w("可停用", "may be retired") if one.free else "",
        ]
        for one in now.masters
    ]
    screen.table(heads, rows, right={0, 2, 3})
    screen.line()
    heads = [w("列", "column"), w("版本", "version"), w("值", "values"), ""]
    again = {True: "", False: w("不可改写", "never changed")}
    rows = [[use.column, str(use.version), f"{use.values:,}", again[use.again]] for use in now.uses]
    if rows:
        screen.table(heads, rows, right={1, 2})
        screen.line()
    _tell_index(now, screen)
    for text, tone in _next_steps(now, screen):
        screen.line(f"→ {text}", tone)


def _tell_index(now: KeysState, screen: Screen) -> None:
    said = screen.w(
        f"索引密钥 {now.index}，{now.numbered:,} 人", f"Index key {now.index}, {now.numbered:,} persons"
    )
    if now.next_index is not None:
        said += screen.w(
            f"；正在更换为 {now.next_index}，未填 {now.unfilled:,} 人",
            f"; being changed to {now.next_index}, {now.unfilled:,} to fill",
        )
    screen.line(said)


def _next_steps(now: KeysState, screen: Screen) -> list[tuple[str, str]]:
    from doudi.server.site.launch.keys_errors import file_does_not_fit

    w, steps = screen.w, []
    if now.missing:
        listed = "、".join(map(str, now.missing))
        steps.append(
            (
                w(
                    f"密钥文件缺第 {listed} 版主密钥，请从备份找回",
                    f"The file lacks master {listed}: bring it back from its backup",
                ),
                "refused",
            )
        )
    elif not now.fits:
        steps.append((screen.say(file_does_not_fit().said()), "refused"))
    if now.to_seal_again:
        steps.append((w("请运行 doudi keys reseal", "Run doudi keys reseal"), "look"))
    if now.next_index is not None:
        name = "next-index" if now.unfilled else "switch-index"
        steps.append((w(f"请运行 doudi keys {name}", f"Run doudi keys {name}"), "look"))
    return steps
