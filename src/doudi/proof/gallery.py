"""The gallery: published and derived cases of real programmes, our answer beside theirs.

Each entry names a worked case of a package and the answer that was published (or derived from published parameters);
three more hold published statistics against themselves, and say so where they do not add up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from doudi.engine.answer import answer
from doudi.engine.read import read_facts
from doudi.engine.settle import Settler
from doudi.policy.library import Library
from doudi.policy.source import Node, read_file
from doudi.proof.reconcile import DoesNotReconcile, mean_implies, plain, require, sum_of_parts
from doudi.words import Words

DATA = Path(__file__).parent / "gallery_data"


@dataclass(frozen=True)
class Shown:
    """One entry of the gallery: what was published, what we get, and the full answer to its bills."""

    id: str
    title: Words
    origin: Words
    policy: str | None
    checks: tuple[tuple[str, str, str], ...]
    findings: tuple[Words, ...] = ()
    agrees: bool = True
    answer: dict[str, Any] = field(default_factory=dict, repr=False)


def gallery(library: Library | None = None) -> list[Shown]:
    """Every entry, settled now."""
    roots = library.roots if library else []
    shelf = Library([DATA / "policies", *roots])
    tree = read_file(DATA / "entries.yaml", "gallery/entries.yaml")
    entries = tree.at("entries")
    return [_entry(shelf, node) for node in (entries.items() if entries else [])]


def _text(node: Node, *path: str) -> str:
    found = node.at(*path)
    return str(found.text()) if found is not None and found.text() is not None else ""


def _entry(library: Library, node: Node) -> Shown:
    if node.at("reconcile") is not None:
        return _reconciled(node)
    policy_id, case_name = _text(node, "policy"), _text(node, "case")
    settler = Settler(library.load(policy_id))
    data = _case(library, policy_id, case_name)
    told = answer(settler, read_facts(data))
    published = node.mapping()["published"].mapping()
    checks = tuple((name, str(value.text()), _found(told, name)) for name, value in published.items())
    return Shown(
        _text(node, "entry"),
        Words(_text(node, "zh"), _text(node, "en")),
        _origin(node),
        policy_id,
        checks,
        agrees=all(Fraction(theirs) == Fraction(ours) for _, theirs, ours in checks),
        answer=told,
    )


def _origin(node: Node) -> Words:
    kinds = {
        "published": Words("公布的案例", "published case"),
        "derived": Words("由公布的参数推算", "derived from published parameters"),
        "statistics": Words("公布的统计数", "published statistics"),
    }
    return kinds[_text(node, "origin")]


def _case(library: Library, policy_id: str, name: str) -> dict[str, Any]:
    """The facts of a worked case, with the years its expectations ask for."""
    policy = library.load(policy_id)
    if policy.cases_path is None:
        raise KeyError(name)
    cases = read_file(policy.cases_path, policy.cases_path.name).at("cases")
    for node in cases.items() if cases else []:
        if _text(node, "case") == name:
            body: Any = node.plain()
            data = {
                key: body[key] for key in ("person", "opening", "bills", "events", "catalogue") if key in body
            }
            expected = body.get("expect") or {}
            years = {key: expected.get(key) or body.get(key) for key in ("year_end", "enrolment")}
            return {"bills": [], **data, **{key: list(value) for key, value in years.items() if value}}
    raise KeyError(name)


def _found(told: dict[str, Any], name: str) -> str:
    """`b1.basic`, `year_end.family_fund`, `enrolment.own` in an answer."""
    first, _, rest = name.partition(".")
    if first == "year_end":
        return next(
            str(entry["amount"])
            for year in told["year_end"].values()
            for entry in year
            if entry["payer"] == rest
        )
    if first == "enrolment":
        bought = next(iter(told["enrolment"].values()))
        return str(bought[rest] if rest in bought else bought["subsidies"][rest])
    bill = next(bill for bill in told["bills"] if bill["id"] == first)
    return str(bill[rest] if rest in ("patient", "hospital", "patient_in_scope") else bill["shares"][rest])


def _reconciled(node: Node) -> Shown:
    body = node.mapping()["reconcile"]
    checks: list[tuple[str, str, str]] = []
    findings: list[Words] = []
    agrees = True
    for index, claim in enumerate(body.items()):
        stated, parts = (
            Fraction(_text(claim, "stated")),
            [Fraction(str(p.text())) for p in claim.mapping()["parts"].items()],
        )
        found = sum_of_parts(stated, parts)
        checks.append((_text(claim, "name") or str(index + 1), plain(found.stated), plain(found.computed)))
        try:
            require(found)
        except DoesNotReconcile as raised:
            agrees = False
            findings.append(raised.found.words)
    if (mean := node.at("mean")) is not None:
        numbers = {key: Fraction(str(value.text())) for key, value in mean.mapping().items()}
        findings.append(_mean(numbers))
    expected = _text(node, "expected") or "agrees"
    title = Words(_text(node, "zh"), _text(node, "en"))
    right = agrees == (expected == "agrees")
    return Shown(_text(node, "entry"), title, _origin(node), None, tuple(checks), tuple(findings), right)


def _mean(numbers: dict[str, Fraction]) -> Words:
    people = int(numbers["people"])
    found = mean_implies(people, numbers["mean"], numbers["total"], numbers["zero_share"])
    share = f"{plain(found.share_of_total * 100)}%"
    cost, paid, each = (plain(x) for x in (numbers["total"] / people, found.total_paid, found.each_at_least))
    return Words(
        f"人均费用 {cost}；"
        f"人均自付 {plain(numbers['mean'])} × {people:,} 人 = {paid}，占总费用 {share}；"
        f"九成以上为零，则其余至多 {found.payers_at_most} 人平均至少付 {each}",
        f"mean cost {cost}; "
        f"mean own payment {plain(numbers['mean'])} × {people:,} people = {paid}, {share} of all; "
        f"over 90 % pay nothing, so at most {found.payers_at_most} people pay {each} each or more on average",
    )
