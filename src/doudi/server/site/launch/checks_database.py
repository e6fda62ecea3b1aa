"""What `doudi doctor` looks at in the database and around it, in the order in which one thing rests on another."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from django.db import connection

from doudi.server.kernel import clock, cluster
from doudi.server.kernel.jobs import workers_alive
from doudi.server.kernel.sealing import SealingError, blind_index, check_algorithms, key_path
from doudi.server.site.launch import first_accounts, keys_checks
from doudi.server.site.launch.checks import Check, plain
from doudi.server.site.launch.migrating import pending
from doudi.server.site.launch.statics import gathered
from doudi.words import Words

CLOCKS_APART = timedelta(seconds=5)


def role() -> Check:
    """The runtime role is weak, and commits are on disk."""
    findings = cluster.examine(os.environ["DATABASE_URL"])
    name = Words("数据库角色和设置", "database role and settings")
    if findings:
        return Check("role", name, False, findings[0].what, findings[0].remedy)
    found = Words("运行角色不拥有任何对象，提交写盘", "the runtime role owns nothing; commits are on disk")
    return Check("role", name, True, found)


def collation() -> Check:
    """Names are ordered alike on every machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
        )
        order, encoding = cursor.fetchone()
    well = True if order in ("C", "C.UTF-8", "POSIX") else None
    remedy = Words(
        "建议数据库用 LOCALE 'C'，否则换机器或升级系统后索引次序可能不同。",
        "Better LOCALE 'C': with another, indexes may be ordered differently after the system is upgraded.",
    )
    found = plain(f"{encoding} {order}")
    return Check(
        "collation", Words("编码和次序", "encoding and order"), well, found, None if well else remedy
    )


def migrations() -> Check:
    """The tables are those of this release."""
    names = pending()
    name = Words("数据库结构", "structure of the database")
    if names:
        remedy = Words("请运行 doudi migrate。", "Run doudi migrate.")
        found = Words(f"还有 {len(names)} 步没有升级", f"{len(names)} migrations are to be applied")
        return Check("migrations", name, False, found, remedy)
    return Check("migrations", name, True, Words("是这个版本的", "that of this release"))


UNFORCED = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('person_id', 'region')
              AND NOT a.attisdropped)
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
ORDER BY c.relname
"""


def row_security() -> Check:
    """Every table with a person or a region has a forced policy."""
    with connection.cursor() as cursor:
        cursor.execute(UNFORCED)
        open_tables = [str(row[0]) for row in cursor.fetchall()]
    name = Words("行级安全", "row-level security")
    if open_tables:
        few = "、".join(open_tables[:5])
        remedy = Words(
            "请重新运行 doudi migrate；仍如此请报告。", "Run doudi migrate again; if it stays, report it."
        )
        found = Words(f"{few} 没有强制的策略", f"{few}: no forced policy")
        return Check("row_security", name, False, found, remedy)
    found = Words("凡有人员或地区的表都强制", "forced on every table with a person or a region")
    return Check("row_security", name, True, found)


def keys() -> Check:
    """The key file is there, closed to others, and the algorithms answer as published."""
    name = Words("数据密钥", "keys of the data")
    if not key_path().exists():
        remedy = Words(
            "请从备份恢复；新系统运行 doudi migrate。", "Restore it; on a new system run doudi migrate."
        )
        return Check("keys", name, False, Words(f"没有 {key_path()}", f"{key_path()} is not there"), remedy)
    try:
        check_algorithms()
        blind_index("doctor", purpose="doctor")  # reads the file, which must be closed to others
    except SealingError as error:
        return Check("keys", name, False, error.words)
    return Check("keys", name, True, plain(key_path()))


def clocks() -> Check:
    """China's time is known here, and the machine and the database agree on what time it is."""
    name = Words("时钟", "clocks")
    if datetime(2026, 1, 1, tzinfo=clock.SHANGHAI).utcoffset() != timedelta(hours=8):
        remedy = Words("请安装 tzdata。", "Install tzdata.")
        return Check("clocks", name, False, plain("Asia/Shanghai"), remedy)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(clock.now() - cursor.fetchone()[0].astimezone(UTC))
    well = apart <= CLOCKS_APART
    remedy = Words("请校准两台机器的时间（NTP）。", "Set the clocks of both machines (NTP).")
    found = Words(
        f"与数据库相差 {apart // timedelta(milliseconds=1)} 毫秒",
        f"{apart // timedelta(milliseconds=1)} ms from the database's",
    )
    return Check("clocks", name, well, found, None if well else remedy)


def static_files() -> Check:
    """What browsers get is that of this release."""
    name = Words("静态文件", "static files")
    if gathered():
        return Check("static", name, True, Words("已整理", "gathered"))
    remedy = Words("doudi serve 或 migrate 会整理。", "doudi serve or migrate gathers them.")
    return Check("static", name, None, Words("还没有整理", "not gathered yet"), remedy)


def worker() -> Check:
    """Somebody runs background jobs."""
    name, seen = Words("后台任务", "background worker"), workers_alive()
    if seen:
        return Check("worker", name, True, Words(f"{len(seen)} 个在运行", f"{len(seen)} running"))
    remedy = Words(
        "doudi serve 会启动一个，也可以运行 doudi worker。", "doudi serve starts one; or doudi worker."
    )
    return Check("worker", name, None, Words("没有在运行的", "none is running"), remedy)


def with_the_database() -> list[Check]:
    """All that needs the database or Django."""
    checks = [role(), collation(), migrations()]
    if checks[-1].well:
        checks += [row_security(), worker(), first_accounts.check(clock.now())]
    kept = keys()
    versions = [keys_checks.check()] if kept.well and checks[2].well else []
    return [*checks, kept, *versions, clocks(), static_files()]
