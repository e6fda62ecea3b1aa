"""The log: one line of JSON for each request, fault and event, without personal data.

Three nets, one under the other. Our own events carry numbers and codes as named fields, never a name, an address of a
person or an ID number; an address is logged as its pattern (`people/<int:person>/`). What others log (Django, libraries)
is written as its template without the values; of an exception only its type, its place and, from the database, the name
of the constraint. Last, whatever looks like an ID, a bank card or a telephone number is masked.

A fault gets a *reference*: eight letters which the user reads and which lead to its line here.

`DOUDI_LOGS` is a folder (a file a day, kept until somebody removes it: the law asks for six months) or `-` for standard
error, which is also what a server without the setting uses.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse

from doudi.server.kernel import clock

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowel makes no word, no digit makes nothing that looks like a number of a person."""
NUMBER = re.compile(r"(?<![0-9A-Za-z])\d(?:[ -]?\d){10,22}[Xx]?(?![0-9A-Za-z])|\d{11,}[Xx]?")
"""Eleven digits and more: telephones (11), ID numbers (15, 18), bank cards (16-19), disability cards (20-22)."""
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
PACKAGE = str(Path(__file__).resolve().parents[2])

log = logging.getLogger("doudi.site")


def reference() -> str:
    """A number to quote, such as `KTRM-QWXB`; it means nothing by itself."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def masked(text: str) -> str:
    """The text without anything that looks like a number of a person."""
    return NUMBER.sub("[number]", text)


def _field(value: object) -> object:
    """A field as it may be written: short, masked, and plain."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**10 else masked(str(value))
    if isinstance(value, str):
        return masked(value[:2000])
    if isinstance(value, list | tuple):
        return [_field(item) for item in value[:50]]
    return type(value).__name__


def fault_fields(fault: BaseException) -> dict[str, object]:
    """What may be told of an exception: types and places; its message may quote a row, so it is left out."""
    frames = traceback.extract_tb(fault.__traceback__)[-14:]
    fields: dict[str, object] = {
        "fault": f"{type(fault).__module__}.{type(fault).__qualname__}",
        "at_code": [
            f"{frame.filename.removeprefix(PACKAGE)}:{frame.lineno} {frame.name}" for frame in frames
        ],
    }
    if type(fault).__name__ == "InvariantBroken" and fault.args:
        fields["code"] = str(fault.args[0])
    if isinstance(fault, ImportError):
        fields["module"] = fault.name
    cause = fault.__cause__
    for error in (fault, cause):
        if diagnosis := getattr(error, "diag", None):
            fields["sqlstate"] = diagnosis.sqlstate
            fields["constraint"] = diagnosis.constraint_name
            fields["table"] = diagnosis.table_name
    if cause is not None:
        fields["cause"] = f"{type(cause).__module__}.{type(cause).__qualname__}"
    return fields


class JsonLine(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        ours = record.name.partition(".")[0] == "doudi"
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": masked(record.getMessage() if ours else str(record.msg)),
            "process": record.process,
        }
        extras = {name: value for name, value in vars(record).items() if name not in STANDARD}
        request = extras.pop("request", None)
        if said := getattr(request, "reference", None):
            line["reference"] = said
        line |= {name: _field(value) for name, value in extras.items()}
        if record.exc_info and record.exc_info[1]:
            line |= {name: _field(value) for name, value in fault_fields(record.exc_info[1]).items()}
        return json.dumps(line, ensure_ascii=False)


class DailyFile(logging.Handler):
    """Appends to the file of the day. Each line is one write, so that several processes share the file."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = Path(folder)
        self._day = ""
        self._file = -1

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            day = clock.business_date(datetime.fromtimestamp(record.created, UTC)).isoformat()
            if day != self._day:
                self._open(day)
            os.write(self._file, (self.format(record) + "\n").encode())
        except Exception:  # noqa: BLE001 - a log that cannot be written must not stop the work
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say that the log cannot be written; never the record itself."""
        kind = sys.exc_info()[0]
        sys.stderr.write(
            f"log: {kind.__name__ if kind else '?'} in {self.folder}; {record.name} not written\n"
        )

    def _open(self, day: str) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(self.folder / f"doudi-{day}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        if self._file >= 0:
            os.close(self._file)
        self._day, self._file = day, opened


class OnlyFaults(logging.Filter):
    """Of `django.request` only exceptions: each request has its own line already, and refusals are no faults."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record tells of an exception."""
        if not (record.exc_info and record.exc_info[1]):
            return False
        record.msg, record.args = "fault", ()
        return True


def handler(place: str) -> logging.Handler:
    """The handler of a place: a folder, or `-` for standard error."""
    return logging.StreamHandler() if place in ("", "-") else DailyFile(place)


def settings(place: str) -> dict[str, Any]:
    """Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": JsonLine}},
        "filters": {"only_faults": {"()": OnlyFaults}},
        "handlers": {
            "log": {"()": handler, "place": place, "formatter": "line"},
            "faults": {"()": handler, "place": place, "formatter": "line", "filters": ["only_faults"]},
        },
        "root": {"handlers": ["log"], "level": "WARNING"},
        "loggers": {
            "doudi": {"level": "INFO"},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"handlers": ["faults"], "level": "ERROR", "propagate": False},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        },
    }


class RequestLog:
    """The outermost layer: gives each request its reference and writes its line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and write the line."""
        request.reference = reference()  # type: ignore[attr-defined]
        began = time.perf_counter_ns()
        answer = self.get_response(request)
        actor = getattr(request, "actor", None)
        fields = {
            "method": request.method if request.method in METHODS else "other",
            "route": route_of(request),
            "status": answer.status_code,
            "ms": (time.perf_counter_ns() - began) // 1_000_000,
            "user": actor.user if actor else None,
            "reference": request.reference,  # type: ignore[attr-defined]
        }
        log.info("request", extra=fields)
        answer.headers["X-Reference"] = request.reference  # type: ignore[attr-defined]
        return answer


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, in which nothing of the request stands."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return str(match.route)
    return "static" if request.path.startswith("/static/") else "none"
