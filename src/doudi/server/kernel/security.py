"""Row-level security and rights as data for migrations: `Protect(...)` after each `CreateModel`.

Three database roles: the *owner* runs migrations; the *runtime* role owns nothing, cannot bypass policies and is what the
server connects as; the *auditor* reads what the runtime role reads and writes nothing. Policies are forced, so that they
also hold for whoever owns the table, except where the owner is named.

Columns have standard names: `region` (integer region key) and `person_id`. A table with either is protected by one of:

- `Protect.by_region`: rows whose `region` is in scope, and rows of persons opened at my facility (`person` given);
- `Protect.for_all`: reference data: anybody with a scope, even an empty one, reads it; writes go by region where asked;
- `Protect.by_user`: rows of my own, and rows whose region is in scope.
"""

from __future__ import annotations

from django.conf import settings
from django.db.migrations.operations import RunSQL

IN_SCOPE = "coalesce({region} <@ (SELECT doudi_scope()), false)"
"""PostgreSQL takes a bare `<@` for true of one row in two hundred, and sorts a county to show its first page; inside
`coalesce` it takes it for every second row, and reads the page from the index. Nothing is in an absent scope.
"""
OPENED = "{person} IN (SELECT doudi_opened())"
OPENED_HERE = "{person} IN (SELECT doudi_opened_here())"
"""Broken glass lets read and not write: `doudi_opened()` has it, `doudi_opened_here()` has what a facility opened."""
ANY_SCOPE = "(SELECT doudi_scope()) IS NOT NULL"
POLICIES = ("runtime_sees", "runtime_adds", "runtime_changes", "runtime_removes", "owner_migrates")

FUNCTIONS = """
CREATE FUNCTION doudi_scope() RETURNS int4multirange LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('doudi.scope', true), '')::int4multirange $$;
CREATE FUNCTION doudi_facility() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(nullif(current_setting('doudi.facility', true), ''), '0')::integer $$;
CREATE FUNCTION doudi_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(nullif(current_setting('doudi.user', true), ''), '0')::bigint $$;
"""
NO_FUNCTIONS = "DROP FUNCTION doudi_scope(); DROP FUNCTION doudi_facility(); DROP FUNCTION doudi_user();"

APPEND_ONLY = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION doudi_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION doudi_append_only();
"""
APPEND_ONLY_FUNCTION = """
CREATE FUNCTION doudi_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def runtime_role() -> str:
    """The role the server connects as."""
    return str(settings.DOUDI_RUNTIME_ROLE)


def auditor_role() -> str:
    """The role that reads."""
    return str(settings.DOUDI_AUDITOR_ROLE)


def allow(table: str, *, rights: str) -> str:
    """Rights on a table: the runtime role gets `rights`, the auditor reads."""
    return f'GRANT {rights} ON {table} TO "{runtime_role()}"; GRANT SELECT ON {table} TO "{auditor_role()}";'


class Protect:
    """Migration operations that close a table and open it again to whom it concerns."""

    @staticmethod
    def by_region(
        table: str,
        *,
        region: str = "region",
        person: str = "",
        rights: str = "SELECT, INSERT, UPDATE, DELETE",
    ) -> RunSQL:
        """Rows in scope; with `person` (the column of the person's number) also rows of persons opened here.

        Writing needs the region in scope, or the person opened at my facility.
        """
        seen = written = IN_SCOPE.format(region=region)
        if person:
            written = f"({seen} OR {OPENED_HERE.format(person=person)})"
            seen = f"({seen} OR {OPENED.format(person=person)})"
        return forced(table, seen, written, rights)

    @staticmethod
    def for_all(table: str, *, region: str = "", rights: str = "SELECT, INSERT, UPDATE, DELETE") -> RunSQL:
        """Reference data: read with any scope; written in scope where it has a `region`."""
        written = IN_SCOPE.format(region=region) if region else ANY_SCOPE
        return forced(table, ANY_SCOPE, written, rights, changed=written)

    @staticmethod
    def by_user(
        table: str, *, user: str, region: str = "", rights: str = "SELECT, INSERT, UPDATE, DELETE"
    ) -> RunSQL:
        """My own rows, and rows whose region is in scope."""
        seen = f"({user} = (SELECT doudi_user()) AND {ANY_SCOPE})"  # without a scope nobody is user 0
        if region:
            seen = f"({seen} OR {IN_SCOPE.format(region=region)})"
        return forced(table, seen, seen, rights)

    @staticmethod
    def plain(table: str, *, rights: str = "SELECT, INSERT, UPDATE, DELETE") -> RunSQL:
        """A table without person or region: rights only."""
        return RunSQL(allow(table, rights=rights), RunSQL.noop)

    @staticmethod
    def append_only(table: str) -> RunSQL:
        """Rows are added and never changed, by anybody: UPDATE, DELETE and TRUNCATE are refused by triggers."""
        return RunSQL(
            APPEND_ONLY.format(table=table),
            f"DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_no_truncate ON {table};",
        )

    @staticmethod
    def follows_person(table: str, *, person: str = "person_id", region: str = "region") -> RunSQL:
        """The row's region key is that of its person, and moves when the person moves: kept by a foreign key."""
        return RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_follows_person FOREIGN KEY ({person}, {region})"
            " REFERENCES people_person (id, region) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;",
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_follows_person;",
        )


def forced(table: str, seen: str, written: str, rights: str, *, changed: str = "") -> RunSQL:
    """Policies of one's own making: what is `seen`, what may be `written` (SQL conditions), and the rights.

    A row may be changed where it was `changed` (as `seen` unless given) before and is `written` after.
    """
    roles = f'"{runtime_role()}"'
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f'CREATE POLICY runtime_sees ON {table} FOR SELECT TO {roles}, "{auditor_role()}" USING ({seen});'
        f"CREATE POLICY runtime_adds ON {table} FOR INSERT TO {roles} WITH CHECK ({written});"
        f"CREATE POLICY runtime_changes ON {table} FOR UPDATE TO {roles} USING ({changed or seen})"
        f" WITH CHECK ({written});"
        f"CREATE POLICY runtime_removes ON {table} FOR DELETE TO {roles} USING ({written});"
        f"CREATE POLICY owner_migrates ON {table} TO CURRENT_USER USING (true) WITH CHECK (true);"
        + allow(table, rights=rights),
        "".join(f"DROP POLICY {policy} ON {table};" for policy in POLICIES)
        + f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )
