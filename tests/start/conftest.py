"""The hooks change what Alembic does for the rest of a process: here until the end of a test."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from alembic.autogenerate import comparators
from alembic.ddl.impl import _impls


@pytest.fixture(autouse=True)
def alembic_as_it_was() -> Iterator[None]:
    impls = dict(_impls)
    registry = comparators._registry
    compared = {key: list(found) if isinstance(found, list) else found for key, found in registry.items()}
    yield
    sys.modules.pop("alembic_ydb.hooks", None)  # so that its next import is its first
    _impls.clear()
    _impls.update(impls)
    registry.clear()
    registry.update(compared)
