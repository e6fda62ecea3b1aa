"""Rules: which roles may run which operation or query. A name without a rule cannot be run by anybody.

Every app lists its rules in its own `rules.py`; `site/wiring.py` registers them. `operation` and `query` (in
`access/guard.py`) look the rule up at each call.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from doudi.server.access.roles import Role
from doudi.server.kernel.actor import Actor

Needs = Literal["region", "facility", "place", "nothing"]
"""What the actor must hold beside the role: a region scope, a facility, either of them, or nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may run the operation or query `name`. No roles: nobody."""

    name: str
    roles: frozenset[Role]
    needs: Needs = "region"
    four_eyes: bool = False
    """Proposed by one person and approved by another; the operation itself is run by the approval."""

    def allows(self, actor: Actor) -> bool:
        """Default deny: a role of the rule, and the place it needs."""
        if not self.roles & actor.roles:
            return False
        region, facility = bool(actor.ranges.pairs), bool(actor.facility)
        return {"region": region, "facility": facility, "place": region or facility, "nothing": True}[
            self.needs
        ]


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
