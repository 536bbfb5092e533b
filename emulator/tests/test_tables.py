"""The tables of the grammar, which are kept from when they were made."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ydb_emulator.yql import tables


class Kept:
    """The file with the tables, and how often they were made."""

    def __init__(self, file: Path):
        self.file = file
        self.times_made = 0

    def make(self) -> dict[str, object]:
        self.times_made += 1
        return {"made_of": tables._sources(), "number": self.times_made}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Tables that are quick to make, of a copy of the grammar."""
    kept = Kept(tmp_path / "grammar.json")
    monkeypatch.setattr(tables, "GRAMMAR", Path(shutil.copy(tables.GRAMMAR, tmp_path)))
    monkeypatch.setattr(tables, "TABLES", kept.file)
    monkeypatch.setattr(tables, "make", kept.make)
    tables.load()
    return kept


def test_tables_that_are_there_are_not_made(kept: Kept) -> None:
    assert tables.load()["number"] == kept.times_made == 1


def test_another_grammar_has_other_tables(kept: Kept) -> None:
    tables.GRAMMAR.write_text("another")
    assert tables.load()["number"] == 2
    assert tables.load()["number"] == 2


@pytest.mark.parametrize("size", [0, 10, -1])
def test_a_file_that_is_cut_short_is_made_again(kept: Kept, size: int) -> None:
    kept.file.write_bytes(kept.file.read_bytes()[:size])
    assert tables.load()["number"] == 2
    assert tables.load()["number"] == 2


def test_nothing_is_left_where_nothing_may_be_written(kept: Kept) -> None:
    kept.file.unlink()
    kept.file.mkdir()
    assert tables.load()["number"] == 2
    assert tables.load()["number"] == 3
    assert {path.name for path in kept.file.parent.iterdir()} == {"grammar.json", "grammar.lark"}


def test_old_tables_are_not_used_where_there_is_no_lark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tables, "GRAMMAR", tmp_path / "grammar.lark")
    tables.GRAMMAR.write_text("another")
    monkeypatch.setitem(sys.modules, "lark", None)
    monkeypatch.setitem(sys.modules, "lark.parsers.lalr_analysis", None)
    with pytest.raises(ImportError, match=r"grammar\.json is not made of this .*grammar\.lark: install lark"):
        tables.load()


def test_the_parser_needs_no_lark() -> None:
    program = """
import sys
sys.modules["lark"] = None
from ydb_emulator.yql.parser import parse
from ydb_emulator.errors import YdbError
parse("SELECT 1")
try:
    parse("SELECT FROM")
except YdbError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "expecting" in done.stdout or "no viable alternative" in done.stdout
