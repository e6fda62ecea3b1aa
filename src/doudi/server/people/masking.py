"""How personal values look while they are covered, and who sees names whole.

ID first six and last four; name by its first character; phone first three and last four; card last four. The covered
part has a fixed length where the length itself would tell something.
"""

from __future__ import annotations

from doudi.server.access.api import Role
from doudi.server.kernel.actor import Actor

SEES_NAMES = frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.FAMILY_DOCTOR, Role.SYSTEM})
"""Roles whose work is with named people of their own region. All others see 张**, and unmask."""


def sees_names(viewer: Actor) -> bool:
    """Whether lists show this viewer whole names."""
    return bool(SEES_NAMES & viewer.roles) and not viewer.facility


def mask_number(number: str) -> str:
    """520203********0027; shorter numbers show less; none shows nothing."""
    if len(number) >= 15:
        return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
    return (
        f"{number[:1]}{'*' * max(0, len(number) - 3)}{number[-2:]}" if len(number) > 5 else "*" * len(number)
    )


def mask_name(name: str) -> str:
    """张**: the first character, then two stars whatever the length."""
    return f"{name[:1]}**" if name else ""


def mask_phone(phone: str) -> str:
    """138****0000; a landline shows its last four."""
    if len(phone) == 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return f"****{phone[-4:]}" if len(phone) > 6 else "****"


def mask_card(number: str) -> str:
    """**** 0000."""
    return f"**** {number[-4:]}" if len(number) > 7 else "****"


def mask_address(address: str) -> str:
    """The first six characters: as far as the township in most addresses."""
    return f"{address[:6]}****"
