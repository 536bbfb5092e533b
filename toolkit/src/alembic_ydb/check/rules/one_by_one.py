"""Loops that send a statement for each row."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from ..record import Place, Revision, source
from .rule import ROWS, Hit, Rule, taken, upgrade

MANY = 10
WRITES = re.compile(r"\s*(UPDATE|UPSERT|INSERT|REPLACE|DELETE)\b", re.IGNORECASE)
METHODS = {"insert", "update", "delete", "upsert"}
READS = {"execute", "scalars"}


def one_by_one(revision: Revision) -> Iterator[Hit]:
    """Told by the statements that came from one line, and by the text where there was no row to loop over."""
    run = upgrade(revision)
    sent = Counter(statement.place for statement, node in taken(run) if isinstance(node, ROWS))
    many = {place for place, count in sent.items() if count >= MANY and place.line}
    for place in sorted(many, key=lambda place: place.line):
        yield Hit(place, f"{sent[place]} statements from one line, each a round trip: write many rows with one")
    if not run.failed:
        for first, last in _loops(revision.file):
            if not any(first <= place.line <= last for place in many):
                yield Hit(Place(revision.file, first), "a statement for each row that was read: a round trip each")


@cache
def _loops(file: str) -> tuple[tuple[int, int], ...]:
    """First and last line of each loop of upgrade() over what a statement has read, in which rows are written."""
    tree = ast.parse(source(file))
    found = []
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name == "upgrade":
            assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
            read = {name for node in assigned if _is_read(node.value, set()) for name in _names(node)}
            written = {name for node in assigned if _is_write(node.value, set()) for name in _names(node)}
            for loop in ast.walk(function):
                if isinstance(loop, ast.For) and _is_read(loop.iter, read) and _sends(loop, written):
                    found.append((loop.lineno, loop.end_lineno or loop.lineno))
    return tuple(found)


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _is_read(node: ast.AST, names: set[str]) -> bool:
    """Whether an expression asks for rows, or has a name that stands for rows."""
    return any(
        (isinstance(part, ast.Attribute) and part.attr in READS) or (isinstance(part, ast.Name) and part.id in names)
        for part in ast.walk(node)
    )


def _is_write(node: ast.AST, names: set[str]) -> bool:
    """Whether an expression is a statement that writes rows: its text, what SQLAlchemy makes, or a name of one."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and WRITES.match(part.value):
            return True
        if isinstance(part, ast.Attribute) and part.attr in METHODS or isinstance(part, ast.Name) and part.id in names:
            return True
    return False


def _sends(loop: ast.For, names: set[str]) -> bool:
    """Whether a call in a loop sends such a statement."""
    calls = (node for body in loop.body for node in ast.walk(body) if isinstance(node, ast.Call))
    return any(
        isinstance(call.func, ast.Attribute)
        and (
            call.func.attr == "bulk_insert"
            or (call.func.attr == "execute" and any(_is_write(arg, names) for arg in call.args))
        )
        for call in calls
    )


RULES = [Rule("YDB404", one_by_one)]
