"""Worked cases: the arithmetic a person did by hand, held against the engine, fen by fen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from doudi.engine.data import Facts
from doudi.engine.decision import Decision
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.money import format_yuan, parse_yuan
from doudi.policy.library import Policy
from doudi.policy.problems import Problem, problem
from doudi.policy.source import Node, read_file, shown
from doudi.proof.arithmetic import CaseSyntax, derive, float_free
from doudi.proof.outcome import Asked, Outcome, outcome
from doudi.words import did_you_mean

_FACT_KEYS = ("person", "opening", "bills", "events", "catalogue")
_IN_WORDS = (".refused", ".entitlements")  # what is expected in words and not in yuan


@dataclass
class CaseResult:
    """One case: its node, the decisions the engine took, and the findings."""

    name: str
    node: Node
    decisions: list[Decision] = field(default_factory=list)
    year_end: list[Decision] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bills: int = 0
    given: dict[str, int] = field(default_factory=dict)
    asked: Asked | None = None


def run_cases(policy: Policy) -> tuple[list[CaseResult], Node | None]:
    """Every case of a policy run, and the tree of the case file. Raises PolicyError if it cannot be read."""
    if policy.cases_path is None:
        return [], None
    tree = read_file(policy.cases_path, shown(policy.cases_path))
    settler = Settler(policy)
    cases = tree.at("cases")
    return [_Case(settler, node).run() for node in (cases.items() if cases else [])], tree


class _Case:
    """Runs one case."""

    def __init__(self, settler: Settler, node: Node) -> None:
        self.settler, self.node = settler, node
        name = node.at("case")
        self.result = CaseResult(str(name.text()) if name else "?", node)
        self.came_to = Outcome()

    def run(self) -> CaseResult:
        expected = self._expected()
        derived = self._derive()
        try:
            given = {key: value for key, value in self._plain().items() if key in _FACT_KEYS}
            facts = read_facts({"bills": [], **given})
        except Refused as refused:
            self._refusal("-", refused, expected)
            return self.result
        asked = self._asked(facts, expected)
        self.came_to = outcome(self.settler, asked)
        self.result.bills, self.result.asked = len(facts.bills), asked
        self.result.decisions, self.result.year_end = self.came_to.decisions, self.came_to.year_end
        self.result.given = self.came_to.given
        for name, why in self.came_to.refused.items():
            self._refusal(name, why, expected)
        self.result.problems += [
            *self._unknown_names(expected),
            *self._against_arithmetic(expected, derived),
            *self._against_engine(expected, derived),
        ]
        return self.result

    def _plain(self) -> dict[str, Any]:
        plain = self.node.plain()
        return plain if isinstance(plain, dict) else {}

    def _expected(self) -> dict[str, tuple[str, Node]]:
        """`b1.basic` → (text, node) of everything under `expect`."""
        found: dict[str, tuple[str, Node]] = {}

        def below(prefix: str, node: Node) -> None:
            if node.mapping():
                for key, child in node.mapping().items():
                    below(f"{prefix}.{key}" if prefix else key, child)
            elif node.text() is not None:
                found[prefix] = (str(node.text()), node)

        for section in ("expect", "year_end"):
            if (node := self.node.at(section)) is not None:
                below("" if section == "expect" else section, node)
        return found

    def _derive(self) -> dict[str, Fraction]:
        names: dict[str, Fraction] = {}
        because = self.node.at("because")
        for line in because.items() if because else []:
            try:
                name, value = derive(str(line.text()), names)
                names[name] = value
            except CaseSyntax as error:
                self.result.problems.append(
                    problem("case_syntax", line.where, line=line.text(), detail=str(error))
                )
        return names

    def _asked(self, facts: Facts, expected: dict[str, tuple[str, Node]]) -> Asked:
        """What a case states beyond the amounts of its bills."""
        names = [name.split(".") for name in expected]
        years = {
            section: tuple(
                sorted({int(name[1]) for name in names if name[0] == section and name[1].isdigit()})
            )
            for section in ("year_end", "enrolment")
        }
        rights = frozenset(name[0] for name in names if name[1:] == ["entitlements"])
        funds = any(name[0] == "funds" for name in names)
        return Asked(facts, years["year_end"], years["enrolment"], funds, rights)

    def _refusal(self, bill: str, refused: Refused, expected: dict[str, tuple[str, Node]]) -> None:
        wanted = expected.get(f"{bill}.refused", ("", self.node))[0]
        if wanted != refused.code:
            found = problem(
                "case_refused", self.node.where, case=self.result.name, bill=bill, refusal=refused.code,
                reason=refused.what,
            )  # fmt: skip
            self.result.problems.append(found)

    def _against_arithmetic(
        self, expected: dict[str, tuple[str, Node]], derived: dict[str, Fraction]
    ) -> Iterator[Problem]:
        for name, (text, node) in expected.items():
            if name.endswith(_IN_WORDS):
                continue
            fen = self._fen(text)
            value = next((derived[key] for key in (name, self._short(name)) if key in derived), None)
            if value is None:
                if fen != 0:
                    yield problem("case_underived", node.where, case=self.result.name, name=name)
            elif fen is None or value * 100 != fen:
                shown = float_free(value)
                yield problem(
                    "case_arithmetic",
                    node.where,
                    case=self.result.name,
                    name=name,
                    derived=shown,
                    expected=text,
                )

    def _unknown_names(self, expected: dict[str, tuple[str, Node]]) -> Iterator[Problem]:
        """What is expected of a payer, bill, grant or subsidy that does not exist."""
        document = self.settler.document
        subsidies = document.enrolment.subsidies if document.enrolment else []
        known = [*self.came_to.amounts, *(f"grants.{grant.grant}" for grant in document.grants)]
        known += [f"funds.{fund}" for fund in self.settler.policy.funds]
        known += [f"enrolment.subsidy_{subsidy.subsidy}" for subsidy in subsidies]
        for name, (_, node) in expected.items():
            first, *rest = name.split(".")
            last = ".".join((first, *rest[-1:]))
            if {name, last} & set(known) or self._in_refused(name) or name.endswith(_IN_WORDS):
                continue
            hint = did_you_mean(name, known)
            yield problem("case_name_unknown", node.where, case=self.result.name, name=name, hint=hint)

    @staticmethod
    def _short(name: str) -> str:
        """`year_end.2018.fund` may be derived as `year_end.fund`, `enrolment.2017.own` as `enrolment.own`."""
        steps = name.split(".")
        return f"{steps[0]}.{steps[2]}" if len(steps) == 3 else name

    @staticmethod
    def _fen(text: str) -> int | None:
        try:
            return int(parse_yuan(text, signed=True))
        except ValueError:
            return None

    def _against_engine(
        self, expected: dict[str, tuple[str, Node]], derived: dict[str, Fraction]
    ) -> Iterator[Problem]:
        paid = [name for name, amount in self.came_to.amounts.items() if amount]
        for name in dict.fromkeys([*expected, *paid]):
            text, node = expected.get(name, ("0.00", self.node))
            if name.endswith(_IN_WORDS):
                found = self._in_words(name)
                if found == text:
                    continue
            else:
                amount = self.came_to.amounts.get(name, 0)
                found = format_yuan(amount)
                if amount == self._fen(text) or self._in_refused(name):
                    continue
                if name in expected and derived.get(name) == Fraction(amount, 100):
                    continue  # the slip is in what was expected, and has been told
            yield problem(
                "case_differs", node.where, case=self.result.name, name=name, expected=text, found=found
            )

    def _in_words(self, name: str) -> str:
        """The code of a refusal, or the rights that go with a bill."""
        refused = self.came_to.refused.get(name.removesuffix(".refused"))
        return refused.code if refused is not None else self.came_to.rights.get(name, "–")

    def _in_refused(self, name: str) -> bool:
        """Whether an amount belongs to something that was refused."""
        return any(name.startswith(f"{one}.") for one in self.came_to.refused)
