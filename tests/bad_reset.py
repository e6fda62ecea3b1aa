"""The gallery of malformed policies: what each file of `tests/bad` is told, and how to write that down anew.

A file `<code>.yaml`, or a folder `<code>` whose policy is `county`, shows the finding of that name as an officer
would meet it; `<code>.expected` beside it holds every finding, the Chinese lines first. A few files cannot be
stored (one that is missing, one of a megabyte, one that is not UTF-8): they are made here. Further mistakes that
people make lie in `tests/bad/traps`.

After a message was improved: `python -m tests.bad_reset`, then read `git diff tests/bad`.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from doudi.policy.advice import advice
from doudi.policy.citations import assumptions, uncited
from doudi.policy.library import Library, Policy, all_problems
from doudi.policy.problems import PolicyError, Problem
from doudi.policy.source import MAX_BYTES
from doudi.proof.cases import run_cases
from doudi.proof.coverage import coverage, coverage_problems
from doudi.proof.harm.check import check_harm
from doudi.proof.harm.findings import harm_problems

BAD = Path(__file__).resolve().parent / "bad"
GOOD = BAD.parent / "good"
ENTRY = "county"
# Hardly a file of the gallery has worked cases: only one is told so.
TOLD_ONCE = "cases_missing"
_SHARED = Library()

HEAD = "policy: county\ntitle: {zh: 某县医疗救助实施细则（试行）}\n"


def _missing(folder: Path) -> Policy:
    return _SHARED.load_file(folder / "county.yaml")


def _too_large(folder: Path) -> Policy:
    (folder / "county.yaml").write_text(HEAD + "# 名单\n" * (MAX_BYTES // 8), "utf-8")
    return _SHARED.load_file(folder / "county.yaml")


def _not_utf8(folder: Path) -> Policy:
    (folder / "county.yaml").write_bytes(HEAD.encode("gbk"))
    return _SHARED.load_file(folder / "county.yaml")


def _control_character(folder: Path) -> Policy:
    (folder / "county.yaml").write_text(HEAD.replace("试行", "试\0行"), "utf-8")
    return _SHARED.load_file(folder / "county.yaml")


def _no_folder(folder: Path) -> Policy:
    return Library([Path("政策")]).load(ENTRY)


MADE: dict[str, Callable[[Path], Policy]] = {
    "file_unreadable": _missing,
    "file_too_large": _too_large,
    "file_not_utf8": _not_utf8,
    "yaml_character": _control_character,
    "folder_missing": _no_folder,
}


def names() -> list[str]:
    """Every entry of the gallery: codes, and traps as `traps/<name>`."""
    stored = [path.with_suffix("") for path in [*BAD.glob("*.yaml"), *BAD.glob("traps/*.yaml")]]
    folders = [
        path for path in [*BAD.iterdir(), *BAD.glob("traps/*")] if path.is_dir() and path.name != "traps"
    ]
    return sorted({path.relative_to(BAD).as_posix() for path in [*stored, *folders]} | MADE.keys())


@cache
def told(name: str) -> str:
    """What an author is told about an entry: the Chinese lines, then the English ones."""
    with tempfile.TemporaryDirectory() as made, _inside(Path(made) if name in MADE else BAD):
        found = _found(lambda: MADE[name](Path(made)) if name in MADE else _load(name))
    kept = [one for one in found if one.code != TOLD_ONCE or name == TOLD_ONCE]
    lines = [one.line(language) for language in ("zh", "en") for one in kept]
    return "".join(f"{line}\n" for line in lines)


def _load(name: str) -> Policy:
    if Path(name).is_dir():
        return Library([Path(name)]).load(ENTRY)
    return _SHARED.load_file(Path(f"{name}.yaml"))


def _found(load: Callable[[], Policy]) -> list[Problem]:
    """Every finding, in the order in which `policy check` would print it."""
    try:
        policy = load()
        return [*_about(policy), *_about_cases(policy)]
    except PolicyError as error:
        return error.problems


def _about(policy: Policy) -> list[Problem]:
    found = [*all_problems(policy), *advice(policy), *uncited(policy), *assumptions(policy)]
    if not policy.document.abstract:
        found += harm_problems(policy, check_harm(policy))
    return sorted(found, key=lambda one: one.where)


def _about_cases(policy: Policy) -> Iterator[Problem]:
    results, tree = run_cases(policy)
    for result in results:
        yield from result.problems
    if tree is not None:
        yield from coverage_problems(coverage(policy, results, tree), tree)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Places are told relative to where one stands."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def main() -> None:
    """Write every `.expected` anew."""
    for name in names():
        (BAD / f"{name}.expected").write_text(told(name), "utf-8")


if __name__ == "__main__":
    main()
