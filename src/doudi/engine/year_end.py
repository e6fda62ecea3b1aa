"""Year-end payers: the "bill" is the year's statement of a person or household, its parts what they still owe."""

from __future__ import annotations

from datetime import date, timedelta

from doudi.engine.compile.bill import compile_year_end, payers_in_order
from doudi.engine.data import Balances, Bill, Person
from doudi.engine.decision import Decision, check_in_force, decide, payer_words, refused
from doudi.engine.facts import Situation
from doudi.engine.run import Machine
from doudi.money import Rounding
from doudi.policy.conditions import PARTS
from doudi.policy.document import PolicyDocument


class YearEnd:
    """The year-end payers of a policy, each with its own program."""

    def __init__(self, document: PolicyDocument, rounding: Rounding) -> None:
        self.document = document
        self._programs = []
        for index, payer in payers_in_order(document):
            if payer.settled == "year_end":
                compiled = compile_year_end(document, index)
                self._programs.append((payer, compiled, Machine(compiled.program, rounding)))

    def propose(self, person: Person, balances: Balances, year: int) -> list[Decision]:
        """What each year-end payer would pay on what is still owed for a year; proposals, nothing is posted.

        One decision a payer, in their order; what an earlier one would pay is no longer owed to a later one.
        """
        decisions: list[Decision] = []
        for payer, compiled, machine in self._programs:
            begins = (payer.year.begins if payer.year else None) or self.document.year.begins or "01-01"
            last_day = date.fromisoformat(f"{year + 1}-{begins}") - timedelta(days=1)
            check_in_force(self.document, last_day, f"year_end.{year}")
            held = balances.of(payer.for_)
            owed = {part: held.get(f"{payer.payer}_owed_{part}", {}).get(str(year), 0) for part in PARTS}
            for earlier in decisions:
                for part, register in earlier.plan.payers[0].drawn:
                    owed[part] = max(0, owed[part] - earlier.registers[register])
            bill = Bill(
                f"{year}-{payer.payer}", None, last_day, last_day, last_day, owed, path=f"year_end.{year}"
            )
            situation = Situation(self.document, person, bill, last_day, last_day, 1)
            registers = machine.registers(last_day)
            for register, fact in compiled.program.facts:
                registers[register] = situation.answer(fact.kind, fact.argument)
            machine.run(registers)
            if (refusal := machine.refusal(registers)) is not None:
                words = payer_words(self.document, payer.payer)
                raise refused(refusal, compiled, registers, bill, words)
            decisions.append(decide(compiled, registers, situation, {}))
        return decisions
