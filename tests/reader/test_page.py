"""A page is read as the site shows it, and what is wrong with it is told."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from guide.reader.errors import ReaderError
from guide.reader.roles import Role, role_of
from tests.reader.throwaway import MKDOCS, Project, fence, refusal


def test_blocks_are_read_as_the_site_shows_them(project: Project) -> None:
    page = """---
title: A page
---
# A page

```console
--8<-- "a.console"
```

=== "A `tab`"

    !!! note

        1. item

            ``` { .python .fails title="models.py" data-role="generated" data-mask="date version" }
            --8<-- "models.py:one"
            ```
"""
    models = "import os\n\nclass A:\n    # --8<-- [start:one]\n    x = 1\n\n    y = 2\n    # --8<-- [end:one]\n"
    first, second = project.write(page, a_console="$ true\n", models_py=models).read().blocks
    assert (first.page, first.number, first.line, first.language) == ("docs/page.md", 1, 6, "console")
    assert (first.text, first.title, first.attributes) == ("$ true\n", "", {})
    assert (second.number, second.line, second.language, second.title) == (2, 16, "python", "models.py")
    assert (second.text, second.masks, second.role) == ("x = 1\n\ny = 2\n", ["date", "version"], "generated")
    assert second.classes == ("fails",)
    assert [(tab.labels, tab.label) for tab in second.tabs] == [(("A tab",), "A tab")]
    assert str(second.include) == "models.py:one"


def test_section_markers_are_not_shown(project: Project) -> None:
    text = "a = 1\n# --8<-- [start:b]\nb = 2\n# --8<-- [end:b]\n"
    assert project.write(fence("x.py", 'python title="x.py"'), x_py=text).read().blocks[0].text == "a = 1\nb = 2\n"


STRAY = "docs/page.md: HTML that is not whole: it has a </div> without its <div>, or the like"
BAD_PAGES = {
    "a <div> closed twice": ("<div>\n</div>\n</div>\n", STRAY),
    "a part of tabs alone": ('<div class="tabbed-block"></div>\n', STRAY),
    "a missing file": (fence("none.console"), "docs/page.md:1: no file 'none.console' under "),
    "a file outside": (fence("../mkdocs.yml"), "docs/page.md:1: no file '../mkdocs.yml'"),
    "a missing section": (fence("good.py:none"), "docs/page.md:1: no section 'none' in good.py (it has: one)"),
    "a section never closed": (fence("open.py:one"), "docs/page.md:1: open.py: line 1: section 'one' is never closed"),
    "a section opened twice": (
        fence("twice.py:one"),
        "docs/page.md:1: twice.py: line 4: section 'one' is opened twice",
    ),
    "a section never opened": (
        fence("shut.py"),
        "docs/page.md:1: shut.py: line 2: section 'one' is closed but not open",
    ),
    "an empty section": (fence("hollow.py:one"), "docs/page.md:1: hollow.py: line 1: section 'one' is empty"),
    "an empty file": (fence("empty.py"), "docs/page.md:1: empty.py is empty"),
    "line numbers": (
        fence("good.py:1:2"),
        "docs/page.md:1: an include names a file or a section of it, never line numbers",
    ),
    "text in a fence": (
        "\n```python\nprint()\n```\n",
        "docs/page.md:2: a fence holds one include line and nothing else",
    ),
    "two includes": (
        '```python\n--8<-- "good.py"\n--8<-- "good.py"\n```\n',
        "docs/page.md:1: a fence holds one include line",
    ),
    "an empty fence": ("```python\n```\n", "docs/page.md:1: a fence holds one include line"),
    "an include outside": ('# A\n\n--8<-- "good.py"\n', "docs/page.md:3: an include outside a fence"),
    "an open fence": (
        'text\n\n```python\n--8<-- "good.py"\n',
        "docs/page.md:3: Markdown does not take this for a fence",
    ),
    "an unbraced attribute": (
        fence("good.py", 'python data-mask="date"'),
        "docs/page.md:1: Markdown does not take this",
    ),
    "indented code": ("text\n\n    alembic upgrade head\n", "docs/page.md: a code block that is no fence"),
    "a raw pre": ("text\n\n<pre>alembic</pre>\n", "docs/page.md: a code block that is no fence"),
    "a raw pre in a line": ("text <PRE>alembic</PRE>\n", "docs/page.md: a code block that is no fence"),
    "a comment": (f"<!--\n{fence('good.py')}-->\n", "docs/page.md:2: readers do not see this block"),
    "a fence in a file": (fence("fence.py"), "docs/page.md:1: fence.py holds a line that ends this fence"),
    "an unknown attribute": (
        fence("good.py", '{ .python data-masks="x" }'),
        "block 1 (python, good.py): unknown attribute data-masks",
    ),
    "counted lines": (fence("good.py", 'python hl_lines="2"'), "hl_lines counts lines"),
    "unknown front matter": ("---\nbuild_on: other.md\n---\n", "docs/page.md:1: unknown front matter: build_on"),
    "a missing foundation": ("---\nbuilds_on: other.md\n---\n", "docs/page.md:1: builds_on: there is no page other.md"),
    "a circle": ("---\nbuilds_on: page.md\n---\n", "docs/page.md:1: builds_on: page.md goes round in a circle"),
    "a missing project": ("---\nproject: nothing\n---\n", "docs/page.md:1: project: this repository has no folder"),
    "an unknown environment": ("---\nenvironment: dirty\n---\n", "docs/page.md:1: environment: dirty is not known"),
    "an unknown language": (fence("good.py", "ini"), "docs/page.md:1: block 1 (ini, good.py): nothing runs this block"),
    "no language": (fence("good.py", ""), "docs/page.md:1: block 1 (no language, good.py): nothing runs this block"),
    "a way out": (
        fence("good.py", 'python title="../x.py"'),
        "docs/page.md:1: block 1 (python, ../x.py, good.py): '../x.py' would leave",
    ),
    "an absolute way out": (
        fence("good.py", 'python title="/tmp/x.py"'),
        "'/tmp/x.py' would leave the reader's folder",
    ),
    "a titled console": (fence("good.py", 'console title="x"'), "a console block has no title"),
    "an unknown role": (fence("good.py", '{ .python data-role="made" }'), "data-role='made' does not fit here"),
    "a role that does not fit": (
        fence("good.py", '{ .python data-role="generated" }'),
        "data-role='generated' does not fit",
    ),
    "an unknown mask": (
        fence("a.console", '{ .console data-mask="dates" }'),
        "unknown mask: dates (known: date, duration",
    ),
    "a mask without use": (
        fence("good.py", '{ .python title="x.py" data-mask="date" }'),
        "a mask is for what is compared",
    ),
    "an unneeded mask": (fence("a.console", '{ .console data-mask="date" }'), "the mask date is not needed"),
    "no command": (
        fence("good.py"),
        "docs/page.md:1: block 1 (console, good.py): line 1: a console session starts with '$ '",
    ),
    "a section of a session": (fence("good.py:one"), "a console block includes a whole session file"),
    "a fragment of nothing": (
        fence("good.py:one", 'python title="x.py"'),
        "a section of x.py, but there is no such file yet",
    ),
    "a file nothing made": (fence("good.py", '{ .python title="x.py" data-role="generated" }'), "no command made x.py"),
    "a command not installed": (
        fence("b.console"),
        "(console, b.console): b.console:2: $ alembik upgrade: alembik is not installed",
    ),
}


@pytest.mark.parametrize(("page", "message"), BAD_PAGES.values(), ids=BAD_PAGES)
def test_bad_page(project: Project, page: str, message: str) -> None:
    project.write(
        page,
        a_console="$ true\n",
        b_console="$ true\n$ alembik upgrade\nINFO\n",
        good_py="# --8<-- [start:one]\nx = 1\n# --8<-- [end:one]\n",
        open_py="# --8<-- [start:one]\nx = 1\n",
        twice_py="# --8<-- [start:one]\nx = 1\n# --8<-- [end:one]\n# --8<-- [start:one]\nx = 1\n# --8<-- [end:one]\n",
        shut_py="x = 1\n# --8<-- [end:one]\n",
        hollow_py="# --8<-- [start:one]\n\n# --8<-- [end:one]\n",
        empty_py="\n",
        fence_py="x = '''\n```\n'''\n",
    )
    assert message in refusal(project.walk)


def test_a_section_that_sgml_does_not_know(project: Project) -> None:
    """Newer releases of Python take it for a comment, as browsers do; older ones refuse it, and so does the reader."""
    project.write("<div><![no such]></div>\n" + fence("a.console"), a_console="$ true\n")
    try:
        assert len(project.read().blocks) == 1
    except ReaderError as refused:
        assert STRAY in str(refused)


def test_bad_site(project: Project) -> None:
    (project.root / "mkdocs.yml").write_text(MKDOCS.replace("check_paths: true", "check_paths: false"))
    assert "set 'check_paths: true'" in refusal(project.read)
    (project.root / "mkdocs.yml").write_text(MKDOCS.replace("  - attr_list\n", ""))
    assert "add 'attr_list' to markdown_extensions" in refusal(project.read)
    (project.root / "mkdocs.yml").write_text("theme: none of this\n")
    assert "MkDocs refuses it" in refusal(project.read)


@pytest.mark.parametrize("is_open", [False, True])
def test_a_page_is_refused_whenever_what_it_includes_goes(
    project: Project, monkeypatch: pytest.MonkeyPatch, is_open: bool
) -> None:
    """In: whether it goes right before a file is opened, or right after that."""
    really_open = open

    def read(last: int) -> int:
        """Read the page; all that it includes goes with the last file that can be opened. Out: how many were opened."""
        opened = 0

        def opening(file: str | Path, *arguments: Any, **named: Any) -> object:
            nonlocal opened
            opened += Path(file).parent == project.snippets
            goes = opened == last and project.snippets.exists()
            if goes and not is_open:
                shutil.rmtree(project.snippets)
            found = really_open(file, *arguments, **named)
            if goes and is_open:
                shutil.rmtree(project.snippets)
            return found

        project.snippets.mkdir(exist_ok=True)
        project.write(fence("a.console") + "\n" + fence("b.console"), a_console="$ true\n", b_console="$ true\n")
        with monkeypatch.context() as patch:
            patch.setattr("builtins.open", opening)
            patch.setattr("io.open", opening)
            project.read()
        return opened

    lasts = range(1, read(last=-1) + (not is_open))
    refusals = [refusal(partial(read, last)) for last in lasts]
    assert len(refusals) >= 5
    assert all(message.startswith("docs/page.md:") and "console" in message for message in refusals), refusals


@pytest.mark.parametrize("file", ["docs/page.md", "snippets/a.console"])
def test_a_page_is_refused_that_is_no_utf_8(project: Project, file: str) -> None:
    project.write(fence("a.console"), a_console="$ true\n")
    (project.root / file).write_bytes("é".encode("latin-1"))
    assert "'utf-8' codec can't decode byte 0xe9 in position 0" in refusal(project.read)


def test_missing_page(project: Project) -> None:
    assert refusal(project.read) == "docs/page.md: no such page"


def test_a_link_out_of_the_folder(project: Project) -> None:
    page = fence("a.console") + "\n" + fence("x.py", 'python title="out/x.py"')
    project.write(page, a_console="$ ln -s /tmp out\n", x_py="x = 1\n")
    assert "'out/x.py' would leave the reader's folder: a link" in refusal(project.walk)


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("console", Role.SESSION),
        ('{ .console data-role="server" }', Role.SERVER),
        ("python", Role.EXAMPLE),
        ('python title="x.py"', Role.FILE),
        ('{ .python title="x.py" data-role="generated" }', Role.GENERATED),
        ('diff title="x.py"', Role.DIFF),
        ("sql", Role.YQL),
        ('{ .sql data-role="answer" }', Role.ANSWER),
    ],
)
def test_roles(project: Project, header: str, role: Role) -> None:
    assert role_of(project.write(fence("a.console", header), a_console="$ true\n").read().blocks[0]) is role


@pytest.mark.parametrize(
    ("header", "session", "message"),
    [
        ("console", "$ false\n? 1\n", "something in it fails: let readers see that, with the class fails"),
        ("{ .console .fails }", "$ true\n", "nothing in it fails: remove the class fails"),
        ("sql", "SELECT a;\n--> GENERIC_ERROR\n", "something in it fails"),
        ("{ .sql .fails }", "SELECT 1 AS a;\n--> a\n--> 1\n", "nothing in it fails"),
        ('{ .python .fails title="x.py" }', "x = 1\n", "nothing in it fails"),
        ("{ .console .fail }", "$ true\n", "unknown class fail (known: fails)"),
    ],
)
def test_what_fails_is_declared(project: Project, header: str, session: str, message: str) -> None:
    project.write(fence("a.console", header), a_console=session)
    assert message in refusal(lambda: role_of(project.read().blocks[0]))
