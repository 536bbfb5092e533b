"""What several of these tests start from."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from project import Project


@pytest.fixture
def project(tmp_path: Path, ydb_url: str, caplog: pytest.LogCaptureFixture) -> Project:
    """A project of Alembic without revisions, on an empty YDB. What Alembic logs is kept."""
    caplog.set_level(logging.INFO, logger="alembic")
    return Project(tmp_path / "project", ydb_url)
