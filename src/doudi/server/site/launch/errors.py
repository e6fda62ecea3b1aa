"""What keeps the server from starting, in words for whoever starts it."""

from __future__ import annotations

from pathlib import Path

from doudi.server.kernel.cluster import Finding
from doudi.server.kernel.errors import Refused
from doudi.words import Words


def unfit(finding: Finding) -> Refused:
    """The database must not be used as it is."""
    return Refused(finding.code, finding.what, remedy=finding.remedy, where="DATABASE_URL")


def no_owner() -> Refused:
    """Migrations need the owner."""
    return Refused(
        "database.no_owner",
        Words(
            "设置了 DATABASE_URL，但没有 DATABASE_OWNER_URL，不能建表和升级。",
            "DATABASE_URL is set and DATABASE_OWNER_URL is not: tables cannot be made or changed.",
        ),
        remedy=Words(
            "请把拥有表的角色的地址写进 DATABASE_OWNER_URL，只在 doudi migrate 时需要。",
            "Name the address of the role that owns the tables in DATABASE_OWNER_URL; only doudi migrate needs it.",
        ),
        where="DATABASE_OWNER_URL",
    )


def no_auditor(role: str) -> Refused:
    """Migrations give the auditor the right to read."""
    return Refused(
        "database.no_auditor",
        Words(f"数据库里没有审计角色 {role}。", f"The database has no role {role} for auditors."),
        remedy=Words(
            f"请由管理员建立：CREATE ROLE {role} LOGIN；别的名字写在 DOUDI_AUDITOR_ROLE。",
            f"Let an administrator make it: CREATE ROLE {role} LOGIN; another name goes in DOUDI_AUDITOR_ROLE.",
        ),
        where="DOUDI_AUDITOR_ROLE",
    )


def not_migrated(count: int) -> Refused:
    """The tables are of another release."""
    return Refused(
        "database.not_migrated",
        Words(
            f"数据库还有 {count} 步结构升级没有做。",
            f"{count} changes of the database's structure are to be made.",
        ),
        remedy=Words("请先备份，再运行 doudi migrate。", "Make a backup, then run doudi migrate."),
        where="DATABASE_URL",
    )


def of_a_newer_release(names: list[str]) -> Refused:
    """The tables were made by a release that this one does not know."""
    few = "、".join(names[:3])
    return Refused(
        "database.newer",
        Words(
            f"数据库是更新的版本建的（{few}），这个版本不认识。",
            f"The database was made by a newer release ({few}), which this one does not know.",
        ),
        remedy=Words(
            "请安装新的版本，或恢复升级前的备份。", "Install the newer release, or restore the backup."
        ),
        where="DATABASE_URL",
    )


def keys_missing(path: Path) -> Refused:
    """There is data, and not the keys that open it."""
    return Refused(
        "keys.missing",
        Words(
            f"数据库里已有数据，但没有密钥文件 {path}，身份证号等都解不开。",
            f"The database holds data, and its key file {path} is not there: numbers cannot be opened.",
        ),
        remedy=Words(
            "请从备份恢复密钥文件，或用 DOUDI_KEYS 指定它的位置。不会自动新建。",
            "Restore the key file from its backup, or say where it is with DOUDI_KEYS. No new one is made.",
        ),
        where=str(path),
    )


def port_taken(host: str, port: int) -> Refused:
    """Another program listens there."""
    return Refused(
        "serve.port_taken",
        Words(
            f"{host}:{port} 不能用：已有别的程序在监听，或没有权限。",
            f"{host}:{port} cannot be used: another program listens there, or there is no right to.",
        ),
        remedy=Words(
            "请用 --port 换一个端口，或停止那个程序。", "Choose another with --port, or stop that program."
        ),
        where=f"{host}:{port}",
    )


def child_fails(name: str, log: str) -> Refused:
    """A process ends again and again."""
    return Refused(
        "serve.child_fails",
        Words(f"{name} 进程一再退出。", f"The process {name} ends again and again."),
        remedy=Words(
            f"请看日志 {log}，并运行 doudi doctor。", f"Look at the log in {log} and run doudi doctor."
        ),
        where=name,
    )


def no_answer(log: str) -> Refused:
    """The web process runs and cannot say that it is alive."""
    return Refused(
        "serve.no_answer",
        Words(
            "web 进程启动了，但答不上 /health/live。",
            "The web process runs and does not answer /health/live.",
        ),
        remedy=Words(
            f"请看日志 {log}，并运行 doudi doctor。", f"Look at the log in {log} and run doudi doctor."
        ),
        where="web",
    )


def demo_missing() -> Refused:
    """A build without the demo county."""
    return Refused(
        "demo.missing",
        Words("这个版本没有演示县。", "This build has no demo county."),
        remedy=Words("请用 doudi serve 启动空的系统。", "Start an empty system with doudi serve."),
    )


def demo_refused() -> Refused:
    """Never among real people."""
    return Refused(
        "demo.not_empty",
        Words(
            "数据库里已经有人员，不再加入演示数据。",
            "The database already holds people; no demo data is added.",
        ),
        remedy=Words(
            "请用 doudi serve 启动；演示请用 DOUDI_VAR 指定一个新文件夹（或另一个数据库）。",
            "Start with doudi serve; for a demo name a new folder with DOUDI_VAR (or another database).",
        ),
    )
