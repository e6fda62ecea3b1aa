"""The files of the project as the tidy tests see them: what a clone holds, not what was made in it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "doudi"
SERVER = PACKAGE / "server"
MADE = {".git", ".venv", "build", "dist", "mutants", "node_modules", "var", "__pycache__", "doudi.egg-info"}
TEXT = {
    ".cfg",
    ".css",
    ".html",
    ".in",
    ".js",
    ".json",
    ".md",
    ".py",
    ".sh",
    ".svg",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
}


def walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in MADE and not path.name.endswith("_cache") and path.name != ".hypothesis":
                yield from walk(path)
        else:
            yield path


@cache
def project_files() -> tuple[Path, ...]:
    return tuple(walk(ROOT))


def text_files() -> list[Path]:
    return [path for path in project_files() if path.suffix in TEXT or path.name in {"Makefile", "run"}]


def files(suffix: str, folder: Path = ROOT) -> list[Path]:
    return [path for path in project_files() if path.suffix == suffix and path.is_relative_to(folder)]


def library() -> list[Path]:
    """The Python of the pure half."""
    return [path for path in files(".py", PACKAGE) if not path.is_relative_to(SERVER)]


def server() -> list[Path]:
    """The Python of the server, without its tests and generated migrations."""
    return [path for path in files(".py", SERVER) if not {"tests", "migrations"} & set(path.parts)]


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
