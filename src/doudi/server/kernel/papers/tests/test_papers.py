"""Stored papers: sealed in the database, found in their region alone, gone when their time is over."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import InvariantBroken, Refused
from doudi.server.kernel.papers.api import entry_of, fetch, keep, remove, remove_expired
from doudi.server.kernel.papers.models import StoredPaper
from doudi.server.kernel.papers.operations.keep import LARGEST
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import scoped
from doudi.server.kernel.sealing import SealBroken

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
OFFICER = Actor(7, "officer", frozenset({"county"}), Ranges.of([520203000000]))
NEIGHBOUR = Actor(8, "neighbour", frozenset({"county"}), Ranges.of([522632000000]))
CONTENT = "张三,520203198001010027".encode()


def kept(**more) -> int:
    with scoped(OFFICER.scope):
        return keep(
            actor=OFFICER,
            region=520203101,
            name="名单.csv",
            media_type="text/csv",
            content=more.pop("content", CONTENT),
            now=NOW,
            **more,
        )


def test_what_was_kept_is_fetched_and_lies_sealed() -> None:
    number = kept()
    with scoped(OFFICER.scope):
        paper = fetch(viewer=OFFICER, paper=number)
        assert (paper.content, paper.entry.name, paper.entry.size) == (CONTENT, "名单.csv", len(CONTENT))
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM kernel_storedpaper WHERE id = %s", [number])
            sealed = bytes(cursor.fetchone()[0])
    assert "张三".encode() not in sealed
    assert b"520203198001010027" not in sealed


def test_another_county_finds_nothing_by_any_door() -> None:
    number = kept()
    with scoped(NEIGHBOUR.scope):
        for read in (fetch, entry_of):
            with pytest.raises(Refused) as caught:
                read(viewer=NEIGHBOUR, paper=number)
            assert caught.value.code == "paper_not_found"
        assert not remove(actor=NEIGHBOUR, paper=number, now=NOW)
        assert StoredPaper.objects.count() == 0


def test_nobody_keeps_a_paper_in_a_region_outside_their_scope() -> None:
    with (
        scoped(NEIGHBOUR.scope),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        keep(actor=NEIGHBOUR, region=520203101, name="x", media_type="x", content=b"x", now=NOW)


def test_a_paper_of_one_purpose_does_not_open_as_another() -> None:
    number = kept(purpose="import")
    with scoped(OFFICER.scope):
        StoredPaper.objects.filter(pk=number).update(purpose="slip")
        with pytest.raises(SealBroken):
            fetch(viewer=OFFICER, paper=number)


def test_papers_end() -> None:
    number, other = kept(until=NOW + dt.timedelta(days=1)), kept()
    with scoped(SYSTEM.scope):
        assert remove_expired(actor=SYSTEM, now=NOW) == 0
        assert remove_expired(actor=SYSTEM, now=NOW + dt.timedelta(days=2)) == 1
    with scoped(OFFICER.scope):
        with pytest.raises(Refused) as caught:
            fetch(viewer=OFFICER, paper=number)
        assert caught.value.code == "paper_removed"
        assert entry_of(viewer=OFFICER, paper=number).removed_at == NOW + dt.timedelta(days=2)
        assert fetch(viewer=OFFICER, paper=other).content == CONTENT
        assert remove(actor=OFFICER, paper=other, now=NOW)
        assert not remove(actor=OFFICER, paper=other, now=NOW)


def test_limits_and_scope() -> None:
    with pytest.raises(Refused) as caught:
        kept(content=bytes(LARGEST + 1))
    assert caught.value.code == "paper_too_large"
    with pytest.raises(InvariantBroken):
        keep(actor=OFFICER, region=520203101, name="x", media_type="x", content=b"x", now=NOW)
