"""The server's own PostgreSQL: found, made, started, stopped, found again after a kill; and nobody else gets in."""

import os
import pwd
import signal
import subprocess

import psycopg
import pytest

from doudi.server.kernel import cluster
from doudi.server.kernel.cluster.accounts import account_of
from doudi.server.kernel.cluster.configuration import SETTINGS, buffers, quoted
from doudi.server.kernel.errors import Refused
from support.places import QUICK, ROOT, lives, open_folder, processes_in, python, quick, wait_until

ONE_AFTER_ANOTHER = """
import sys
from doudi.server.kernel import cluster
from support.places import quick
from pathlib import Path
with quick(cluster.choose(Path(sys.argv[1]))) as here:
    print(here.control.process(), flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def folder():
    with open_folder() as made:
        yield made / "var"


@pytest.fixture(scope="module")
def here(folder):
    with quick(cluster.choose(folder)) as running:
        yield running


def ask(running, query, role=cluster.RUNTIME):
    with psycopg.connect(running.address(role), autocommit=True) as connection:
        return connection.execute(query).fetchall()


# --- the roles and who may enter -----------------------------------------------------------------------


def test_three_weak_roles(here):
    rows = ask(
        here,
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname LIKE 'doudi_%' ORDER BY 1",
    )
    assert rows == [
        (name, False, False, False, False) for name in ("doudi_auditor", "doudi_owner", "doudi_runtime")
    ]


def test_runtime_role_makes_no_table(here):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(here, "CREATE TABLE mine (id int)")


def test_nothing_listens_on_the_network_and_folders_are_closed(here):
    assert ask(here, "SHOW listen_addresses") == [("",)]
    for path in (here.place.folder, here.socket, here.place.data):
        assert path.stat().st_mode & 0o077 == 0
        assert path.stat().st_uid == here.place.account.uid
    assert here.place.account.uid != 0


@pytest.mark.skipif(not ROOT, reason="only root can be somebody else")
@pytest.mark.parametrize("user", ["postgres", "nobody"])
def test_other_users_do_not_enter(here, user):
    """Not even the one PostgreSQL runs as, who may pass through the folders: the map names only who started it."""
    try:
        account = account_of(pwd.getpwnam(user).pw_uid)
    except KeyError:
        pytest.skip(f"no user {user}")
    tries = """
        import psycopg, sys
        from support.places import become
        become(int(sys.argv[2]))
        psycopg.connect(sys.argv[1])
    """
    _, said = python(tries, here.address(cluster.RUNTIME), account.uid).communicate()
    assert "Peer authentication failed" in said or "ermission denied" in said


def test_order_and_case_do_not_depend_on_the_machine(here):
    words = ask(here, "SELECT x FROM (VALUES ('é'), ('b'), ('B'), ('张'), ('a'), ('一')) AS v(x) ORDER BY x")
    assert [word for (word,) in words] == ["B", "a", "b", "é", "一", "张"]
    assert ask(here, "SELECT current_setting('server_encoding'), current_setting('timezone')") == [
        ("UTF8", "UTC")
    ]


def test_the_log_holds_no_value_of_a_row(here):
    number = "520203199001011234"
    with psycopg.connect(here.address(cluster.OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE unique_numbers (number text PRIMARY KEY)")
        owner.execute("INSERT INTO unique_numbers VALUES (%s)", [number])
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("INSERT INTO unique_numbers VALUES (%s)", [number])
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            owner.execute(f"SELECT 'x{number}'::int /* {number} */")
        owner.execute("DROP TABLE unique_numbers")
    text = here.place.account.tail("data/log/*.log start.log", here.place.folder, lines=1000)
    assert "unique" in text
    assert number not in text.replace("x" + number, "")


# --- starting and stopping -----------------------------------------------------------------------------


def test_found_again_with_its_rows():
    with open_folder() as base:
        place = cluster.choose(base / "var")
        with cluster.running(place) as first:
            ask_owner(first, "CREATE TABLE kept AS SELECT 7 AS n")
            process = first.control.process()
            assert process
        assert wait_until(lambda: not lives(process))
        said = []
        with cluster.running(cluster.choose(base / "var"), say=said.append) as second:
            assert ask(second, "SELECT n FROM kept", cluster.OWNER) == [(7,)]
        assert said == []
        assert wait_until(lambda: not processes_in(base))


def ask_owner(running, statement):
    with psycopg.connect(running.address(cluster.OWNER), autocommit=True) as owner:
        owner.execute(statement)


def test_killed_it_recovers_what_was_committed():
    with open_folder() as base, cluster.running(cluster.choose(base / "var")) as running:
        ask_owner(running, "CREATE TABLE kept AS SELECT 7 AS n")
        os.kill(running.control.process(), signal.SIGKILL)
        assert wait_until(lambda: not running.alive())
        assert (running.place.data / "postmaster.pid").exists()
        running.revive()
        assert ask(running, "SELECT n FROM kept", cluster.OWNER) == [(7,)]


def test_another_program_with_the_number_in_its_file_is_no_hindrance():
    """After a restart of a container the number of the killed postmaster belongs to something else."""
    with open_folder() as base:
        place = cluster.choose(base / "var")
        with quick(place):
            pass
        sleeper = subprocess.Popen(["sleep", "60"], cwd="/", **as_account(place.account))
        try:
            stale = "\n".join([str(sleeper.pid), str(place.data), "1", "5432", str(place.socket()), "", ""])
            place.account.write(place.data / "postmaster.pid", stale)
            with quick(place) as running:
                assert running.control.process() not in (None, sleeper.pid)
        finally:
            sleeper.kill()
            sleeper.wait()


def as_account(account):
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account.dropped else {}


def test_two_that_start_at_once_share_it_and_the_last_stops_it():
    with open_folder() as base:
        starters = [python(ONE_AFTER_ANOTHER, base / "var") for _ in range(3)]
        numbers = {starter.stdout.readline().strip() for starter in starters}
        assert len(numbers) == 1
        process = int(numbers.pop())
        for starter in starters[:2]:
            starter.communicate("\n")
            assert starter.returncode == 0
            assert lives(process)
        starters[2].communicate("\n")
        assert wait_until(lambda: not lives(process))


def test_who_uses_it_is_killed_and_the_next_one_takes_over():
    with open_folder() as base:
        starter = python(ONE_AFTER_ANOTHER, base / "var")
        process = int(starter.stdout.readline())
        starter.kill()
        starter.communicate()
        with quick(cluster.choose(base / "var")) as running:
            assert running.control.process() == process
        assert wait_until(lambda: not processes_in(base))


def test_a_half_made_one_is_made_anew():
    with open_folder() as base:
        place = cluster.choose(base / "var")
        place.prepare()
        place.account.run(["mkdir", "-p", place.folder / "data.making" / "base"])
        with quick(place) as running:
            assert ask(running, "SELECT 1") == [(1,)]


def test_used_by_a_process_elsewhere_that_does_not_answer_here_is_left_alone():
    """As when the data is shared with another container, whose postmaster cannot be seen."""
    holds = """
        import fcntl, sys
        file = open(sys.argv[1], "a")
        fcntl.flock(file, fcntl.LOCK_SH)
        print("held", flush=True)
        sys.stdin.readline()
    """
    with open_folder() as base:
        place = cluster.choose(base / "var")
        with quick(place):
            pass
        other = python(holds, place.base / "cluster.users")
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Refused) as refused, quick(place):
            pass
        assert refused.value.code == "cluster.in_use_but_silent"
        other.communicate("\n")
        with quick(place):
            pass


def test_what_postgresql_says_is_passed_on():
    with open_folder() as base:
        place = cluster.choose(base / "var")
        with quick(place):
            pass
        place.account.write(place.data / "local.conf", "work_mem = 'a lot'\n")
        with pytest.raises(Refused) as refused, quick(place):
            pass
        assert refused.value.code == "cluster.failed"
        assert "work_mem" in refused.value.words.zh


# --- small things --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("memory", "size"), [(2**28, "64MB"), (2**32, "512MB"), (2**36, "1024MB")])
def test_memory(memory, size):
    assert buffers(memory) == size


def test_quoting():
    assert quoted("a'b\\c") == "'a''b\\\\c'"


def test_nobody_without_a_name():
    with pytest.raises(Refused) as refused:
        account_of(3_999_999)
    assert refused.value.code == "cluster.user_without_name"


def test_settings_of_the_tests_do_not_leak_into_the_server():
    assert set(QUICK) <= set(SETTINGS) | {"shared_buffers"}
    assert SETTINGS["fsync"] == "on"
