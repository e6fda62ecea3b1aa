"""The policies as they are installed here, read once and again when one of their files has changed.

A policy in force remembers the hash of its content. Where the installed file says something else now, everybody who
looks is told (`changed`): the same facts and the same policy give the same result, and this is another policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from doudi.policy import Library, Policy, PolicyError
from doudi.policy.citations import assumed_places
from doudi.words import Words

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Installed:
    """A policy of the library with every place its files may stand in, and what it assumes: path → reason."""

    policy: Policy
    files: tuple[Path, ...]
    signature: Signature
    assumed: dict[str, str]


_read: dict[str, Installed] = {}
_lock = Lock()


def installed(name: str) -> Installed | None:
    """The policy of an id, or None where it is not installed or cannot be read."""
    with _lock:
        found = _read.get(name)
        if found is None or found.signature != _signature(found.files):
            found = _load(name)
            if found is None:
                _read.pop(name, None)
            else:
                _read[name] = found
        return found


def _load(name: str) -> Installed | None:
    library = Library()
    try:
        policy = library.load(name)
    except (PolicyError, OSError):
        return None
    names, parent = [name], policy.document.extends
    while parent is not None and parent not in names:
        names.append(parent)
        parent = library.load(parent).document.extends
    files = [root / f"{one}.yaml" for one in names for root in library.roots]
    files += [path for root in library.roots for path in sorted((root / "vocabulary").glob("*.yaml"))]
    assumed = {path: reason for path, reason, _ in assumed_places(policy)}
    return Installed(policy, tuple(files), _signature(files), assumed)


def _signature(files: Iterable[Path]) -> Signature:
    """Names, times and sizes: enough to see that a file was replaced."""
    found = []
    for path in files:
        try:
            state = path.stat()
        except OSError:
            found.append((str(path), 0, -1))
        else:
            found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)


def changed(policy: str, put_in_force: str) -> Words | None:
    """What to tell where the installed policy is not the one that was put in force; None where it is."""
    now = installed(policy)
    if now is None:
        return Words(
            f"本机没有安装政策“{policy}”，无法说明待遇。请联系系统管理员。",
            f"The policy “{policy}” is not installed here. Ask your system administrator.",
        )
    if now.policy.hash == put_in_force:
        return None
    return Words(
        f"政策“{policy}”的文件已被更换：施行时是 {put_in_force[:12]}，现在是 {now.policy.hash[:12]}。"
        "下面按现在的文件说明，请县审批人员核对后重新施行。",
        f"The file of “{policy}” was replaced: {put_in_force[:12]} was put in force, {now.policy.hash[:12]} is installed."
        " What follows is told by the installed file; an approver has to check it and put it in force anew.",
    )
