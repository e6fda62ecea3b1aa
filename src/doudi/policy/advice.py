"""What only the author of a policy should hear: names nobody knows, jumps nobody accepted, groups nobody uses.

None of it keeps a policy from being loaded; `policy check` reports it beside the errors of `meaning.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeAlias

from doudi.policy.checks.jumps import unaccepted_jumps
from doudi.policy.checks.numbers import scalars_of, values_of
from doudi.policy.checks.tables import missing_rows
from doudi.policy.citations import cited_sources
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.policy.meaning import conditions_of, forms_of
from doudi.policy.problems import Problem, problem
from doudi.policy.scalars import ShareOf
from doudi.policy.validate import locate, where_of
from doudi.words import did_you_mean

Path: TypeAlias = tuple[str | int, ...]
Advice: TypeAlias = Callable[[Policy], Iterator[Problem]]


def advice(policy: Policy) -> list[Problem]:
    """Every finding that concerns the author only, in the order of the file."""
    kinds: list[Advice] = [_categories, _funds, _own_funds, _sources, _jumps, _unreachable, _unused, _list_counts,
                           _rows, _cases]  # fmt: skip
    return sorted((found for kind in kinds for found in kind(policy)), key=lambda found: found.where)


def _jumps(policy: Policy) -> Iterator[Problem]:
    return unaccepted_jumps(policy.document, policy.tree)


def _rows(policy: Policy) -> Iterator[Problem]:
    return missing_rows(policy.document, policy.tree)


def _categories(policy: Policy) -> Iterator[Problem]:
    """Categories that neither the shared vocabulary nor the policy knows."""
    for group, people in policy.document.people.items():
        for key, names in (("any", people.any_), ("all", people.all_), ("none", people.none)):
            for index, name in enumerate(names or []):
                if name not in policy.categories:
                    node, shown = locate(policy.tree, ("people", group, key, index))
                    hint = did_you_mean(name, sorted(policy.categories))
                    yield problem("category_unknown", node.where, shown, name=name, hint=hint)


def _funds(policy: Policy) -> Iterator[Problem]:
    """Funds that neither the shared vocabulary nor the policy knows."""
    for path, form in forms_of(policy.document):
        name = getattr(form, "fund", None)
        if name is not None and name not in policy.funds:
            node, shown = locate(policy.tree, (*path, "fund"))
            hint = did_you_mean(name, sorted(policy.funds))
            yield problem("fund_unknown", node.where, shown, name=name, hint=hint)


def _own_funds(policy: Policy) -> Iterator[Problem]:
    """Benefits that draw on another fund than their payer's other benefits, and nothing says why."""
    for i, payer in enumerate(policy.document.payers):
        usual = {payer.fund} if payer.fund else {one.fund for one in payer.benefits}
        for j, benefit in enumerate(payer.benefits):
            told = benefit.cite or benefit.assumed or benefit.note
            others = sorted(fund for fund in usual if fund not in (None, benefit.fund))
            if benefit.fund is not None and others and not told:
                node, shown = locate(policy.tree, ("payers", i, "benefits", j, "fund"))
                other = ", ".join(others)
                yield problem(
                    "fund_unexplained", node.where, shown, "warning", name=benefit.fund, other=other
                )


def _sources(policy: Policy) -> Iterator[Problem]:
    """Citations of sources that the policy does not list."""
    known = list(policy.document.sources)
    told: set[object] = set()
    for _, name, node in cited_sources(policy.tree):
        if name not in known and node.where not in told:
            told.add(node.where)
            yield problem("source_unknown", node.where, name=name, hint=did_you_mean(name, known))


def _unreachable(policy: Policy) -> Iterator[Problem]:
    """Benefits after one that always applies, where only the first counts."""
    for i, payer in enumerate(policy.document.payers):
        always = None
        for j, benefit in enumerate(payer.benefits):
            if always is not None and payer.choose == "first":
                where = where_of(policy.tree, ("payers", i, "benefits", j))
                yield problem("benefit_unreachable", where, name=always)
            limited = benefit.when or benefit.from_ or benefit.until
            always = always or (None if limited else benefit.benefit)


def _list_counts(policy: Policy) -> Iterator[Problem]:
    """Programmes whose documents speak of another number of diseases than is listed, without a gap saying so."""
    gaps = {gap.gap for gap in policy.document.gaps}
    for name, programme in policy.document.programmes.items():
        if f"{name}_list" in gaps:
            continue
        for index, listed in enumerate(programme.diseases):
            count = programme.count if listed.count is None else listed.count
            if count is not None and count != len(set(listed.names)):
                own: Path = ("diseases", index, "count") if listed.count is not None else ("count",)
                node, shown = locate(policy.tree, ("programmes", name, *own))
                yield problem(
                    "list_count", node.where, shown, count=count, found=len(set(listed.names)), name=name
                )


def _cases(policy: Policy) -> Iterator[Problem]:
    """A policy that can settle bills and has no worked case."""
    path = policy.cases_path
    if not policy.document.abstract and (path is None or not path.is_file()):
        where = where_of(policy.tree, ("cases",))
        yield problem("cases_missing", where, severity="warning", name=policy.path.stem)


def _unused(policy: Policy) -> Iterator[Problem]:
    """Groups, figures and sources of this file that nothing names; a template's are for its children."""
    if policy.document.abstract:
        return
    used = _used(policy.document)
    used["sources"] = {name for _, name, _ in cited_sources(policy.tree)}
    for section, names in used.items():
        node = policy.tree.at(section)
        for name, where in node.keys.items() if node is not None else []:
            if name not in names and where.file == policy.tree.where.file:
                yield problem("group_unused", where, section, "warning", name=name)


def _used(document: PolicyDocument) -> dict[str, Collection[str]]:
    """Section → the names that something in the policy uses."""
    people: set[str] = set()
    diseases: set[str] = set()
    procedures: set[str] = set()
    programmes: set[str] = set()
    figures: set[str] = set()
    for _, when in conditions_of(document):
        people.update(when.people or [])
        diseases.update(when.disease or [])
        procedures.update(when.procedure or [])
        programmes.update((when.programme or []) + (when.routed or []) + (when.designated_for or []))
    for programme in document.programmes.values():
        people.update(programme.people or [])
        for part in programme.diseases:
            diseases.update(part.names)
    for subsidy in document.enrolment.subsidies if document.enrolment else []:
        people.update(subsidy.people or [])
    for _, value in values_of(document):
        for reading in value.readings():
            figures.update(scalar.of for scalar in scalars_of(reading) if isinstance(scalar, ShareOf))
            for attribute, rows in _row_names(reading):
                {"people": people, "disease": diseases}.get(attribute, set()).update(rows)
    for payer in document.payers:
        shares = [benefit.counts_at_most for benefit in payer.benefits]
        figures.update(share.of for share in shares if isinstance(share, ShareOf))
    return {
        "people": people,
        "diseases": diseases,
        "procedures": procedures,
        "programmes": programmes,
        "figures": figures,
    }


def _row_names(reading: Any) -> Iterator[tuple[str, list[str]]]:
    """(attribute, names of rows) of a table, level by level."""
    if reading.by is None or reading.rows is None:
        return
    yield reading.by[0], list(reading.rows)
    for row in reading.rows.values():
        if isinstance(row, dict) and len(reading.by) == 2:
            yield reading.by[1], list(row)
