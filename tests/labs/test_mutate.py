"""The mutation run's own tests: each kind, what is shown, what is noticed and what is not, the table of survivors."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from guide.labs.mutate import kinds, run
from guide.labs.mutate.__main__ import draw, report
from guide.labs.mutate.accepted import HEADER, TABLE, Entry, key_of, load
from guide.labs.mutate.check import Verdict
from guide.labs.mutate.mutants import MASKED, NOT_RUN, STRICTER, Mutant, mutants
from guide.labs.mutate.run import BrokenError, Checker
from guide.paths import ROOT
from guide.reader.page import load_site
from tests.reader.throwaway import MKDOCS, fence

PAGE = """---
title: A
---
Two of `alembic` 1.9, [see](b.md).

1. one

```{ .console data-mask="date" }
--8<-- "a.py:x"
```

```python title="b.py"
--8<-- "a.py:y"
```
"""
FIRST, SECOND = re.findall(r"```\S.*?```\n", PAGE, re.DOTALL)

CASES = [
    ("a.txt", "drop line", "a\n\nb\n", ["\nb\n", "a\n\n"]),
    ("a.txt", "swap lines", "a\nb\nb\n\nc\n", ["b\na\nb\n\nc\n"]),
    ("a.txt", "word", "ab 19\n", ["ac 19\n", "ab 10\n"]),
    ("a.py", "import", "import a\nfrom b import c, d\n", ["pass\nfrom b import c, d\n"]),
    ("a.py", "import", "from b import c, d\n", ["from b import d\n", "from b import c\n"]),
    ("a.py", "statement", "@f\ndef g():\n    return 1\n", ["pass\n", "@f\ndef g():\n    pass\n"]),
    ("a.py", "statement", 'def g():\n    "Text."\n', ["pass\n"]),
    ("a.py", "argument", "f(a, b=1)\n", ["f(b=1)\n", "f(a)\n"]),
    ("a.py", "argument", "f('é', g(\n    x,\n))\n", ["f(g(\n    x,\n))\n", "f('é')\n", "f('é', g(\n    ,\n))\n"]),
    ("a.py", "operator", "for x in a:\n    b = True\n", ["for x in a:\n    b = False\n"]),
    ("a.py", "operator", "a == b and not c\n", ["a != b and not c\n", "a == b or not c\n", "a == b and  c\n"]),
    ("a.py", "number", "a = 0.19\n", ["a = 0.20\n"]),
    ("a.py", "string", "a = f('bc d', '')\n", ["a = f('bd d', '')\n", "a = f('bc e', '')\n", "a = f('bc d', 'x')\n"]),
    ("a.py", "name", "if abc:\n    d()\n", ["if acc:\n    d()\n", "if abc:\n    e()\n"]),
    ("a.py", "wording", '"""Aa.\n\nBb.\n"""\n', ['"""Ab.\n\nBb.\n"""\n', '"""Aa.\n\nBc.\n"""\n']),
    ("a.py", "wording", "print(1)\n#> 1\n", ["print(1)\n#> 2\n"]),
    ("a.ini", "key", "[a]\nbc = d\n# e = f\n", ["[a]\nbd = d\n# e = f\n"]),
    ("a.toml", "value", "a = b 1\n", ["a = c 1\n", "a = b 2\n", "a = \n"]),
    ("a.console", "command", "$ a\n1\n$ b\n2\n", ["$ b\n2\n", "$ a\n1\n"]),
    ("a.console", "command", "$ a\n1\n", []),
    ("a.console", "command word", "$ ab -1\n> c\nd\n", ["$ ac -1\n> c\nd\n", "$ ab -2\n> c\nd\n", "$ ab -1\n> d\nd\n"]),
    ("a.console", "command word", "$ pip install alembic\n", ["$ pjp install alembic\n", "$ pip insuall alembic\n"]),
    ("a.console", "exit status", "$ a\n? 1\nb\n", ["$ a\n? 2\nb\n", "$ a\nb\n"]),
    ("a.console", "exit status", "$ a\n> b\nc\n", ["$ a\n> b\n? 1\nc\n"]),
    ("a.console", "output character", "$ a\n? 1\nb\n", ["$ a\n? 1\nc\n"]),
    ("a.database", "record", "table a\n  b\n\ntable c\n", ["table c\n", "table a\n  b\n"]),
    ("a.database", "character", "  ab\n", ["  ac\n"]),
    ("a.diff", "sign", "-a\n b\n", [" a\n b\n"]),
    ("a.md", "drop block", PAGE, [PAGE.replace(FIRST, ""), PAGE.replace(SECOND, "")]),
    ("a.md", "swap blocks", PAGE, [PAGE.replace(FIRST, "?").replace(SECOND, FIRST).replace("?", SECOND)]),
    ("a.md", "title", PAGE, [PAGE.replace("b.py", "b.qy")]),
    ("a.md", "attribute", PAGE, [PAGE.replace(' data-mask="date"', "")]),
    ("a.md", "attribute", "```{ .console .fails }\n```\n", ["```{ .console }\n```\n"]),
    ("a.md", "number in prose", PAGE, [PAGE.replace("1.9", "1.10"), PAGE.replace("Two", "Three")]),
    ("a.md", "code span", PAGE, [PAGE.replace("`alembic`", "`alenbic`")]),
    ("a.md", "code span", "`a\nb`\n\n`c`\n", ["`a\nc`\n\n`c`\n", "`a\nb`\n\n`d`\n"]),
    ("a.md", "link", PAGE, [PAGE.replace("(b.md)", "(b.nd)")]),
    ("a.md", "link", "[a]: http://b.c\n", ["[a]: httq://b.c\n"]),
    ("a.md", "front matter", PAGE, [PAGE.replace("title: A\n", "")]),
]


@pytest.mark.parametrize(("name", "kind", "text", "mutated"), CASES)
def test_kind(name: str, kind: str, text: str, mutated: list[str]) -> None:
    found = list(kinds.kinds_of(name)[kind](text))
    assert found[: len(mutated)] == mutated
    assert bool(found) == bool(mutated)


def test_section() -> None:
    mutated = {PAGE.replace(old, new) for old in (":x", ":y") for new in ("", ":x", ":y")}
    assert set(kinds.sections(PAGE)) == mutated


def test_no_name_of_a_package_is_made_up() -> None:
    for command in ("pip install -q alembic", "python -m pip install 'alembic[tz]>=1'", "uv add alembic"):
        for mutant in kinds.command_words(f"$ {command}\n"):
            assert re.search(r"\balembic\b|\bpip\n", mutant)


def test_every_kind_is_tested() -> None:
    tables: list[Any] = [kinds.TEXT, *kinds.BY_SUFFIX.values()]
    assert {kind for table in tables for kind in table} == {kind for _, kind, _, _ in CASES} | {"section"}


# Which mutants there are

CONSOLE = "$ echo ab\nab\n"
BLOCKS = """
import pathlib
import pytest

