"""What a password must be, and hashing. Pure but for the list of common passwords, which lies in memory.

The same work is done for an account that does not exist: `matches` with no hash costs as much as with one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from doudi.server.access.errors import password_refused
from doudi.server.access.limits import PasswordPolicy, password_policy
from doudi.server.kernel.errors import Refused
from doudi.words import Words

COMMON_HERE = frozenset(
    {
        "woaini1314", "woaini520", "a123456789", "qq123456", "aa123456", "abc123456", "zxcvbnm123", "1qaz2wsx3edc",
        "admin@123", "aa123456!", "p@ssw0rd", "passw0rd", "abc@1234", "qwer1234", "yibao123", "yibao@123", "doudi123",
        "doudi@123",
    }
)  # fmt: skip
"""Beside the 20,000 of Django's list: what offices in China are known to use (assumed)."""


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords) | COMMON_HERE


def classes(password: str) -> int:
    """How many of lower case, upper case, digits and anything else are in it."""
    kinds = (
        str.islower,
        str.isupper,
        str.isdecimal,
        lambda character: not (character.islower() or character.isupper() or character.isdecimal()),
    )
    return sum(any(kind(character) for character in password) for kind in kinds)


def fault(password: str, *, login: str, policy: PasswordPolicy) -> Refused | None:
    """Why the policy does not take a new password, or None."""
    if len(password) < policy.shortest:
        return password_refused(
            "password_short",
            Words(
                f"密码至少 {policy.shortest} 位。", f"A password has at least {policy.shortest} characters."
            ),
        )
    if len(password) > policy.longest:
        return password_refused(
            "password_long",
            Words(f"密码最多 {policy.longest} 位。", f"A password has at most {policy.longest} characters."),
        )
    if classes(password) < policy.classes:
        return password_refused(
            "password_classes",
            Words(
                f"密码须包含大写字母、小写字母、数字、符号中的至少 {policy.classes} 类。",
                f"A password mixes at least {policy.classes} of capitals, small letters, digits and signs.",
            ),
        )
    lowered = password.lower()
    if lowered in _common() or (len(login) >= 4 and login.lower() in lowered):
        return password_refused(
            "password_common",
            Words(
                "密码过于常见或包含账号名，请更换。",
                "The password is too common or has the account's name in it; choose another.",
            ),
        )
    return None


def check_new(password: str, *, login: str, earlier: Iterable[str] = ()) -> None:
    """Raise where the installation's policy does not take the password, or it is one of the `earlier` hashes."""
    policy = password_policy()
    if (refusal := fault(password, login=login, policy=policy)) is not None:
        raise refusal
    if any(check_password(password, old) for old in earlier):
        raise password_refused(
            "password_used",
            Words(
                f"不能使用最近 {policy.remembered} 次用过的密码。",
                f"The last {policy.remembered} passwords may not be used again.",
            ),
        )


def hashed(secret: str) -> str:
    """The hash to keep."""
    return make_password(secret)


def matches(secret: str, kept: str) -> bool:
    """Whether a secret is the one whose hash is kept; as much work where there is none."""
    return check_password(secret[:1000], kept or "!")
