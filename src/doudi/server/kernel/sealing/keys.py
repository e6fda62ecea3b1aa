"""The key file: outside the database, readable by its owner alone, never rewritten in place.

`DOUDI_KEYS` names it; otherwise it is `keys/keys.json` in the folder of what the server makes. JSON: the cipher, the
*masters* by version with the time they were made, which one is current, and the *index keys* likewise. Old masters stay
so that old values open; a new master is current at once, and values are sealed again in batches until nothing needs the
old one. Every process notices a changed file at its next use.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from doudi.server.kernel import clock
from doudi.server.kernel.sealing.cipher import CIPHERS, DEFAULT, Cipher
from doudi.server.kernel.sealing.errors import (
    KeyFileBroken,
    KeyFileMissing,
    KeyFileOpen,
    KeyVersionMissing,
)
from doudi.server.kernel.sealing.selftest import check_algorithms

MASTER_BYTES = 32
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Key:
    """One version of a key. Never printed."""

    version: int
    secret: bytes
    created_at: datetime

    def __repr__(self) -> str:
        return f"Key(version={self.version})"


@dataclass(frozen=True, slots=True)
class Keys:
    """What the file holds. `next_index` is the version an index rotation is moving to, or None."""

    path: Path
    cipher: Cipher
    masters: tuple[Key, ...]
    master: int
    indexes: tuple[Key, ...]
    index: int
    next_index: int | None

    def master_of(self, version: int) -> Key:
        """The master of a version, or `KeyVersionMissing`."""
        return _of(self.masters, version, "master", self.path)

    def index_of(self, version: int) -> Key:
        """The index key of a version, or `KeyVersionMissing`."""
        return _of(self.indexes, version, "index", self.path)


def _of(keys: tuple[Key, ...], version: int, kind: str, path: Path) -> Key:
    for key in keys:
        if key.version == version:
            return key
    raise KeyVersionMissing(kind, version, path)


def key_path() -> Path:
    """Where the key file is."""
    return Path(_place())


def _place() -> str:
    """The same as text: asked for every value that is opened."""
    return os.environ.get("DOUDI_KEYS") or f"{settings.DOUDI_VAR}/keys/keys.json"


_loaded: tuple[tuple[str, int, int, int], Keys] | None = None


def keys() -> Keys:
    """The keys, read again when the file changed. Refuses an open file, and a machine whose algorithms fail the test."""
    global _loaded  # noqa: PLW0603 - one cache a process
    place = _place()
    try:
        state = os.stat(place)  # noqa: PTH116 - asked for every value that is opened
    except FileNotFoundError:
        raise KeyFileMissing(key_path()) from None
    mark = (place, state.st_mtime_ns, state.st_ino, state.st_mode)
    if _loaded is None or _loaded[0] != mark:
        path = key_path()
        if _loaded is None:
            check_algorithms()
        if stat.S_IMODE(state.st_mode) & 0o077:
            raise KeyFileOpen(path, stat.S_IMODE(state.st_mode))
        _loaded = (mark, _read(path))
    return _loaded[1]


def ensure_keys(*, now: datetime | None = None, cipher: str = DEFAULT) -> Path:
    """The key file, made with fresh keys where there is none. For a new installation; see `KeyFileMissing`."""
    path = key_path()
    if not path.exists():
        check_algorithms()
        now = now or clock.now()
        fresh = Key(1, secrets.token_bytes(MASTER_BYTES), now), Key(1, secrets.token_bytes(MASTER_BYTES), now)
        _write(
            Keys(path, CIPHERS[cipher], (fresh[0],), 1, (fresh[1],), 1, None),
            first=True,
        )
    keys()
    return path


def rotate_master(*, now: datetime) -> int:
    """Add a master and make it current: new values are sealed with it, old values still open. Its version."""
    held = keys()
    version = max(key.version for key in held.masters) + 1
    fresh = Key(version, secrets.token_bytes(MASTER_BYTES), now)
    _write(replace(held, masters=(*held.masters, fresh), master=version))
    return version


def retire_master(version: int) -> None:
    """Forget a master that no value needs any more (see `sealed_version`); the current one is never forgotten."""
    held = keys()
    held.master_of(version)
    if version == held.master:
        raise ValueError("the current master is in use")
    _write(replace(held, masters=tuple(key for key in held.masters if key.version != version)))


def begin_index_rotation(*, now: datetime) -> int:
    """Add the next index key: from now on writes fill the second column too. Repeating it changes nothing."""
    held = keys()
    if held.next_index is not None:
        return held.next_index
    version = max(key.version for key in held.indexes) + 1
    fresh = Key(version, secrets.token_bytes(MASTER_BYTES), now)
    _write(replace(held, indexes=(*held.indexes, fresh), next_index=version))
    return version


def finish_index_rotation() -> int:
    """Make the next index key the current one, when every table has switched its columns. Old ones stay: hashes of
    requests answered before are compared under them.
    """
    held = keys()
    if held.next_index is None:
        raise ValueError("no index rotation is under way")
    _write(replace(held, index=held.next_index, next_index=None))
    return held.next_index


def _read(path: Path) -> Keys:
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["format"] != FORMAT:
            raise KeyFileBroken(path, f"format {data['format']}")
        held = Keys(
            path,
            CIPHERS[data["cipher"]],
            _keys(data["masters"]),
            int(data["master"]),
            _keys(data["indexes"]),
            int(data["index"]),
            data["next_index"],
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise KeyFileBroken(path, type(fault).__name__) from None
    held.master_of(held.master)
    held.index_of(held.index)
    return held


def _keys(rows: list[dict[str, Any]]) -> tuple[Key, ...]:
    return tuple(
        Key(int(row["version"]), bytes.fromhex(row["key"]), datetime.fromisoformat(row["created_at"]))
        for row in rows
    )


def _write(held: Keys, *, first: bool = False) -> None:
    """A whole new file beside the old one, on the disk before it takes the name."""
    held.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps(
        {
            "format": FORMAT,
            "cipher": held.cipher.name,
            "master": held.master,
            "masters": [_row(key) for key in held.masters],
            "index": held.index,
            "next_index": held.next_index,
            "indexes": [_row(key) for key in held.indexes],
        },
        indent=1,
    )
    beside = held.path.with_name(f"{held.path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if first:
            try:
                os.link(beside, held.path)  # refuses to replace a file another process made meanwhile
            except FileExistsError:
                return
        else:
            beside.replace(held.path)
    finally:
        beside.unlink(missing_ok=True)


def _row(key: Key) -> dict[str, Any]:
    return {
        "version": key.version,
        "created_at": key.created_at.astimezone(UTC).isoformat(),
        "key": key.secret.hex(),
    }
