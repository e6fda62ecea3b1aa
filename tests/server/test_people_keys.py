"""The drill of changing keys: nobody is lost, nothing needs the old key, both open while it lasts."""

from __future__ import annotations

from pathlib import Path

import pytest

from doudi.server.kernel import clock, sealing
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Conflict, Forbidden, InvariantBroken
from doudi.server.kernel.jobs import enqueue, work_off
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people import api as people
from doudi.server.people.models import Person
from doudi.server.people.operations.keys import (
    SEALED,
    fill_next_index,
    history_needs,
    reseal,
    switch_index,
)
from support.people import NOW, TOWN, clerk, id_number, officer, registered

pytestmark = pytest.mark.django_db
US = officer()


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOUDI_KEYS", str(tmp_path / "keys.json"))
    sealing.ensure_keys(now=NOW)


def some() -> list[int]:
    found = [
        registered(number=id_number(order=order), name="张三", phone=f"1380013800{order}")
        for order in range(1, 6)
    ]
    people.add_card(actor=US, now=NOW, key=None, person=found[0], number="123456789012")
    people.add_contact(actor=US, now=NOW, key=None, person=found[0], name="张大", phone="13900139000")
    people.form_household(actor=US, now=NOW, key=None, region=TOWN, head=found[0], address="六枝特区新窑镇")
    return found


def ids(text: str) -> list[int]:
    return [item.id for item in people.search(viewer=US, text=text).items]


def test_a_new_master_seals_everything_again() -> None:
    found = some()
    people.correct(actor=US, now=NOW, key=None, person=found[1], reason="更正", name="张珊")
    sealing.rotate_master(now=NOW)
    late = registered(number=id_number(order=9))
    with scoped(SYSTEM.scope):
        enqueue("people.reseal", actor=SYSTEM, payload={}, now=NOW)
    work_off()
    with scoped(Scope(EVERYWHERE)):
        for model, word, _ in SEALED:
            values = [getattr(row, word) for row in model.objects.exclude(**{word: None})]
            assert values
            assert {sealing.sealed_version(value) for value in values} == {2}, word
        assert 1 in history_needs()
    assert ids(id_number(order=9)) == [late]
    shown = people.unmask(actor=US, now=NOW, person=found[0], field="number", purpose="演练核对")
    assert shown.value == id_number(order=1)
    assert people.person_history(viewer=US, person=found[1])[0].before["name"] == "张三"
    assert all(reseal(actor=SYSTEM, now=NOW, column=column).changed == 0 for column in range(len(SEALED)))


def test_a_new_index_key_by_second_column_fill_and_switch() -> None:
    found = some()
    sealing.begin_index_rotation(now=NOW)
    with pytest.raises(InvariantBroken, match="next_index_missing"):
        switch_index(actor=SYSTEM, now=NOW)
    late = registered(number=id_number(order=9))
    with scoped(Scope(EVERYWHERE)):
        assert Person.objects.get(pk=late).number_index_next is not None
        enqueue("people.fill_next_index", actor=SYSTEM, payload={}, now=NOW)
    work_off()
    assert ids(id_number(order=1)) == [found[0]]
    assert fill_next_index(actor=SYSTEM, now=NOW).changed == 0
    before = sealing.blind_index("id:1", purpose="people.number")
    assert switch_index(actor=SYSTEM, now=NOW).changed == 6
    assert sealing.blind_index("id:1", purpose="people.number") != before
    assert (
        ids(id_number(order=1)) == ids(f"{id_number(order=1)[-4:]} 张三") == ids("13800138001") == [found[0]]
    )
    with pytest.raises(Conflict, match="number_taken_here"):
        registered(number=id_number(order=1))
    with scoped(Scope(EVERYWHERE)):
        assert not Person.objects.filter(number_index_next__isnull=False).exists()
    assert people.find_at_facility(actor=clerk(), now=clock.now(), number="123456789012").person is not None


def test_only_the_server_changes_keys() -> None:
    sealing.begin_index_rotation(now=NOW)
    for door in (fill_next_index, switch_index):
        with pytest.raises(Forbidden):
            door(actor=US, now=NOW)
