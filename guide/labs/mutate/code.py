"""The mutants of Python code: a syntax tree with one node changed, written back into the text at that node's place."""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

OPPOSITES: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.FloorDiv,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
}

# Python does not tell where the parts of an f-string are before 3.12. A pattern takes no brackets around a part.
LEFT_OUT = (ast.Import, ast.ImportFrom, ast.JoinedStr, ast.pattern)
# Annotations are not run; a decorator is no code of the function; the operators are changed with their expression.
FIELDS_LEFT_OUT = ("annotation", "returns", "decorator_list", "type_params", "ops", "op")


@dataclass(frozen=True)
class Change:
    """One change of a text.

    start, end: offsets of what is replaced. written: what takes its place. lines: those of the node, from 1.
    in_function: whether it is reached by a call, not by the import of the module.
    """

    kind: str
    start: int
    end: int
    written: str
    lines: range
    in_function: bool

    def apply(self, text: str) -> str:
        return text[: self.start] + self.written + text[self.end :]


def changes(text: str) -> Iterator[Change]:
    """All changes of a text, which is Python."""
    yield from _walk(Lines(text), ast.parse(text), False)


class Lines:
    """The lines of a text, to find a place of its syntax tree, whose columns count bytes."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines(keepends=True)
        self.offsets = [0, *itertools.accumulate(map(len, self.lines))]

    def offset(self, row: int, column: int) -> int:
        return self.offsets[row - 1] + len(self.lines[row - 1].encode()[:column].decode())


def _walk(text: Lines, node: ast.AST, in_function: bool) -> Iterator[Change]:
    for kind, new in _mutated(node, in_function):
        yield _change(text, kind, node, new, in_function)
    for name, value in ast.iter_fields(node):
        if name in FIELDS_LEFT_OUT:
            continue
        inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and name == "body"
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, LEFT_OUT) and not _is_text(child):
                yield from _walk(text, child, inside)


def _mutated(node: ast.AST, in_function: bool) -> Iterator[tuple[str, ast.AST]]:
    """The nodes that may stand in the place of one, each with its kind."""
    match node:
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                for opposite in OPPOSITES[type(operator)]:
                    ops: list[Any] = [*node.ops[:index], opposite(), *node.ops[index + 1 :]]
                    is_boundary = {type(operator), opposite} in ({ast.Lt, ast.LtE}, {ast.Gt, ast.GtE})
                    yield "boundary" if is_boundary else "comparison", _like(node, ops=ops)
        case ast.BoolOp() | ast.BinOp() if type(node.op) in OPPOSITES:
            kind = "and or" if isinstance(node, ast.BoolOp) else "arithmetic"
            yield kind, _like(node, op=OPPOSITES[type(node.op)][0]())
        case ast.UnaryOp(op=ast.Not()):
            yield "not", node.operand
        case ast.UnaryOp(op=ast.USub()):
            yield "arithmetic", node.operand
        case ast.Constant(value=bool(value)):
            yield "constant", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield "constant", ast.Constant(value + 1)
            yield "constant", ast.Constant(value - 1)
        case ast.Constant(value=str(value)):
            yield "text", ast.Constant(f"{value}x")
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield "return None", ast.Return(ast.Constant(None))
        # Without an assignment to a name, what uses the name would fail in any case.
        case ast.Assign(targets=[ast.Name() | ast.Tuple()]):
            pass
        case ast.Expr() | ast.Assign() | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break() if in_function:
            yield "drop statement", ast.Pass()
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield "not", _like(node, test=ast.UnaryOp(ast.Not(), test))


def _like(node: ast.AST, **fields: Any) -> ast.AST:
    """A node of the same class, with other fields."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _change(text: Lines, kind: str, node: Any, new: Any, in_function: bool) -> Change:
    """The change that puts another node in the place of one."""
    # Of a statement with a body, its condition alone is written anew.
    if isinstance(node, ast.If | ast.While):
        node, new = node.test, new.test
    written = ast.unparse(new)
    if isinstance(node, ast.expr):
        written = f"({written})"
    start, end = text.offset(node.lineno, node.col_offset), text.offset(node.end_lineno, node.end_col_offset)
    return Change(kind, start, end, written, range(node.lineno, node.end_lineno + 1), in_function)


def _is_text(node: ast.AST) -> bool:
    """Whether it is a docstring, or a text that stands alone like one."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
