"""The mutation of pages: each kind, what is changed, what is noticed and what is not, the table of survivors."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from guide.labs.mutate import __main__ as program
from guide.labs.mutate import kinds
from guide.labs.mutate.accepted import HEADER, TABLE, Accepted, complaints, key_of, load
from guide.labs.mutate.copies import Checker, copy
from guide.labs.mutate.mutant import Mutant, draw
from guide.labs.mutate.pages import PageMutant, mutants
from guide.labs.mutate.report import table, told
from guide.labs.mutate.trials import BrokenError, Verdict
from guide.pages import site
from guide.paths import ROOT
from guide.reader.page import load_site
from tests.reader.throwaway import MKDOCS, fence

PAGE = """---
title: A
---
Two of `alembic` 1.9, [see](b.md).

```{ .console data-mask="date" }
--8<-- "a.py:x"
```

```python title="b.py"
--8<-- "a.py:y"
```
"""
FIRST, SECOND = re.findall(r"```\S.*?```\n", PAGE, re.DOTALL)

CASES = [
    ("a.txt", "drop a line", "a\n\nb\n", ["\nb\n", "a\n\n"]),
    ("a.txt", "swap lines", "a\nb\nb\n\nc\n", ["b\na\nb\n\nc\n"]),
    ("a.txt", "change a word", "ab 19\n", ["ac 19\n", "ab 10\n"]),
    ("a.console", "drop a command", "$ a\n1\n$ b\n2\n", ["$ b\n2\n", "$ a\n1\n"]),
    ("a.console", "drop a command", "$ a\n1\n", []),
    (
        "a.console",
        "change a word",
        "$ ab -1\n> c\nd\n",
        ["$ ac -1\n> c\nd\n", "$ ab -2\n> c\nd\n", "$ ab -1\n> d\nd\n"],
    ),
    ("a.console", "change a word", "$ pip install alembic\n", ["$ pjp install alembic\n", "$ pip insuall alembic\n"]),
    ("a.md", "drop a block", PAGE, [PAGE.replace(FIRST, ""), PAGE.replace(SECOND, "")]),
    ("a.md", "swap blocks", PAGE, [PAGE.replace(FIRST, "?").replace(SECOND, FIRST).replace("?", SECOND)]),
    ("a.md", "change a word", PAGE, [PAGE.replace("console", "con" + "tole"), PAGE.replace("data-", "daua-")]),
    ("a.md", "change a code span", PAGE, [PAGE.replace("`alembic`", "`alenbic`")]),
    ("a.md", "change a code span", "`a\nb`\n\n`c`\n", ["`a\nc`\n\n`c`\n", "`a\nb`\n\n`d`\n"]),
    ("a.md", "drop a line", PAGE, [PAGE.replace("title: A\n", "")]),
]


@pytest.mark.parametrize(("name", "kind", "text", "mutated"), CASES)
def test_kind(name: str, kind: str, text: str, mutated: list[str]) -> None:
    found = list(kinds.kinds_of(name)[kind](text))
    assert found[: len(mutated)] == mutated
    assert bool(found) == bool(mutated)


@pytest.mark.parametrize(
    "command", ["pip install -q alembic", "python -m pip install 'alembic[tz]>=1'", "uv add alembic"]
)
def test_no_name_of_a_package_is_made_up(command: str) -> None:
    mutants = [*kinds.change_command(f"$ {command}\n")]
    assert mutants
    assert all("alembic" in mutant for mutant in mutants)


@pytest.mark.parametrize("arguments", ["--sample 0", "--sample -3", "--jobs 0"])
def test_a_run_of_nothing_is_refused(
    arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mutate", *arguments.split()])
    with pytest.raises(SystemExit):
        program.main()
    assert "invalid positive value" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--accepted", "--root"])
def test_a_file_that_is_missing_is_named(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mutate", option, str(tmp_path / "missing")])
    assert program.main() == 1
    assert f"No such file or directory: '{tmp_path}/missing'" in capsys.readouterr().err


# Which mutants there are

OPTIONS = "[tool.pytest.ini_options]\naddopts = '{}'\n"
UNUSED = ("alembic_ydb", "anyio", "examples", "hypothesispytest", "pytest_alembic", "xdist.looponfail")
"""Plugins that take longer to import than such a site to check."""
BLOCKS = """
import pytest

class Page(pytest.File):
    def collect(self):
        yield Block.from_parent(self, name="block 1")

class Block(pytest.Item):
    def runtest(self):
        assert "echo" in (self.config.rootpath / "snippets" / "a.console").read_text()

def pytest_collect_file(file_path, parent):
    return Page.from_parent(parent, path=file_path) if file_path.suffix == ".md" else None
"""
CHECKS = """
import pathlib
import pytest

ROOT = pathlib.Path(__file__).parent.parent

@pytest.mark.parametrize("path", [ROOT / "docs" / name for name in ("page.md", "other.md")])
def test_each(path):
    assert path.is_file()

@pytest.fixture
def built():
    return ROOT / "docs"

def test_the_site_builds(built):
    assert "```console" in (built / "page.md").read_text()
"""
OWN = """
import pathlib

project = "for commands"

