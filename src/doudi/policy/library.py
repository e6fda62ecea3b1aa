"""Where policies are found, and how one is loaded: file → tree → inherited tree → typed document → checked meaning.

A policy's id is its path below a root folder. Roots are searched in order: the user's own folders (`--policies`,
`DOUDI_POLICIES`), then the policies that come with the package.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from doudi.policy.benefits import Title
from doudi.policy.document import PolicyDocument
from doudi.policy.groups import Category
from doudi.policy.inherit import inherit
from doudi.policy.meaning import meaning_problems
from doudi.policy.problems import PolicyError, Problem, Where, problem
from doudi.policy.source import Node, read_file, shown
from doudi.policy.validate import read_document, validated
from doudi.words import did_you_mean

VOCABULARY = "vocabulary"


@dataclass(frozen=True)
class Policy:
    """A policy ready for use: its typed document and the tree that knows where each number stands."""

    document: PolicyDocument
    tree: Node
    path: Path
    library: Library

    @property
    def id(self) -> str:
        """`<region>/<document>`."""
        return self.document.policy

    @cached_property
    def categories(self) -> dict[str, Category]:
        """The categories of persons it may speak of: the shared vocabulary and its own."""
        return {**self.library.categories, **self.document.categories}

    @cached_property
    def funds(self) -> dict[str, Title]:
        """What people call the funds: the shared vocabulary and its own."""
        return {**self.library.funds, **self.document.funds}

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content after inheritance (not of comments or layout), as hex."""
        plain = self.tree.plain()
        if isinstance(plain, dict) and isinstance(plain.get("people"), dict):
            plain["people"] = list(plain["people"].items())  # their order breaks ties (`best_single`)
        content = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    @cached_property
    def memory(self) -> dict[tuple[str | int, ...], dict[str, Any]]:
        """Citations already looked up, by path (a cache of the tree)."""
        return {}

    @cached_property
    def cases_path(self) -> Path | None:
        """The file of worked cases, where the policy names one."""
        return self.path.parent / self.document.cases if self.document.cases else None


def shipped_root() -> Path:
    """The folder of the policies that come with the package (in a checkout: `policies/`)."""
    inside = Path(__file__).parent.parent / "policies"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "policies"


