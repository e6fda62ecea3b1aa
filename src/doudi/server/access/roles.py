"""The roles: seven desks, with propose and approve apart where money or standing is at stake, and three administrators.

Data, not code: which roles exist, what they are called, and which two nobody may hold together.
"""

from __future__ import annotations

from enum import StrEnum

from doudi.words import Words


class Role(StrEnum):
    """A role a user may be granted, for a region or for a facility."""

    WINDOW = "window"
    COUNTY = "county"
    COUNTY_APPROVER = "county_approver"
    HEALTH = "health"
    FAMILY_DOCTOR = "family_doctor"
    OVERSIGHT = "oversight"
    POLICY = "policy"
    AUDIT = "audit"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    NEWCOMER = "newcomer"  # signed in, but must first change the password or bind a code; never granted
    SYSTEM = "system"  # the server itself; never granted


ROLE_NAMES: dict[Role, Words] = {
    Role.WINDOW: Words("窗口经办", "Window clerk"),
    Role.COUNTY: Words("县级经办", "County officer"),
    Role.COUNTY_APPROVER: Words("县级审批", "County approver"),
    Role.HEALTH: Words("卫健经办", "Health officer"),
    Role.FAMILY_DOCTOR: Words("家庭医生", "Family doctor"),
    Role.OVERSIGHT: Words("监管", "Oversight"),
    Role.POLICY: Words("政策", "Policy officer"),
    Role.AUDIT: Words("审计", "Auditor"),
    Role.SYSTEM_ADMIN: Words("系统管理员", "System administrator"),
    Role.SECURITY_ADMIN: Words("安全管理员", "Security administrator"),
    Role.AUDIT_ADMIN: Words("审计管理员", "Audit administrator"),
    Role.NEWCOMER: Words("待完善账号", "Account to be set in order"),
    Role.SYSTEM: Words("系统", "The server"),
}

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
NEVER_GRANTED = frozenset({Role.SYSTEM, Role.NEWCOMER})
PEOPLE = frozenset(Role) - {Role.SYSTEM}
"""Everybody who signs in: what concerns one's own account."""
FACILITY_ROLES = frozenset({Role.WINDOW})
"""Granted for a facility, never for a region: they see persons through openings only."""

INCOMPATIBLE: frozenset[frozenset[Role]] = frozenset(
    {
        frozenset({Role.COUNTY, Role.COUNTY_APPROVER}),
        frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
        frozenset({Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN}),
        frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}),
        *(
            frozenset({admin, other})
            for admin in ADMINISTRATORS
            for other in (Role.WINDOW, Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.FAMILY_DOCTOR)
        ),
        frozenset({Role.AUDIT, Role.COUNTY}),
        frozenset({Role.AUDIT, Role.COUNTY_APPROVER}),
        frozenset({Role.AUDIT, Role.WINDOW}),
    }
)
"""Pairs nobody may hold together. Administrators never read business data (三权分立, GB/T 22239-2019 8.1.4.2)."""


def conflicts(roles: frozenset[Role]) -> list[tuple[Role, Role]]:
    """The incompatible pairs among `roles`, sorted."""
    return sorted((first, second) for first, second in map(sorted, INCOMPATIBLE) if {first, second} <= roles)
