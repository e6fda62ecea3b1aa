"""The process dies before and after every statement, once at each place; a new one asks again with the same serial.

How many statements there are is counted twice: by the hook that kills, and from PostgreSQL's own log.
"""

import re
from typing import Any

from django.db import connection

from crash.points import KILLED, Points, watching
from crash.scenarios import SCENARIOS, Scenario
from support.evidence import Evidence
from support.ground import Ground, in_fork, tried_in_fork


def readied(_: Ground, name: str, county: Any, many: int) -> list[Any]:
    """As many persons as there are places to die."""
    return [SCENARIOS[name].ready(county) for _ in range(many)]


def acted(
    _: Ground, name: str, county: Any, asked: Any, other: Any, die_at: int | None
) -> tuple[Any, int, list[str]]:
    """Its answer, the points passed, the statements. `other`: somebody else's, done before by the same process."""
    scenario = SCENARIOS[name]
    if other is not None:
        scenario.act(county, other)
        connection.close()
        connection.settings_dict["OPTIONS"]["application_name"] += "*"
    with watching(Points(die_at)) as points:
        answer = scenario.act(county, asked)
    return answer, points.passed, points.statements


def logged(here: Ground, name: str) -> int:
    """Statements in PostgreSQL's log of the connection that was called so."""
    logs = here.running.place.account.run(["sh", "-c", f"cat {here.data}/log/*.log"]).stdout
    return len(re.findall(rf"^{re.escape(name)}\|LOG: +(?:statement|execute [^:]*): ", logs, re.MULTILINE))


def run(
    here: Ground, county: Any, evidence: Evidence, scenario: Scenario, *, warm: bool, most: int = 0
) -> None:
    """One scenario to the end. `warm`: the dying process has done one before; `most`: only so many places, spread."""
    statements, told = counted(here, county, scenario, warm=warm)
    places = list(range(2 * len(statements)))
    if most:
        places = sorted({round(step * (len(places) - 1) / (most - 1)) for step in range(most)})
    ready = in_fork(here, readied, scenario.name, county, 2 * len(places))
    figures = dict.fromkeys(("killed", "kept", "not_once", "unequal", "half_written"), 0)
    for place, asked, other in zip(places, ready[::2], ready[1::2], strict=True):
        one_death(here, county, scenario, asked, other if warm else None, place, figures)
    evidence.say(
        scenario=scenario.name,
        process="warm" if warm else "new",
        statements=len(statements),
        in_the_log_of_postgresql=told,
        kill_points=len(places),
        **figures,
        faults=int(told != len(statements)) + int(figures["killed"] != len(places)),
        differences=len(here.audited()),
    )


def counted(here: Ground, county: Any, scenario: Scenario, *, warm: bool) -> tuple[list[str], int]:
    """The statements by the hook, and how many PostgreSQL's log has of the same connection."""
    in_fork(
        here, acted, scenario.name, county, in_fork(here, readied, scenario.name, county, 1)[0], None, None
    )
    asked, other = in_fork(here, readied, scenario.name, county, 2)
    name = f"count-{scenario.name}-{'warm' if warm else 'new'}"
    with here.connect() as admin:
        admin.execute("ALTER ROLE doudi_runtime SET log_statement = 'all'")
        _, _, statements = in_fork(
            here, acted, scenario.name, county, asked, other if warm else None, None, name=name
        )
        admin.execute("ALTER ROLE doudi_runtime RESET log_statement")
    return statements, logged(here, name + ("*" if warm else ""))


def one_death(
    here: Ground, county: Any, scenario: Scenario, asked: Any, other: Any, place: int, figures: dict[str, int]
) -> None:
    """Die at a place, look, ask twice again from a new process, and count the effects."""
    code, _ = tried_in_fork(here, acted, scenario.name, county, asked, other, place)
    figures["killed"] += code == KILLED
    figures["kept"] += here.counted(scenario.effects, asked["person"]) == scenario.once
    figures["half_written"] += len(here.audited())
    answer, again = in_fork(here, twice, scenario.name, county, asked)
    figures["unequal"] += answer != again
    figures["not_once"] += here.counted(scenario.effects, asked["person"]) != scenario.once


def twice(_: Ground, name: str, county: Any, asked: Any) -> tuple[Any, Any]:
    """The answer to whoever asks after the death, and to whoever asks once more."""
    return SCENARIOS[name].act(county, asked), SCENARIOS[name].act(county, asked)
