"""The hooks for autogenerate that the guide shows, as a module."""

from __future__ import annotations

from functools import cache
from typing import Any

from guide.paths import TOOLKIT
from guide.reader.snippets import load


@cache  # a second import would do all comparisons twice
def load_hooks() -> Any:
    """Their module. Its import changes what Alembic does, so it belongs in a process of its own."""
    return load(TOOLKIT / "hooks.py", "ydb_hooks")
