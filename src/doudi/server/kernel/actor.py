"""Who acts: the one argument every operation and query takes. Made by `access` from a session, a token or a job."""

from __future__ import annotations

from dataclasses import dataclass, field

from doudi.server.kernel.regions import NOWHERE, Ranges
from doudi.server.kernel.scope import EVERYWHERE, Scope
from doudi.words import Language


@dataclass(frozen=True, slots=True)
class Actor:
    """A user with the roles, the region ranges and the facility they act with now. Nobody is `None`: no actor, no act."""

    user: int
    login: str
    roles: frozenset[str] = frozenset()
    ranges: Ranges = NOWHERE
    facility: int = 0
    facility_name: str = ""
    session: str = ""
    language: Language = field(default="zh", compare=False)

    @property
    def scope(self) -> Scope:
        """What the database shows this actor."""
        return Scope(ranges=self.ranges, facility=self.facility, user=self.user)


SYSTEM = Actor(user=0, login="system", roles=frozenset({"system"}), ranges=EVERYWHERE)
"""The server itself: sealing, expiring, demo data. Its rules name the role `system`."""
