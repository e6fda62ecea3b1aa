"""Goes through every class of a policy: which are harmless by their slopes, and what the solver says of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from doudi.engine.settle import Settler
from doudi.policy.conditions import PARTS
from doudi.proof.harm import solver
from doudi.proof.harm.classes import Classes, Listing, TooMany, Witness, classes_of, listings
from doudi.proof.harm.graph import Opaque
from doudi.proof.harm.residual import Residual
from doudi.proof.harm.sampling import KINDS, Sampler
from doudi.proof.harm.slopes import Outcome, TooManyVectors, slopes
from doudi.proof.harm.verdict import Harm, Method
from doudi.proof.harm.witness import Confirmer

Benefits = frozenset[tuple[str, str]]
SAMPLES = 300
"""Pairs of bills for a class that nothing else decides."""
SAMPLES_OF_ALL = 3_000
"""Pairs of bills for a policy, whether its classes cannot be listed or many of them stay undecided."""


@dataclass
class Survey:
    """What one way through all classes found: the first harm, and how all else is known."""

    method: Method = "branches"
    classes: int = 0
    vectors: int = 0
    harm: Harm | None = None
    sound: bool = True

    def weaken(self, method: Method) -> None:
        """Take a weaker method for the whole."""
        order: tuple[Method, ...] = ("branches", "tested", "undecided")
        self.method = max(self.method, method, key=order.index)


@dataclass
class Search:
    """Looks for harm in one policy; what was worked out once is kept."""

    settler: Settler
    confirmer: Confirmer
    use_solver: bool
    progress: Callable[[str], None]
    seed: int = 0
    _left: int = SAMPLES_OF_ALL
    _listed: list[Listing] | None = None
    _outcomes: dict[tuple[Residual, str], Outcome | None] = field(default_factory=dict)
    _answers: dict[tuple[Residual, str], list[solver.Answer | solver.Amounts]] = field(default_factory=dict)

    def classes(self, excused: Benefits) -> Classes | None:
        """Every class, or None where they cannot be listed."""
        compiled, _ = self.settler.machine()
        if self._listed is None:
            try:
                self._listed = listings(self.settler.document, compiled, self.settler.rounding)
            except TooMany:
                self._listed = []
        try:
            return classes_of(self._listed, compiled, excused) if self._listed else None
        except Opaque:
            return None

    def survey(self, excused: Benefits) -> Survey:
        """Every class and every cost part until the first harm that does not come from an excused benefit."""
        found = Survey()
        classes = self.classes(excused)
        if classes is None:
            found.weaken("tested")
            found.harm = self._sampled(SAMPLES_OF_ALL, excused)
            return found
        found.classes = len(classes.witnesses)
        if not classes.complete:
            found.weaken("tested")
        for number, (residual, witness) in enumerate(classes.witnesses.items(), start=1):
            if number % 50 == 0:
                self.progress(f"{number}/{found.classes}")
            found.sound = found.sound and self._sound(residual)
            for part in PARTS:
                self._look(residual, witness, part, excused, found)
                if found.harm is not None:
                    return found
        return found

    def _look(
        self, residual: Residual, witness: Witness, part: str, excused: Benefits, found: Survey
    ) -> None:
        outcome = self._outcome(residual, part)
        found.vectors += outcome.vectors if outcome is not None else 0
        if outcome is not None and outcome.harmless:
            return
        if not self.use_solver:
            found.harm = self._sampled(SAMPLES, excused, witness)
            found.weaken("undecided")
            return
        for kind, answer in zip(KINDS, self._ask(residual, part), strict=True):
            if answer == "none":
                continue
            harm = None
            if isinstance(answer, solver.Amounts):
                harm = self.confirmer.cost(kind, witness, part, answer.first, answer.second)
            harm = self._kept(harm, excused) or self._sampled(SAMPLES, excused, witness)
            found.harm = found.harm or harm
            found.weaken("tested" if harm is None else "branches")

    def _outcome(self, residual: Residual, part: str) -> Outcome | None:
        key = (residual, part)
        if key not in self._outcomes:
            try:
                self._outcomes[key] = slopes(residual, part)
            except TooManyVectors:
                self._outcomes[key] = None
        return self._outcomes[key]

    def _ask(self, residual: Residual, part: str) -> list[solver.Answer | solver.Amounts]:
        key = (residual, part)
        if key not in self._answers:
            question = solver.Question(residual)
            self._answers[key] = [
                question.ask(gain, b, residual.rounded) for gain, b in question.more_cost(part)
            ]
        return self._answers[key]

    def _sampled(self, pairs: int, excused: Benefits, witness: Witness | None = None) -> Harm | None:
        """The first harm among random pairs, as long as there are any to spend."""
        pairs = min(pairs, self._left)
        self._left -= pairs
        compiled, _ = self.settler.machine()
        sampler = Sampler(self.settler.document, compiled, self.confirmer, self.seed)
        return self._kept(sampler.harm(pairs, witness), excused)

    @staticmethod
    def _kept(harm: Harm | None, excused: Benefits) -> Harm | None:
        """A harm that no excused benefit explains."""
        return None if harm is not None and (harm.payer, harm.benefit or "") in excused else harm

    def _sound(self, residual: Residual) -> bool:
        """Whether no share is negative and no payer draws more than is left: by the shape of the class, or solved."""
        ends = (residual.patient, *(node for _, node in residual.amounts))
        if all(residual.positive[node] for node in ends):
            return True
        return self.use_solver and solver.Question(residual).sound()


def causes(search: Search, declared: Benefits) -> Iterator[tuple[Survey, Benefits]]:
    """Survey after survey, each excusing what the one before found, until nothing more is found."""
    excused = declared
    while True:
        found = search.survey(excused)
        yield found, excused
        harm = found.harm
        if harm is None or harm.benefit is None:
            return
        excused |= {(harm.payer, harm.benefit)}
