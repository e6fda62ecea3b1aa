"""No harm in one policy: the certificate where the forms allow it, else every class; then hardship and overflow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from doudi.engine.intervals import bounds, overflowing
from doudi.engine.program import ALWAYS
from doudi.engine.settle import Settler
from doudi.policy.checks.jumps import jump_causes
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.proof.harm import solver
from doudi.proof.harm.certificate import uncertified
from doudi.proof.harm.hardship import compare
from doudi.proof.harm.replay import Replayer
from doudi.proof.harm.search import Benefits, Search, causes
from doudi.proof.harm.verdict import Accepted, Harm, HarmReport, Method, Overflow, PayerMethod
from doudi.proof.harm.witness import Confirmer
from doudi.words import Words

_CERTIFIED = Words(
    "只动用一部分剩余费用，比例连续，限额为定额，逐分成立",
    "draws on what is left of one part, by continuous rates, with caps that are amounts: to the fen",
)
_YEAR_END = Words(
    "年终支付不是单据，只看形式", "paid at the end of the year, not on a bill: only its form is looked at"
)
_CHECKED = Words(
    "各方不超过剩余、无负数：由引擎逐单核对，未能事先证明",
    "that nobody draws more than is left is checked on every bill, but not proved beforehand",
)
_NO_SOLVER = Words(
    "没有安装求解器，可疑之处只抽样，未能判定：pip install 'doudi[proof]'",
    "without the solver suspicions were only sampled and stay undecided: pip install 'doudi[proof]'",
)


def check_harm(
    policy: Policy,
    *,
    use_solver: bool | None = None,
    progress: Callable[[str], None] = lambda _: None,
    seed: int = 0,
) -> HarmReport:
    """Everything about no harm in a policy. Pure; the same policy gives the same report.

    `use_solver` None: if it is installed. Without it suspicions that no bill confirms stay undecided.
    """
    settler = Settler(policy)
    replayer = Replayer(settler)
    wanted = solver.available() if use_solver is None else use_solver
    search = Search(settler, Confirmer(replayer), wanted, progress, seed)
    return _Check(policy.document, settler, search).report()


class _Check:
    def __init__(self, document: PolicyDocument, settler: Settler, search: Search) -> None:
        self.document, self.settler, self.search = document, settler, search
        self.declared: Benefits = frozenset(
            (payer.payer, benefit.benefit)
            for payer in document.payers
            for benefit in payer.benefits
            if benefit.accepted is not None
        )

    def report(self) -> HarmReport:
        """The whole report."""
        without = uncertified(self.document)
        certified = not any(without.values())
        surveys = [survey for survey, _ in causes(self.search, self.declared)]
        last = surveys[-1]
        worse = compare(self.search)
        harms = [survey.harm for survey in surveys if survey.harm is not None]
        harms += [harm for harm in worse.harms if (harm.payer, harm.benefit) not in self.declared]
        method: Method = "certificate" if certified else last.method
        return HarmReport(
            self.document.policy,
            method,
            tuple(self._payers(without, last.method)),
            worse.method,
            last.classes,
            last.vectors,
            tuple(harms),
            tuple(self._accepted(worse.harms)),
            overflow(self.settler),
            tuple(self._notes(last.sound, {last.method, worse.method})),
        )

    def _payers(self, without: dict[str, Words | None], rest: Method) -> list[PayerMethod]:
        told = [PayerMethod(payer, "certificate" if why is None else rest, why or _CERTIFIED)
                for payer, why in without.items()]  # fmt: skip
        late = [payer.payer for payer in self.document.payers if payer.settled == "year_end"]
        return told + [PayerMethod(payer, "undecided", _YEAR_END) for payer in late]

    def _accepted(self, worse: list[Harm]) -> Iterator[Accepted]:
        """Each declared benefit, and a bill that shows what is accepted where there is one."""
        for i, payer in enumerate(self.document.payers):
            for j, benefit in enumerate(payer.benefits):
                if benefit.accepted is None:
                    continue
                name, path = (payer.payer, benefit.benefit), ("payers", i, "benefits", j)
                shown, idle = (
                    next((harm for harm in worse if (harm.payer, harm.benefit) == name), None),
                    False,
                )
                if shown is None and payer.settled == "bill":
                    survey = self.search.survey(self.declared - {name})
                    harm = survey.harm
                    among = {benefit.benefit} | {
                        one.benefit for one in payer.benefits if payer.choose == "best"
                    }
                    shown = (
                        harm if harm and (harm.payer, harm.benefit in among) == (payer.payer, True) else None
                    )
                    idle = survey.harm is None and survey.method == "branches"
                idle = idle and not any(True for _ in jump_causes(self.document, i, j))
                yield Accepted(*name, benefit.accepted.reason, path, shown, idle)

    def _notes(self, sound: bool, methods: set[Method]) -> list[Words]:
        notes = []
        if not sound:
            notes.append(_CHECKED)
        if not self.search.use_solver and "undecided" in methods:
            notes.append(_NO_SOLVER)
        return notes


def overflow(settler: Settler) -> Overflow:
    """Whether any number can leave 64 bits, for bills and accumulators within their bounds."""
    program = settler.machine()[0].program
    wide = overflowing(program, bounds(program, settler.rounding))
    told = []
    for i in wide:
        guard = f" if r{i.guard}" if i.guard != ALWAYS else ""
        told.append(f"r{i.target} = {i.operation} {' '.join(f'r{a}' for a in i.arguments)}{guard}")
    return Overflow(not wide, tuple(told))
