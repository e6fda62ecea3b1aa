"""个案处理: what no rule gives is given for one case, from a named fund, on papers, by two people.

Proposed by a county officer, approved by a county approver (the operation runs in the approval). The machinery of four
eyes has one set of approvers for an operation; what a policy names as approver (a county's leading group, …) is shown to
them and stands on the papers. Lock: the rows of the person's records, so that two bills do not share one limit, then the
settlement's first row. Invariants: never more than is owed (or, to the patient, than the patient has paid and was not
given back), never more than the limit (`queries/debts_awaited.py`).
"""

from __future__ import annotations

from datetime import datetime

from doudi.money import Fen
from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.papers.api import entry_of, keep
from doudi.server.people.api import same_person_ids
from doudi.server.recognition.api import needed
from doudi.server.settlement import debts_errors as errors
from doudi.server.settlement import subjects
from doudi.server.settlement.debts_data import Handled, MoveKind, PaperKept, To
from doudi.server.settlement.debts_limits import PAPER_BYTES, PAPER_TYPES, PAPERS_AT_MOST
from doudi.server.settlement.models_debts import Debt, DebtCase
from doudi.server.settlement.operations.debts_ask import granted
from doudi.server.settlement.operations.debts_standing import (
    Move,
    above_zero,
    current,
    locked,
    move,
    within_open,
)
from doudi.server.settlement.queries.debts_awaited import check_limit
from doudi.words import Words

PURPOSE = "settlement.case"
REASON = Words("个案处理的理由", "The reason")
NAME = Words("材料名称", "The name of the paper")


@operation("settlement.keep_case_paper")
def keep_case_paper(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    settlement: int,
    name: str,
    media_type: str,
    content: bytes,
) -> PaperKept:
    """Store a paper before the case is proposed: an application, minutes, bills. PDF, JPG or PNG, as it begins."""
    del key
    debt = locked(actor, settlement)
    begins = PAPER_TYPES.get(media_type, ())
    if not any(content.startswith(one) for one in begins) or len(content) > PAPER_BYTES:
        raise errors.paper_wrong(PAPER_BYTES // 2**20)
    paper = keep(
        actor=actor, region=debt.region, name=needed(name, NAME, "paper"), media_type=media_type, content=content,
        now=now, purpose=PURPOSE,
    )  # fmt: skip
    append(
        "settlement.case_paper_kept", actor=actor, at=now, region=debt.region, person=debt.person_id,
        object_kind="paper", object_id=paper, detail={"bytes": len(content)},
    )  # fmt: skip
    return PaperKept(paper)


@operation("settlement.handle_case")
def handle_case(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    settlement: int,
    sum_fen: Fen,
    to: To,
    payer: str = "",
    fund: str = "",
    reason: str,
    papers: tuple[int, ...],
) -> Handled:
    """Give it. `payer`: of the policy, awaiting a decision; or `fund` of the county. `to` the debt, or the patient."""
    del key
    above_zero(sum_fen)
    reason = needed(reason, REASON, "reason")
    debt = _alone(actor, settlement)
    version = current(debt)
    _within(debt, sum_fen, to)
    _papers(actor, papers)
    source = check_limit(actor, version, sum_fen, payer=payer, fund=fund, now=now)
    row = DebtCase.objects.create(
        root_id=debt.root_id, region=debt.region, facility_id=debt.facility_id, person_id=debt.person_id,
        benefit_year=version.benefit_year, payer=payer, fund=source, to=to, fen=sum_fen, reason=reason,
        papers=list(papers), approved_on=business_date(now), approved_by=actor.user, approved_login=actor.login,
        approved_at=now,
    )  # fmt: skip
    kind: MoveKind = "individual" if to == "debt" else "given"
    done = move(actor, now, debt, Move(kind, sum_fen, fund=source, case=row.pk, reason=reason))
    granted(debt, "individual", now)
    append(
        "settlement.case_handled", actor=actor, at=now, region=debt.region, person=debt.person_id,
        object_kind="settlement", object_id=debt.root_id,
        detail={"case": row.pk, "sum_fen": sum_fen, "fund": source, "to": to, "entry": done.entry},
    )  # fmt: skip
    return Handled(row.pk, debt.root_id, sum_fen, done.entry)


def _alone(actor: Actor, settlement: int) -> Debt:
    """The debt, and nobody else decides a case of the person meanwhile."""
    whose = Debt.objects.filter(pk=settlement).first()
    if whose is None:
        raise errors.unknown_debt()
    subjects.lock(same_person_ids(whose.person_id) or (whose.person_id,), (), whose.region)
    return locked(actor, settlement)


def _within(debt: Debt, fen: Fen, to: To) -> None:
    if to == "debt":
        within_open(debt, fen)
    elif fen > debt.paid_fen - debt.given_fen:
        raise errors.more_than_paid(max(0, debt.paid_fen - debt.given_fen))


def _papers(actor: Actor, papers: tuple[int, ...]) -> None:
    if not 0 < len(papers) <= PAPERS_AT_MOST or len(set(papers)) != len(papers):
        raise errors.papers_wrong(PAPERS_AT_MOST)
    if any(entry_of(viewer=actor, paper=paper).purpose != PURPOSE for paper in papers):
        raise errors.papers_wrong(PAPERS_AT_MOST)
