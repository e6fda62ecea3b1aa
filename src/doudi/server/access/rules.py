"""Rules: which roles may run which operation or query. A name without a rule cannot be run by anybody.

Every app lists its rules in its own `rules.py`; `site/wiring.py` registers them. `operation` and `query` (in
`access/guard.py`) look the rule up at each call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from doudi.server.access.limits import PROPOSAL_VALID
from doudi.server.access.roles import ADMINISTRATORS, PEOPLE, Role
from doudi.server.kernel.actor import Actor

Needs = Literal["region", "facility", "place", "person", "nothing"]
"""What the actor must hold beside the role: a region scope, a facility, either of them, nothing; or be a person: not a
machine that acts by a token."""

MACHINE = "token:"
"""How the session of a machine's actor begins."""


@dataclass(frozen=True, slots=True)
class FourEyes:
    """Who approves what another has proposed, and from which amount a second person is needed."""

    approvers: frozenset[Role] = frozenset({Role.COUNTY_APPROVER})
    amount: str = ""
    """The word of the operation that is the amount in fen; without one every call needs a second person."""
    from_fen: int = 0
    valid: timedelta = PROPOSAL_VALID

    def needed(self, words: Mapping[str, Any]) -> bool:
        """Whether a call with these words needs a second person. An amount that is not given does."""
        amount = words.get(self.amount) if self.amount else None
        return not isinstance(amount, int) or abs(amount) >= self.from_fen


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may run the operation or query `name`; where it needs a second person, who may propose it. No roles: nobody."""

    name: str
    roles: frozenset[Role]
    needs: Needs = "region"
    four_eyes: bool = False
    """Proposed by one person and approved by another; the operation itself is run by the approval."""
    eyes: FourEyes = FourEyes()
    budget: str = ""
    """Each call uses one of this budget (`limits.BUDGETS`), counted even where the call is refused."""

    def allows(self, actor: Actor) -> bool:
        """Default deny: a role of the rule, and the place it needs."""
        if not self.roles & actor.roles:
            return False
        region, facility = bool(actor.ranges.pairs), bool(actor.facility)
        return {
            "region": region,
            "facility": facility,
            "place": region or facility,
            "person": not actor.session.startswith(MACHINE),
            "nothing": True,
        }[self.needs]


_RULES: dict[str, Rule] = {}


def register(rules: Iterable[Rule]) -> None:
    """Add rules; a name has one rule."""
    for rule in rules:
        if _RULES.get(rule.name, rule) != rule:
            raise ValueError(f"two rules for {rule.name}")
        _RULES[rule.name] = rule


def rule_of(name: str) -> Rule | None:
    """The rule of a name, or None: nobody may run it."""
    return _RULES.get(name)


def all_rules() -> dict[str, Rule]:
    """All rules by name."""
    return dict(_RULES)


def allowed(name: str, actor: Actor) -> bool:
    """Whether `actor` may run `name`: what menus and buttons ask."""
    rule = _RULES.get(name)
    return rule is not None and rule.allows(actor)


REVIEWERS = frozenset({Role.AUDIT, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN})
SUPERVISORS = REVIEWERS | {Role.COUNTY_APPROVER, Role.OVERSIGHT}
DECIDERS = frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.POLICY, Role.OVERSIGHT})
SYSTEM_SIDE = frozenset({Role.SYSTEM_ADMIN, Role.SYSTEM})
SECURITY_SIDE = frozenset({Role.SECURITY_ADMIN, Role.SYSTEM})

RULES = (
    # One's own account: everybody, also who must first set it in order.
    Rule("access.sign_out", PEOPLE, "person"),
    Rule("access.switch_post", PEOPLE, "person"),
    Rule("access.change_password", PEOPLE, "person", budget="access.own_secrets"),
    Rule("access.begin_code", PEOPLE, "person", budget="access.own_secrets"),
    Rule("access.confirm_code", PEOPLE, "person", budget="access.own_secrets"),
    Rule("access.set_language", PEOPLE, "person"),
    Rule("access.my_posts", PEOPLE, "person"),
    Rule("access.my_sessions", PEOPLE, "person"),
    Rule("access.end_session", PEOPLE, "person"),
    # One's own background jobs.
    Rule("access.cancel_job", PEOPLE, "place"),
    Rule("access.retry_job", PEOPLE, "place"),
    # Accounts are made by one administrator, roles granted by another (三权分立).
    Rule("access.create_user", SYSTEM_SIDE),
    Rule("access.close_user", SYSTEM_SIDE),
    Rule("access.reopen_user", SYSTEM_SIDE),
    Rule("access.issue_activation", SYSTEM_SIDE),
    Rule("access.grant", SECURITY_SIDE),
    Rule("access.end_grant", SECURITY_SIDE),
    Rule("access.remove_code", SECURITY_SIDE),
    Rule("access.issue_token", SECURITY_SIDE),
    Rule("access.end_token", SECURITY_SIDE),
    Rule("access.tokens", SECURITY_SIDE),
    Rule("access.users", ADMINISTRATORS),
    Rule("access.user", ADMINISTRATORS),
    # Four eyes: what may be proposed and approved is asked of the proposed operation's own rule.
    Rule("access.propose", DECIDERS),
    Rule("access.approve", DECIDERS),
    Rule("access.refuse", DECIDERS),
    Rule("access.withdraw", DECIDERS),
    Rule("access.proposals", DECIDERS),
    Rule("access.proposal", DECIDERS),
    Rule("access.expire_proposals", frozenset({Role.SYSTEM})),
    # Broken glass.
    Rule("access.broken_glass", SUPERVISORS),
    Rule("access.review_glass", REVIEWERS),
)
