"""The ground of the tests that keep books a second time: a county, a couple in one household, somebody alone."""

from datetime import date, timedelta
from pathlib import Path

from doudi.engine.settle import Settler
from doudi.server.people import api as people
from support import actors, settling
from support.policies import written

LAW = """
people:
  poor: {zh: 困难, any: [subsistence_allowance, entitled_veteran], assumed: 测试用}
payers:
  - payer: basic
    assumed: 测试用
    covers: in_scope
    benefits:
      - benefit: share
        deductible: {by: admission, rows: {"1": 500, "2": 300, "3": 100}}
        rate: 60%
        cap: {per: year, amount: 8000}
  - payer: aid
    assumed: 测试用
    when: {people: poor}
    covers: [in_scope, own_pay]
    benefits:
      - benefit: share
        deductible: {amount: 1000, per: household_year}
        rate: 50%
        cap: {per: household_year, amount: 5000}
"""
SINCE = settling.TODAY - timedelta(days=400)
CATEGORIES = ("subsistence_allowance", "entitled_veteran")


class Ground:
    """What every example begins with, made once: a county, a couple in one household, somebody alone."""

    def __init__(self, folder: Path) -> None:
        policy = written(folder, LAW, name="model")
        self.county = settling.county("model")
        self.persons = [self.county.person(insured_from=date(SINCE.year, 1, 1)) for _ in range(3)]
        home = people.form_household(
            actor=self.county.officer,
            now=settling.NOW,
            key=None,
            region=actors.LIUZHI_TOWN,
            head=self.persons[0],
        ).household
        people.join_household(
            actor=self.county.officer, now=settling.NOW, key=None, household=home, person=self.persons[1],
            relation="配偶",
        )  # fmt: skip
        self.homes = {self.persons[0]: home, self.persons[1]: home, self.persons[2]: -self.persons[2]}
        self.settler = Settler(policy)
