"""The playground's terminal: what a shell does with the lines that readers type. Its Alembic is in test_transport."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.terminal import Terminal


class Screen:
    """A terminal in a folder, and what it printed."""

    def __init__(self, folder: Path) -> None:
        self.printed: list[str] = []
        self.asked: list[str] = []
        self.terminal = Terminal(folder, self.printed.append, self._ask)

    def _ask(self, text: str) -> list[str]:
        self.asked.append(text)
        return ["SCHEME_ERROR", "no"] if "nothing" in text else ["one", "1"]

    def run(self, line: str) -> tuple[int, str]:
        self.printed.clear()
        return self.terminal.run(line), "".join(self.printed)


@pytest.fixture(autouse=True)
def modules() -> Iterator[None]:
    """Those of this process: a command forgets Alembic's, and other tests go on with them."""
    before = dict(sys.modules)
    yield
    for name, module in before.items():
        if sys.modules.get(name) is not module:
            sys.modules[name] = module
            above, _, last = name.rpartition(".")
            if above:
                setattr(before[above], last, module)


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    (tmp_path / "a.txt").write_text("a\n")
    return Screen(tmp_path)


@pytest.mark.parametrize(
    ("line", "status", "printed"),
    [
        ("cat a.txt", 0, "a\n"),
        ("cat 'a.txt' a.txt", 0, "a\na\n"),
        ("ls", 0, "a.txt\n"),
        ("", 0, ""),
        ("echo $NAME '$NAME' ${NAME}.", 0, "$NAME .\n"),
        ("echo '' $NAME x", 0, " x\n"),
        ("export NAME=x && echo $NAME '$NAME' \"${NAME}y\" a\\ b", 0, "x $NAME xy a b\n"),
        ("echo 1 > b && cat b", 0, "1\n"),
        ("echo 1 > b; echo 2 >> b; cat b", 0, "1\n2\n"),
        ("mkdir -p d/e && cp a.txt d/e && ls d/e", 0, "a.txt\n"),
        ("mkdir d && cd d && ls .. && cd && pwd", 0, None),
        ("mv a.txt c.txt && cat c.txt && rm *.txt && ls", 0, "a\n"),
        ("head -n 1 a.txt", 0, "a\n"),
        ("yql 'SELECT 1; SELECT 2'", 0, "one\n1\n"),
        ("yql 'SELECT nothing' && echo unseen", 1, "SCHEME_ERROR\nno\n"),
        ("cat b", 1, "cat: b: No such file or directory\n"),
        ("rm *.md", 1, "*.md: No such file or directory\n"),
        ("cat b && echo unseen", 1, "cat: b: No such file or directory\n"),
        ("cat b; echo seen", 0, "cat: b: No such file or directory\nseen\n"),
        ("uvicorn app:app", 127, "uvicorn: not found here; help lists what there is\n"),
        ("ls & pwd", 2, None),
        (
            "echo (a)",
            2,
            "( is not understood here; &&, ;, | and > FILE are. Put quotation marks around text that has it\n",
        ),
        ("rmdir a", 127, "rmdir: not found here; help lists what there is\n"),
        ("select `a`", 127, "select: not found here. To send YQL, put yql before it: yql select `a`\n"),
        ("mkdir d; cd d; rm -r ../d", 0, ""),
        ("ls | wc", 127, "wc: not found here; help lists what there is\n"),
        ("cat b 2>/dev/null; echo seen", 0, "seen\n"),
        ("cat b 2> c; cat c", 0, "cat: b: No such file or directory\n"),
        ("cat b > c 2>&1; cat c", 0, "cat: b: No such file or directory\n"),
        ("cat b 2>&1 | grep such", 0, "cat: b: No such file or directory\n"),
        ("cat b | grep such", 1, "cat: b: No such file or directory\n"),
        ("echo 2>/dev/null a2 > c 2", 2, "one file is to follow at the end\n"),
        ("echo c > b; echo a >> b; cat b a.txt | sort | head -2 | tail -n 1", 0, "a\n"),
        ("echo Ab > b; grep -i aB b; grep -v A b", 1, "Ab\n"),
        ("grep -z a b", 2, "grep [-i] [-v] PATTERN FILE …: other options are not known here\n"),
        (
            "python -c 'import sys; print(sys.stdin.read() * 2)' | sort && echo x | python -c 'print(input())'",
            0,
            "\nx\n",
        ),
        (
            "alembic edit head",
            1,
            "alembic edit starts an editor, which is not here: choose the file in the list of files\n",
        ),
        (
            "python -c 'open(\"b\")' 2>&1 | tail -n 1",
            0,
            "FileNotFoundError: [Errno 2] No such file or directory: 'b'\n",
        ),
        ("echo a > b; diff a.txt b; echo c >> b; cat a.txt | diff - b", 1, "1a2\n> c\n"),
        ("echo b > b; echo c >> b; diff a.txt b", 1, "1c1,2\n< a\n---\n> b\n> c\n"),
        ("echo c > b; echo a >> b; diff b a.txt", 1, "1d0\n< c\n"),
        ("diff -u a.txt b", 2, None),
        ("timeout 3h cat a.txt", 0, "a\n"),
        ("timeout cat a.txt", 2, "timeout DURATION COMMAND: options are not known here\n"),
        ("timeout 1s uvicorn", 127, "uvicorn: not found here; help lists what there is\n"),
        ("grep '(a' a.txt", 2, "the pattern (a is not understood here; . * ^ $ and [] are\n"),
        ("grep '[a' a.txt", 2, "the pattern [a is not understood here; . * ^ $ and [] are\n"),
        ("ls |", 2, "a command is missing at |\n"),
        ("ls && | sort", 2, "a command is missing at |\n"),
        ("echo x > d/e", 1, "d/e: No such file or directory\n"),
        ("echo 'open", 2, "a quotation mark is not closed\n"),
        ("echo 1 > b c", 2, "one file is to follow at the end\n"),
        ("URL=yql+ydb://localhost:2136/local", 0, ""),
    ],
)
def test_line(screen: Screen, line: str, status: int, printed: str | None) -> None:
    happened = screen.run(line)
    assert happened[0] == status
    assert printed in (None, happened[1])


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("yql CREATE TABLE t (a Int64)", "CREATE TABLE t (a Int64)"),
        ("yql SELECT 'a' || $b > `c` & d", "SELECT 'a' || $b > `c` & d"),
        ("yql 'SELECT \"a\"'", 'SELECT "a"'),
        ('yql "SELECT $A"', "SELECT "),
    ],
)
def test_a_query_needs_no_quotation_marks(screen: Screen, line: str, asked: str) -> None:
    assert screen.run(line) == (0, "one\n1\n")
    assert screen.asked == [asked]


def test_a_folder_that_is_gone(screen: Screen) -> None:
    """Not in a browser, whose Python keeps the folder that it is in."""
    screen.run("mkdir d; cd d; rm -r ../d")
    assert screen.run("ls") == (0, "a.txt\n")


def test_a_variable_lasts_until_it_is_unset(screen: Screen) -> None:
    screen.run("export NAME=x")
    assert screen.run("echo $NAME") == (0, "x\n")
    screen.run("unset NAME")
    assert screen.run("echo $NAME") == (0, "\n")
