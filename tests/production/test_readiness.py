"""The check of the page, where the page cannot go: YDB fails, and the init container waits."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from guide.paths import TOOLKIT
from guide.reader.shell import piped
from tests.project import SNIPPETS, Project, project, variables
from ydb_emulator.errors import Status

FOLDER = SNIPPETS / "production" / "readiness"


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Project]:
    """One revision behind."""
    with project(tmp_path / "project") as example:
        (example.folder / "ready.py").write_text((TOOLKIT / "ready.py").read_text())
        example.start_from("one behind", lambda: example.run("alembic upgrade 820b994ffa7c"))
        yield example


def test_a_database_that_can_not_be_described_is_not_ready(example: Project) -> None:
    example.run("alembic upgrade head")
    example.emulator.faults.fail("DescribeTable", Status.UNAUTHORIZED, times=100, message="Access denied")
    assert "not ready: no revision can be read" in example.run("python ready.py", 1)
    assert "(head)" not in example.run("alembic current --check-heads", 255)


def test_a_database_that_can_not_be_read_is_not_ready(example: Project) -> None:
    example.run("alembic upgrade head")
    example.emulator.faults.fail(status=Status.UNDETERMINED)
    assert "not ready: (ydb_dbapi.errors.OperationalError)" in example.run("python ready.py", 1)


def test_an_empty_database_is_not_ready(example: Project) -> None:
    example.emulator.database.clear()
    assert "not ready: no revision can be read" in example.run("python ready.py", 1)


def test_the_init_container_waits_for_the_migration(example: Project) -> None:
    deployment = yaml.safe_load((FOLDER / "deployment.yaml").read_text())
    [container] = deployment["spec"]["template"]["spec"]["initContainers"]
    waiting = subprocess.Popen(
        container["command"], cwd=example.folder, env=variables(example.folder, warm=True), stderr=subprocess.PIPE
    )
    line = piped(waiting.stderr).readline().decode()
    assert line == "not ready: at 820b994ffa7c, this code needs 9085c679f5dc\n", shlex.join(container["command"])
    assert waiting.poll() is None
    example.run("alembic upgrade head")
    waiting.communicate()
    assert waiting.returncode == 0


def test_the_address_may_come_from_the_environment_alone(example: Project) -> None:
    """With the short alembic.ini of the guide, which has none."""
    example.run("alembic upgrade head")
    (example.folder / "alembic.ini").write_text((SNIPPETS / "setup" / "configuration" / "alembic.ini").read_text())
    assert "ready: at the head" in example.run(f"YDB_URL={example.emulator.url} python ready.py")
