"""The report for people, letter for letter: with colours, and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_ydb.check import report
from alembic_ydb.check.__main__ import _is_coloured
from alembic_ydb.check.record import Finding, Place
from alembic_ydb.check.request import Answer

SOURCE = """\
def upgrade() -> None:
    op.create_index("ix", "t", ["a"], unique=True)  # by title
    op.execute("PICK 1")
    op.execute(LONG)
"""
END = "Tried on the emulator, ydb-emulator 0.1.0, which is built from YDB's sources, and not on a YDB server."


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.py").write_text(SOURCE)
    return str(tmp_path / "b.py")


def test_a_place_is_shown_once_with_all_that_is_found_there(file: str) -> None:
    index = "ALTER TABLE t ADD INDEX ix GLOBAL SYNC ON (a)"
    findings = [
        Finding("YDB101", "b", Place(file, 3), "YDB refuses this", "PICK 1", 5),
        Finding("YDB401", "b", Place(file, 2), "index ix is built", index),
        Finding("YDB201", "b", Place(file, 2), "index ix is not unique"),
        Finding("YDB002", "", Place("."), "the models want more"),
    ]
    answers = [Answer("26.2", revisions=1, statements={"taken": 1, "refused": 1})]
    assert (
        report.text(findings, answers)
        == f"""\
b.py:2: YDB201 index ix is not unique
b.py:2: YDB401 index ix is built
 2 |     op.create_index("ix", "t", ["a"], unique=True)  # by title
   |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   | = {index}
b.py:3: YDB101 YDB refuses this
 3 |     op.execute("PICK 1")
   |     ^^^^^^^^^^^^^^^^^^^^
   | = PICK 1
   |        ^
.: YDB002 the models want more

YDB 26.2: 1 revision, 2 statements: 1 taken, 1 refused, 0 not known
4 findings. alembic-ydb check --explain YDB002 says more.
{END}"""
    )


def test_of_a_long_statement_the_part_is_shown_that_ydb_names(file: str) -> None:
    long = "\n".join(["SELECT 1,"] * 6 + ["a" * 300 + "!" + "b" * 300])
    shown = report.text([Finding("YDB101", "b", Place(file, 4), "no", long, long.index("!"))], []).splitlines()
    assert [line.index("^") for line in shown if line.endswith("^") and "!" not in line][-1:] == [
        line.index("!") for line in shown if "!" in line
    ]
    assert max(map(len, shown[:-2])) < 130


def test_colours_are_for_who_asks_and_green_is_for_what_is_known(file: str) -> None:
    finding = Finding("YDB301", "b", Place(file, 3), "gone", "DROP")
    painted = report.text([finding], [Answer("26.2")], color=True).splitlines()
    assert painted[0] == "\x1b[1mb.py:3\x1b[0m: \x1b[1;31mYDB301\x1b[0m gone"
    assert painted[2] == "   \x1b[34m|\x1b[0m     \x1b[1;31m^^^^^^^^^^^^^^^^^^^^\x1b[0m"
    assert "\x1b[32m0 findings\x1b[0m." in report.text([], [Answer("26.2", statements={"taken": 1})], color=True)
    unknown = report.text([], [Answer("26.2", statements={"not known": 1})], color=True)
    assert "\x1b[32m" not in unknown
    assert "\x1b[1;31m1 not known\x1b[0m" in unknown
    left = report.text([], [Answer("26.2", left=2)], color=True)
    assert "\x1b[32m" not in left
    assert "0 revisions and \x1b[1;31m2 not run\x1b[0m, " in left


@pytest.mark.parametrize(
    ("asked", "no_color", "is_terminal", "colours"),
    [
        ("auto", "", True, True),
        ("auto", "1", True, False),
        ("auto", "", False, False),
        ("always", "1", False, True),
        ("never", "", True, False),
    ],
)
def test_when_there_are_colours(
    asked: str, no_color: str, is_terminal: bool, colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal, raising=False)
    assert _is_coloured(asked) is colours
