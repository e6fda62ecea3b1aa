"""Reference data for tests of any app: two counties' divisions, or a facility, in one call."""

from datetime import UTC, date, datetime

from doudi.server.kernel.actor import SYSTEM
from doudi.server.reference import api

NOW = datetime(2026, 11, 1, 2, tzinfo=UTC)
LIUZHI, RONGJIANG = 520203000, 522632000


def divisions() -> None:
    """China's divisions down to counties, and the townships of both counties."""
    api.load_starting_data(actor=SYSTEM, now=NOW, key=None)


def facility(
    code: str = "H52020300001",
    *,
    region: int = LIUZHI,
    level: str = "county",
    grade: str = "2",
    schemes: tuple[str, ...] = ("resident", "rural"),
    programmes: tuple[str, ...] = (),
    name: str = "示例人民医院",
    since: date = date(2015, 1, 1),
) -> int:
    """The number of a new facility designated since it opened."""
    made = api.add_facility(
        actor=SYSTEM,
        now=NOW,
        key=None,
        code=code,
        name=name,
        region=region,
        opened_on=since,
        level=level,
        grade=grade,
    ).id
    for scheme in (*schemes, *programmes):
        api.designate(
            actor=SYSTEM,
            now=NOW,
            key=None,
            facility=made,
            scheme=scheme,
            from_date=since,
            is_programme=scheme in programmes,
        )
    return made
