"""Bills as they might have been: pure; a chance and the members of a household give them. Shares are assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from doudi.server.site.demo.families import Member

Care = str
NEEDS = ((15, 3.0), (45, 3.0), (65, 7.0), (200, 12.0))
"""Up to which age, how many bills in three years on average."""
SICK = frozenset({"dialysis", "registered_poor_major_disease", "high_self_pay", "tuberculosis", "aids"})
CARES: tuple[tuple[Care, float], ...] = (
    ("inpatient", 0.42),
    ("special_outpatient", 0.62),
    ("outpatient", 1.0),
)
LEVELS: dict[Care, tuple[tuple[str, float], ...]] = {
    "inpatient": (("township", 0.34), ("county", 0.82), ("city", 0.95), ("province", 1.0)),
    "special_outpatient": (("township", 0.3), ("county", 0.9), ("city", 1.0)),
    "outpatient": (("township", 0.6), ("county", 0.97), ("city", 1.0)),
}
AMOUNTS = {"township": 7.6, "county": 8.6, "city": 9.5, "province": 10.2}
"""ln of the median of an inpatient bill in yuan."""
OUTPATIENT = {"inpatient": 0.0, "special_outpatient": -1.9, "outpatient": -3.1}
"""What is added to it for other care."""
DIAGNOSES = (
    ("I10.x00", 16), ("E11.900", 12), ("I63.900", 11), ("J44.900", 11), ("K80.200", 8), ("K35.900", 7), ("S72.000", 6),
    ("I21.900", 4), ("C34.900", 3), ("C16.900", 3), ("N18.001", 2), ("A15.001", 1),
)  # fmt: skip
_CODES, _WEIGHTS = [code for code, _ in DIAGNOSES], [weight for _, weight in DIAGNOSES]


@dataclass(frozen=True, slots=True)
class Hospital:
    """A facility that treats them: its number, national code, level, grade, six digits of where it is, its programmes."""

    id: int
    code: str
    level: str
    grade: str
    area: str
    programmes: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """One bill of the person at `who`: parts in fen, `serial` the facility's number of it."""

    who: int
    hospital: Hospital
    serial: str
    care: Care
    admitted: date
    discharged: date
    diagnosis: str
    parts: tuple[int, int, int, int]

    @property
    def name(self) -> str:
        """The bill's name: of the facility and its serial."""
        return f"{self.hospital.code}-{self.serial}"


def draw(
    who: int,
    member: Member,
    hospitals: dict[str, Sequence[Hospital]],
    span: tuple[date, date],
    first: int,
    chance: Random,
) -> Iterator[Draft]:
    """The bills of one person between two days, oldest first; serials count from `first`."""
    begins, ends = max(span[0], member.born + timedelta(days=1)), span[1]
    days = (ends - begins).days
    if days < 30:
        return
    age = member.age(ends)
    mean = next(mean for oldest, mean in NEEDS if age < oldest)
    if any(code in SICK for code, _, _ in member.standing):
        mean *= 2.5
    number = min(60, int(chance.expovariate(1 / mean)))
    for place, offset in enumerate(sorted(chance.randrange(days) for _ in range(number))):
        yield _bill(who, hospitals, begins + timedelta(days=offset), ends, first + place, chance)


def _bill(
    who: int,
    hospitals: dict[str, Sequence[Hospital]],
    day: date,
    ends: date,
    number: int,
    chance: Random,
) -> Draft:
    drawn = chance.random()
    care = next(care for care, edge in CARES if drawn < edge)
    drawn = chance.random()
    level = next(level for level, edge in LEVELS[care] if drawn < edge)
    yuan = chance.lognormvariate(AMOUNTS[level] + OUTPATIENT[care], 0.75)
    total = max(1_000, int(min(yuan, 600_000.0) * 100))
    own, over = int(total * chance.uniform(0.02, 0.12)), int(total * chance.uniform(0, 0.03))
    first = int(total * chance.uniform(0.02, 0.1))
    stay = min((ends - day).days, chance.randint(2, 18)) if care == "inpatient" else 0
    diagnosis = chance.choices(_CODES, _WEIGHTS)[0]
    parts = (total - own - over - first, first, over, own)
    where = hospitals[level]
    hospital = where[int(len(where) * chance.random() ** 2)]
    return Draft(who, hospital, f"D{number:012d}", care, day, day + timedelta(days=stay), diagnosis, parts)
