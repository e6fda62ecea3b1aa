"""The facts of a person and of bills, as the engine uses them. Money in fen; `from` inclusive, `until` exclusive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Span:
    """Days from `begins` to before `ends`; None is open."""

    begins: date | None
    ends: date | None

    def holds(self, day: date) -> bool:
        """Whether `day` lies in the span."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day < self.ends)


@dataclass(frozen=True)
class Insurance:
    """One period of participation."""

    scheme: str
    tier: str | None
    span: Span


@dataclass(frozen=True)
class Holding:
    """A category of a person."""

    code: str
    span: Span


@dataclass(frozen=True)
class Person:
    """Whose bills these are. `insured` None: participation is not checked; empty: uninsured."""

    id: str
    born: date | None = None
    sex: str | None = None
    household: str | None = None
    region: str | None = None
    insured: tuple[Insurance, ...] | None = None
    contract: bool = False
    categories: tuple[Holding, ...] = ()


@dataclass(frozen=True)
class Facility:
    """Where the bill comes from."""

    level: str | None = None
    grade: str | None = None
    designated: bool | None = None
    region: str | None = None
    designated_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filing:
    """A 备案 of the person."""

    kind: str
    span: Span


@dataclass(frozen=True)
class FeeLine:
    """One fee line after the catalogue: its parts in fen."""

    id: str
    parts: dict[str, int]


@dataclass(frozen=True)
class Bill:
    """One bill: dates, attributes, four cost parts that sum to the total."""

    id: str
    care: str | None
    admitted: date
    discharged: date
    settled: date
    parts: dict[str, int]
    facility: Facility = Facility()
    stay: str = ""
    referred: bool = False
    emergency: bool = False
    accident: bool = False
    assessed: bool = False
    channel: str = "network"
    filings: tuple[Filing, ...] = ()
    roster: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    admission: int | None = None
    portions: dict[str, int] = field(default_factory=dict)
    recorded: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, int] = field(default_factory=dict)
    lines: tuple[FeeLine, ...] = ()
    path: str = ""

    @property
    def total(self) -> int:
        """Σ of the parts, in fen."""
        return sum(self.parts.values())

    def day(self, as_of: str) -> date:
        """The date named `admitted`, `discharged` or `settled`."""
        return {"admitted": self.admitted, "discharged": self.discharged, "settled": self.settled}[as_of]


@dataclass(frozen=True)
class Event:
    """Something that may earn a grant."""

    kind: str
    day: date


@dataclass
class Balances:
    """Accumulators: scope → name → period → fen; how many stays a year had, and each stay's number."""

    person: dict[str, dict[str, int]] = field(default_factory=dict)
    household: dict[str, dict[str, int]] = field(default_factory=dict)
    admissions: dict[str, int] = field(default_factory=dict)
    stays: dict[str, int] = field(default_factory=dict)

    def of(self, scope: str) -> dict[str, dict[str, int]]:
        """The accumulators of a scope."""
        return self.household if scope == "household" else self.person

    def copy(self) -> Balances:
        """An independent copy."""
        return Balances(
            {name: dict(keys) for name, keys in self.person.items()},
            {name: dict(keys) for name, keys in self.household.items()},
            dict(self.admissions),
            dict(self.stays),
        )


@dataclass(frozen=True)
class Facts:
    """A settle file, read."""

    person: Person
    bills: tuple[Bill, ...]
    opening: Balances
    events: tuple[Event, ...] = ()
    policy: str | None = None
    year_end: tuple[int, ...] = ()
    enrolment: tuple[int, ...] = ()
