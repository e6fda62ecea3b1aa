"""What must hold of any database before the server uses it, private or yours. Each finding says what would mend it.

The server's safety rests on the runtime role being weak (row-level security does not bind a superuser or whoever may
bypass it, and an owner can switch it off) and on commits being on disk when they are acknowledged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from doudi.server.kernel.cluster.programs import OLDEST
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a database, and what mends it."""

    code: str
    what: Words
    remedy: Words


ROLES = """
SELECT rolname FROM pg_roles
WHERE pg_has_role(current_user, oid, 'MEMBER') AND (rolsuper OR rolbypassrls OR rolcreaterole)
"""
OWNED = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE pg_has_role(current_user, c.relowner, 'MEMBER') AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
UNION ALL
SELECT format('%I.%I()', n.nspname, p.proname) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE pg_has_role(current_user, p.proowner, 'MEMBER') AND n.nspname !~ '^pg_'
UNION ALL
SELECT 'SCHEMA ' || quote_ident(nspname) FROM pg_namespace
WHERE pg_has_role(current_user, nspowner, 'MEMBER') AND nspname !~ '^pg_'
UNION ALL
SELECT 'DATABASE ' || quote_ident(datname) FROM pg_database
WHERE datname = current_database() AND pg_has_role(current_user, datdba, 'MEMBER')
"""
MAKES = """
SELECT nspname FROM pg_namespace WHERE has_schema_privilege(current_user, oid, 'CREATE') AND nspname !~ '^pg_'
"""
ON_DISK = ("fsync", "full_page_writes", "synchronous_commit")


def examine(address: str) -> list[Finding]:
    """Everything that is wrong with the runtime role's database; nothing where it may be used."""
    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=10) as connection:
            role = str(connection.info.user)
            if _is_strong(connection):  # it also owns everything; one finding says enough
                return [_strong(role, _names(connection, ROLES)), *_server(connection)]
            return [*_role(connection, role), *_server(connection)]
    except psycopg.OperationalError as error:
        return [_unreachable(error)]


def _names(connection: psycopg.Connection[Any], query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(query.encode())]


def _is_strong(connection: psycopg.Connection[Any]) -> bool:
    return bool(_names(connection, ROLES))


def _strong(role: str, through: list[str]) -> Finding:
    listed = "、".join(through)
    return Finding(
        "database.role_too_strong",
        Words(
            f"DATABASE_URL 的角色 {role} 是超级用户，或可以绕过行级安全、创建角色（经由 {listed}）。",
            f"The role {role} of DATABASE_URL is a superuser, or may bypass row-level security or make roles (through"
            f" {listed}).",
        ),
        Words(
            f"请用只有读写权限的角色：ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS NOCREATEROLE，并收回它所属的强角色。",
            f"Use a role that only reads and writes: ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS NOCREATEROLE, and"
            " revoke strong roles from it.",
        ),
    )


def _role(connection: psycopg.Connection[Any], role: str) -> list[Finding]:
    findings = []
    if owned := _names(connection, OWNED):
        few = "、".join(owned[:5]) + ("……" if len(owned) > 5 else "")
        findings.append(
            Finding(
                "database.role_owns",
                Words(
                    f"DATABASE_URL 的角色 {role} 拥有 {len(owned)} 个对象：{few}。拥有者可以关掉行级安全。",
                    f"The role {role} of DATABASE_URL owns {len(owned)} objects: {few}. An owner can switch row-level"
                    " security off.",
                ),
                Words(
                    f"请用另一个角色拥有它们，写在 DATABASE_OWNER_URL：REASSIGN OWNED BY {role} TO 拥有者。",
                    f"Let another role own them and name it in DATABASE_OWNER_URL: REASSIGN OWNED BY {role} TO owner.",
                ),
            )
        )
    elif makes := _names(connection, MAKES):
        schemas = "、".join(makes)
        findings.append(
            Finding(
                "database.role_makes",
                Words(
                    f"DATABASE_URL 的角色 {role} 可以在 {schemas} 里建表。",
                    f"The role {role} of DATABASE_URL may make tables in {schemas}.",
                ),
                Words(
                    f"请收回：REVOKE CREATE ON SCHEMA {makes[0]} FROM PUBLIC, {role}。",
                    f"Revoke it: REVOKE CREATE ON SCHEMA {makes[0]} FROM PUBLIC, {role}.",
                ),
            )
        )
    return findings


def _server(connection: psycopg.Connection[Any]) -> list[Finding]:
    findings = []
    for name in ON_DISK:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        if row and row[0] == "off":
            findings.append(
                Finding(
                    "database.not_on_disk",
                    Words(
                        f"数据库的 {name} 是 off：已经确认的业务可能在断电时丢失。",
                        f"The database has {name} = off: what was acknowledged can be lost when the power goes.",
                    ),
                    Words(
                        f"请打开：ALTER SYSTEM SET {name} = on，然后 SELECT pg_reload_conf()；也查角色和数据库的设置。",
                        f"Switch it on: ALTER SYSTEM SET {name} = on, then SELECT pg_reload_conf(); look at the settings"
                        " of the role and the database too.",
                    ),
                )
            )
    if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
        findings.append(
            Finding(
                "database.encoding",
                Words(
                    f"数据库的编码是 {encoding}，存不下全部汉字。",
                    f"The database's encoding is {encoding}; it cannot hold every Chinese character.",
                ),
                Words(
                    "请另建数据库：CREATE DATABASE doudi ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0。",
                    "Make another: CREATE DATABASE doudi ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0.",
                ),
            )
        )
    if (version := connection.info.server_version // 10000) < OLDEST:
        findings.append(
            Finding(
                "database.too_old",
                Words(f"PostgreSQL {version} 太旧。", f"PostgreSQL {version} is too old."),
                Words(f"请用 {OLDEST} 或更新的版本。", f"Use version {OLDEST} or newer."),
            )
        )
    return findings


def _unreachable(error: psycopg.OperationalError) -> Finding:
    said = str(error).strip().splitlines()
    reason = said[0] if said else type(error).__name__
    return Finding(
        "database.unreachable",
        Words(
            f"连不上 DATABASE_URL 的数据库：{reason}", f"Cannot reach the database of DATABASE_URL: {reason}"
        ),
        Words(
            "请检查地址、密码、pg_hba.conf，数据库是否已启动。",
            "Check the address, the password, pg_hba.conf, and whether the database is up.",
        ),
    )
