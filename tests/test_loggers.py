"""A program that calls Alembic keeps its loggers, with every env.py that readers copy; the command line has its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guide.paths import ROOT
from tests.project import Project, project

PROGRAM = """\
import logging
from argparse import Namespace

from alembic import command
from alembic.config import Config

logging.basicConfig(level=logging.DEBUG, handlers=[handler := logging.NullHandler()])
application = logging.getLogger("shop.orders")
command.current(Config("alembic.ini"))
command.current(Config("alembic.ini", cmd_opts=Namespace(x=["allow-downgrade=yes"])))  # as the guard asks for it
kept = application.isEnabledFor(logging.DEBUG) and logging.getLogger().handlers == [handler]
print("application:", "kept" if kept and not application.disabled else "silenced")
"""
SILENCED = ROOT / "snippets" / "moving" / "env_before.py"
"""The older recipe, as it was."""
ENVIRONMENTS = sorted(
    path
    for folder in ("example", "snippets")
    for path in (ROOT / folder).rglob("*.py")
    if "fileConfig(" in path.read_text() and path != SILENCED
)


@pytest.fixture(params=ENVIRONMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def example(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    """The example with one of them."""
    env: Path = request.param
    with project(tmp_path / "project") as example:
        (example.folder / "migrations" / "env.py").write_text(env.read_text())
        if "async" in env.stem:
            ini = example.folder / "alembic.ini"
            ini.write_text(ini.read_text().replace("yql+ydb:", "yql+ydb_async:"))
        yield example


def test_the_loggers_of_an_application_go_on(example: Project) -> None:
    """They were disabled, and the root logger got the level and the handler of alembic.ini."""
    (example.folder / "program.py").write_text(PROGRAM)
    assert "application: kept" in example.run("python program.py")


def test_the_command_line_logs(example: Project) -> None:
    assert "Context impl YDBImpl." in example.run("alembic current")
