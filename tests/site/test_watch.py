"""What follows pages while they are written: it survives what editors and git do, and shows nothing that is old."""

from __future__ import annotations

import dataclasses
import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pymdownx.snippets import SnippetPreprocessor

from guide.pages import html_of, pages, read
from guide.paths import ROOT
from guide.reader.shell import piped
from guide.site import checked, watch
from guide.site.watch import AHEAD, Follower, Watcher, including, since, touch

PAGE = "docs/recipes/ttl.md"
PROOFS = "docs/cases/transactions.md"
FEW = [ROOT / name for name in (PAGE, PROOFS, "docs/recipes/seed.md")]


class Scene:
    """A folder that is watched: what the watcher tells, and the commit that is checked out."""

    def __init__(self, root: Path) -> None:
        self.root, self.told, self.commit = root, list[tuple[set[str], bool]](), "one"
        self.write("docs/a.md", "A")
        self.write("snippets/a/b.console", "$ b\n")
        self.watcher = Watcher(root, lambda *told: self.told.append(told), lambda: self.commit)

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def look(self) -> list[tuple[set[str], bool]]:
        """Look until all is settled. Out: what was told."""
        self.told.clear()
        self.watcher.tick()
        self.watcher.tick()
        return self.told


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_a_change_is_told_once(scene: Scene) -> None:
    assert scene.look() == []
    scene.write("docs/a.md", "another")
    assert scene.look() == [({"docs/a.md"}, True)]
    assert scene.look() == []


def test_what_is_still_being_written_is_not_told(scene: Scene) -> None:
    scene.write("docs/a.md", "half")
    scene.watcher.tick()
    scene.write("docs/a.md", "whole text")
    scene.watcher.tick()
    assert scene.told == []
    assert scene.look() == [({"docs/a.md"}, True)]


def test_a_file_that_is_only_touched_is_not_told(scene: Scene) -> None:
    os.utime(scene.root / "docs/a.md", (1, 1))
    assert scene.look() == []


def test_what_editors_leave_beside_a_file_is_not_told(scene: Scene) -> None:
    (scene.root / "docs/.#a.md").symlink_to("somebody@host.1234")
    scene.write("docs/.a.md.swp", "half")
    assert scene.look() == []


def test_a_link_to_itself_is_passed_over(scene: Scene) -> None:
    (scene.root / "docs/loop.md").symlink_to("loop.md")
    assert scene.look() == []
    scene.write("docs/a.md", "another")
    assert scene.look() == [({"docs/a.md"}, True)]


def test_folders_may_go_and_come(scene: Scene) -> None:
    shutil.rmtree(scene.root / "snippets")
    assert scene.look() == [({"snippets/a/b.console"}, True)]
    scene.write("snippets/a/b.console", "$ b\n")
    assert scene.look() == [({"snippets/a/b.console"}, True)]


