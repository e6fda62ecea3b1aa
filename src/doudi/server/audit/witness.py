"""The head of the trail as a line of JSON, to be kept outside: printed, mailed, handed to the hospitals.

Whoever rules the database can rewrite every row and every hash. They cannot rewrite a line that somebody else keeps:
a seal that was witnessed must be there for ever with the same hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection

from doudi.server.audit.data import Witness
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.canonical import canonical
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.scope import scoped
from doudi.words import Words

FORMAT = "doudi-audit-head/1"
_HEAD = """
SELECT s.number, s.hash, s.sealed_at, (SELECT coalesce(sum(events), 0) FROM audit_seal) FROM audit_seal s
 ORDER BY s.number DESC LIMIT 1"""


def head(viewer: Actor = SYSTEM) -> Witness | None:
    """Where the trail stands; None before the first seal. It tells of no region: any viewer may be shown it."""
    with scoped(viewer.scope), connection.cursor() as cursor:
        cursor.execute(_HEAD)
        row = cursor.fetchone()
    if row is None:
        return None
    return Witness(row[0], bytes(row[1]).hex(), int(row[3]), json.loads(canonical(row[2])))


def line(witness: Witness) -> str:
    """One line of a witness file."""
    return canonical(
        {"format": FORMAT} | {name: getattr(witness, name) for name in Witness.__slots__}
    ).decode()


def read(lines: Iterable[str]) -> list[Witness]:
    """The heads of a witness file. `Refused` names a line that is none: no witness is passed over in silence."""
    heads = []
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            data = json.loads(text)
            if data.pop("format") != FORMAT:
                raise ValueError(FORMAT)
            heads.append(
                Witness(int(data["seal"]), str(data["hash"]), int(data["events"]), str(data["sealed_at"]))
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _not_a_head(number) from error
    return heads


def _not_a_head(number: int) -> Refused:
    return Refused(
        "audit_witness_unreadable",
        Words(f"凭据文件第 {number} 行不是封存凭据。", f"Line {number} of the witness file is not a head."),
        remedy=Words(
            "每行应为 doudi audit head 的一次输出。", "Each line is what `doudi audit head` once printed."
        ),
        where=str(number),
    )