class Page(pytest.File):
    def collect(self):
        yield Block.from_parent(self, name="block 1")

class Block(pytest.Item):
    def runtest(self):
        text = self.config.rootpath / "snippets" / "a.console"
        while text.read_text().endswith("ac\\n"):
            pass
        assert text.read_text().startswith("$ echo ab\\n")

def pytest_collect_file(file_path, parent):
    return Page.from_parent(parent, path=file_path) if file_path.suffix == ".md" else None
"""
CHECKS = """
import pathlib
import pytest

ROOT = pathlib.Path(__file__).parent.parent

def test_other():
    assert "1.9" not in (ROOT / "docs" / "page.md").read_text()

@pytest.fixture
def built():
    return ROOT / "docs"

def test_the_site_builds(built):
    assert "(page.md)" in (built / "page.md").read_text()
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A throw-away site with tests of its own: one for the session's command, and one for a number of the page."""
    root = tmp_path / "root"
    for name, text in {
        "mkdocs.yml": MKDOCS,
        "pyproject.toml": "",
        "docs/page.md": "# A\n\nFrom 1.8. See [it](page.md).\n\n" + fence("a.console"),
        "snippets/a.console": CONSOLE,
        "tests/__init__.py": "",
        "conftest.py": BLOCKS,
        "tests/test_pages.py": CHECKS,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def find(root: Path) -> list[Mutant]:
    return mutants(load_site(root / "mkdocs.yml"))


def test_what_pages_show_is_mutated(root: Path) -> None:
    (root / "snippets" / "a.py").write_text(
        "a = 1\n# --8<-- [start:b]\nb = 2\n# --8<-- [end:b]\n# --8<-- [start:c]\nc = 3\n# --8<-- [end:c]\n"
    )
    (root / "snippets" / "a.database").write_text("table a\n")
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
        "snippets/a.database": both,
        "snippets/a.py": both,
    }


