"""The operator's drill of changing keys, on a database with real commits and somebody reading all the while."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from doudi.cli import keys as command
from doudi.cli.arguments import build
from doudi.cli.screen import Screen
from doudi.server.access.models import Proposal, User
from doudi.server.audit.api import known_events
from doudi.server.audit.models import AuditEvent
from doudi.server.imports.models import StagedImport, StagedPart
from doudi.server.imports.records import opened, sealed
from doudi.server.kernel import clock, sealing
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.server.kernel.papers.api import fetch, keep
from doudi.server.kernel.scope import scoped
from doudi.server.people import api as people
from doudi.server.site.events import EVENTS
from doudi.server.site.launch import keys_checks, keys_index
from doudi.server.site.launch.keys import add_master, alone, reseal, retire_master
from doudi.server.site.launch.keys_columns import AGAIN, KEPT, of_people, sealed_columns
from doudi.server.site.launch.keys_index import fill, kept_copy, switch
from doudi.server.site.launch.keys_state import state
from support.people import NOW, TOWN, id_number, officer, registered

US = officer()
LATER = timedelta(hours=1)


def quietly(done: int, total: int) -> None:
    assert 0 <= done <= total


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOUDI_KEYS", str(tmp_path / "keys.json"))
    return sealing.ensure_keys()


@pytest.fixture
def filled(fresh_database: str) -> dict[str, Any]:
    """Something in every column that can be sealed again."""
    persons = [
        registered(number=id_number(order=order), name="张三", phone=f"1380013800{order}")
        for order in range(1, 6)
    ]
    people.add_card(actor=US, now=NOW, key=None, person=persons[0], number="123456789012")
    people.add_contact(actor=US, now=NOW, key=None, person=persons[0], name="张大", phone="13900139000")
    people.form_household(actor=US, now=NOW, key=None, region=TOWN, head=persons[0], address="六枝特区新窑镇")
    with scoped(SYSTEM.scope):
        secret = {name: sealing.seal(name, region=0, purpose="access.totp") for name in ("bound", "pending")}
        user = User.objects.create(
            login="one", display_name="王", totp_sealed=secret["bound"], totp_pending_sealed=secret["pending"]
        )
        paper = keep(
            actor=SYSTEM,
            region=TOWN,
            name="a.csv",
            media_type="text/csv",
            content=b"a",
            now=NOW,
            purpose="import",
        )
        staged = StagedImport.objects.create(
            kind="people.roster", region=TOWN, state="uploaded", file_name="a.csv", paper=paper, content_sm3="0" * 64,
            uploaded_by=0, uploaded_at=NOW, until_at=NOW,
        )  # fmt: skip
        part = StagedPart.objects.create(
            staged=staged, region=TOWN, holds="rows", first=1, last=1,
            sealed=sealed([["张三"]], region=TOWN, holds="rows"),
        )  # fmt: skip
    return {"persons": persons, "user": user.pk, "paper": paper, "part": part.pk}


@contextmanager
def read_all_the_while(persons: list[int]) -> Iterator[list[str]]:
    """Somebody who looks persons up by number and opens them, on a connection of their own, until the block ends."""
    faults: list[str] = []
    reads, ended = threading.Event(), threading.Event()

    def read() -> None:
        try:
            while not ended.is_set():
                for order, person in enumerate(persons, 1):
                    found = [item.id for item in people.search(viewer=US, text=id_number(order=order)).items]
                    if found != [person]:
                        faults.append(f"{person}: {found}")
                people.person_history(viewer=US, person=persons[0])
                reads.set()
        except Exception as fault:  # noqa: BLE001 - told by the test
            faults.append(repr(fault))
        finally:
            reads.set()
            connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    reads.wait(60)
    try:
        yield faults
    finally:
        reads.clear()
        if reader.is_alive():
            reads.wait(60)
        ended.set()
        reader.join(60)


def uses(version: int) -> dict[str, int]:
    return {use.column: use.values for use in state().uses if use.version == version}


def test_every_sealed_column_of_every_app_has_its_place() -> None:
    """A column that is made tomorrow must be sealed again by the drill, or be named as one that never changes."""
    assert set(sealed_columns()) == set(of_people()) | set(AGAIN) | set(KEPT)
    assert not set(AGAIN) & set(KEPT)


def test_a_new_master_while_somebody_reads(filled: dict[str, Any]) -> None:
    before = {use.column: use.values for use in state().uses if use.again}
    assert set(before) == {str(column) for column in {*of_people(), *AGAIN}}
    with read_all_the_while(filled["persons"]) as faults:
        assert add_master(actor=SYSTEM, now=clock.now(), reason="每年更换") == 2
        late = registered(number=id_number(order=9))
        assert set(uses(2)) == {"people_person.number_sealed"}
        assert keys_checks.check().well is None
        with pytest.raises(Conflict, match="master_in_use"):
            retire_master(actor=SYSTEM, now=clock.now() + LATER, version=1, reason="试")
        assert reseal(reason="每年更换", progress=quietly) == sum(before.values())
        assert set(uses(1)) == {"people_personchange.values_sealed"}
        assert reseal(reason="每年更换", progress=quietly) == 0
    assert faults == []
    assert keys_checks.check().well is True
    assert people.search(viewer=US, text=id_number(order=9)).items[0].id == late
    shown = people.unmask(actor=US, now=NOW, person=filled["persons"][0], field="number", purpose="核对")
    assert shown.value == id_number(order=1)
    with scoped(SYSTEM.scope):
        assert fetch(viewer=SYSTEM, paper=filled["paper"]).content == b"a"
        user = User.objects.get(pk=filled["user"])
        for word, text in (("totp_sealed", "bound"), ("totp_pending_sealed", "pending")):
            assert sealing.unseal_text(getattr(user, word), purpose="access.totp") == text
        assert opened(StagedPart.objects.get(pk=filled["part"]).sealed, holds="rows") == [["张三"]]


def test_the_old_master_is_retired_when_nothing_needs_it(fresh_database: str) -> None:
    persons = [registered(number=id_number(order=order)) for order in range(1, 4)]
    with read_all_the_while(persons) as faults:
        add_master(actor=SYSTEM, now=clock.now(), reason="每年更换")
        reseal(reason="每年更换", progress=quietly)
        with pytest.raises(Conflict, match="too_early"):
            retire_master(actor=SYSTEM, now=clock.now(), version=1, reason="每年更换")
        assert state().masters[0].free
        assert retire_master(actor=SYSTEM, now=clock.now() + LATER, version=1, reason="每年更换") == 1
        assert [master.version for master in state().masters] == [2]
    assert faults == []


def test_what_the_trail_says(filled: dict[str, Any]) -> None:
    add_master(actor=SYSTEM, now=NOW, reason="人员离岗")
    reseal(reason="人员离岗", progress=quietly)
    with scoped(SYSTEM.scope):
        events = list(AuditEvent.objects.filter(event__startswith="keys.").order_by("id"))
        reasons = {event.purpose for event in events if event.event != "keys.sealed_again"}
    assert {event.event for event in events} == {
        "keys.master_added", "keys.reseal_begun", "keys.reseal_ended", "keys.sealed_again"
    }  # fmt: skip
    assert reasons == {"人员离岗"}
    assert {event.login for event in events} == {"system"}
    assert set(EVENTS) <= set(known_events())


def test_a_master_is_kept_for_what_never_changes(filled: dict[str, Any]) -> None:
    people.correct(actor=US, now=NOW, key=None, person=filled["persons"][1], reason="更正", name="张珊")
    with scoped(SYSTEM.scope):
        Proposal.objects.create(
            operation="x", region=TOWN, content_sealed=sealing.seal(b"{}", region=TOWN, purpose="x"),
            content_sm3="0" * 64, summary="x", proposed_by=1, proposer_login="a", proposed_at=NOW, expires_at=NOW,
        )  # fmt: skip
    add_master(actor=SYSTEM, now=NOW, reason="演练")
    reseal(reason="演练", progress=quietly)
    with pytest.raises(Conflict, match="master_in_use") as refused:
        retire_master(actor=SYSTEM, now=NOW + LATER, version=1, reason="演练")
    assert "people_personchange.values_sealed" in refused.value.words.en
    assert "access_proposal.content_sealed 1" in refused.value.words.en
    assert refused.value.remedy is not None
    assert "reseal" not in refused.value.remedy.en
    old = state().masters[0]
    assert (old.again, old.free) == (0, False)
    assert old.kept >= 2


@pytest.mark.django_db
def test_what_is_refused() -> None:
    with pytest.raises(Conflict, match="master_current"):
        retire_master(actor=SYSTEM, now=NOW, version=1, reason="x")
    with pytest.raises(NotFound, match="no_such_master"):
        retire_master(actor=SYSTEM, now=NOW, version=7, reason="x")
    for words in ("", " ", "x" * 201):
        with pytest.raises(Refused, match=r"keys\.reason"):
            add_master(actor=SYSTEM, now=NOW, reason=words)
    assert [master.version for master in sealing.keys.keys().masters] == [1]
    with pytest.raises(Conflict, match="no_next_index"):
        switch(reason="x")
    with alone(), pytest.raises(Conflict, match=r"keys\.busy"), alone():
        pass


def test_a_transaction_from_before_a_new_master_is_waited_for(fresh_database: str) -> None:
    registered()
    began, over = threading.Event(), threading.Event()

    def slow() -> None:
        with scoped(US.scope):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            began.set()
            over.wait(60)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    began.wait(60)
    try:
        add_master(actor=SYSTEM, now=clock.now(), reason="演练")
        reseal(reason="演练", progress=quietly)
        with pytest.raises(Conflict, match="too_early"):
            retire_master(actor=SYSTEM, now=clock.now() + LATER, version=1, reason="演练")
    finally:
        over.set()
        writer.join(60)
    assert retire_master(actor=SYSTEM, now=clock.now() + LATER, version=1, reason="演练") == 1


def test_a_new_index_key_filled_while_somebody_reads_and_switched_when_nobody_does(
    filled: dict[str, Any],
) -> None:
    with read_all_the_while(filled["persons"]) as faults:
        assert fill(reason="演练", progress=quietly) == 5
        registered(number=id_number(order=9))
        assert (state().next_index, state().unfilled) == (2, 0)
        assert fill(reason="演练", progress=quietly) == 0
        with pytest.raises(Conflict, match="server_runs"):
            switch(reason="演练")
    assert faults == []
    assert switch(reason="演练") == 6
    after = state()
    assert (after.index, after.next_index, after.fits, after.switch_broken_off) == (2, None, True, False)
    for text in (id_number(order=1), f"{id_number(order=1)[-4:]} 张三", "13800138001"):
        assert [item.id for item in people.search(viewer=US, text=text).items] == [filled["persons"][0]]


def test_a_switch_waits_for_every_index(filled: dict[str, Any]) -> None:
    sealing.begin_index_rotation(now=NOW)
    with pytest.raises(Conflict, match="next_index_missing"):
        switch(reason="演练")


def test_a_switch_that_fails_leaves_file_and_database_in_step(
    filled: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(reason="演练", progress=quietly)

    def fails(**_: Any) -> None:
        sealing.finish_index_rotation()
        raise OSError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(keys_index, "switch_index", fails)
        with pytest.raises(OSError, match="power"):
            switch(reason="演练")
    after = state()
    assert (after.index, after.next_index, after.fits) == (1, 2, True)
    assert not kept_copy().exists()
    assert switch(reason="演练") == 5


def test_a_switch_that_was_killed_is_seen_and_mended_by_the_next(filled: dict[str, Any]) -> None:
    fill(reason="演练", progress=quietly)
    kept_copy().write_bytes(sealing.key_path().read_bytes())
    kept_copy().chmod(0o600)
    sealing.finish_index_rotation()
    assert keys_checks.check().well is False
    assert command.status(Screen.make("zh", as_json=True, colour=False)) == 1
    assert switch(reason="演练") == 5
    assert keys_checks.check().well is True


def test_the_key_file_of_another_time_is_seen(filled: dict[str, Any], own_keys: Path) -> None:
    add_master(actor=SYSTEM, now=NOW, reason="演练")
    reseal(reason="演练", progress=quietly)
    data = json.loads(own_keys.read_text())
    data |= {"master": 1, "masters": data["masters"][:1]}
    own_keys.write_text(json.dumps(data))
    check = keys_checks.check()
    assert check.well is False
    assert "2" in check.found.en
    assert state().missing == (2,)


def test_status_in_words_and_as_data(filled: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    add_master(actor=SYSTEM, now=NOW, reason="演练")
    assert command.status(Screen.make("zh", as_json=False, colour=False)) == 0
    said = capsys.readouterr().out
    assert "people_person.number_sealed" in said
    assert "→ 请运行 doudi keys reseal" in said
    assert command.status(Screen.make("en", as_json=True, colour=False)) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["version"], one["current"]) for one in told["masters"]] == [(1, False), (2, True)]
    assert told["to_seal_again"] == sum(use["values"] for use in told["uses"] if use["sealed_again"])
    assert told["index"] == {
        "version": 1, "next": None, "persons": 5, "unfilled": 0, "fits": True, "switch_broken_off": False
    }  # fmt: skip
    held = json.loads(sealing.key_path().read_text())
    for row in (*held["masters"], *held["indexes"]):
        assert row["key"] not in said


def test_the_commands(filled: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen.make("en", as_json=False, colour=False)

    def run(*words: str) -> int:
        options = build("en").parse_args(["keys", *words, "--reason", "drill"])
        return command.STEPS[options.keys_command](options, screen)

    assert run("rotate") == run("reseal") == run("next-index") == run("switch-index") == 0
    said = capsys.readouterr().out
    for text in (
        "Master key 2 is current",
        "Back the key file up now",
        "values again",
        "Filled the next index of 5",
        "Switched",
    ):
        assert text in said
    assert build("zh").parse_args(["keys"]).run is None
    assert build("zh").parse_args(["keys", "retire", "1", "--reason", "x"]).master == "1"
