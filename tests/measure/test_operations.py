"""The page of operations covers what the installed Alembic has: a new directive, or argument, needs an entry."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest
from alembic.operations import BatchOperations, Operations
from alembic.util.langhelpers import ModuleClsProxy

from guide.measure import operations
from guide.measure.operations import IGNORED, RAISED, REFUSED, SILENT, WORKS, Operation, entries
from guide.reader.operation import Outcome, Refusal
from ydb_emulator import releases

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


def outcome(*requests: str, refusal: Refusal | None = None, after: str = "after") -> Outcome:
    return Outcome([], list(requests), refusal, "before", after)


NO = Refusal("BAD_REQUEST", "no")


@pytest.mark.parametrize(
    ("now", "on_25_4", "kind", "words"),
    [
        (outcome("new"), outcome("new"), WORKS, "**works**{.works}"),
        (outcome("new"), outcome("new", refusal=NO), WORKS, "**works**{.works} from YDB 26.1 on. Before that: `no`"),
        (outcome("first"), outcome("first"), IGNORED, "**silently different**{.silent}: sends the same as [x](#d)"),
        (outcome(), outcome(), SILENT, "**silently different**{.silent}: nothing is sent"),
        (
            outcome("new", after="before"),
            outcome("new"),
            SILENT,
            "**silently different**{.silent}: the database is as before",
        ),
        (outcome("new", refusal=NO, after="before"), outcome("new"), REFUSED, "**refused**{.refused}: `no`"),
        (
            outcome("new", refusal=NO),
            outcome("new"),
            REFUSED,
            "**refused**{.refused}, **after part of it is done**: `no`",
        ),
        (
            outcome(refusal=Refusal(None, "E: a <b object at 0x[..]> c"), after="before"),
            outcome(),
            RAISED,
            "**refused**{.refused} by the client: `E: a c`",
        ),
    ],
)
def test_verdicts(monkeypatch: pytest.MonkeyPatch, now: Outcome, on_25_4: Outcome, kind: str, words: str) -> None:
    first, entry = Operation("page", "d", "d", "x", "", []), Operation("page", "d-y", "d", "y", "", [])
    older = releases.RELEASED.index("25.4")
    run = {
        line: {"d": outcome("first"), "d-y": on_25_4 if number <= older else now}
        for number, line in enumerate(releases.RELEASED)
    }
    monkeypatch.setattr(operations, "entries", lambda: [first, entry])
    monkeypatch.setattr(operations, "outcomes", lambda: run)
    verdict = operations._verdict(entry)
    assert (verdict.kind, str(verdict)) == (kind, words)
