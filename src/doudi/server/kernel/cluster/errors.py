"""What keeps a private cluster from running, in words for whoever starts the server."""

from __future__ import annotations

from pathlib import Path

from doudi.server.kernel.errors import Refused
from doudi.words import Words

OWN_DATABASE = Words(
    "也可以用 DATABASE_URL 指定已有的数据库。", "Or name a database of your own with DATABASE_URL."
)


def _refused(code: str, words: Words, remedy: Words, where: object = "") -> Refused:
    return Refused(f"cluster.{code}", words, remedy=remedy, where=str(where))


def user_without_name(uid: int) -> Refused:
    """PostgreSQL needs a user that the system knows by name."""
    return _refused(
        "user_without_name",
        Words(
            f"用户编号 {uid} 在本机没有用户名，PostgreSQL 不能以它运行。",
            f"User number {uid} has no name on this machine; PostgreSQL cannot run as it.",
        ),
        Words(
            "请在 /etc/passwd 里给它一个名字。" + OWN_DATABASE.zh,
            "Give it a name in /etc/passwd. " + OWN_DATABASE.en,
        ),
    )


def no_ordinary_user() -> Refused:
    """Root has nobody to drop to."""
    return _refused(
        "no_ordinary_user",
        Words(
            "现在是 root，而 PostgreSQL 不能以 root 运行；本机没有 postgres 或 nobody 用户可用。",
            "This is root; PostgreSQL does not run as root, and there is no user postgres or nobody to drop to.",
        ),
        Words("请以普通用户启动。" + OWN_DATABASE.zh, "Start as an ordinary user. " + OWN_DATABASE.en),
    )


def cannot_become(user: str) -> Refused:
    """Root without the right to become somebody else, as in some containers."""
    return _refused(
        "cannot_become",
        Words(f"不能切换到用户 {user} 来运行 PostgreSQL。", f"Cannot become user {user} to run PostgreSQL."),
        Words("请以普通用户启动。" + OWN_DATABASE.zh, "Start as an ordinary user. " + OWN_DATABASE.en),
    )


def of_another_user(folder: Path, owner: str, me: str) -> Refused:
    """The data was made by somebody else."""
    return _refused(
        "of_another_user",
        Words(
            f"数据文件夹 {folder} 属于用户 {owner}，现在的用户是 {me}。",
            f"The data in {folder} belongs to user {owner}; this is user {me}.",
        ),
        Words(
            f"请以 root 或 {owner} 启动；要另建一个，就用 DOUDI_VAR 指定别的文件夹。",
            f"Start as root or as {owner}; to begin another, name a different folder with DOUDI_VAR.",
        ),
        folder,
    )


def kept_elsewhere(folder: Path) -> Refused:
    """Root began it where an ordinary user does not look."""
    return _refused(
        "kept_elsewhere",
        Words(
            f"这里的数据是 root 启动时建的，存放在 {folder}。",
            f"The data of this place was begun by root and is kept in {folder}.",
        ),
        Words(
            "请以 root 启动；要另建一个，就用 DOUDI_VAR 指定别的文件夹。",
            "Start as root; to begin another, name a different folder with DOUDI_VAR.",
        ),
        folder,
    )


def unreachable(folder: Path, user: str) -> Refused:
    """A folder above the data was closed since."""
    return _refused(
        "unreachable",
        Words(
            f"数据文件夹 {folder} 属于用户 {user}，但它的上级文件夹不让 {user} 通过。",
            f"The data in {folder} belongs to user {user}, and a folder above it does not let {user} through.",
        ),
        Words(
            f"请以 {user} 启动，或给上级文件夹加上通过权限（chmod o+x）。",
            f"Start as {user}, or let others pass through the folders above (chmod o+x).",
        ),
        folder,
    )


def moved(mark: Path, before: Path, here: Path) -> Refused:
    """The folder was moved or copied, its data was not."""
    return _refused(
        "moved",
        Words(
            f"这个文件夹被移动或复制过：{mark} 说数据在 {before}，按现在的位置应在 {here}。",
            f"This folder was moved or copied: {mark} says its data is in {before}; by its place now it is {here}.",
        ),
        Words(
            f"移动过：停止服务后 mv {before} {here}。复制的、要新建：删除 {mark}。",
            f"If moved: stop the server, then mv {before} {here}. If copied, to begin anew: remove {mark}.",
        ),
        mark,
    )


def no_programs() -> Refused:
    """No PostgreSQL anywhere."""
    return _refused(
        "no_programs",
        Words("本机没有可用的 PostgreSQL 程序（14 或更新）。", "No PostgreSQL (14 or newer) is here."),
        Words(
            "请安装：pip install 'doudi[server]'，或系统的 postgresql，或用 DOUDI_POSTGRES 指定其 bin 文件夹。"
            + OWN_DATABASE.zh,
            "Install it: pip install 'doudi[server]', or the system's postgresql, or name its bin folder with"
            " DOUDI_POSTGRES. " + OWN_DATABASE.en,
        ),
    )


def other_version(data: Path, made_by: int, programs: str) -> Refused:
    """Data of one major version is not read by another."""
    return _refused(
        "other_version",
        Words(
            f"{data} 里的数据是 PostgreSQL {made_by} 建的，现有的程序是 {programs}，读不了。",
            f"The data in {data} was made by PostgreSQL {made_by}; the programs here are {programs} and cannot read it.",
        ),
        Words(
            f"请用 DOUDI_POSTGRES 指定 PostgreSQL {made_by} 的 bin 文件夹；要升级，用它导出（pg_dump），再导入新的。",
            f"Name the bin folder of PostgreSQL {made_by} with DOUDI_POSTGRES; to upgrade, dump with it (pg_dump)"
            " and restore into a new one.",
        ),
        data,
    )


def failed(program: str, said: str, where: Path) -> Refused:
    """A program of PostgreSQL gave up; its last words."""
    return _refused(
        "failed",
        Words(f"PostgreSQL 的 {program} 失败：\n{said}\n", f"PostgreSQL's {program} failed:\n{said}\n"),
        Words(
            f"请看上面的原因（磁盘满、权限、内存？），日志在 {where}。",
            f"See the reason above (disk full, rights, memory?); the log is in {where}.",
        ),
        where,
    )


def in_use_but_silent(folder: Path) -> Refused:
    """Another process of ours uses it, perhaps in another container, and it does not answer here."""
    return _refused(
        "in_use_but_silent",
        Words(
            f"另一个兜底进程正在使用 {folder}，但它的数据库没有应答。",
            f"Another process of Doudi uses {folder}, and its database does not answer.",
        ),
        Words(
            "请先停止那个进程（可能在另一个容器里），再启动。",
            "Stop that process first (it may be in another container), then start again.",
        ),
        folder,
    )


def socket_taken(folder: Path) -> Refused:
    """Somebody else made the folder for the socket."""
    return _refused(
        "socket_taken",
        Words(
            f"放套接字的文件夹 {folder} 不属于运行数据库的用户，或别人也能进。",
            f"The folder for the socket, {folder}, is not the database user's own, or others may enter.",
        ),
        Words("请查明是谁建的，再删除它。", "Find out who made it, then remove it."),
        folder,
    )
