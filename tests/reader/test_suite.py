"""The suite as a contributor runs it: what it prints, and how it ends."""

import os
import shutil
import subprocess
import sys

import pytest

from guide.paths import ROOT
from tests.reader.throwaway import Project, fence


def test_pytest_refuses_a_server_before_any_test() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "--ydb", "yql+ydb://localhost/local", __file__]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert run.stderr.strip().splitlines() == [
        "ERROR: --ydb: yql+ydb://localhost/local: host or port is missing: use yql+ydb://host:port/database"
    ]


def pytest_in(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    """Run this suite's page tests on a throw-away site."""
    tests = project.root / "tests"
    if not tests.exists():
        shutil.copytree(ROOT / "guide", project.root / "guide", ignore=shutil.ignore_patterns("*.pyc.*", "test_*"))
        tests.mkdir()
        for name in ("__init__.py", "conftest.py", "test_pages.py"):
            shutil.copy(ROOT / "tests" / name, tests / name)
        (project.root / "guide" / "site" / "generated.py").write_text(
            "GENERATED = {}\n"
        )  # the site of this guide alone has such files
    command = [sys.executable, "-m", "pytest", "-q", "--color=no", *options]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=project.root, env=path, capture_output=True, text=True)


def test_a_failure_is_one_message(project: Project) -> None:
    project.write(fence("a.console"), a_console="$ echo a\nA\n", orphan_py="x = 1\n")
    failed = pytest_in(project)
    assert failed.returncode == pytest.ExitCode.TESTS_FAILED
    assert (
        "docs/page.md:1: block 1 (console, a.console): a.console:2: the commands did something else\n" in failed.stdout
    )
    assert "-A\n+a\n" in failed.stdout
    assert "walk.py" not in failed.stdout
    assert "['orphan.py'] == []" in failed.stdout
    (project.snippets / "orphan.py").unlink()
    updated = pytest_in(project, "--update")
    assert updated.returncode == 0
    assert str(project.snippets / "a.console") in updated.stdout
    assert pytest_in(project).returncode == 0


def test_an_empty_site_fails(project: Project) -> None:
    run = pytest_in(project)
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
    assert "test_there_are_pages" in run.stdout


def test_a_page_can_be_followed_by_hand(project: Project) -> None:
    project.write(fence("a.console"), a_console="$ echo a\na\n")
    command = [sys.executable, "-m", "guide.reader", "--config", str(project.root / "mkdocs.yml"), str(project.page)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, "$ echo a\na")
    (project.snippets / "a.console").unlink()
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.startswith("docs/page.md:1: no file 'a.console'")
