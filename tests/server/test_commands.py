"""The commands of the server as people run them: real processes, a database of their own, and nothing left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest

from doudi.cli import at_server
from doudi.cli.main import main
from doudi.server.kernel import cluster
from doudi.server.site.logs import NUMBER
from support.places import open_folder, processes_in, wait_until

IDS = ("520203199001011234", "52020319900101123X", "520203900101123", "13800138000", "6228480402564890018")


def environment(var, **changes):
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "DOUDI_", "LC_"))
    }
    for name in ("LANG", "LANGUAGE", "DJANGO_SETTINGS_MODULE", "PYTHONPATH"):
        kept.pop(name, None)
    return {**kept, "DOUDI_VAR": str(var), **changes}


def doudi(var, *arguments, **changes):
    command = [sys.executable, "-m", "doudi.cli.main", *arguments]
    return subprocess.run(
        command, env=environment(var, **changes), cwd="/", capture_output=True, text=True, check=False
    )


class Served:
    """`doudi serve` in the background, once it said its address."""

    def __init__(self, var, *arguments):
        command = [sys.executable, "-m", "doudi.cli.main", "serve", "--workers", "1", "--json", *arguments]
        self.process = subprocess.Popen(
            command, env=environment(var), cwd="/", stdout=subprocess.PIPE, text=True
        )
        said = ""
        while not said.rstrip().endswith("}"):
            line = self.process.stdout.readline()
            assert line, "it ended before it was ready"
            said += line
        self.address = json.loads(said)["address"]

    def get(self, path):
        try:
            with urllib.request.urlopen(self.address + path) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def end(self, number):
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture(scope="module")
def var():
    with open_folder() as folder:
        made = folder / "var"
        done = doudi(made, "migrate", "--json")
        assert (done.returncode, done.stderr) == (0, "")
        assert "people.0001_initial" in json.loads(done.stdout)["applied"]
        yield made
        assert wait_until(lambda: not processes_in(made))


def test_migrating_again_changes_nothing(var):
    assert doudi(var, "migrate", "--lang", "en").stdout == "The database is up to date\n"


def test_secrets_and_keys_are_the_owner_s_alone(var):
    for path in (var / "secret_key", *(var / "keys").iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path
    assert len((var / "secret_key").read_text().strip()) >= 50


def test_the_doctor_finds_it_well_and_says_what_each_thing_is(var):
    done = doudi(var, "doctor", "--json")
    checks = {check["code"]: check["well"] for check in json.loads(done.stdout)}
    assert done.returncode == 0
    assert [code for code, well in checks.items() if well is False] == []
    assert {
        "python",
        "programs",
        "data",
        "space",
        "role",
        "migrations",
        "row_security",
        "keys",
        "clocks",
    } <= set(checks)
    assert checks["row_security"] is checks["keys"] is checks["static"] is True


def test_the_doctor_sees_what_is_ill(var):
    (var / "secret_key").chmod(0o644)
    keys = var / "keys" / "keys.json"
    keys.rename(var / "away.json")
    try:
        done = doudi(var, "doctor")
        ill = [line for line in done.stdout.splitlines() if line.startswith("✘")]
        assert (done.returncode, len(ill)) == (1, 2)
        assert "✔ 行级安全" in done.stdout
        assert "→ 请运行 chmod 600" in done.stdout
        refused = doudi(var, "migrate")
        assert refused.returncode == 1
        assert "keys.missing" in refused.stderr
        assert not keys.exists()
    finally:
        (var / "away.json").rename(keys)
        (var / "secret_key").chmod(0o600)


def test_it_serves_tells_nothing_personal_and_stops_without_orphans(var):
    served = Served(var)
    assert served.get("health/live")[0] == 200
    assert wait_until(lambda: json.loads(served.get("health/ready")[2])["worker"])
    status, _, ready = served.get("health/ready")
    assert (status, json.loads(ready)) == (
        200,
        {"ready": True, "database": True, "migrations": True, "worker": True},
    )
    _, headers, _ = served.get(f"people/{IDS[0]}?card={IDS[4]}&name=%E5%BC%A0")
    assert re.fullmatch(r"[B-Z]{4}-[B-Z]{4}", headers["X-Reference"])
    page = served.get("sign-in/")[2]
    static = re.search(r'"/(static/[^"]+\.[0-9a-f]{12}\.css)"', page)
    assert static
    _, headers, _ = served.get(static[1])
    assert "immutable" in headers["Cache-Control"]
    for number in IDS:
        served.get(f"{number}/{number}")
    assert served.end(signal.SIGTERM) == 0
    assert wait_until(lambda: not processes_in(var))
    no_log_holds_a_number_of_a_person(var)
    lines = [json.loads(line) for path in (var / "logs").iterdir() for line in path.read_text().splitlines()]
    assert {"GET"} <= {line.get("method") for line in lines}
    assert {line["event"] for line in lines} >= {"request"}


def no_log_holds_a_number_of_a_person(var):
    """Ours and PostgreSQL's."""
    place = cluster.choose(var)
    texts = [path.read_text() for path in (var / "logs").iterdir()]
    texts.append(place.account.tail("data/log/*.log start.log", place.folder, lines=100_000))
    assert len(texts) > 1
    for text in texts:
        assert not any(number in text for number in IDS)
        assert NUMBER.findall(text) == []


