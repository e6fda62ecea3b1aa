"""The jobs of people: sealing again after a new master, filling the second index. Asked for by whoever keeps the keys."""

from __future__ import annotations

from collections.abc import Callable

from doudi.server.kernel.jobs import Done, JobContext, job
from doudi.server.people.operations.keys import SEALED, Resealed, fill_next_index, reseal
from doudi.words import Words


@job("people.reseal", Words("用新密钥重新加密", "Sealing again with the new key"))
def reseal_everything(context: JobContext) -> Done:
    """Every sealed column, batch by batch; begun again it finds done what is done."""
    changed = 0
    for column in range(len(SEALED)):

        def step(after: int, column: int = column) -> Resealed:
            return reseal(actor=context.actor, now=context.now(), column=column, after=after)

        changed += _through(context, step, changed)
    return Done({"changed": changed})


@job("people.fill_next_index", Words("为新的索引密钥填写索引", "Filling the indexes of the next key"))
def fill_everything(context: JobContext) -> Done:
    """The second column of every person."""

    def step(after: int) -> Resealed:
        return fill_next_index(actor=context.actor, now=context.now(), after=after)

    return Done({"changed": _through(context, step, 0)})


def _through(context: JobContext, step: Callable[[int], Resealed], before: int) -> int:
    changed = 0
    after: int | None = 0
    while after is not None:
        context.check_cancelled()
        batch = step(after)
        changed, after = changed + batch.changed, batch.after
        context.progress(before + changed)
    return changed


JOBS = ("people.reseal", "people.fill_next_index")
"""The door re-exports it, so that whoever loads the door knows the jobs."""
