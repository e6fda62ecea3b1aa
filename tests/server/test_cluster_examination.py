"""A database that must not be used is refused with what is wrong and what mends it."""

import os

import psycopg
import pytest

from doudi.server.kernel import cluster
from support.places import open_folder, quick


@pytest.fixture(scope="module")
def here():
    with open_folder() as folder, quick(cluster.choose(folder / "var")) as running:
        yield running


@pytest.fixture
def admin(here):
    with psycopg.connect(here.address(cluster.SUPERUSER), autocommit=True) as connection:
        yield connection


def codes(address):
    return [finding.code for finding in cluster.examine(address) if finding.code != "database.not_on_disk"]


def test_the_private_one_is_fit(here):
    assert codes(here.address(cluster.RUNTIME)) == []


def test_commits_must_be_on_disk(here):
    """The clusters of the tests are not."""
    found = cluster.examine(here.address(cluster.RUNTIME))
    assert [finding.code for finding in found] == ["database.not_on_disk"] * 3
    assert "fsync" in found[0].what.zh
    assert "ALTER SYSTEM SET fsync = on" in found[0].remedy.en


def test_commits_switched_off_for_the_role_alone(here, admin):
    admin.execute("ALTER ROLE doudi_runtime SET synchronous_commit = off")
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        admin.execute(f"ALTER SYSTEM SET {name} = on")
    admin.execute("SELECT pg_reload_conf()")
    try:
        for _ in range(100):
            found = cluster.examine(here.address(cluster.RUNTIME))
            if len(found) == 1:
                break
        assert "synchronous_commit" in found[0].what.en
    finally:
        admin.execute("ALTER SYSTEM RESET ALL")
        admin.execute("ALTER ROLE doudi_runtime RESET ALL")
        admin.execute("SELECT pg_reload_conf()")


@pytest.mark.parametrize("right", ["SUPERUSER", "BYPASSRLS", "CREATEROLE"])
def test_strong_roles(here, admin, right):
    admin.execute(f"ALTER ROLE doudi_runtime {right}")
    assert codes(here.address(cluster.RUNTIME)) == ["database.role_too_strong"]
    admin.execute(f"ALTER ROLE doudi_runtime NO{right}")
    assert codes(here.address(cluster.RUNTIME)) == []


def test_strong_through_another_role(here, admin):
    """Membership is enough: SET ROLE does the rest."""
    admin.execute("CREATE ROLE strong BYPASSRLS")
    admin.execute("GRANT strong TO doudi_runtime")
    found = cluster.examine(here.address(cluster.RUNTIME))[0]
    assert found.code == "database.role_too_strong"
    assert "strong" in found.what.zh
    admin.execute("DROP ROLE strong")


@pytest.mark.parametrize(
    ("makes", "drops"),
    [
        ("CREATE TABLE owned (id int)", "DROP TABLE owned"),
        ("CREATE SCHEMA owned", "DROP SCHEMA owned"),
        ("CREATE SEQUENCE owned", "DROP SEQUENCE owned"),
        ("CREATE FUNCTION owned() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION owned"),
    ],
)
def test_ownership(here, makes, drops):
    with psycopg.connect(here.address(cluster.SUPERUSER), autocommit=True) as admin:
        kind = makes.split()[1]
        admin.execute(makes)
        admin.execute(f"ALTER {kind} owned OWNER TO doudi_runtime")
        found = cluster.examine(here.address(cluster.RUNTIME))[0]
        assert found.code == "database.role_owns"
        assert "owned" in found.what.zh
        admin.execute(drops)
    assert codes(here.address(cluster.RUNTIME)) == []


def test_ownership_through_the_owner(here, admin):
    admin.execute("GRANT doudi_owner TO doudi_runtime")
    assert codes(here.address(cluster.RUNTIME)) == ["database.role_owns"]
    admin.execute("REVOKE doudi_owner FROM doudi_runtime")


def test_temporary_tables_are_no_property(here):
    with psycopg.connect(here.address(cluster.RUNTIME)) as connection:
        connection.execute("CREATE TEMPORARY TABLE mine (id int)")
        connection.commit()
        assert codes(here.address(cluster.RUNTIME)) == []


def test_making_tables(here, admin):
    with psycopg.connect(here.address(cluster.OWNER), autocommit=True) as owner:
        owner.execute("GRANT CREATE ON SCHEMA public TO doudi_runtime")
        assert codes(here.address(cluster.RUNTIME)) == ["database.role_makes"]
        owner.execute("REVOKE CREATE ON SCHEMA public FROM doudi_runtime")


def test_an_encoding_without_chinese(here, admin):
    admin.execute(
        "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0"
    )
    assert codes(here.address(cluster.RUNTIME, "latin")) == ["database.encoding"]
    admin.execute("DROP DATABASE latin")


def test_unreachable(tmp_path):
    found = cluster.examine(f"postgresql:///doudi?host={tmp_path}&user=doudi_runtime&password=secret")
    assert [finding.code for finding in found] == ["database.unreachable"]
    assert "secret" not in found[0].what.zh
    assert os.fspath(tmp_path) in found[0].what.zh
