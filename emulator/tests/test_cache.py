"""What is kept of one process for the next."""

import subprocess
import sys
from pathlib import Path

import pytest

from guide.paths import ROOT
from ydb_emulator.cache import kept


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "source"
    path.write_text("text")
    return path


@pytest.fixture
def file(source: Path) -> Path:
    """Where 1 is kept, made of the source."""
    assert kept(source, "key", lambda: 1) == 1
    [file] = source.parent.glob("__pycache__/*")
    return file


def test_what_is_kept_is_not_made_again(source: Path, file: Path) -> None:
    assert kept(source, "key", lambda: 2) == 1


@pytest.mark.parametrize(("text", "key"), [("other", "key"), ("text", "other")])
def test_what_it_is_made_of_has_changed(source: Path, file: Path, text: str, key: str) -> None:
    source.write_text(text)
    assert kept(source, key, lambda: 2) == 2
    assert kept(source, key, lambda: 3) == 2


@pytest.mark.parametrize("size", [0, 10, 40, -1])
def test_a_file_that_is_cut_short_is_made_again(source: Path, file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])
    assert kept(source, "key", lambda: 2) == 2
    assert kept(source, "key", lambda: 3) == 2


def test_nothing_is_left_where_nothing_may_be_written(source: Path) -> None:
    (source.parent / "__pycache__").write_text("no folder")
    assert kept(source, "key", lambda: 1) == 1
    assert kept(source, "key", lambda: 2) == 2


def test_nothing_is_kept_where_no_bytecode_is(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert kept(source, "key", lambda: 1) == 1
    assert list(source.parent.iterdir()) == [source]


def run(script: str, cache: Path) -> str:
    """What a program prints. In: its last line, the folder for bytecode and what is kept beside it."""
    lines = ["import ydb_emulator.yql.lexer as lexer", "import ydb_emulator.yql.automaton as automaton", script]
    command = [sys.executable, "-c", "\n".join(lines)]
    variables = {"PYTHONPYCACHEPREFIX": str(cache)}
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True).stdout


def test_the_grammar_is_read_once(tmp_path: Path) -> None:
    told = "print(len(automaton.automaton().actions))"
    assert run(told, tmp_path) == run(f"automaton.Automaton.__init__ = None; {told}", tmp_path)


def test_a_keyword_that_is_new_in_the_lexer_is_read(tmp_path: Path) -> None:
    told = "print('X' in automaton.automaton()._readings)"
    assert run(told, tmp_path) == "False\n"
    assert run(f"lexer.CLASS_BY_WORD['X'] = 'WORD'; {told}", tmp_path) == "True\n"
