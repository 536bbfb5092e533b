"""What the tests' projects promise to the tests."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import pytest
from alembic.config import Config

from tests.project import project


def test_alembic_is_called_as_in_a_new_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this one has imported: nothing that a project or the hooks leave is there before, or after."""
    monkeypatch.setenv("YDB_URL", "yql+ydb://nowhere:1/local")
    monkeypatch.setenv("YDB_TENANTS", "one")
    importlib.import_module("alembic_ydb.hooks")
    seen: list[object] = []

    def command(config: Config) -> None:
        variables = {name: value for name, value in os.environ.items() if name.startswith("YDB_")}
        seen[:] = [variables, os.getcwd(), "alembic_ydb.hooks" in sys.modules]
        importlib.import_module("models")

    with project(tmp_path / "project") as example:
        example.call(command, YDB_ANONYMOUS_CREDENTIALS="1")
        assert seen == [{"YDB_URL": example.emulator.url, "YDB_ANONYMOUS_CREDENTIALS": "1"}, str(example.folder), False]
    assert "models" not in sys.modules
