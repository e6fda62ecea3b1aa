"""Random valid policies over the whole grammar, the same for the same seed.

    random_policy(7)              one to four payers, quick to load and to settle
    random_policy(7, "large")     five to nine

A draw that the loader refuses is drawn again (`drawn` says how often); `tests/test_random_policies.py` holds the
share of such draws low and the grammar covered. Every policy is loaded by the library from files like any other;
one in eight is a child that overrides a template.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, NamedTuple

import yaml

from doudi.policy.library import Library, Policy
from doudi.policy.problems import PolicyError
from support.random_policies_beyond import beyond, head
from support.random_policies_children import as_child
from support.random_policies_groups import groups
from support.random_policies_numbers import Draw, Tree
from support.random_policies_payers import bill_rules, payers

SIZES = {"tiny": (1, 1), "small": (1, 4), "large": (5, 9)}
TRIES = 40
NAME = "random/drawn"


class Drawn(NamedTuple):
    """A policy with the files it was written to and how many draws before it were refused."""

    policy: Policy
    files: dict[str, str]
    refused: int


class _Dumper(yaml.SafeDumper):
    """Writes what stands twice twice: a policy holds no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def random_policy(seed: int, size: str = "small") -> Policy:
    """A policy of the grammar's random middle; always the same for a seed and size."""
    return drawn(seed, size).policy


@lru_cache(maxsize=1024)
def drawn(seed: int, size: str = "small") -> Drawn:
    """A random policy, and how it came about."""
    last: PolicyError | None = None
    for attempt in range(TRIES):
        files = random_files(seed, size, attempt)
        try:
            return Drawn(loaded(files), files, attempt)
        except PolicyError as error:
            last = error
    raise AssertionError(f"seed {seed}, {size}: {last}")


def random_files(seed: int, size: str = "small", attempt: int = 0) -> dict[str, str]:
    """The texts of one draw by id; the last one is the policy, one before it its parent."""
    d = Draw(f"{size}/{seed}/{attempt}")
    tree = random_tree(d, *SIZES[size])
    trees = (as_child(d, tree, NAME) if d.chance(20) else None) or {NAME: tree}
    return {
        name: yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
        for name, tree in trees.items()
    }


def random_tree(d: Draw, fewest: int, most: int) -> Tree:
    """The whole of a policy as plain mappings, lists and texts."""
    tree: Tree = {"policy": NAME, **head(d)}
    tree |= groups(d)
    if d.chance(25):
        tree["bill"] = bill_rules(d)
    tree |= payers(d, d.randint(fewest, most))
    return tree | beyond(d)


@cache
def folder() -> TemporaryDirectory[str]:
    """Where the policies of this process stand until it ends: a check may read their files again."""
    return TemporaryDirectory(prefix="doudi-random-")


def loaded(files: dict[str, str]) -> Policy:
    """The last of the policies, loaded by the library from a folder of its own."""
    root = Path(mkdtemp(dir=folder().name))
    for name, text in files.items():
        path = root / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Library([root]).load(list(files)[-1])
