"""The page of operations covers what the installed Alembic has: a new directive, or argument, needs an entry."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest
from alembic.operations import BatchOperations, Operations
from alembic.util.langhelpers import ModuleClsProxy

from tests.reference.operations import entries

DECORATORS = {"register_operation": {"sourcename"}, "implementation_for": {"replace"}}
"""Directives that stand before a definition, as methods of Operations; arguments that have nothing to do with YDB."""

CONSTRAINTS = {"create_check_constraint", "create_foreign_key", "create_primary_key", "create_unique_constraint"}
CONSTRAINTS |= {"create_exclude_constraint", "drop_constraint", "create_table_comment", "drop_table_comment"}
"""Directives that YDB refuses whatever their arguments are."""


def directives(operations: type) -> list[str]:
    return [name for name in dir(operations) if not name.startswith("_") and not hasattr(ModuleClsProxy, name)]


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """What the entries call: object, method, names of arguments."""
    for entry in entries():
        for one in (entry, *entry.recipes):
            for node in ast.walk(ast.parse(one.code)):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                        yield name, method, {keyword.arg for keyword in node.keywords if keyword.arg}


@pytest.mark.parametrize("directive", [name for name in directives(Operations) if name != "context"])
def test_every_directive_has_an_entry(directive: str) -> None:
    owner = "operations" if directive == "invoke" else "Operations" if directive in DECORATORS else "op"
    found = [arguments for name, method, arguments in calls() if (name, method) == (owner, directive)]
    assert found, f"no entry calls {owner}.{directive}"
    if directive in CONSTRAINTS:
        return
    parameters = inspect.signature(getattr(Operations, directive)).parameters.values()
    optional = {one.name for one in parameters if one.default is not inspect.Parameter.empty}
    assert optional - DECORATORS.get(directive, set()) - set().union(*found) == set()


@pytest.mark.parametrize("directive", [name for name in directives(BatchOperations) if name in vars(BatchOperations)])
def test_every_directive_of_a_batch_has_an_entry(directive: str) -> None:
    assert ("batch_op", directive) in {(name, method) for name, method, _ in calls()}
