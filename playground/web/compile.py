"""Run by compile.mjs: bytecode of all modules in /modules, for a place of theirs in `library`, and that of dataclasses.

Docstrings go, and with them a quarter of what a reader has to load; those of Alembic are its help. Of a source stays
what a traceback shows: its lines, without docstrings.
"""

import ast
import importlib
import importlib.util
import marshal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
LIBRARY = globals()["library"]  # given by compile.mjs
UNCHECKED = (1).to_bytes(4, "little") + bytes(8)
"""Tells the interpreter not to look at the source (PEP 552)."""
WHOLE = ("site-packages/alembic/", "site-packages/ydb_emulator/yql/tables.py")
ADDED_TO = "events.py"
"""How modules of SQLAlchemy end that add to docstrings, and insist on them."""


def docstrings(tree: ast.AST) -> Iterator[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """The nodes that have one."""
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and node.body:
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                yield node


for path in sorted(Path("/modules").rglob("*.py")):
    name = path.relative_to("/modules").as_posix()
    source = path.read_bytes()
    tree = ast.parse(source)
    lines = source.decode().split("\n")
    if not name.startswith(WHOLE) and not name.endswith(ADDED_TO):
        for node in docstrings(tree):
            first = node.body[0]
            for number in range(first.lineno, (first.end_lineno or first.lineno) + 1):
                lines[number - 1] = ""
            node.body[:1] = [] if len(node.body) > 1 else [ast.copy_location(ast.Pass(), first)]
    code = compile(tree, f"{LIBRARY}/{name}", "exec", dont_inherit=True)
    cache = path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc"
    cache.parent.mkdir(exist_ok=True)
    cache.write_bytes(importlib.util.MAGIC_NUMBER + UNCHECKED + marshal.dumps(code))
    path.write_text("\n".join(lines))

sys.path.insert(0, "/modules/site-packages")
generated = importlib.import_module("playground.generated")
known: dict[bytes, CodeType] = {}
generated.use(known)
for name in ("playground.tab", "alembic.config", "sqlalchemy.orm", "ydb_sqlalchemy.sqlalchemy"):
    importlib.import_module(name)
generated.KNOWN.write_bytes(marshal.dumps(known))