def test_killed_it_leaves_nothing_serving_and_the_next_one_finds_its_database(var):
    served = Served(var)
    running = [number for number in processes_in(var) if number != served.process.pid]
    assert served.end(signal.SIGKILL) == -signal.SIGKILL
    data = cluster.choose(var).data
    assert wait_until(lambda: all(works_in(number, data) for number in processes_in(var))), running
    assert processes_in(var)
    assert doudi(var, "migrate").returncode == 0
    assert wait_until(lambda: not processes_in(var))


def works_in(number, folder):
    try:
        return Path(f"/proc/{number}/cwd").readlink() == folder
    except OSError:
        return True


def test_a_killed_database_is_started_again_under_the_server(var):
    served = Served(var)
    place = cluster.choose(var)
    os.kill(int((place.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert wait_until(lambda: served.get("health/ready")[0] == 200)
    assert served.end(signal.SIGINT) == 0


def test_a_port_asked_for_and_taken(var):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = doudi(var, "serve", "--port", str(port))
    assert done.returncode == 1
    assert f"serve.port_taken: 127.0.0.1:{port}" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("serve", "--port", "70000"), "65535"),
        (("serve", "--workers", "x"), "64"),
        (("demo", "--people", "0"), "500000"),
    ],
)
def test_numbers_that_are_none(capsys, arguments, said):
    assert main(list(arguments)) == 2
    assert said in capsys.readouterr().err


def test_the_packages_that_are_missing_are_named(capsys, monkeypatch):
    monkeypatch.setattr(at_server, "PACKAGES", ("no_such_package",))
    for command in ("serve", "worker", "migrate", "demo", "doctor"):
        assert main([command]) == 2
        assert "pip install 'doudi[server]'" in capsys.readouterr().err


# --- a database of one's own ------------------------------------------------------------------------------


def test_your_database_is_refused_as_its_owner_and_unmigrated(database_cluster, tmp_path):
    owner = f"postgresql:///postgres?host={database_cluster}&user=postgres"
    done = doudi(tmp_path, "serve", "--lang", "en", DATABASE_URL=owner)
    assert done.returncode == 1
    assert done.stderr.startswith(
        "database.role_too_strong: The role postgres of DATABASE_URL is a superuser"
    )
    assert "→ Use a role that only reads and writes" in done.stderr


def test_your_database_without_safe_commits_is_refused(database_cluster, template_database, tmp_path):
    del template_database
    address = f"postgresql:///postgres?host={database_cluster}&user=doudi_runtime"
    done = doudi(tmp_path, "serve", DATABASE_URL=address)
    assert done.returncode == 1
    assert "database.not_on_disk: 数据库的 fsync 是 off" in done.stderr


def test_your_database_that_is_safe_is_used_and_must_be_migrated_by_its_owner(tmp_path):
    with open_folder() as folder, cluster.running(cluster.choose(folder / "var")) as running:
        given = {"DATABASE_URL": running.address(cluster.RUNTIME)}
        done = doudi(tmp_path, "serve", **given)
        assert "database.not_migrated" in done.stderr
        done = doudi(tmp_path, "migrate", **given)
        assert "database.no_owner" in done.stderr
        given["DATABASE_OWNER_URL"] = running.address(cluster.OWNER)
        assert doudi(tmp_path, "migrate", **given).returncode == 0
        with psycopg.connect(running.address(cluster.OWNER), autocommit=True) as owner:
            owner.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_later', now())"
            )
        done = doudi(tmp_path, "serve", **given)
        assert "database.newer" in done.stderr
        assert "people.9999_later" in done.stderr
        assert running.alive()
    assert not (tmp_path / "cluster").exists()