class Library:
    """All policies below some root folders."""

    def __init__(self, folders: Iterable[Path | str] = (), shipped: bool = True) -> None:
        own = [Path(folder) for folder in folders]
        own += [Path(folder) for folder in os.environ.get("DOUDI_POLICIES", "").split(os.pathsep) if folder]
        for folder in own:
            if not folder.is_dir():
                where = Where(str(folder), 1, 1)
                raise PolicyError([problem("folder_missing", where, folder=folder)])
        self.roots = [*own, shipped_root()] if shipped else own

    def ids(self) -> list[str]:
        """The ids of all policies, sorted; a user's policy hides a shipped one of the same id."""
        found = {
            path.relative_to(root).with_suffix("").as_posix()
            for root in self.roots
            for path in root.rglob("*.yaml")
            if not path.name.endswith(".cases.yaml") and VOCABULARY not in path.relative_to(root).parts
        }
        return sorted(found)

    def file_of(self, policy_id: str) -> Path | None:
        """The file of an id, or None."""
        for root in self.roots:
            path = root / f"{policy_id}.yaml"
            if path.is_file() and path.resolve().is_relative_to(root.resolve()):
                return path
        return None

    @cached_property
    def categories(self) -> dict[str, Category]:
        """The shared vocabulary of categories of persons."""
        return {name: validated(Category, node) for name, node in self._vocabulary("categories").items()}

    @cached_property
    def funds(self) -> dict[str, Title]:
        """The shared vocabulary of funds."""
        return {name: validated(Title, node) for name, node in self._vocabulary("funds").items()}

    def _vocabulary(self, section: str) -> dict[str, Node]:
        """The entries of `vocabulary/<section>.yaml`; a user's folder adds to the shipped ones and wins."""
        found: dict[str, Node] = {}
        for root in reversed(self.roots):
            path = root / VOCABULARY / f"{section}.yaml"
            if path.is_file() and (entries := read_file(path, shown(path)).at(section)) is not None:
                found |= entries.mapping()
        return found

    def load(self, policy_id: str) -> Policy:
        """The policy of an id. Raises PolicyError with every finding that keeps it from settling a bill."""
        path = self.file_of(policy_id)
        if path is None:
            where = Where(policy_id, 1, 1)
            raise PolicyError(
                [problem("policy_unknown", where, name=policy_id, hint=did_you_mean(policy_id, self.ids()))]
            )
        return self._load(path)

    def load_named(self, target: str) -> Policy:
        """A policy as a person names it: by its id, or by the path of its file. Raises PolicyError."""
        is_file = target.endswith((".yaml", ".yml")) or Path(target).is_file()
        return self.load_file(Path(target)) if is_file else self.load(target)

    def load_file(self, path: Path) -> Policy:
        """The policy in a file, wherever it stands. Raises PolicyError.

        Where the file lies at its id below some folder, that folder is searched for its parents too.
        """
        written = read_file(path, shown(path)).at("policy")
        place = path.resolve().with_suffix("").as_posix()
        if written is not None and written.text() and place.endswith(f"/{written.text()}"):
            root = Path(place.removesuffix(f"/{written.text()}"))
            if root not in [known.resolve() for known in self.roots]:
                self.roots.insert(0, root)
        return self._load(path)

    def _load(self, path: Path) -> Policy:
        tree = self._tree(path, ())
        document = read_document(tree)
        policy = Policy(document, tree, path, self)
        found = [*self._place_problems(tree, path, document), *meaning_problems(document, tree)]
        if stopping := [one for one in found if one.severity == "error"]:
            raise PolicyError(stopping)
        return policy

    def _tree(self, path: Path, chain: tuple[str, ...]) -> Node:
        """The tree of a file with everything it inherits."""
        tree = read_file(path, shown(path))
        extends = tree.at("extends")
        if extends is None or extends.text() is None:
            if (overrides := tree.at("overrides")) is not None:
                raise PolicyError([problem("override_without_parent", overrides.where)])
            return tree
        parent_id = str(extends.text())
        parent = self.file_of(parent_id)
        if parent is None:
            hint = did_you_mean(parent_id, self.ids())
            raise PolicyError([problem("extends_unknown", extends.where, name=parent_id, hint=hint)])
        if parent_id in chain:
            raise PolicyError(
                [problem("extends_cycle", extends.where, chain=" → ".join((*chain, parent_id)))]
            )
        return inherit(self._tree(parent, (*chain, parent_id)), tree)

    def _place_problems(self, tree: Node, path: Path, document: PolicyDocument) -> Iterator[Problem]:
        """An id that is not the file's place, a region outside the parent's."""
        for root in self.roots:
            if path.resolve().is_relative_to(root.resolve()):
                found = path.resolve().relative_to(root.resolve()).with_suffix("").as_posix()
                if found != document.policy:
                    yield problem(
                        "id_mismatch", tree.mapping()["policy"].where, written=document.policy, found=found
                    )
                break
        parent = self.file_of(document.extends) if document.extends else None
        outer = read_file(parent, shown(parent)).at("region") if parent else None
        if outer is not None and outer.text() and not region_inside(document.region, str(outer.text())):
            where = tree.mapping()["region"].where
            yield problem("region_outside", where, region=document.region, parent=outer.text())

    def in_force(self, region: str, day: str) -> list[str]:
        """Ids of the policies for a region (or the nearest region above it) on a day (YYYY-MM-DD), nearest first."""
        found: list[tuple[int, str]] = []
        for summary in self.summaries():
            if summary.abstract or summary.variant or not region_inside(region, summary.region):
                continue
            if summary.begins <= day and (summary.ends is None or day < summary.ends):
                found.append((len(region_prefix(summary.region)), summary.id))
        nearest = max((depth for depth, _ in found), default=0)
        return sorted(policy_id for depth, policy_id in found if depth == nearest)

    def summaries(self) -> list[Summary]:
        """The head of every policy, read without its payers; a malformed file is left to `load`."""
        found = []
        for policy_id in self.ids():
            path = self.file_of(policy_id)
            try:
                tree = read_file(path, shown(path)) if path else None
            except PolicyError:
                continue
            if tree is not None:
                found.append(Summary.of(policy_id, tree))
        return found


@dataclass(frozen=True, slots=True)
class Summary:
    """The head of a policy; dates as text YYYY-MM-DD, `ends` exclusive."""

    id: str
    region: str
    title_zh: str
    title_en: str
    begins: str
    ends: str | None
    abstract: bool
    variant: bool

    @classmethod
    def of(cls, policy_id: str, tree: Node) -> Summary:
        """The summary of a tree."""

        def text(*path: str) -> str | None:
            node = tree.at(*path)
            return node.text() if node is not None else None

        zh = text("title", "zh") or policy_id
        return cls(policy_id, text("region") or "", zh, text("title", "en") or zh,
                   text("in_force", "from") or "", text("in_force", "until"),
                   text("abstract") == "true", text("variant") == "true")  # fmt: skip


def region_prefix(region: str) -> str:
    """The digits of a division code that name a place: trailing pairs of zeros cut off."""
    digits = region
    while digits.endswith("00"):
        digits = digits[:-2]
    return digits


def region_inside(region: str, outer: str) -> bool:
    """Whether a division lies in (or is) another."""
    return region.startswith(region_prefix(outer))


def all_problems(policy: Policy) -> list[Problem]:
    """Every finding about a loaded policy's meaning, errors and warnings."""
    return meaning_problems(policy.document, policy.tree)
