"""Which benefit year a day belongs to, and the key under which an accumulator is kept."""

from __future__ import annotations

from datetime import date

from doudi.engine.data import Bill
from doudi.engine.program import Accumulator


def benefit_year(day: date, begins: str) -> int:
    """The year in which the benefit year that holds `day` began; `begins` is MM-DD."""
    return day.year if day.strftime("%m-%d") >= begins else day.year - 1


def period_key(accumulator: Accumulator, bill: Bill) -> str:
    """The key of a bill's amount in an accumulator: 2017, 2017-08, 2017Q3, 2017-08-20, a stay's id, `ever`."""
    day = bill.day(accumulator.year_as_of)
    year = str(benefit_year(day, accumulator.year_begins))
    keys = {
        "year": year,
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}Q{(day.month + 2) // 3}",
        "day": day.isoformat(),
        "stay": bill.stay,
        "stay_year": f"{bill.stay}/{year}",
        "lifetime": "ever",
        "bill": bill.id,
    }
    key = keys[accumulator.period]
    if accumulator.each == "disease":
        key += "/" + (bill.diagnoses[0][:3] if bill.diagnoses else "-")
    return key
