"""What `doudi audit` says and answers, on a real database; its arguments; and that a witness file goes round."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from doudi.cli import audit as command
from doudi.cli.arguments import build
from doudi.cli.screen import Screen
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import scoped
from support.server import connect

CLERK = Actor(7, "clerk", frozenset({"county"}), Ranges.of([520203000000]))
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def trail(fresh_database: str) -> str:
    for number in range(3):
        with scoped(CLERK.scope):
            audit.append("test.written", actor=CLERK, at=NOW, region=520203000, object_id=number)
    return fresh_database


def screen(language: str = "zh", *, as_json: bool = False) -> Screen:
    return Screen.make(language, as_json=as_json, colour=False)  # type: ignore[arg-type]


def test_a_head_before_the_first_seal_is_refused(trail: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.head(screen()) == 1
    assert "doudi audit seal" in capsys.readouterr().err


def test_seal_head_verify_go_round(
    trail: str, database_cluster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.seal(screen("en")) == 0
    assert "sealed 3 events in 1 batches" in capsys.readouterr().out
    assert command.head(screen()) == 0
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert command.verify(screen(), [line, ""]) == 0
    said = capsys.readouterr().out
    assert "✓ 轨迹完好：1 次封存，3 条事件" in said
    assert "--witness" not in said
    assert command.verify(screen("en"), []) == 0
    assert "without a witness a cut tail cannot show" in capsys.readouterr().out
    with connect(database_cluster, trail) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("DELETE FROM audit_auditevent WHERE id = 2")
    assert command.verify(screen(), [line]) == 1
    assert "✗ [被删除] 链 520203/" in capsys.readouterr().out
    assert command.verify(screen(as_json=True), [line]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["intact"], told["found"]) == (False, 1)
    assert (told["findings"][0]["kind"], told["findings"][0]["position"], told["findings"][0]["event"]) == (
        "deleted",
        2,
        2,
    )
    with connect(database_cluster, trail) as superuser:
        superuser.execute("SET session_replication_role = replica")
        for table in ("audit_auditevent", "audit_link", "audit_seal"):
            superuser.execute(f"DELETE FROM {table}")
    assert command.verify(screen("en"), [line]) == 1
    assert (
        "✗ [truncated] The trail ends at seal 0, but seal 1 (3 events) was witnessed"
        in capsys.readouterr().out
    )


def test_its_arguments() -> None:
    options = build("en").parse_args(["audit", "verify", "--witness", "a", "--witness", "b"])
    assert (options.run, options.audit_command, options.witness) == ("audit", "verify", ["a", "b"])
    assert build("zh").parse_args(["audit"]).run is None
