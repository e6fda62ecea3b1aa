"""Mutants of a module: every small change of its syntax tree that `OPERATORS` knows. See mutate.py.

Left alone is what only people read (docstrings, prose, texts of f-strings), what only the type checker reads
(annotations, `Literal` outside of pydantic's models), decorators, imports, `__all__`, and `strict=` of zip.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

COMPARE = {ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
           ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
           ast.In: (ast.NotIn,), ast.NotIn: (ast.In,)}  # fmt: skip
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
              ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift}  # fmt: skip
TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}


def compare(node: ast.Compare) -> Iterator[ast.AST]:
    """`<` for `<=`, `is` for `is not`, and so on."""
    for index, operator in enumerate(node.ops):
        for other in COMPARE.get(type(operator), ()):
            yield ast.Compare(
                node.left, [*node.ops[:index], other(), *node.ops[index + 1 :]], node.comparators
            )


def arithmetic(node: ast.BinOp | ast.AugAssign) -> Iterator[ast.AST]:
    """`+` for `-`, `*` for `//`; an augmented assignment is also left out."""
    if other := ARITHMETIC.get(type(node.op)):
        fields = {**dict(ast.iter_fields(node)), "op": other()}
        yield type(node)(**fields)
    if isinstance(node, ast.AugAssign):
        yield ast.Pass()


def boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    """`and` for `or`."""
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    """Without `not`, without a minus."""
    yield node.operand


def constant(node: ast.Constant) -> Iterator[ast.AST]:
    """A number one more and one less, a truth turned round, a code or name misspelt; prose is left alone."""
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(value + 1), ast.Constant(value - 1))
    elif (
        isinstance(value, str)
        and value.replace("_", "a").replace(".", "a").isidentifier()
        and value.isascii()
    ):
        yield ast.Constant(f"{value}_")


def condition(node: ast.If | ast.IfExp | ast.While) -> Iterator[ast.AST]:
    """The condition turned round."""
    fields = {**dict(ast.iter_fields(node)), "test": ast.UnaryOp(ast.Not(), node.test)}
    yield type(node)(**fields)


def comprehension(node: ast.comprehension) -> Iterator[ast.AST]:
    """A condition of a comprehension turned round."""
    for index, test in enumerate(node.ifs):
        ifs = [*node.ifs[:index], ast.UnaryOp(ast.Not(), test), *node.ifs[index + 1 :]]
        yield ast.comprehension(node.target, node.iter, ifs, node.is_async)


def result(node: ast.Return) -> Iterator[ast.AST]:
    """None instead of a result."""
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


def statement(node: ast.stmt) -> Iterator[ast.AST]:
    """A call, a yield, a refusal or a jump left out."""
    if not isinstance(node, ast.Expr) or isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
        yield ast.Pass()


def call(node: ast.Call) -> Iterator[ast.AST]:
    """`min` for `max`, `any` for `all`."""
    if isinstance(node.func, ast.Name) and node.func.id in TWINS:
        yield ast.Call(ast.Name(TWINS[node.func.id], ast.Load()), node.args, node.keywords)


OPERATORS: dict[type[ast.AST], Callable[..., Iterator[ast.AST]]] = {
    ast.Compare: compare, ast.BinOp: arithmetic, ast.AugAssign: arithmetic, ast.BoolOp: boolean, ast.UnaryOp: unary,
    ast.Constant: constant, ast.If: condition, ast.IfExp: condition, ast.While: condition, ast.Return: result,
    ast.comprehension: comprehension, ast.Expr: statement, ast.Raise: statement, ast.Continue: statement,
    ast.Break: statement, ast.Call: call,
}  # fmt: skip


@dataclass
class Mutant:
    """One change: its place, its words, and how the tree is changed."""

    path: Path
    line: int
    function: str
    change: str
    tree: ast.Module
    apply: Callable[[], None]

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.function}: {self.change}"


def words(node: ast.AST) -> str:
    """A node as one short line: a compound statement by its head."""
    shown = ast.unparse(node) if not isinstance(node, ast.comprehension) else ast.unparse(node).strip()
    first = shown.splitlines()[0]
    return first if len(first) <= 90 else f"{first[:87]}..."


def children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """What may be changed below a node."""
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or isinstance(node, ast.JoinedStr):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.Import | ast.ImportFrom):
                yield name, index, child
    if isinstance(node, ast.JoinedStr):
        yield from (
            ("values", i, child)
            for i, child in enumerate(node.values)
            if isinstance(child, ast.FormattedValue)
        )


def mutants(path: Path) -> list[Mutant]:
    """Every mutant of a module."""
    tree, found = ast.parse(path.read_text("utf-8")), []

    def below(node: ast.AST, function: str, line: int) -> None:
        for name, index, child in children(node):
            at = getattr(child, "lineno", line)
            inner = getattr(child, "name", "") if isinstance(child, ast.FunctionDef | ast.ClassDef) else ""
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue  # a docstring
            if isinstance(child, ast.Assign) and words(child.targets[0]) == "__all__":
                continue
            if (
                isinstance(child, ast.Subscript)
                and words(child.value) == "Literal"
                and "policy" not in path.parts
            ):
                continue  # a name for a type: only pydantic looks at it while running
            for new in OPERATORS.get(type(child), lambda _: iter(()))(child):

                def apply(owner=node, field=name, position=index, value=new) -> None:
                    if position is None:
                        setattr(owner, field, value)
                    else:
                        getattr(owner, field)[position] = value

                found.append(Mutant(path, at, function, f"{words(child)} → {words(new)}", tree, apply))
            below(child, f"{function}.{inner}".strip(".") if inner else function, at)

    below(tree, "", 1)
    return found


def drawn(path: Path, percent: int, seed: str) -> list[Mutant]:
    """The mutants of a file that are tried; the same text met again counts by its turn."""
    seen: dict[str, int] = {}
    ranked = []
    for mutant in mutants(path):
        text = f"{seed} {path.name} {mutant.function} {mutant.change}"
        seen[text] = seen.get(text, 0) + 1
        ranked.append((hashlib.sha256(f"{text} {seen[text]}".encode()).hexdigest(), mutant))
    chosen = sorted(ranked, key=lambda pair: pair[0])[: -(-len(ranked) * percent // 100)]
    return sorted((mutant for _, mutant in chosen), key=lambda mutant: (mutant.line, mutant.change))
