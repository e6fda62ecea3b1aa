"""`doudi batch`: a table of bills in; shares of each bill, totals, differences, a sweep or one explanation out."""

from __future__ import annotations

import gc
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from doudi.cli.arguments import EXIT_FINDINGS, EXIT_OK, UsageError
from doudi.cli.screen import Screen
from doudi.engine.settle import Settler
from doudi.money import format_yuan
from doudi.policy.library import Library

if TYPE_CHECKING:
    from doudi.engine.batch.job import Job
    from doudi.engine.batch.totals import Totals


def run(options: Namespace, screen: Screen) -> int:
    """Run one mode."""
    gc.enable()  # a batch is long, unlike other commands (main.py)
    need_extra(screen, "batch", ("numpy", "pyarrow"))
    mode = _mode(options, screen)
    if not options.policy:
        raise UsageError(screen.w("要用 --policy 写明政策", "name the policy with --policy"))
    with TemporaryDirectory(prefix="doudi-batch-") as temporary:
        folder = Path(options.dataset) if options.dataset else _work_of(options, Path(temporary)) / "dataset"
        job = _job(options, screen, folder)
        code = mode(options, job, screen)
    screen.progress("")
    return code


def need_extra(screen: Screen, extra: str, modules: tuple[str, ...]) -> None:
    """The packages of an extra are here. Raises UsageError that names the extra."""
    if any(find_spec(module) is None for module in modules):
        raise UsageError(
            screen.w(
                f"这个命令还需要几个包：pip install 'doudi[{extra}]'",
                f"this command needs more packages: pip install 'doudi[{extra}]'",
            )
        )


def _mode(options: Namespace, screen: Screen) -> Callable[[Namespace, Job, Screen], int]:
    """What is asked for. Raises UsageError where nothing is."""
    if options.out:
        return _rows
    if options.totals:
        return _totals
    if options.against:
        if not options.changed:
            raise UsageError(
                screen.w("用 --changed 写明不同的单据写到哪里", "say where to write with --changed")
            )
        return _against
    if options.sweep:
        return _sweep
    if options.explain:
        return _explain
    raise UsageError(
        screen.w(
            "写明要什么：-o OUT.parquet、--totals、--against、--sweep 或 --explain",
            "say what you want: -o OUT.parquet, --totals, --against, --sweep or --explain",
        )
    )


def _work_of(options: Namespace, temporary: Path) -> Path:
    """Where unfinished work of this output lies, so that it can be taken up again."""
    return Path(options.out.rstrip("/") + ".work") if options.out else temporary


def _job(options: Namespace, screen: Screen, folder: Path) -> Job:
    from doudi.engine.batch.job import Job

    return Job(
        Settler(Library(options.policies).load_named(options.policy)),
        Path(options.bills),
        Path(options.people) if options.people else None,
        _reporter(screen),
        folder,
        openings=Path(options.opening) if options.opening else None,
    )


def _reporter(screen: Screen) -> Callable[[str, int, int], None]:
    """A bar that grows, with numbers."""
    words = {"cut": screen.w("整理", "sorting"), "settle": screen.w("结算", "settling")}

    def report(what: str, done: int, of: int) -> None:
        filled = 24 * done // max(of, 1)
        bar = "█" * filled + "░" * (24 - filled)
        screen.progress(f"{words[what]} {bar} {done:,}/{of:,}")

    return report


def _rows(options: Namespace, job: Job, screen: Screen) -> int:
    from doudi.engine.batch.job import settle_files

    out = Path(options.out)
    began = time.perf_counter()
    in_parts = options.out.endswith("/") or out.is_dir()
    if not in_parts and out.suffix != ".parquet":
        zh, en = (
            f"写成 {out.stem}.parquet，或以 / 结尾写成文件夹",
            f"write {out.stem}.parquet, or a folder that ends with /",
        )
        raise UsageError(screen.w(zh, en))
    done = settle_files(job, out, _work_of(options, out), in_parts=in_parts)
    seconds = time.perf_counter() - began
    screen.progress("")
    reasons = done.reasons
    if screen.as_json:
        screen.json(
            {
                "rows": done.rows, "settled": done.settled, "rejected": done.rejected,
                "out": str(out), "rejected_out": str(done.rejected_path), "seconds": f"{seconds:.2f}",
                "reasons": [{"code": code, "bills": n, "what": screen.w(zh, en)} for code, zh, en, n in reasons],
            }
        )  # fmt: skip
    else:
        screen.line(
            screen.w(
                f"{done.rows:,} 行：结算 {done.settled:,}，退回 {done.rejected:,}；用时 {seconds:.1f} 秒",
                f"{done.rows:,} rows: {done.settled:,} settled, {done.rejected:,} rejected; {seconds:.1f} s",
            ),
            "title",
        )
        screen.line(screen.w(f"已写 {out}", f"wrote {out}"))
        if reasons:
            place = done.rejected_path
            screen.line(screen.w(f"退回的写在 {place}", f"rejected bills are in {place}"), "look")
            heads = [screen.w("原因", "reason"), screen.w("单据", "bills"), screen.w("例如", "for example")]
            rows = [[code, f"{n:,}", screen.w(zh, en)] for code, zh, en, n in reasons]
            screen.table(heads, rows, right=(1,))
    return EXIT_FINDINGS if done.rejected else EXIT_OK


