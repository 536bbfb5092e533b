"""What two modules have twice, because each is copied alone: one is not changed without the other."""

from __future__ import annotations

import ast
from pathlib import Path

import alembic_ydb

FOLDER = Path(alembic_ydb.__file__).parent


def defined(module: str) -> dict[str, ast.stmt]:
    """The functions and constants of a module, by their names."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse((FOLDER / f"{module}.py").read_text()).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            found[ast.unparse(target)] = node
    return found


def text(nodes: list[ast.stmt]) -> str:
    """Without the names of the two errors."""
    written = "\n".join(ast.unparse(node) for node in nodes)
    for name, same in {"BuildError": "Error", "StateError": "Error"}.items():
        written = written.replace(name, same)
    return written


def test_builds_and_state_log_in_and_tell_errors_in_the_same_way() -> None:
    builds, state = defined("builds"), defined("state")
    for name in ("LOGINS", "ERRORS", "login"):
        assert text([builds[name]]) == text([state[name]]), name
    told = [node.body for node in (builds["words"], state["words"]) if isinstance(node, ast.FunctionDef)]
    assert len(told) == 2
    assert text(told[0]) == text(told[1])


def test_builds_and_state_read_the_address_in_the_same_way() -> None:
    both = defined("builds")["url_of"], defined("state")["project"]
    refusals = set()
    for node in both:
        assert isinstance(node, ast.FunctionDef)
        *_, missing, parsed, checked, returned = node.body
        refusals.add(text([missing, parsed, checked]))
        assert "url.set(drivername='yql+ydb')" in ast.unparse(returned)
    assert len(refusals) == 1


def test_ready_and_state_read_the_configuration_in_the_same_way() -> None:
    assert text([defined("ready")["read"]]) == text([defined("state")["read"]])
