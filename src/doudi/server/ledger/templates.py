"""Posting templates, as data: what an amount does to the accounts.

A template has named columns; a column is a vector of integers over kinds of accounts. Whoever posts gives amounts to
columns and never names an account. Every vector sums to zero, so every posting of any amounts sums to zero: that is
proved for each template when it is registered, not for each posting. (Postings through proved templates: Adyen, "Design
to duty". The database looks again at each entry, `migrations/0002_protect.py`.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from doudi.server.ledger.kinds import KINDS, Kind
from doudi.words import Words

Vector = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Template:
    """A way of posting. `columns`: what a column is called and does."""

    name: str
    words: Words
    columns: Mapping[str, Vector]


@dataclass(frozen=True, slots=True)
class Column:
    """A column made ready for posting: whether an amount must name a fund, and kinds of accounts with coefficients."""

    of_fund: bool
    parts: tuple[tuple[Kind, int], ...]


class NotBalanced(ValueError):
    """A template whose column does not sum to zero, or names no account."""


TEMPLATES: dict[str, Template] = {}
COLUMNS: dict[str, dict[str, Column]] = {}
"""The columns of each registered template."""


def unproved(template: Template) -> list[str]:
    """What speaks against a template: columns that do not sum to zero, that are empty, or that name unknown kinds."""
    wrong = []
    for column, vector in template.columns.items():
        if not vector or sum(vector.values()) != 0 or 0 in vector.values():
            wrong.append(f"{template.name}.{column} does not balance")
        wrong += [f"{template.name}.{column}: no account {kind}" for kind in vector if kind not in KINDS]
    return wrong or ([] if template.columns else [f"{template.name} has no column"])


def register_template(template: Template) -> None:
    """Let `post` know a template; one that does not balance is refused, and a name has one template."""
    wrong = unproved(template)
    if wrong:
        raise NotBalanced("; ".join(wrong))
    if TEMPLATES.get(template.name, template) != template:
        raise ValueError(f"two templates are called {template.name}")
    TEMPLATES[template.name] = template
    COLUMNS[template.name] = {name: _column(vector) for name, vector in template.columns.items()}


def _column(vector: Vector) -> Column:
    parts = tuple((KINDS[kind], coefficient) for kind, coefficient in vector.items())
    return Column(any(kind.of_fund for kind, _ in parts), parts)


for _template in (
    Template(
        "settle",
        Words("结算", "Bill settled"),
        {
            "share": {"due": 1, "charges": -1},
            "hospital": {"own": 1, "charges": -1},
            "patient": {"patient": 1, "charges": -1},
        },
    ),
    Template("patient_paid", Words("患者付款", "Patient paid"), {"paid": {"collected": 1, "patient": -1}}),
    Template(
        "patient_written_off",
        Words("核销患者欠费", "Patient's debt written off"),
        {"written_off": {"written_off": 1, "patient": -1}},
    ),
    Template("float_deposit", Words("拨入周转金", "Float deposited"), {"sum": {"bank": 1, "float": -1}}),
    Template("float_return", Words("退回周转金", "Float returned"), {"sum": {"bank": -1, "float": 1}}),
    Template(
        "hospital_paid",
        Words("支付医疗机构", "Facility paid"),
        {
            "from_float": {"float": 1, "bank": -1, "received": 1, "due": -1},
            "from_fund": {"spent": 1, "treasury": -1, "received": 1, "due": -1},
        },
    ),
    Template(
        "individual",
        Words("个案处理", "Individual handling"),
        {
            "to_debt": {"due": 1, "patient": -1},  # the fund owes the facility what the patient owed it
            "to_patient": {"spent": 1, "treasury": -1},
            "to_patient_from_float": {"float": 1, "bank": -1},
        },
    ),
):
    register_template(_template)