def test_it_pauses_where_another_commit_brings_changes(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.write("docs/a.md", "somebody's")
    scene.commit = "two"
    assert scene.look() == [({"docs/a.md"}, False)]
    assert "start make serve again" in capsys.readouterr().err
    scene.write("docs/a.md", "mine")
    assert scene.look() == [({"docs/a.md"}, False)]
    assert capsys.readouterr().err == ""


def test_it_pauses_where_another_commit_brings_what_runs_on_pages(scene: Scene) -> None:
    scene.write("emulator/src/ydb_emulator/server.py", "somebody's")
    scene.commit = "two"
    assert scene.look() == [({"emulator/src/ydb_emulator/server.py"}, False)]
    scene.write("docs/a.md", "mine")
    assert scene.look() == [({"docs/a.md"}, False)]


def test_it_goes_on_where_what_is_there_was_committed(scene: Scene) -> None:
    scene.write("docs/a.md", "mine")
    scene.look()
    scene.commit = "two"
    assert scene.look() == []
    scene.write("docs/a.md", "mine again")
    assert scene.look() == [({"docs/a.md"}, True)]


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where verdicts are put, on a site of a few pages; there is an old one of a page."""
    page = read(ROOT / PAGE)
    for module in (checked, watch):
        monkeypatch.setattr(module, "SHOWN", tmp_path / "shown")
        monkeypatch.setattr(module, "pages_in", lambda folder: FEW)
    monkeypatch.setattr(checked, "RECORD", tmp_path / "record.json")
    monkeypatch.setattr(watch, "touch", lambda paths: None)
    checked.keep([checked.walked(page, None, "an engine", failure="no")])
    return tmp_path / "shown" / html_of(page.path)


def test_an_old_verdict_goes_before_the_page_is_followed_again(shown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def walk(*_: object, **__: object) -> None:
        seen.append("does not tell the truth" in shown.read_text() if shown.exists() else False)

    monkeypatch.setattr(watch, "walk", walk)
    monkeypatch.setattr(checked, "digest", lambda page: "another text")
    monkeypatch.setattr(watch, "digest", lambda page: "another text")
    assert "does not tell the truth" in shown.read_text()
    follower = Follower({page.name: "another text" for page in checked.guide() if page.name != PAGE})
    follower.tell({PAGE})
    follower.follow()
    assert seen == [False]
    assert "Run on" in shown.read_text()


def test_nothing_is_followed_while_it_pauses(shown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "walk", lambda *_, **__: pytest.fail("a page was followed"))
    follower = Follower({})
    follower.tell({PAGE}, False)
    follower.follow()


def test_the_page_that_someone_works_on_is_followed_first(shown: Path) -> None:
    follower = Follower({})
    follower.tell({PAGE})
    assert follower.due[0] == ROOT / PAGE
    assert len(follower.due) > 1


@pytest.mark.parametrize("name", [PAGE, PROOFS])
def test_a_page_without_what_it_includes_says_so(
    name: str, shown: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(SnippetPreprocessor, "get_snippet_path", lambda self, path: None)
    follower = Follower({})
    follower.tell({name})
    told = (checked.SHOWN / html_of(ROOT / name)).read_text()
    assert "This page cannot be read" in told
    assert ("no file" if name == PAGE else "could not be found") in told
    assert f"{name}:" in capsys.readouterr().err
    assert follower.due == []


def test_a_page_that_shows_what_may_not_be_read_says_so(shown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(preprocessor: SnippetPreprocessor, path: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(SnippetPreprocessor, "get_snippet_path", refuse)
    Follower({}).tell({PROOFS})
    assert "Permission denied" in (checked.SHOWN / html_of(ROOT / PROOFS)).read_text()


def test_a_page_that_may_not_be_changed_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, times: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", path)

    monkeypatch.setattr(os, "utime", refuse)
    touch([ROOT / PAGE])


def test_what_was_edited_since_the_last_run_is_followed_at_the_start() -> None:
    told = [dataclasses.replace(checked.walked(page, None, "an engine"), digest="older") for page in pages()[:1]]
    names = {page.name for page in checked.guide()}
    seen = since([row for row in told], {"snippets/recipes/ttl/set.console"})
    assert seen[told[0].page] == "older"
    assert names - set(seen) == {PAGE}


def test_preview_builds_the_page_that_includes_a_changed_file() -> None:
    assert including({"snippets/recipes/ttl/set.console"}) == [ROOT / PAGE]


def test_preview_builds_every_page_after_a_change_of_the_configuration() -> None:
    assert {page.path for page in pages()} <= set(including({"mkdocs.yml"}))


STARTED = """
import subprocess, sys
process = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
print(process.stdout.readline().decode(), end="", flush=True)
sys.stdin.readline()
"""
SERVED = """
import os, sys
import guide.site.serve as serving
waits = "import time; time.sleep(600)"
serving.subprocess.Popen = lambda command, real=serving.subprocess.Popen, **more: real([sys.executable, "-c", waits])
serving.time.sleep = lambda seconds, real=serving.time.sleep: (print("serves", flush=True), real(seconds))
serving.serve("1")
"""


def test_the_preview_ends_with_what_has_started_it() -> None:
    """Its output is open as long as it or one of its processes is there."""
    command = [sys.executable, "-c", STARTED, SERVED]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as make:
        printing = piped(make.stdout)
        assert printing.readline() == b"serves\n"
        make.kill()
        printing.read()


ASKED = """
import os, signal, sys
import guide.site.serve as serving
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell has it for what it starts with `&`
def start(command, real=serving.subprocess.Popen, **more):
    process = real([sys.executable, "-c", "import time; time.sleep(60)"])
    print(process.pid, flush=True)
    os.kill(os.getpid(), signal.SIGINT)
    return process
serving.subprocess.Popen = start
sys.exit(serving.serve("1"))
"""


def test_the_preview_ends_with_ctrl_c_that_comes_while_it_starts_and_again() -> None:
    told = subprocess.run([sys.executable, "-c", ASKED], cwd=ROOT, capture_output=True, text=True)
    assert (told.returncode, told.stderr) == (130, "")
    numbers = told.stdout.split()
    assert len(numbers) == 2
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(int(number), 0)


TOUCHES = """
import os, time
def on_env(env, **_):
    os.utime("docs/index.md", (time.time() + 2,) * 2)
"""
TOUCHED = "site_name: A\ntheme: material\nplugins: [search]\nhooks: [touches.py]\n"


def test_a_page_that_is_touched_while_the_site_is_built_comes_with_the_next_build(tmp_path: Path) -> None:
    def build() -> str:
        """Out: what the page says then."""
        command = [sys.executable, "-m", "guide.site.preview", "build", "--dirty", "-f", str(tmp_path / "mkdocs.yml")]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
        told = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        return (tmp_path / "site/index.html").read_text()

    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(TOUCHED)
    (tmp_path / "touches.py").write_text("")
    (tmp_path / "docs/index.md").write_text("# First\n")
    assert "First" in build()
    (tmp_path / "touches.py").write_text(TOUCHES)
    assert "First" in build()
    (tmp_path / "docs/index.md").write_text("# Second\n")
    os.utime(tmp_path / "docs/index.md", (time.time() + AHEAD,) * 2)
    assert "Second" in build()


@contextmanager
def changing(file: Path) -> Iterator[None]:
    """Meanwhile, a file changes from time to time: there is time to build its page in between."""
    ended = threading.Event()

    def change() -> None:
        while not ended.wait(5):
            file.touch()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_the_preview_goes_on_without_what_a_page_includes_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    root, made = tmp_path / "guide", tmp_path / "made"
    for name in ("guide", "overrides", "example", "snippets/recipes/ttl"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "checked"))
    for name in ("mkdocs.yml", "docs/index.md", PAGE):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for name in ("emulator/tests/conformance", "toolkit/src/alembic_ydb"):
        (root / name).mkdir(parents=True)
    made.mkdir()
    command = [sys.executable, "-m", "guide.site.serve", "0"]
    with subprocess.Popen(
        command,
        cwd=root,
        env={**os.environ, "CHECKED": "true", "NO_MKDOCS_2_WARNING": "1", "TMPDIR": str(made)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as serving:
        printing, printed = piped(serving.stdout), []
        try:
            while "Serving on" not in (line := printing.readline()) and line:
                printed.append(line)
            shutil.rmtree(root / "snippets/recipes/ttl")
            with changing(root / PAGE):  # MkDocs says that it serves before it looks at all folders
                while not is_told(made) and not any(end in line for end in ENDS) and (line := printing.readline()):
                    printed.append(line)
            assert is_told(made), "".join(printed)
        finally:
            os.killpg(serving.pid, signal.SIGINT)  # as a terminal does
        printed.append(printing.read())  # to its end: nobody is left who could write
    assert serving.returncode == 130
    assert "Traceback" not in "".join(printed)
    assert list(made.glob("preview-*")) == []


ENDS = ("no longer followed", "Traceback")


def is_told(made: Path) -> bool:
    """Whether the page that was built last says that it cannot be read."""
    pages = made.glob("preview-*/mkdocs_*/recipes/ttl/index.html")
    return any("This page cannot be read" in page.read_text() for page in pages)


GIT = ["git", "-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", "--verbose"]


@pytest.mark.parametrize("name", ["guide/site/new.py", "tests/site/test_new.py", "docs/site/new.md"])
def test_git_takes_new_files_of_folders_named_like_the_built_site(name: str, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    assert subprocess.run([*GIT, name], cwd=tmp_path, capture_output=True).returncode == 1
    assert subprocess.run([*GIT, "site/index.html"], cwd=tmp_path, capture_output=True).returncode == 0
