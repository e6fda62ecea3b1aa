"""What `doudi doctor` looks at on the machine, before there is a database."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from doudi.server.kernel import cluster
from doudi.server.kernel.cluster.places import Place
from doudi.words import Words

LITTLE_SPACE = 2 * 1024**3
"""Bytes; a county's database with its logs grows by less in a year."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, whether it is well (None: it may be missing), what was found, and what to do."""

    code: str
    name: Words
    well: bool | None
    found: Words
    remedy: Words | None = None


def plain(text: object) -> Words:
    """What reads the same in both languages."""
    return Words(str(text), str(text))


def python() -> Check:
    """Which Python runs this."""
    well = sys.version_info >= (3, 11)
    remedy = Words("请安装 Python 3.11 或更新的版本。", "Install Python 3.11 or newer.")
    found = plain(f"{platform.python_version()} {sys.executable}")
    return Check("python", Words("Python", "Python"), well, found, None if well else remedy)


def user() -> Check:
    """Who runs this; root can do more than a server should."""
    name = Words("运行用户", "user")
    if os.geteuid() != 0:
        return Check("user", name, True, plain(f"{os.geteuid()}"))
    remedy = Words(
        "试用可以；正式使用请建一个普通用户来运行。",
        "Good for a trial; for real use run it as an ordinary user.",
    )
    return Check("user", name, None, plain("root"), remedy)


def programs(place: Place) -> Check:
    """Which PostgreSQL would run, and as whom."""
    found, seen = cluster.choose_programs(place.data_version())
    name = Words("数据库程序", "database programs")
    if found is None:
        remedy = Words(
            "请安装 pip install 'doudi[server]'，或用 DOUDI_POSTGRES 指定 PostgreSQL 的 bin 文件夹。",
            "Install pip install 'doudi[server]', or name PostgreSQL's bin folder with DOUDI_POSTGRES.",
        )
        return Check("programs", name, False, plain("、".join(seen) or "-"), remedy)
    text = f"PostgreSQL {found.version} {found.folder}"
    said = Words(f"{text}，以用户 {place.account.name} 运行", f"{text}, run as user {place.account.name}")
    return Check("programs", name, True, said)


def data(place: Place) -> Check:
    """Where the data lies and what made it."""
    version = place.data_version()
    name = Words("数据文件夹", "data folder")
    if version is None:
        remedy = Words("运行 doudi migrate 或 doudi serve 会新建。", "doudi migrate or doudi serve makes it.")
        return Check(
            "data", name, None, Words(f"{place.data} 还没有", f"{place.data} is not there yet"), remedy
        )
    return Check("data", name, True, plain(f"{place.data} (PostgreSQL {version})"))


def space(folder: Path) -> Check:
    """Room on the disk."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    well = free >= LITTLE_SPACE
    remedy = Words("请清理磁盘或换一个更大的。", "Make room, or move to a larger disk.")
    found = Words(f"剩余 {free // 1024**3} GB（{folder}）", f"{free // 1024**3} GB free ({folder})")
    return Check("space", Words("磁盘空间", "disk space"), well, found, None if well else remedy)


def secret_file(var: Path) -> Check:
    """The secret of sessions is nobody else's."""
    name, path = Words("会话密钥", "secret of sessions"), var / "secret_key"
    if not path.exists():
        return Check("secret", name, True, plain("DOUDI_SECRET_KEY"))
    mode = stat.S_IMODE(path.stat().st_mode)
    well = not mode & 0o077
    remedy = Words(f"请运行 chmod 600 {path}。", f"Run chmod 600 {path}.")
    return Check("secret", name, well, plain(f"{path} {mode:04o}"), None if well else remedy)


def fonts() -> Check:
    """Chinese fonts of this machine; browsers bring their own."""
    name, listing = Words("中文字体", "Chinese fonts"), shutil.which("fc-list")
    if listing and subprocess.run([listing, ":lang=zh"], capture_output=True, check=False).stdout.strip():  # noqa: S603
        return Check("fonts", name, True, Words("有", "there"))
    remedy = Words("只在本机截图、打印时需要。", "Needed only for printing on this machine.")
    return Check("fonts", name, None, Words("本机没有", "none on this machine"), remedy)


def before_the_database(var: Path, place: Place | None) -> list[Check]:
    """What can be looked at without a database."""
    of_place = [programs(place), data(place), space(place.base)] if place else [space(var)]
    return [python(), user(), *of_place, secret_file(var), fonts()]
