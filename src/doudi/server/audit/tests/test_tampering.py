"""A superuser with the triggers off does five kinds of harm, and some more; verifying finds each and says where."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from doudi.server.audit import api as audit
from doudi.server.audit import chain
from doudi.server.audit.data import Finding, Verification, Witness
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import canonical
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import scoped
from support.server import connect
from support.trail import own_database

LIUZHI, RONGJIANG = 520203, 522632
CLERK = Actor(7, "clerk", frozenset({"county"}), Ranges.of([LIUZHI * 10**6, RONGJIANG * 10**6]))
MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
CHAIN = "520203/2026-03-02"

Superuser = psycopg.Connection[Any]


TABLES = ("audit_auditevent", "audit_link", "audit_seal", "audit_dayhead")


@pytest.fixture(scope="module")
def sealed(
    database_cluster: Path, template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Superuser]:
    """Six events in two counties on Monday in two batches, two on Tuesday, numbers 1 to 8; and who may do anything."""
    with own_database(database_cluster, template_database, django_db_blocker) as name:
        for number in range(1, 9):
            write(number)
            if number in (3, 6):
                audit.seal(now=MONDAY + timedelta(minutes=number))
        audit.seal(now=TUESDAY)
        with connect(database_cluster, name) as connection:
            connection.execute("SET session_replication_role = replica")
            for table in TABLES:
                connection.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
            yield connection


@pytest.fixture
def superuser(sealed: Superuser) -> Superuser:
    """The trail as it was sealed."""
    for table in TABLES:
        columns = ", ".join(
            name
            for (name,) in sealed.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = ''",
                [table],
            )
        )
        sealed.execute(f"DELETE FROM {table}")
        sealed.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept_{table}")
    return sealed


def write(number: int, *, actor: Actor = CLERK) -> None:
    county = RONGJIANG if number % 3 == 0 else LIUZHI
    with scoped(actor.scope):
        audit.append(
            "people.unmasked",
            actor=actor,
            at=MONDAY,
            outcome="seen",
            region=county * 1000 + 101,
            person=number,
            detail={"n": number},
        )


def only(found: Verification) -> Finding:
    assert found.found == len(found.findings) == 1, found.findings
    return found.findings[0]


def where(finding: Finding) -> tuple[str, str, int | None, int | None]:
    assert finding.words.zh
    assert finding.words.en
    return finding.kind, finding.chain, finding.position, finding.event


def test_what_was_not_touched_is_intact(superuser: Superuser) -> None:
    told: list[int] = []
    found = audit.verify(progress=told.append)
    assert found == Verification(seals=3, events=8, days=1, unsealed=0, witnesses=0, found=0, findings=())
    assert found.intact
    assert told == [3, 6, 8]
    links = superuser.execute(
        "SELECT event, region, day::text, position, seal FROM audit_link ORDER BY event"
    ).fetchall()
    assert links == [
        (1, 520203000, "2026-03-02", 1, 1),
        (2, 520203000, "2026-03-02", 2, 1),
        (3, 522632000, "2026-03-02", 1, 1),
        (4, 520203000, "2026-03-02", 3, 2),
        (5, 520203000, "2026-03-02", 4, 2),
        (6, 522632000, "2026-03-02", 2, 2),
        (7, 520203000, "2026-03-03", 1, 3),
        (8, 520203000, "2026-03-03", 2, 3),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "user_id = 8",
        "login = 'other'",
        "session = 'x'",
        "event = 'people.masked'",
        "outcome = 'done'",
        "region = 520203102",
        "region = 522632101",
        "facility_id = 1",
        "person_id = NULL",
        "object_kind = 'bill'",
        "object_id = '1'",
        "purpose = 'care'",
        """detail = '{"n": "4"}'""",
        """detail = '{"n": 4.5}'""",
        "txid = '3'",
        "at = 'infinity'",
    ],
)
def test_a_changed_row(superuser: Superuser, change: str) -> None:
    superuser.execute(f"UPDATE audit_auditevent SET {change} WHERE id = 4")
    assert where(only(audit.verify())) == ("changed", CHAIN, 3, 4)


@pytest.mark.parametrize(("event", "position"), [(1, 1), (4, 3), (5, 4)])
def test_a_deleted_row(superuser: Superuser, event: int, position: int) -> None:
    superuser.execute("DELETE FROM audit_auditevent WHERE id = %s", [event])
    assert where(only(audit.verify())) == ("deleted", CHAIN, position, event)


@pytest.mark.parametrize(("event", "position"), [(1, 1), (4, 3), (5, 4)])
def test_a_row_deleted_with_its_link(superuser: Superuser, event: int, position: int) -> None:
    superuser.execute("DELETE FROM audit_auditevent WHERE id = %s", [event])
    superuser.execute("DELETE FROM audit_link WHERE event = %s", [event])
    assert where(only(audit.verify())) == ("deleted", CHAIN, position, None)


def test_a_row_deleted_and_those_after_it_moved_up(superuser: Superuser) -> None:
    superuser.execute("DELETE FROM audit_auditevent WHERE id = 2")
    superuser.execute("DELETE FROM audit_link WHERE event = 2")
    superuser.execute("UPDATE audit_link SET position = position - 1 WHERE event IN (4, 5)")
    kinds = {where(finding)[:3] for finding in audit.verify().findings}
    assert ("deleted", CHAIN, 2) in kinds


COPY = """
INSERT INTO audit_auditevent (id, at, user_id, login, session, event, outcome, region, facility_id, person_id,
    object_kind, object_id, purpose, detail, txid)
