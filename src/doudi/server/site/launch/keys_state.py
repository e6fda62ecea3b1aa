"""How far the keys are: which versions the file holds, what needs each of them, and how a change of the index stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.scope import scoped
from doudi.server.kernel.sealing.keys import keys
from doudi.server.site.launch.keys_columns import can_be_sealed_again, counts
from doudi.server.site.launch.keys_index import fits, kept_copy, numbered, unfilled


@dataclass(frozen=True, slots=True)
class Use:
    """How many values of a column need a version of the master; `again`: whether the drill renews them."""

    column: str
    version: int
    values: int
    again: bool


@dataclass(frozen=True, slots=True)
class MasterState:
    """A master: `again` values can be sealed with the current one, `kept` ones hold it for ever."""

    version: int
    created_at: datetime
    current: bool
    again: int
    kept: int

    @property
    def free(self) -> bool:
        """Whether nothing needs it, so that it may be retired."""
        return not self.current and not self.again and not self.kept


@dataclass(frozen=True, slots=True)
class KeysState:
    """Everything the operator needs to know before the next step. `missing`: versions needed and not in the file."""

    path: Path
    cipher: str
    masters: tuple[MasterState, ...]
    uses: tuple[Use, ...]
    missing: tuple[int, ...]
    index: int
    next_index: int | None
    numbered: int
    unfilled: int
    fits: bool
    switch_broken_off: bool

    @property
    def to_seal_again(self) -> int:
        """How many values are still of an older master."""
        return sum(master.again for master in self.masters if not master.current)


def state() -> KeysState:
    """Look at the key file and at every sealed column."""
    held = keys()
    with scoped(SYSTEM.scope):
        uses = tuple(
            Use(str(column), version, values, can_be_sealed_again(column))
            for column, versions in counts().items()
            for version, values in versions.items()
        )
    masters = tuple(
        MasterState(
            version=master.version,
            created_at=master.created_at,
            current=master.version == held.master,
            again=sum(use.values for use in uses if use.version == master.version and use.again),
            kept=sum(use.values for use in uses if use.version == master.version and not use.again),
        )
        for master in held.masters
    )
    known = {master.version for master in masters}
    missing = tuple(sorted({use.version for use in uses} - known))
    return KeysState(
        path=held.path,
        cipher=held.cipher.name,
        masters=masters,
        uses=uses,
        missing=missing,
        index=held.index,
        next_index=held.next_index,
        numbered=numbered(),
        unfilled=unfilled() if held.next_index is not None else 0,
        fits=not missing and fits(),
        switch_broken_off=kept_copy().exists(),
    )