def test_what_may_survive(root: Path) -> None:
    (root / "snippets" / "a.py").write_text(
        'import b\nimport c\n\n\ndef d() -> None:\n    """E."""\n    return 1  # f\n\n\nbranch_labels = None\n'
    )
    (root / "snippets" / "a.ini").write_text("# g h\ni = 1\n")
    (root / "snippets" / "a.console").write_text("$ date\n2024-01-02\n")
    with (root / "docs" / "page.md").open("w") as page:
        page.write(fence("a.console", '{ .console data-mask="date" }') + "\n" + fence("a.py", 'python title="a.py"'))
        page.write("\n" + fence("a.ini", 'ini title="a.ini"'))
    harmless = {(mutant.where, mutant.kind): mutant.harmless for mutant in find(root) if mutant.harmless}
    assert harmless == {
        ("docs/page.md:1", "attribute"): STRICTER,
        ("snippets/a.console:2", "output character"): MASKED,
        ("snippets/a.ini:1", "drop line"): NOT_RUN,
        ("snippets/a.ini:1", "swap lines"): NOT_RUN,
        ("snippets/a.py:1", "swap lines"): NOT_RUN,
        ("snippets/a.py:5", "operator"): NOT_RUN,
        ("snippets/a.py:6", "wording"): NOT_RUN,
        ("snippets/a.py:7", "wording"): NOT_RUN,
        ("snippets/a.py:10", "drop line"): NOT_RUN,
        ("snippets/a.py:10", "operator"): NOT_RUN,
    }


def test_a_comment_counts_where_a_file_is_compared(root: Path) -> None:
    (root / "snippets" / "a.py").write_text("a = 1  # b\n")
    header = '{ .python title="a.py" data-role="generated" }'
    (root / "docs" / "page.md").write_text(fence("a.py", header))
    assert [mutant.harmless for mutant in find(root) if mutant.kind == "wording"] == [None]


def test_a_sample_has_all_kinds_and_a_seed(root: Path) -> None:
    found = find(root)
    names = {mutant.kind for mutant in found}
    assert {mutant.kind for mutant in draw(found, len(names), 1)} == names
    assert draw(found, 5, 1) == draw(found, 5, 1)
    assert sorted(map(key_of, draw(found, 1000, 1))) == sorted(map(key_of, found))


# What is noticed