def _groupings(options: Namespace) -> list[str]:
    return [name.strip() for name in options.by.split(",") if name.strip()]


def _totals(options: Namespace, job: Job, screen: Screen) -> int:
    from doudi.engine.batch.modes import total_files

    by = _groupings(options)
    totals = total_files(job, by)
    screen.progress("")
    _print_totals([("", totals)], by, job, screen)
    return EXIT_OK


def _sweep(options: Namespace, job: Job, screen: Screen) -> int:
    from doudi.cli.batch_sweep import read_variants
    from doudi.engine.batch.modes import sweep_files

    by = _groupings(options)
    variants = read_variants(Path(options.sweep), job.settler.machine()[0])
    found = sweep_files(job, [values for _, values in variants], by)
    screen.progress("")
    _print_totals(
        [(name, totals) for (name, _), totals in zip(variants, found, strict=True)], by, job, screen
    )
    return EXIT_OK


def _print_totals(found: list[tuple[str, Totals]], by: list[str], job: Job, screen: Screen) -> None:
    """One table: a row a version and group."""
    names = found[0][1].names
    several = any(version for version, _ in found)
    rows = [
        ([*([version] if several else []), *labels], sums)
        for version, totals in found
        for labels, sums in sorted(totals.sums.items())
    ]
    if screen.as_json:
        keys = [*(["version"] if several else []), *by, "bills", *(f"{n}_fen" for n in names), "refused"]
        screen.json([dict(zip(keys, [*labels, *sums], strict=True)) for labels, sums in rows])
        return
    heads = [*([screen.w("数", "numbers")] if several else []), *by, screen.w("单据", "bills")]
    heads += [payer_name(name, screen, job.settler) for name in names]
    shown = [[*labels, f"{sums[0]:,}", *map(money, sums[1:-1])] for labels, sums in rows]
    screen.table(heads, shown, right=range(len(by) + several, len(heads)))
    if left := job.rejected_rows() + sum(sums[-1] for _, sums in rows) // max(len(found), 1):
        screen.line(screen.w(f"另有 {left:,} 张退回", f"{left:,} more bills are rejected"), "look")


def payer_name(name: str, screen: Screen, *settlers: Settler) -> str:
    """A payer's name for people, from the first policy that has the payer."""
    from doudi.engine.decision import payer_words

    if name in ("hospital", "patient"):
        return screen.w({"hospital": "医院", "patient": "个人"}[name], name)
    for settler in settlers:
        if any(payer.payer == name for payer in settler.document.payers):
            return screen.say(payer_words(settler.document, name))
    return name


def money(fen: int) -> str:
    """An amount with separators; nothing as a dash."""
    return format_yuan(fen, grouping=True) if fen else "–"


def _against(options: Namespace, job: Job, screen: Screen) -> int:
    from doudi.engine.batch.modes import differ_files

    other = Settler(Library(options.policies).load_named(options.against))
    found = differ_files(job, other, Path(options.changed))
    screen.progress("")
    if screen.as_json:
        screen.json({**asdict(found), "out": options.changed})
        return EXIT_OK
    w = screen.w
    less, more = (format_yuan(fen, grouping=True) for fen in (found.less_fen, found.more_fen))
    screen.line(w(f"{found.bills:,} 张单据结果不同", f"{found.bills:,} bills differ"), "title")
    screen.line(
        w(
            f"个人少付的 {found.less:,} 张，共少付 {less} 元；多付的 {found.more:,} 张，共多付 {more} 元",
            f"patients pay less on {found.less:,}, {less} in all; more on {found.more:,}, {more} in all",
        )
    )
    if found.only_a or found.only_b:
        screen.line(
            w(
                f"只有前一份结算的 {found.only_a:,} 张，只有后一份结算的 {found.only_b:,} 张",
                f"settled by the first alone {found.only_a:,}, by the second alone {found.only_b:,}",
            ),
            "look",
        )
    heads = [
        w("两边都结算的", "settled by both"),
        w("前一份", "first"),
        w("后一份", "second"),
        w("相差", "difference"),
    ]
    rows = [
        [payer_name(name, screen, job.settler, other), *map(money, (a, b, b - a))]
        for name, (a, b) in found.shares.items()
    ]
    screen.table(heads, rows, right=(1, 2, 3))
    screen.line(w(f"已写 {options.changed}", f"wrote {options.changed}"))
    return EXIT_OK


def _explain(options: Namespace, job: Job, screen: Screen) -> int:
    from doudi.engine.answer import tell_bill
    from doudi.engine.batch.replay import replay
    from doudi.engine.render.text import explanation_lines

    decision = replay(job, options.explain, options.person)
    screen.progress("")
    policy = job.settler.policy
    told = {
        "policy": {"id": policy.id, "hash": policy.hash},
        "bills": [tell_bill(job.settler, decision)],
        "accumulators": {"person": {}, "household": {}},
    }
    if screen.as_json:
        screen.json(told)
    else:
        screen.lines(explanation_lines(told, screen.language))
    return EXIT_OK
