"""What settling a person's bills again on what is known now would change: one answer for the preview and the posting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import fingerprint
from doudi.server.settlement.data import number_of
from doudi.server.settlement.differences import Correction
from doudi.server.settlement.knowing import as_now
from doudi.server.settlement.queries.bills import Group, Posted
from doudi.server.settlement.replay import Again, replay
from doudi.server.settlement.telling_differences import difference_of
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Readjudged:
    """The bills that come out otherwise, in the order of posting; why nothing may be posted; SM3 of all of it."""

    found: tuple[Again, ...]
    stopped: tuple[Words, ...]
    fingerprint: str

    @property
    def changed(self) -> tuple[Again, ...]:
        """Those that get another version."""
        return tuple(one for one in self.found if one.judged is not None)


def readjudged(
    viewer: Actor, today: date, group: Group, bills: Sequence[Posted], corrections: Iterable[Correction]
) -> Readjudged:
    """Settle them again. Refused: corrections of what is not there."""
    found = tuple(replay(group, bills, as_now(viewer, today, group, bills, corrections)))
    return Readjudged(found, tuple(_stopped(found)), fingerprint([_told(one) for one in found]))


def _told(one: Again) -> dict[str, object]:
    """What an approval holds for: of which version, what instead, and what that moves."""
    difference = difference_of(one)
    return {
        "version": one.posted.row["id"],
        "decision": one.judged.sha256 if one.judged is not None else None,
        "refused": one.refused.code if one.refused is not None else None,
        "payers": difference.payers,
        "funds": difference.funds,
        "hospital": difference.hospital_fen,
        "patient": difference.patient_fen,
    }


def _stopped(found: Iterable[Again]) -> Iterable[Words]:
    for one in found:
        if one.refused is not None:
            number = number_of(one.posted.root, one.posted.row["settled_on"])
            said = one.refused.said()
            yield Words(f"结算 {number}：{said.zh}", f"Settlement {number}: {said.en}")