def test_a_mutant_is_noticed_or_not(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LEEWAY", 1)
    checker = Checker(root, tmp_path, 2)
    before = {path: path.read_text() for path in root.rglob("*") if path.is_file()}
    checker.check_baseline(["docs/page.md"])
    checker.seconds["docs/page.md"] = 0
    found = {(mutant.kind, mutant.after): mutant for mutant in mutants(checker.site)}
    wanted = {
        ("command word", ("$ echo ac",)): "docs/page.md::block 1",
        ("exit status", ("? 1",)): None,
        ("output character", ("ac",)): "timeout",
        ("number in prose", ("From 1.9. See [it](page.md).",)): "tests/test_pages.py::test_other",
        ("link", ("From 1.8. See [it](pagf.md).",)): "tests/test_pages.py::test_the_site_builds",
    }
    chosen = [found[key] for key in wanted]
    noticed = {(mutant.kind, mutant.after): verdict.noticed for mutant, verdict in checker.check(chosen)}
    assert noticed == wanted
    for tree in checker.trees:
        assert {path: (tree / path.relative_to(root)).read_text() for path in before} == {
            path: path.read_text() for path in before
        }
    assert {path: path.read_text() for path in before} == before


def test_a_wrong_site_is_told_first(root: Path, tmp_path: Path) -> None:
    (root / "snippets" / "a.console").write_text("$ echo b\nb\n")
    checker = Checker(root, tmp_path, 1)
    with pytest.raises(BrokenError, match=r"(?s)AssertionError.*Nothing is changed yet, and docs/page.md::block 1"):
        checker.check_baseline(["docs/page.md"])


def test_a_check_without_a_verdict_is_no_success(root: Path, tmp_path: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--no-such-option'\n")
    with pytest.raises(BrokenError, match="pytest ended with"):
        Checker(root, tmp_path, 1).check_baseline(["docs/page.md"])


def test_the_command(root: Path, tmp_path: Path) -> None:
    (root / "conftest.py").write_text(BLOCKS.replace("assert", "assert True or"))
    (root / "tests" / "test_pages.py").write_text("def test_nothing():\n    pass\n")
    table = tmp_path / "accepted.tsv"
    table.write_text("\t".join(HEADER) + "\n")
    options = ["--root", str(root), "--accepted", str(table), "--seed", "1", "--sample", "3", "--jobs", "1"]
    ran = subprocess.run(
        [sys.executable, "-m", "guide.labs.mutate", *options], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.stdout.startswith(f"3 of {len(find(root))} mutants, seed 1\n")
    assert "nothing notices this:" in ran.stdout
    assert (ran.returncode, ran.stderr) == (1, "")


# The table


def a_mutant(line: str, harmless: str | None = None) -> Mutant:
    return Mutant("a.py", 3, "name", (line,), (line + "x",), "", frozenset(), harmless)


def test_the_table_is_held_to() -> None:
    killed, survivor, harmless = a_mutant("a"), a_mutant("b"), a_mutant("c", NOT_RUN)
    everything = [killed, survivor, harmless]
    results = [(killed, Verdict("x")), (survivor, Verdict()), (harmless, Verdict())]
    right = Entry(2, key_of(survivor), "why")

    text, is_good = report(everything, results, [right])
    assert is_good
    assert re.search(r"all +3 +1 +1 +1 +0$", text)

    text, is_good = report(everything, results, [])
    assert not is_good
    assert "a.py:3: name: nothing notices this:\n- b\n+ bx" in text
    assert text.endswith("\na.py\tname\tb\tbx\t")

    text, is_good = report(everything, results, [right, Entry(3, key_of(killed), "why")])
    assert not is_good
    assert text.endswith("accepted.tsv: row 3: x notices this mutant: remove the row")

    text, is_good = report(everything, results[:1], [right, Entry(3, key_of(a_mutant("d")), "why")])
    assert not is_good
    assert text.endswith("accepted.tsv: row 3: there is no such mutant")


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
    table = tmp_path / "accepted.tsv"
    table.write_text(rows)
    with pytest.raises(ValueError, match=re.escape(message)):
        load(table)


def test_each_accepted_survivor_is_a_mutant() -> None:
    """Whether it still survives, `make mutate` tells."""
    table = load(TABLE)
    found = {key_of(mutant) for mutant in mutants(load_site(ROOT / "mkdocs.yml"), {entry.key[0] for entry in table})}
    assert [entry.number for entry in table if entry.key not in found] == []
