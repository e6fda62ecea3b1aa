"""The port `Cipher` and the two that come with it. A hardware module (密码机) is a third class with the same two methods.

Both are authenticated: what is decrypted is what was encrypted, for the same bound bytes, or `InvalidTag` is raised.
"""

from __future__ import annotations

from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher as Machine
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
TAG_BYTES = 16


class Cipher(Protocol):
    """Authenticated encryption. `code` is written into every sealed value, for ever."""

    code: int
    name: str
    key_bytes: int

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        """Ciphertext followed by its 16-byte tag, for these bound (authenticated, unencrypted) bytes."""
        ...

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        """The plain bytes; `cryptography.exceptions.InvalidTag` where anything was changed."""
        ...


class Sm4Gcm:
    """SM4 (GB/T 32907) in GCM (RFC 8998)."""

    code = 1
    name = "sm4-gcm"
    key_bytes = 16

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        """As the port says."""
        machine = Machine(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        machine.authenticate_additional_data(bound)
        return machine.update(plain) + machine.finalize() + machine.tag

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        """As the port says."""
        machine = Machine(algorithms.SM4(key), modes.GCM(nonce, sealed[-TAG_BYTES:])).decryptor()
        machine.authenticate_additional_data(bound)
        return machine.update(sealed[:-TAG_BYTES]) + machine.finalize()


class Aes256Gcm:
    """AES-256 in GCM (NIST SP 800-38D), for places where SM4 is not asked for."""

    code = 2
    name = "aes-256-gcm"
    key_bytes = 32

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        """As the port says."""
        return AESGCM(key).encrypt(nonce, plain, bound)

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        """As the port says."""
        return AESGCM(key).decrypt(nonce, sealed, bound)


CIPHERS: dict[str, Cipher] = {cipher.name: cipher for cipher in (Sm4Gcm(), Aes256Gcm())}
"""By the name in the key file."""
BY_CODE: dict[int, Cipher] = {cipher.code: cipher for cipher in CIPHERS.values()}
DEFAULT = Sm4Gcm.name
