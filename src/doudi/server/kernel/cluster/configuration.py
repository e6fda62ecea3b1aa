"""The three files that rule a private cluster, written anew at each start; `local.conf` beside them is yours.

Nothing personal reaches PostgreSQL's log: statements, parameters and the details of errors (which quote values) are
left out.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from doudi.server.kernel.cluster.accounts import account_of
from doudi.server.kernel.cluster.roles import AUDITOR, OWNER, RUNTIME, SUPERUSER

MEGABYTE = 1024 * 1024
SETTINGS: dict[str, str] = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    # what an acknowledged transaction rests on
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_size": "2GB",
    # many small queries
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    # the same everywhere
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "iso, ymd",
    "lc_messages": "C",
    "lc_monetary": "C",
    "lc_numeric": "C",
    "lc_time": "C",
    "default_text_search_config": "pg_catalog.simple",
    "password_encryption": "scram-sha-256",
    # a week of logs in which there is no value of any row
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    "log_checkpoints": "off",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
ACCESS = "# Written at each start.\nlocal all all peer map=doudi\n"
"""Only over the socket, and only for the users of the machine that the map names. No line, no entry."""


def buffers(memory: int) -> str:
    """An eighth of the memory (bytes), between 64 MB and 1 GB."""
    return f"{min(max(memory // 8 // MEGABYTE, 64), 1024)}MB"


def main_file(socket: Path, changes: Mapping[str, str]) -> str:
    """`postgresql.conf`."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    settings = {"shared_buffers": buffers(memory), "unix_socket_directories": _socket_list(socket)}
    settings |= SETTINGS | dict(changes)
    lines = [f"{name} = {quoted(value)}" for name, value in settings.items()]
    return "\n".join(["# Written at each start. Your own settings: local.conf", *lines, LOCAL, ""])


LOCAL = "include_if_exists = 'local.conf'"


def quoted(value: str) -> str:
    """A value as the file writes it."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _socket_list(socket: Path) -> str:
    """A list of one folder; commas would part it."""
    return '"' + str(socket).replace('"', '""') + '"'


def map_file() -> str:
    """`pg_ident.conf`: who starts the server may be any of its roles; nobody else of the machine is any of them."""
    me = account_of(os.geteuid()).name.replace('"', '""')
    roles = (SUPERUSER, OWNER, RUNTIME, AUDITOR)
    return "# Written at each start.\n" + "".join(f'doudi "{me}" {role}\n' for role in roles)
