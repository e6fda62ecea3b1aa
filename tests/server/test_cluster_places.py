"""Where a cluster lies, by which programs it runs, and that data once made is never silently left behind."""

import os
import shutil
from pathlib import Path

import psycopg
import pytest

from doudi.server.kernel import cluster
from doudi.server.kernel.cluster.accounts import unprivileged
from doudi.server.kernel.cluster.places import SOCKET_LIMIT, SOCKET_NAME
from doudi.server.kernel.cluster.programs import programs_for
from doudi.server.kernel.errors import Refused
from support.places import ROOT, open_folder, processes_in, python, quick, wait_until

only_root = pytest.mark.skipif(not ROOT, reason="only root drops to another user")
AS_ANOTHER = """
import sys
from pathlib import Path
from doudi.server.kernel import cluster
from doudi.server.kernel.errors import Refused
from support.places import become, quick
become(65534)
try:
    with quick(cluster.choose(Path(sys.argv[1]), system=Path(sys.argv[2]))) as here:
        print(here.place.account.name, here.place.folder)
except Refused as refused:
    print(refused.code)
"""


@pytest.fixture
def base():
    with open_folder() as folder:
        yield folder


@only_root
def test_a_closed_checkout_keeps_its_data_and_programs_elsewhere_and_says_so(base, monkeypatch):
    """Root's home is 0700: whoever PostgreSQL runs as reaches neither `var` nor the programs in `.venv`."""
    for name in ("LANG", "LC_ALL", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    closed, system = base / "closed", base / "system"
    closed.mkdir(mode=0o700)
    original = programs_for(cluster.Place(base, unprivileged()))
    shutil.copytree(original.folder.parent, closed / "postgresql", symlinks=True)
    monkeypatch.setenv("DOUDI_POSTGRES", str(closed / "postgresql" / "bin"))
    said = []
    place = cluster.choose(closed / "var", system=system)
    with quick(place, say=said.append) as running:
        assert running.place.base.parent == system
        assert running.control.programs.folder.is_relative_to(running.place.base)
        assert running.control.programs.folder.parent.stat().st_uid == 0
        with psycopg.connect(running.address(cluster.RUNTIME)) as connection:
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    assert str(place.base) in said[0].zh
    assert str(place.base) in said[0].en
    assert (closed / "var" / "cluster.place").read_text() == f"{place.base}\n"
    closed.chmod(0o755)
    assert cluster.choose(closed / "var", system=system) == place
    assert wait_until(lambda: not processes_in(base))


@only_root
def test_a_moved_checkout_is_told_where_its_data_is(base):
    closed, system = base / "closed", base / "system"
    closed.mkdir(mode=0o700)
    place = cluster.choose(closed / "var", system=system)
    place.prepare()
    closed.rename(base / "moved")
    with pytest.raises(Refused) as refused:
        cluster.choose(base / "moved" / "var", system=system)
    assert refused.value.code == "cluster.moved"
    assert str(place.base) in refused.value.said().zh


@only_root
def test_an_ordinary_user_has_everything_in_var_and_root_runs_it_as_them(base):
    mine = base / "mine"
    mine.mkdir(mode=0o700)
    shutil.chown(mine, 65534, 65534)
    done = python(AS_ANOTHER, mine / "var", base / "system", LANG="")
    out, err = done.communicate()
    assert (out.split(), err) == (["nobody", str(mine / "var" / "cluster")], "")
    assert cluster.choose(mine / "var").account.uid == 65534
    with quick(cluster.choose(mine / "var")) as running:
        assert running.place.folder == mine / "var" / "cluster"


@only_root
@pytest.mark.parametrize("closed", [False, True])
def test_an_ordinary_user_is_not_given_an_empty_one_beside_root_s(base, closed):
    checkout, system = base / "checkout", base / "system"
    checkout.mkdir(mode=0o700 if closed else 0o755)
    cluster.choose(checkout / "var", system=system).prepare()
    account = cluster.choose(checkout / "var", system=system).account
    checkout.chmod(0o755)
    if account.uid == 65534 and not closed:
        pytest.skip("root dropped to that same user")
    out, err = python(AS_ANOTHER, checkout / "var", system).communicate()
    expected = "cluster.kept_elsewhere" if closed else "cluster.of_another_user"
    assert (out.strip(), err) == (expected, "")


@only_root
def test_data_out_of_reach_is_refused_not_begun_anew(base):
    checkout = base / "checkout"
    checkout.mkdir()
    cluster.choose(checkout / "var").prepare()
    checkout.chmod(0o700)
    with pytest.raises(Refused) as refused:
        cluster.choose(checkout / "var", system=base / "system")
    assert refused.value.code == "cluster.unreachable"


def test_a_long_path_has_its_socket_elsewhere(base):
    deep = base / ("deep" * 30)
    place = cluster.choose(deep / "var")
    try:
        with quick(place) as running:
            assert len(os.fsencode(running.socket / SOCKET_NAME)) <= SOCKET_LIMIT
            assert running.socket.stat().st_mode & 0o077 == 0
            with psycopg.connect(running.address(cluster.RUNTIME)) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        place.socket().chmod(0o777)
        with pytest.raises(Refused) as refused, quick(place):
            pass
        assert refused.value.code == "cluster.socket_taken"
    finally:
        shutil.rmtree(place.socket())


def test_odd_characters_in_the_path(base):
    with (
        quick(cluster.choose(base / "它's, 县 %20$HOME" / "var")) as running,
        psycopg.connect(running.address(cluster.RUNTIME)) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_data_of_another_version_is_refused(base):
    place = cluster.choose(base / "var")
    place.prepare()
    place.account.run(["mkdir", place.data])
    place.account.write(place.data / "PG_VERSION", "11\n")
    with pytest.raises(Refused) as refused, quick(place):
        pass
    assert refused.value.code == "cluster.other_version"
    assert "PostgreSQL 11" in refused.value.words.en


def test_without_any_programs(base, monkeypatch):
    monkeypatch.setenv("DOUDI_POSTGRES", str(base / "nothing"))
    with pytest.raises(Refused) as refused, quick(cluster.choose(base / "var")):
        pass
    assert refused.value.code == "cluster.no_programs"
    assert "DOUDI_POSTGRES" in refused.value.said().zh


def system_programs():
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in folders if cluster.Programs.found(folder)), None)


@pytest.mark.skipif(system_programs() is None, reason="no PostgreSQL of the system")
def test_the_system_s_programs_do_as_well_and_are_kept_to(base, monkeypatch):
    monkeypatch.setenv("DOUDI_POSTGRES", str(system_programs()))
    place = cluster.choose(base / "var")
    with quick(place) as running:
        version = running.control.programs.version
        with psycopg.connect(running.address(cluster.RUNTIME)) as connection:
            order = "SELECT string_agg(x, '' ORDER BY x) FROM (VALUES ('b'), ('B'), ('张'), ('a'), ('一')) AS v(x)"
            assert connection.execute(order).fetchone() == ("Bab一张",)
    monkeypatch.delenv("DOUDI_POSTGRES")
    with quick(place) as running:
        assert running.control.programs.version == version