SELECT 99, at, user_id, login, session, event, outcome, region, facility_id, person_id, object_kind, object_id, purpose,
    detail, txid FROM audit_auditevent WHERE id = 4"""


def test_an_inserted_row(superuser: Superuser) -> None:
    superuser.execute(COPY)
    assert where(only(audit.verify())) == ("inserted", "", None, 99)
    audit.seal(now=TUESDAY)  # nor does the sealer take it in afterwards
    assert where(only(audit.verify())) == ("inserted", "", None, 99)


def test_a_row_inserted_with_a_link_that_fits_the_chain(superuser: Superuser) -> None:
    superuser.execute(COPY)
    row = superuser.execute(f"SELECT {chain.SELECTED} FROM audit_auditevent e WHERE id = 99").fetchone()
    last = superuser.execute("SELECT day, hash FROM audit_link WHERE event = 5").fetchone()
    assert row is not None
    assert last is not None
    digest = chain.link_hash(last[1], 520203000, last[0], 5, chain.row_of(row))
    superuser.execute("INSERT INTO audit_link VALUES (99, 520203000, %s, 5, 2, %s)", [last[0], digest])
    assert where(only(audit.verify())) == ("inserted", CHAIN, 5, None)


SWAPS = {
    "rows": "UPDATE audit_auditevent a SET id = -b.id FROM audit_auditevent b WHERE (a.id, b.id) IN ((1, 4), (4, 1));"
    "UPDATE audit_auditevent SET id = -id WHERE id < 0",
    "rows but their transactions": "UPDATE audit_auditevent a SET person_id = b.person_id, detail = b.detail"
    " FROM audit_auditevent b WHERE (a.id, b.id) IN ((1, 4), (4, 1))",
    "links": "UPDATE audit_link a SET event = -b.event FROM audit_link b WHERE (a.event, b.event) IN ((1, 4), (4, 1));"
    "UPDATE audit_link SET event = -event WHERE event < 0",
    "positions": "UPDATE audit_link a SET position = -b.position, seal = b.seal FROM audit_link b"
    " WHERE (a.event, b.event) IN ((1, 4), (4, 1)); UPDATE audit_link SET position = -position WHERE position < 0",
}


@pytest.mark.parametrize("swap", SWAPS)
def test_two_reordered_rows(superuser: Superuser, swap: str) -> None:
    superuser.execute(SWAPS[swap])
    found = audit.verify()
    reordered = [where(finding)[:3] for finding in found.findings if finding.kind == "reordered"]
    assert reordered == [("reordered", CHAIN, 1), ("reordered", CHAIN, 3)]


@pytest.mark.parametrize("swap", SWAPS)
def test_two_neighbours_reordered(superuser: Superuser, swap: str) -> None:
    superuser.execute(SWAPS[swap].replace("(1, 4), (4, 1)", "(4, 5), (5, 4)"))
    reordered = [where(finding)[:3] for finding in audit.verify().findings if finding.kind == "reordered"]
    assert reordered == [("reordered", CHAIN, 3), ("reordered", CHAIN, 4)]


def cut(superuser: Superuser, after: int) -> None:
    """Everything after a seal is gone, as if it had never been."""
    superuser.execute(
        "DELETE FROM audit_auditevent WHERE id IN (SELECT event FROM audit_link WHERE seal > %s)", [after]
    )
    superuser.execute("DELETE FROM audit_link WHERE seal > %s", [after])
    superuser.execute("DELETE FROM audit_seal WHERE number > %s", [after])
    superuser.execute("DELETE FROM audit_dayhead WHERE day >= (SELECT max(day) FROM audit_seal)")


@pytest.mark.parametrize("after", [1, 2])
def test_a_cut_tail_shows_by_its_witness_only(superuser: Superuser, after: int) -> None:
    witness = audit.head()
    assert witness is not None
    assert (witness.seal, witness.events) == (3, 8)
    cut(superuser, after)
    assert audit.verify().intact  # nothing inside the database can tell
    found = only(audit.verify(witnesses=audit.read([audit.line(witness)])))
    assert (found.kind, found.seal) == ("truncated", 3)


def test_a_cut_tail_that_grew_again_shows_too(superuser: Superuser) -> None:
    witness = audit.head()
    assert witness is not None
    cut(superuser, 2)
    write(7)
    audit.seal(now=TUESDAY)
    assert audit.verify().intact
    found = only(audit.verify(witnesses=[witness]))
    assert (found.kind, found.seal) == ("changed", 3)


def test_events_cut_off_without_their_seals(superuser: Superuser) -> None:
    superuser.execute("DELETE FROM audit_auditevent WHERE id >= 7")
    superuser.execute("DELETE FROM audit_link WHERE event >= 7")
    assert where(only(audit.verify())) == ("deleted", "520203/2026-03-03", 1, None)


def test_the_last_seal_deleted_alone(superuser: Superuser) -> None:
    superuser.execute("DELETE FROM audit_seal WHERE number = 3")
    kinds = [where(finding) for finding in audit.verify().findings]
    assert kinds == [("deleted", "520203/2026-03-03", 1, 7), ("deleted", "520203/2026-03-03", 2, 8)]


def test_a_seal_deleted_from_the_middle(superuser: Superuser) -> None:
    superuser.execute("DELETE FROM audit_seal WHERE number = 2")
    found = audit.verify()
    assert ("deleted", 2) in {(finding.kind, finding.seal) for finding in found.findings}
    assert found.found >= 4  # the seal, and the three events whose seal it was


@pytest.mark.parametrize(
    "change",
    [
        "sealed_at = now()",
        "until_txid = until_txid + 1",
        "hash = decode(repeat('00', 32), 'hex')",
        "heads = jsonb_set(heads, '{0,1}', '9')",
        "heads = '[[1]]'",
        "heads = '7'",
        "sealed_at = 'infinity'",
    ],
)
def test_a_changed_seal(superuser: Superuser, change: str) -> None:
    superuser.execute(f"UPDATE audit_seal SET {change} WHERE number = 2")
    found = audit.verify()
    assert ("changed", 2) in {(finding.kind, finding.seal) for finding in found.findings}


def test_a_changed_link(superuser: Superuser) -> None:
    superuser.execute("UPDATE audit_link SET hash = decode(repeat('00', 32), 'hex') WHERE event = 2")
    kinds = [where(finding) for finding in audit.verify().findings]
    assert ("changed", CHAIN, 2, 2) in kinds


@pytest.mark.parametrize(
    ("statement", "kind"),
    [("DELETE FROM audit_dayhead", "deleted"), ("UPDATE audit_dayhead SET hash = '\\x00'", "changed")],
)
def test_the_head_of_a_day(superuser: Superuser, statement: str, kind: str) -> None:
    superuser.execute(statement)
    finding = only(audit.verify())
    assert (finding.kind, finding.chain) == (kind, "2026-03-02")


def test_whoever_rewrites_everything_is_caught_by_a_witness(superuser: Superuser) -> None:
    """With every hash made anew the trail is consistent; only a head that somebody else kept tells."""
    row = superuser.execute("SELECT hash FROM audit_seal WHERE number = 1").fetchone()
    assert row is not None
    superuser.execute("UPDATE audit_auditevent SET login = 'other' WHERE id = 1")
    for table in ("audit_link", "audit_seal", "audit_dayhead"):
        superuser.execute(f"DELETE FROM {table}")
    audit.seal(now=MONDAY + timedelta(minutes=3))
    assert audit.verify().intact
    found = only(audit.verify(witnesses=[Witness(1, row[0].hex(), 3, "2026-03-02T04:03:00.000000Z")]))
    assert (found.kind, found.seal) == ("changed", 1)


def test_many_findings_are_counted_and_the_first_are_told(superuser: Superuser) -> None:
    superuser.execute("UPDATE audit_auditevent SET purpose = 'x'")
    found = audit.verify(most=3)
    assert (found.found, len(found.findings), found.intact) == (8, 3, False)


def test_a_head_that_is_none_is_refused() -> None:
    good = canonical(
        {"format": "doudi-audit-head/1", "seal": 1, "hash": "00", "events": 1, "sealed_at": "x"}
    ).decode()
    assert audit.read([good, "", good])[1].seal == 1
    for bad in ("{}", "[]", "word", good.replace("/1", "/2"), good.replace('"seal":1', '"seal":"one"')):
        with pytest.raises(Refused) as refused:
            audit.read([good, bad])
        assert refused.value.where == "2"
