"""Sealing: personal numbers are unreadable in the database, and still found by exact match.

`seal` encrypts a value for one region and one purpose ("people.number"); `unseal` gives it back only for the same
purpose, so that a sealed value copied into another field or under another county's header does not open. `blind_index`
turns a value into 32 bytes that are equal for equal values and say nothing without the key: the database looks them up
and keeps them unique. The keys lie in a file outside the database (`keys.py`): a copy of the database alone is noise.

Algorithms are China's commercial ones by default (SM4-GCM, HMAC-SM3: GB/T 32907, GB/T 32905, RFC 8998), AES-256-GCM
where the key file says so; both stand behind the port `Cipher`, where a hardware module would be a third. They are
checked against published vectors before the first use.
"""

from doudi.server.kernel.sealing.cipher import CIPHERS, Cipher
from doudi.server.kernel.sealing.errors import (
    KeyFileMissing,
    KeyFileOpen,
    KeyVersionMissing,
    SealBroken,
    SealingError,
)
from doudi.server.kernel.sealing.index import (
    all_blind_indexes,
    blind_index,
    blind_indexes,
    next_blind_index,
    next_blind_indexes,
    rotating_index,
)
from doudi.server.kernel.sealing.keys import (
    begin_index_rotation,
    ensure_keys,
    finish_index_rotation,
    key_path,
    retire_master,
    rotate_master,
)
from doudi.server.kernel.sealing.seals import (
    is_current,
    reseal_all,
    seal,
    seal_all,
    sealed_version,
    unseal,
    unseal_all,
    unseal_text,
)
from doudi.server.kernel.sealing.selftest import check_algorithms

__all__ = [
    "CIPHERS",
    "Cipher",
    "KeyFileMissing",
    "KeyFileOpen",
    "KeyVersionMissing",
    "SealBroken",
    "SealingError",
    "all_blind_indexes",
    "begin_index_rotation",
    "blind_index",
    "blind_indexes",
    "check_algorithms",
    "ensure_keys",
    "finish_index_rotation",
    "is_current",
    "key_path",
    "next_blind_index",
    "next_blind_indexes",
    "reseal_all",
    "retire_master",
    "rotate_master",
    "rotating_index",
    "seal",
    "seal_all",
    "sealed_version",
    "unseal",
    "unseal_all",
    "unseal_text",
]
