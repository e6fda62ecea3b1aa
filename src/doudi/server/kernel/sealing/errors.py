"""Faults of sealing. None of them carries a key or a value; each says what to do, in both languages."""

from __future__ import annotations

from pathlib import Path

from doudi.words import Words


class SealingError(Exception):
    """Sealing cannot go on. `words` is for the operator, who alone can mend it."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class KeyFileMissing(SealingError):
    """There is no key file where one is expected."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Words(
                f"没有密钥文件 {path}。请从备份恢复；新装系统请先运行 doudi doctor 或 doudi demo 生成。"
                "绝不要为已有数据的库新建密钥，那样原有数据将无法解开。",
                f"There is no key file {path}. Restore it from its backup; a new installation makes one. Never make new"
                " keys for a database that already holds sealed values: they could not be opened again.",
            )
        )


class KeyFileOpen(SealingError):
    """Other accounts of the machine may read or change the key file."""

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(
            Words(
                f"密钥文件 {path} 的权限是 {mode:04o}，其他账户可以读写，拒绝启动。请运行 chmod 600 {path}。",
                f"The key file {path} has mode {mode:04o}: other accounts may read or change it. Refused."
                f" Run chmod 600 {path}.",
            )
        )


class KeyFileBroken(SealingError):
    """The key file is not what we write."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            Words(
                f"密钥文件 {path} 无法使用：{reason}。请从备份恢复。",
                f"The key file {path} cannot be used: {reason}. Restore it from its backup.",
            )
        )


class KeyVersionMissing(SealingError):
    """A value was sealed with a version of the key that the file does not hold."""

    def __init__(self, kind: str, version: int, path: Path) -> None:
        super().__init__(
            Words(
                f"密钥文件 {path} 中没有第 {version} 版{kind}密钥，用它加密的数据无法解开。请从备份找回该版本。",
                f"The key file {path} holds no {kind} key of version {version}; what was sealed with it cannot be opened."
                " Bring that version back from the backup.",
            )
        )
        self.version = version


class SealBroken(SealingError):
    """The bytes are not a value sealed for this purpose: changed, cut short, or moved from another field."""

    def __init__(self, purpose: str) -> None:
        super().__init__(
            Words(
                f"密文不能作为 {purpose} 解开：内容被改动、截断，或来自别的字段。",
                f"The sealed value does not open as {purpose}: it was changed, cut short, or moved from another field.",
            )
        )


class AlgorithmBroken(SealingError):
    """An algorithm of this machine does not give the published answer."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Words(
                f"本机的 {name} 算法自检不通过，拒绝启动。请检查 OpenSSL 与 cryptography 的安装。",
                f"The self-test of {name} fails on this machine. Refused. Check OpenSSL and the cryptography package.",
            )
        )
