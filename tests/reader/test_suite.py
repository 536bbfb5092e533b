"""The reader as a plugin of pytest: what it prints on a site anywhere, and how it ends."""

import os
import re
import subprocess
import sys

import pytest

from guide.paths import ROOT
from tests.reader.throwaway import FAILS, TABBED, Project, fence


def pytest_in(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a throw-away site."""
    (project.root / "pytest.ini").write_text("[pytest]\ntestpaths = docs\n")
    command = [sys.executable, "-m", "pytest", "-p", "guide.reader.pytest_plugin", "--color=no", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(command, cwd=project.root, env=environment, capture_output=True, text=True)


def outcomes(run: subprocess.CompletedProcess[str]) -> list[str]:
    """The items that ran, in their order, each with its outcome."""
    return re.findall(r"^(docs/\S+::.*?) +\[ *\d+%\]$", run.stdout, re.MULTILINE)


def test_pytest_refuses_a_server_before_any_test() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "--ydb", "yql+ydb://localhost/local", __file__]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert run.stderr.strip().splitlines() == [
        "ERROR: --ydb: yql+ydb://localhost/local: host or port is missing: use yql+ydb://host:port/database"
    ]


def test_a_failure_is_one_message(project: Project) -> None:
    project.write(fence("a.console"), a_console="$ echo a\nA\n")
    failed = pytest_in(project, "-q")
    assert failed.returncode == pytest.ExitCode.TESTS_FAILED
    place = "docs/page.md:1: block 1 (console, a.console): a.console:2: the commands did something else\n"
    assert place in failed.stdout
    assert "-A\n+a\n" in failed.stdout
    assert "walk.py" not in failed.stdout
    updated = pytest_in(project, "-q", "--update")
    assert updated.returncode == 0
    assert str(project.snippets / "a.console") in updated.stdout
    assert pytest_in(project).returncode == 0


def test_each_block_is_an_item_and_a_page_tells_all_that_is_wrong(project: Project) -> None:
    page = "\n".join([fence("a.console"), fence("b.py", 'python title="b.py"'), fence("c.console")])
    project.write(page, a_console="$ echo a\nA\n", b_py="print(1)\n", c_console="$ python b.py\n2\n")
    run = pytest_in(project, "-v")
    assert outcomes(run) == [
        "docs/page.md::start PASSED",
        "docs/page.md::block 1 (console, a.console) FAILED",
        "docs/page.md::block 2 (python, b.py, b.py) PASSED",
        "docs/page.md::block 3 (console, c.console) FAILED",
    ]
    assert "It may come of block 1 (console, a.console), which shows something else already." in run.stdout


def test_what_relies_on_a_failed_block_is_not_run_and_no_failure(project: Project) -> None:
    page = "\n".join([fence("a.console"), fence("b.py", 'python title="versions/b.py"'), fence("c.console", FAILS)])
    project.write(page, a_console="$ false\n", b_py="print(1)\n", c_console="$ false\n? 1\n")
    run = pytest_in(project, "-v", "-ra")
    assert outcomes(run) == [
        "docs/page.md::start PASSED",
        "docs/page.md::block 1 (console, a.console) FAILED",
        "docs/page.md::block 2 (python, versions/b.py, b.py) PASSED",
        "docs/page.md::block 3 (console, c.console) NOT RUN (not run: block 1 (console, a.console) failed)",
    ]
    assert "1 failed, 2 passed, 1 not run" in run.stdout


def test_a_block_by_name_is_run_after_those_before_it(project: Project) -> None:
    project.write(TABBED, sync_py="print(1)\n", async_py="print(2)\n", a_console="$ python x.py\n1\n")
    block = "block 3 (console, a.console)"
    good = pytest_in(project, "-v", f"docs/page.md::Sync::{block}")
    assert (good.returncode, outcomes(good)) == (0, [f"docs/page.md::Sync::{block} PASSED"])
    (project.snippets / "sync.py").write_text("print(\n")
    bad = pytest_in(project, "-q", f"docs/page.md::Sync::{block}")
    assert "docs/page.md:4: block 1 (python, x.py, sync.py, in the tab 'Sync'): x.py cannot be read" in bad.stdout
    assert bad.returncode == pytest.ExitCode.TESTS_FAILED


def test_a_way_through_tabs_stays_on_one_worker(project: Project) -> None:
    project.write(TABBED, sync_py="print(1)\n", async_py="print(1)\n", a_console="$ python x.py\n1\n")
    run = pytest_in(project, "-v", "-n", "2")
    found: dict[str, set[str]] = {}
    for worker, item in re.findall(r"^\[(gw\d)\] .* PASSED docs/page.md::(.*?) *$", run.stdout, re.MULTILINE):
        found.setdefault(item.partition("::")[0], set()).add(worker)
    assert [len(workers) for workers in found.values()] == [1, 1], run.stdout


READS = """
from guide.reader.page import known_page, known_site

def test_it(pytestconfig):
    root = pytestconfig.rootpath
    known_page(known_site(root / "mkdocs.yml"), root / "docs" / "page.md")
"""


def test_a_page_that_cannot_be_read_is_one_failure(project: Project) -> None:
    project.write(fence("a.console") + fence("b.console"), a_console="$ true\n")
    (project.page.parent / "other.md").write_text("Without a block.\n")
    (project.page.parent / "test_reads.py").write_text(READS)
    run = pytest_in(project, "-v", "-rN")
    assert outcomes(run) == [
        "docs/other.md::page PASSED",
        "docs/page.md::page FAILED",
        "docs/test_reads.py::test_it NOT RUN (not run: docs/page.md cannot be read)",
    ]
    message = f"docs/page.md:4: no file 'b.console' under {project.snippets}"
    assert [line for line in run.stdout.splitlines() if "b.console" in line] == [message]
    alone = pytest_in(project, "-q", "docs/test_reads.py")
    assert message in alone.stdout.splitlines()
    assert alone.returncode == pytest.ExitCode.TESTS_FAILED


def test_a_page_can_be_followed_by_hand(project: Project) -> None:
    project.write(fence("a.console"), a_console="$ echo a\na\n")
    command = [sys.executable, "-m", "guide.reader", "--config", str(project.root / "mkdocs.yml"), str(project.page)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, "$ echo a\na")
    (project.snippets / "a.console").unlink()
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.startswith("docs/page.md:1: no file 'a.console'")
