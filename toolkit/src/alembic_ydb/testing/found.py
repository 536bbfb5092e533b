"""Where a project's Alembic configuration is."""

from __future__ import annotations

import tomllib
from pathlib import Path

from alembic.config import Config


class NotFound(Exception):
    """No configuration is above the tests. Its text is the whole message."""


def find(start: Path, root: Path) -> Config:
    """The configuration that is next above a folder, up to pytest's root. Raises NotFound."""
    for folder in (start, *start.parents):
        toml = folder / "pyproject.toml"
        has_table = toml.is_file() and "alembic" in tomllib.loads(toml.read_text(encoding="utf-8")).get("tool", {})
        ini = folder / "alembic.ini"
        if ini.is_file() or has_table:
            return Config(ini if ini.is_file() else None, toml_file=toml if toml.is_file() else None)
        if folder == root:
            break
    raise NotFound(
        f"no alembic.ini, and no pyproject.toml with [tool.alembic], lies between {start} and {root}: "
        "return a Config of Alembic from a fixture ydb_alembic_config"
    )


def folder(config: Config) -> Path:
    """The folder in which `alembic` is called."""
    file = config.config_file_name or config.toml_file_name
    return Path(file).resolve().parent if file else Path.cwd()
