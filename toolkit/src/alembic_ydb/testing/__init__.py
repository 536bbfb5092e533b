"""Tests of migrations with pytest, on an empty YDB for each test. Needs `ydb-emulator`, the extra `check`.

In a file of tests:

    from alembic_ydb.testing import test_models_match, test_one_head, test_stairway  # noqa: F401 - pytest finds them

The plugin, which pytest loads by itself, brings the fixtures `ydb_migrated`, `ydb_migrations` and
`ydb_alembic_config`; `ydb_url`, an empty database, is the emulator's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tests import test_models_match, test_one_head, test_stairway

if TYPE_CHECKING:
    from .migrations import Migrations

__all__ = ["Migrations", "test_models_match", "test_one_head", "test_stairway"]


def __getattr__(name: str) -> object:
    """`Migrations` is imported when it is asked for: every pytest of an environment loads this package."""
    if name != "Migrations":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .migrations import Migrations

    return Migrations
