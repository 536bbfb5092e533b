"""The operations of a revision file, and the kinds of changes that they make, as Alembic calls them."""

from __future__ import annotations

import ast
from itertools import groupby

KINDS = {
    "create_table": "add_table",
    "drop_table": "remove_table",
    "add_column": "add_column",
    "drop_column": "remove_column",
    "create_index": "add_index",
    "drop_index": "remove_index",
}


def kinds(operations: list[str]) -> str:
    """The kinds of operations, in alphabetical order."""
    found = set()
    for operation in operations:
        name = operation.removeprefix("op.").partition("(")[0]
        found.add("modify_nullable" if name == "alter_column" and " nullable=" in operation else KINDS.get(name, name))
    return " ".join(sorted(found))


def operations(revision: str) -> list[str]:
    """The operations of a revision's upgrade, each on one line. Tables to drop go by name: Alembic has a set."""
    parsed = ast.parse(revision).body
    [upgrade] = [item for item in parsed if isinstance(item, ast.FunctionDef) and item.name == "upgrade"]
    lines = [ast.unparse(statement) for statement in upgrade.body]
    calls = [line for line in lines if line.startswith("op.")]
    runs = groupby(calls, lambda line: line.startswith("op.drop_table("))
    return [line for are_drops, run in runs for line in (sorted(run) if are_drops else run)]
