"""The reader as a plugin of pytest: what it prints on a site anywhere, and how it ends."""

import re
import sys
from collections.abc import Callable
from functools import cache

import pytest

from guide.paths import ROOT
from guide.reader import page, warm
from guide.reader.__main__ import main as by_hand
from guide.reader.python import python
from tests.reader.throwaway import FAILS, TABBED, Project, fence

pytest_plugins = "pytester"


PLUGINS = ("-p", "ydb_emulator.pytest_plugin", "-p", "guide.reader.pytest_plugin")
"""What pages are followed with. Of the others that are installed, some take half a second to load."""
PytestIn = Callable[..., pytest.RunResult]


@pytest.fixture
def pytest_in(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> PytestIn:
    """Runs pytest on a throw-away site, with options: in this process, which has loaded all that reads pages.

    It has read no page, as far as the run can tell.
    """
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(warm, "allowed", warm.allowed)  # which a run sets

    def run(project: Project, *options: str) -> pytest.RunResult:
        (project.root / "pytest.ini").write_text("[pytest]\ntestpaths = docs\n")
        monkeypatch.chdir(project.root)
        monkeypatch.setattr(page, "known_site", cache(page.load_site))
        monkeypatch.setattr(page, "known", {})
        return pytester.runpytest_inprocess(*PLUGINS, "--color=no", *options)

    return run


def outcomes(run: pytest.RunResult) -> list[str]:
    """The items that ran, in their order, each with its outcome."""
    return re.findall(r"^(docs/\S+::.*?) +\[ *\d+%\]$", run.stdout.str(), re.MULTILINE)


def test_pytest_refuses_a_server_before_any_test(project: Project, pytest_in: PytestIn) -> None:
    project.write(fence("a.console"), a_console="$ echo a\na\n")
    run = pytest_in(project, "-q", "--ydb", "yql+ydb://localhost/local")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    assert run.stderr.str().strip().splitlines() == [
        "ERROR: --ydb: yql+ydb://localhost/local: host or port is missing: use yql+ydb://host:port/database"
    ]


def test_rewriting_is_for_one_process(project: Project, pytest_in: PytestIn) -> None:
    project.write(fence("a.console"), a_console="$ echo a\na\n")
    run = pytest_in(project, "--update", "-p", "xdist", "--numprocesses=2")
    assert (run.ret, "leave out --numprocesses" in run.stderr.str()) == (pytest.ExitCode.USAGE_ERROR, True)


def test_a_failure_is_one_message(project: Project, pytest_in: PytestIn) -> None:
    project.write(fence("a.console"), a_console="$ echo a\nA\n")
    failed = pytest_in(project, "-q")
    assert failed.ret == pytest.ExitCode.TESTS_FAILED
    place = "docs/page.md:1: block 1 (console, a.console): a.console:2: the commands did something else\n"
    assert place in failed.stdout.str()
    assert "-A\n+a\n" in failed.stdout.str()
    assert "walk.py" not in failed.stdout.str()
    updated = pytest_in(project, "-q", "--update")
    assert updated.ret == 0
    assert str(project.snippets / "a.console") in updated.stdout.str()
    assert pytest_in(project).ret == 0


def test_each_block_is_an_item_and_a_page_tells_all_that_is_wrong(project: Project, pytest_in: PytestIn) -> None:
    page = "\n".join([fence("a.console"), fence("b.py", 'python title="b.py"'), fence("c.console")])
    project.write(page, a_console="$ echo a\nA\n", b_py="print(1)\n", c_console="$ python b.py\n2\n")
    run = pytest_in(project, "-v")
    assert outcomes(run) == [
        "docs/page.md::start PASSED",
        "docs/page.md::block 1 (console, a.console) FAILED",
        "docs/page.md::block 2 (python, b.py, b.py) PASSED",
        "docs/page.md::block 3 (console, c.console) FAILED",
    ]
    assert "It may come of block 1 (console, a.console), which shows something else already." in run.stdout.str()


def test_what_relies_on_a_failed_block_is_not_run_and_no_failure(project: Project, pytest_in: PytestIn) -> None:
    page = "\n".join([fence("a.console"), fence("b.py", 'python title="versions/b.py"'), fence("c.console", FAILS)])
    project.write(page, a_console="$ false\n", b_py="print(1)\n", c_console="$ false\n? 1\n")
    run = pytest_in(project, "-v", "-ra")
    assert outcomes(run) == [
        "docs/page.md::start PASSED",
        "docs/page.md::block 1 (console, a.console) FAILED",
        "docs/page.md::block 2 (python, versions/b.py, b.py) PASSED",
        "docs/page.md::block 3 (console, c.console) NOT RUN (not run: block 1 (console, a.console) failed)",
    ]
    assert "1 failed, 2 passed, 1 not run" in run.stdout.str()


def test_a_block_by_name_is_run_after_those_before_it(project: Project, pytest_in: PytestIn) -> None:
    project.write(TABBED, sync_py="print(1)\n", async_py="print(2)\n", a_console="$ python x.py\n1\n")
    block = "block 3 (console, a.console)"
    good = pytest_in(project, "-v", f"docs/page.md::Sync::{block}")
    assert (good.ret, outcomes(good)) == (0, [f"docs/page.md::Sync::{block} PASSED"])
    (project.snippets / "sync.py").write_text("print(\n")
    bad = pytest_in(project, "-q", f"docs/page.md::Sync::{block}")
    assert "docs/page.md:4: block 1 (python, x.py, sync.py, in the tab 'Sync'): x.py cannot be read" in bad.stdout.str()
    assert bad.ret == pytest.ExitCode.TESTS_FAILED


def test_a_way_through_tabs_stays_on_one_worker(project: Project, pytest_in: PytestIn) -> None:
    project.write(TABBED, sync_py="print(1)\n", async_py="print(1)\n", a_console="$ python x.py\n1\n")
    run = pytest_in(project, "-v", "-p", "xdist", "-n", "2")
    found: dict[str, set[str]] = {}
    for worker, item in re.findall(r"^\[(gw\d)\] .* PASSED docs/page.md::(.*?) *$", run.stdout.str(), re.MULTILINE):
        found.setdefault(item.partition("::")[0], set()).add(worker)
    assert [len(workers) for workers in found.values()] == [1, 1], run.stdout.str()


READS = """
from guide.reader.page import known_page, known_site

def test_it(pytestconfig):
    root = pytestconfig.rootpath
    known_page(known_site(root / "mkdocs.yml"), root / "docs" / "page.md")
"""


def test_a_page_that_cannot_be_read_is_one_failure(project: Project, pytest_in: PytestIn) -> None:
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
    assert [line for line in run.stdout.str().splitlines() if "b.console" in line] == [message]
    alone = pytest_in(project, "-q", "docs/test_reads.py")
    assert message in alone.stdout.str().splitlines()
    assert alone.ret == pytest.ExitCode.TESTS_FAILED


def test_a_page_can_be_followed_by_hand(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write(fence("a.console"), a_console="$ echo a\na\n")
    arguments = ["--config", str(project.root / "mkdocs.yml"), str(project.page)]
    run = python(ROOT, "-m", "guide.reader", *arguments)
    assert (run.returncode, run.stdout.strip()) == (0, "$ echo a\na")
    (project.snippets / "a.console").unlink()
    monkeypatch.setattr(sys, "argv", ["guide.reader", *arguments])
    monkeypatch.setattr(warm, "allowed", True)  # by_hand sets it for the whole process
    assert by_hand() == 1
    assert not warm.allowed  # each command is a new process
    assert capsys.readouterr().err.startswith("docs/page.md:1: no file 'a.console'")
