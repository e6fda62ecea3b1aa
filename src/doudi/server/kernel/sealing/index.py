"""Blind indexes: HMAC-SM3 of a value under a key derived for its purpose. 32 bytes, full length.

Full length only where uniqueness is kept (the vault). The key is one for the whole installation, not one a county: the
same person registered in two counties must collide. Equal values of two purposes have unrelated indexes.

Rotation: `begin_index_rotation`, then each table fills its second column with `next_blind_index` and switches columns,
then `finish_index_rotation`.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from doudi.server.kernel.sealing.keys import keys

INDEX_BYTES = 32


def blind_index(text: str, *, purpose: str) -> bytes:
    """The index of a normalised text; 32 bytes."""
    return blind_indexes([text], purpose=purpose)[0]


def blind_indexes(texts: Iterable[str], *, purpose: str) -> list[bytes]:
    """`blind_index` of many."""
    held = keys()
    return _of(held.index_of(held.index).secret, purpose, texts)


def all_blind_indexes(text: str, *, purpose: str) -> list[bytes]:
    """The index under every key the file holds: for what was kept before a rotation and is only compared."""
    return [_of(key.secret, purpose, [text])[0] for key in keys().indexes]


def rotating_index() -> bool:
    """Whether an index rotation is under way, so that second columns must be filled."""
    return keys().next_index is not None


def next_blind_index(text: str, *, purpose: str) -> bytes | None:
    """The index under the next key while a rotation is under way, else None."""
    return next_blind_indexes([text], purpose=purpose)[0]


def next_blind_indexes(texts: Iterable[str], *, purpose: str) -> list[bytes | None]:
    """`next_blind_index` of many."""
    held = keys()
    if held.next_index is None:
        return [None for _ in texts]
    return list(_of(held.index_of(held.next_index).secret, purpose, texts))


def _of(secret: bytes, purpose: str, texts: Iterable[str]) -> list[bytes]:
    base = _keyed(secret, purpose)
    found = []
    for text in texts:
        machine = base.copy()
        machine.update(text.encode())
        found.append(machine.finalize())
    return found


@lru_cache(maxsize=256)
def _keyed(secret: bytes, purpose: str) -> HMAC:
    """An HMAC with its key set, to be copied: three times quicker than a fresh one."""
    return HMAC(hmac.digest(secret, b"doudi index" + purpose.encode(), "sm3"), hashes.SM3())
