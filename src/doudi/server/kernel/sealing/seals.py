"""Sealed values. Layout: format (1 byte), cipher (1), master version (2), county (4), nonce (12), ciphertext, tag (16).

The header and the purpose are bound to the ciphertext. The key of a county is derived from the master of the version
named: HMAC-SM3(master, "doudi seal" | cipher | county), as one block of NIST SP 800-108's counter mode.
"""

from __future__ import annotations

import hmac
import os
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag

from doudi.server.kernel.sealing.cipher import BY_CODE, NONCE_BYTES, TAG_BYTES, Cipher
from doudi.server.kernel.sealing.errors import SealBroken
from doudi.server.kernel.sealing.keys import Key, Keys, keys

FORMAT = 1
_HEADER = struct.Struct(">BBHI")
_SHORTEST = _HEADER.size + NONCE_BYTES + TAG_BYTES

Sealed = bytes | memoryview


def county_number(region: int) -> int:
    """The 6-digit county of a region key."""
    return region // 1000


def seal(plain: str | bytes, *, region: int, purpose: str) -> bytes:
    """Encrypt `plain` for the county of a region key and one purpose (the field: `people.number`)."""
    return seal_all([plain], region=region, purpose=purpose)[0]


def seal_all(plains: Iterable[str | bytes], *, region: int, purpose: str) -> list[bytes]:
    """`seal` of many values of one county."""
    held = keys()
    cipher = held.cipher
    county = county_number(region)
    key = _county_key(held.master_of(held.master), cipher, county)
    header = _HEADER.pack(FORMAT, cipher.code, held.master, county)
    bound = header + purpose.encode()
    sealed = []
    for plain in plains:
        nonce = os.urandom(NONCE_BYTES)
        data = plain.encode() if isinstance(plain, str) else plain
        sealed.append(header + nonce + cipher.encrypt(key, nonce, data, bound))
    return sealed


def unseal(sealed: Sealed, *, purpose: str) -> bytes:
    """The plain bytes; `SealBroken` where it was changed or sealed for another purpose, `KeyVersionMissing`."""
    return _open(keys(), bytes(sealed), purpose)


def unseal_text(sealed: Sealed, *, purpose: str) -> str:
    """`unseal` of a text."""
    return unseal(sealed, purpose=purpose).decode()


def unseal_all(sealed: Iterable[Sealed], *, purpose: str) -> list[bytes]:
    """`unseal` of many."""
    held = keys()
    return [_open(held, bytes(item), purpose) for item in sealed]


def sealed_version(sealed: Sealed) -> int:
    """The version of the master a value needs."""
    return int(_HEADER.unpack_from(bytes(sealed[: _HEADER.size]))[2])


def is_current(sealed: Sealed) -> bool:
    """Whether the value is sealed with the current master and cipher."""
    held = keys()
    _, code, version, _ = _HEADER.unpack_from(bytes(sealed[: _HEADER.size]))
    return bool(version == held.master and code == held.cipher.code)


def reseal_all(sealed: Sequence[Sealed], *, purpose: str) -> list[bytes | None]:
    """Seal again with the current master, in the same county; None where nothing needs to change."""
    held = keys()
    return [None if is_current(item) else _again(held, bytes(item), purpose) for item in sealed]


def _again(held: Keys, sealed: bytes, purpose: str) -> bytes:
    county = _HEADER.unpack_from(sealed)[3]
    return seal(_open(held, sealed, purpose), region=county * 1000, purpose=purpose)


def _open(held: Keys, sealed: bytes, purpose: str) -> bytes:
    if len(sealed) < _SHORTEST or sealed[0] != FORMAT or sealed[1] not in BY_CODE:
        raise SealBroken(purpose)
    _, code, version, county = _HEADER.unpack_from(sealed)
    cipher = BY_CODE[code]
    key = _county_key(held.master_of(version), cipher, county)
    start = _HEADER.size + NONCE_BYTES
    try:
        return cipher.decrypt(
            key,
            sealed[_HEADER.size : start],
            sealed[start:],
            sealed[: _HEADER.size] + purpose.encode(),
        )
    except InvalidTag:
        raise SealBroken(purpose) from None


def _county_key(master: Key, cipher: Cipher, county: int) -> bytes:
    return _derived(master.secret, cipher.code, county)[: cipher.key_bytes]


@lru_cache(maxsize=4096)
def _derived(master: bytes, code: int, county: int) -> bytes:
    return hmac.digest(master, b"doudi seal" + bytes([code]) + county.to_bytes(4, "big"), "sm3")