def test_other():
    assert "`alembic`" in (pathlib.Path(__file__).parent.parent / "docs" / "page.md").read_text()
"""
OF_ANOTHER_PAGE = OWN.replace("page.md", "other.md")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A throw-away site with tests of its own."""
    root = tmp_path / "root"
    for name, text in {
        "mkdocs.yml": MKDOCS,
        "pyproject.toml": OPTIONS.format("-p no:" + " -p no:".join(UNUSED)),
        "docs/page.md": "# A\n\nOf `alembic`.\n\n" + fence("a.console"),
        "snippets/a.console": "$ echo ab\nab\n",
        "tests/__init__.py": "",
        "conftest.py": BLOCKS,
        "tests/test_other.py": OF_ANOTHER_PAGE,
        "tests/test_page.py": OWN,
        "tests/test_pages.py": CHECKS,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def find(root: Path) -> list[PageMutant]:
    return mutants(load_site(root / "mkdocs.yml"))


def test_what_pages_show_is_mutated(root: Path) -> None:
    (root / "snippets" / "a.py").write_text(
        "a = 1\n# --8<-- [start:b]\nb = 2\n# --8<-- [end:b]\n# --8<-- [start:c]\nc = 3\n# --8<-- [end:c]\n"
    )
    with (root / "docs" / "page.md").open("a") as page:
        page.write("\n" + fence("a.py:b", 'python title="a.py"'))
    (root / "docs" / "next.md").write_text("---\nbuilds_on: page.md\n---\n\n" + fence("a.console"))
    found = find(root)
    assert {mutant.where for mutant in found if mutant.file == "snippets/a.py"} == {"snippets/a.py:3"}
    both = {"docs/next.md", "docs/page.md"}
    assert {mutant.file: mutant.pages for mutant in found} == {
        "docs/next.md": {"docs/next.md"},
        "docs/page.md": {"docs/page.md"},
        "snippets/a.console": both,
        "snippets/a.py": both,
    }


def test_what_is_recorded_or_says_nothing_stays(root: Path) -> None:
    (root / "snippets" / "a.py").write_text('import b\nimport c\n\n\ndef d():\n    """E."""\n    return 1  # f\n')
    (root / "snippets" / "a.sql").write_text("SELECT 1;\n--> 1\n")
    (root / "snippets" / "made.py").write_text("a = 1\n")
    blocks = [("a.py", 'python title="a.py"'), ("a.sql", "sql")]
    blocks += [("made.py", '{ .python title="made.py" data-role="generated" }')]
    (root / "docs" / "page.md").write_text("\n".join(fence(*block) for block in blocks))
    changed = {(mutant.where, *mutant.after) for mutant in find(root) if mutant.file.startswith("snippets/")}
    assert ("snippets/a.py:7", "    return 2  # f") in changed
    lines = {where for where, *_ in changed}
    assert lines == {"snippets/a.py:1", "snippets/a.py:2", "snippets/a.py:5", "snippets/a.py:7", "snippets/a.sql:1"}
    assert not any("# g" in line for _, *after in changed for line in after)


def test_of_a_diff_neither_comments_nor_blank_lines_are_mutated(root: Path) -> None:
    (root / "snippets" / "a.py.diff").write_text("-b = 1\n+b = 2  # c\n d = 3\n+\n+\n+e = 4\n")
    (root / "docs" / "page.md").write_text(fence("a.py.diff", 'diff title="a.py"'))
    found = [mutant for mutant in find(root) if mutant.file.endswith(".diff")]
    assert {mutant.where for mutant in found if mutant.kind == "drop a line"} == {
        f"snippets/a.py.diff:{line}" for line in (1, 2, 3, 6)
    }
    swapped = [mutant.before for mutant in found if mutant.kind == "swap lines"]
    assert swapped == [("+b = 2  # c", " d = 3")]
    assert not any("# d" in line for mutant in found for line in mutant.after)


def test_a_sample_has_all_kinds_and_a_seed(root: Path) -> None:
    found = find(root)
    names = {mutant.kind for mutant in found}
    assert {mutant.kind for mutant in draw(found, len(names), 1)} == names
    assert draw(found, 5, 1) == draw(found, 5, 1)
    assert sorted(map(key_of, draw(found, 1000, 1))) == sorted(map(key_of, found))


# What is noticed


def test_a_mutant_is_noticed_or_not(root: Path, tmp_path: Path) -> None:
    checker = Checker(root, tmp_path, 2)
    before = {path: path.read_text() for path in root.rglob("*") if path.is_file()}
    checker.check_baseline(["docs/page.md"])
    found = {mutant.after: mutant for mutant in mutants(checker.site)}
    wanted = {
        ("$ ecio ab",): "docs/page.md::block 1",
        ("$ echo ac",): None,
        ("Of `alenbic`.",): "tests/test_page.py::test_other",
        ("```con" + "tole",): "tests/test_pages.py::test_the_site_builds",
    }
    noticed = {mutant.after: verdict.noticed for mutant, verdict in checker.check([found[after] for after in wanted])}
    assert noticed == wanted
    for tree in [root, *checker.trees]:
        assert {path: (tree / path.relative_to(root)).read_text() for path in before} == before


def test_a_wrong_site_is_told_first(root: Path, tmp_path: Path) -> None:
    (root / "snippets" / "a.console").write_text("$ date\n")
    with pytest.raises(BrokenError, match=r"(?s)AssertionError.*Nothing is changed yet, and docs/page.md::block 1"):
        Checker(root, tmp_path, 1).check_baseline(["docs/page.md"])


def test_a_check_without_a_verdict_is_no_success(root: Path, tmp_path: Path) -> None:
    (root / "pyproject.toml").write_text(OPTIONS.format("--no-such-option"))
    with pytest.raises(BrokenError, match="(?s)pytest ended with.*without a verdict"):
        Checker(root, tmp_path, 1).check_baseline(["docs/page.md"])


def test_the_command(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "conftest.py").write_text(BLOCKS.replace("assert", "assert True or"))
    for name in ("test_page.py", "test_pages.py"):
        (root / "tests" / name).write_text("def test_nothing():\n    pass\n")
    accepted = tmp_path / "accepted.tsv"
    accepted.write_text("\t".join(HEADER) + "\n")
    options = ["--root", str(root), "--accepted", str(accepted), "--sample", "3", "--seed", "1", "--jobs", "1"]
    monkeypatch.setattr(sys, "argv", ["mutate", *options])
    assert program.main() == 1
    printed, errors = capsys.readouterr()
    assert printed.startswith(f"3 changes are tried, drawn with --seed 1 from the {len(find(root))} that the pages may")
    assert "nothing notices this:" in printed
    assert errors == ""


WHOLE = """
import json
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEEDED = json.loads({names!r})


def test_it_is_whole():
    assert [name for name in NEEDED if not (ROOT / name).is_file()] == []
"""


def test_a_page_is_mutated_in_a_copy_of_this_repository(tmp_path: Path) -> None:
    """Of a clone, that is: the copy of the copy has each file. Whether each test passes there, `make mutate` tells."""
    clone = copy(ROOT, tmp_path / "clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    needed = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    assert "guide/site/watch.py" in needed
    page = "docs/operate/upgrading.md"
    for path in {*(clone / "tests").glob("test_*.py"), *(clone / "docs").rglob("*.md")} - {clone / page}:
        path.write_text("")
    (clone / "tests" / "test_pages.py").write_text(WHOLE.format(names=json.dumps(needed)))
    command = [sys.executable, "-m", "guide.labs.mutate", "--seed", "1", "--jobs", "1", "--page", page, "--sample", "1"]
    environment = {**os.environ, "PYTHONPATH": str(clone)}
    ran = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True)
    assert ran.stderr == "", ran.stdout
    assert f"{page} may undergo" in ran.stdout
    assert re.search("^all +1 ", ran.stdout, re.MULTILINE)
    assert ran.returncode == ("nothing notices this:" in ran.stdout)


# The table


def a_mutant(line: str) -> Mutant:
    return Mutant("a.py", 3, "change a word", (line,), (line + "x",))


def test_the_figures_are_told_by_kind() -> None:
    killed, survivor, accepted = map(a_mutant, "abc")
    results = [(killed, Verdict("x")), (survivor, Verdict(None)), (accepted, Verdict(None))]
    text = table(results, [accepted], [a_mutant("d")])
    assert re.search(r"^ +mutants +killed +accepted +unreached +survived$", text, re.MULTILINE)
    assert re.search(r"^change a word +4 +1 +1 +1 +1$", text, re.MULTILINE)
    assert told([survivor]) == "\na.py:3: change a word: nothing notices this:\n- b\n+ bx\n"


def test_the_table_is_held_to() -> None:
    killed, survivor = map(a_mutant, "ab")
    entries = [Accepted(2, key_of(survivor), "why"), Accepted(3, key_of(killed), "why"), Accepted(4, ("gone",), "why")]
    assert complaints(entries, [killed, survivor], {key_of(killed)}) == [
        "row 4: there is no such mutant",
        "row 3: a test notices this mutant: remove the row",
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("file\tkind\n", "accepted.tsv:1: the columns are file, kind, line, mutated, reason"),
        ("\t".join(HEADER) + "\na\tb\tc\td\t\n", "accepted.tsv:2: a row has 5 columns, the last one a reason"),
        ("\t".join(HEADER) + "\na\tb\n", "accepted.tsv:2: a row has 5 columns"),
        ("\t".join(HEADER) + "\na\tb\tc\td\te\na\tb\tc\td\tf\n", "accepted.tsv:3: the same as row 2"),
    ],
)
def test_a_bad_table_is_refused(rows: str, message: str, tmp_path: Path) -> None:
    accepted = tmp_path / "accepted.tsv"
    accepted.write_text(rows)
    with pytest.raises(ValueError, match=re.escape(message)):
        load(accepted)


def test_each_accepted_survivor_is_a_mutant() -> None:
    """Whether it still survives, `make mutate` tells."""
    entries = load(TABLE)
    files = {entry.key[0] for entry in entries}
    found = mutants(site(), lambda name, _: name in files)
    assert complaints(entries, found, ()) == []
