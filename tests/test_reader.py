"""The reader test's own tests: each check is shown to pass and to fail, each bad input to be refused clearly."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
import ydb as sdk

from tests.reader import fragment, matching
from tests.reader.address import Address, IdError
from tests.reader.database import dump
from tests.reader.engine import Engine, check_scratch, connect, embedded, parse_url, remove, scratch_directory
from tests.reader.environment import environment
from tests.reader.errors import ReaderError
from tests.reader.example import ExampleError, run_example
from tests.reader.page import Page, load_site, read_page
from tests.reader.roles import Role, role_of
from tests.reader.server import free_port
from tests.reader.session import Command, SessionError, parse, serialise
from tests.reader.shell import Shell, ShellError
from tests.reader.snippets import Include, find_sections, rewrite, unused
from tests.reader.walk import Choice, choices, walk

ROOT = Path(__file__).parent.parent
MKDOCS = """
site_name: A site
theme: {name: material}
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - pymdownx.details
  - pymdownx.highlight
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.snippets:
      base_path: [snippets]
      check_paths: true
      dedent_subsections: true
"""
FAILS = "{ .console .fails }"
NOWHERE = Engine("127.0.0.1:1", "/local", "/local")


class Project:
    """A throw-away site with one page; its database is the file `database` in the reader's folder."""

    def __init__(self, root: Path):
        self.root, self.snippets, self.page = root, root / "snippets", root / "docs" / "page.md"
        self.walks = 0
        self.snippets.mkdir()
        self.page.parent.mkdir()
        (root / "mkdocs.yml").write_text(MKDOCS)

    def write(self, page: str, **files: str) -> "Project":
        """Write the page and its snippets: `name_suffix="text"` becomes name.suffix."""
        self.page.write_text(page)
        for name, text in files.items():
            (self.snippets / ".".join(name.rsplit("_", 1))).write_text(text)
        return self

    def read(self) -> Page:
        return read_page(load_site(self.root / "mkdocs.yml"), self.page)

    def walk(self, engine: Engine = NOWHERE, update: bool = False, choice: Choice | None = None) -> list[str]:
        """Walk the page. Out: the names of the rewritten files."""
        self.walks += 1
        scratch = self.root / f"walk{self.walks}"
        scratch.mkdir()
        database = scratch / "project" / "database"
        state = (lambda: database.read_text() if database.exists() else "") if engine is NOWHERE else None
        site = load_site(self.root / "mkdocs.yml")
        found = walk(site, self.page, engine, scratch, choice=choice, update=update, dump=state)
        return [path.name for path in found]

    def file(self, name: str) -> str:
        """A file of the reader's folder after the last walk."""
        return (self.root / f"walk{self.walks}" / "project" / name).read_text()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def fence(include: str, header: str = "console") -> str:
    return f'```{header}\n--8<-- "{include}"\n```\n'


def refusal(action: Callable[[], object]) -> str:
    """The message with which an action is refused."""
    with pytest.raises(ReaderError) as refused:
        action()
    return str(refused.value)


# Pages


def test_blocks_are_read_as_the_site_shows_them(project: Project) -> None:
    page = """---
title: A page
---
# A page

```console
--8<-- "a.console"
```

=== "Tab"

    !!! note

        1. item

            ``` { .python .fails title="models.py" data-role="generated" data-mask="date version" }
            --8<-- "models.py:one"
            ```
"""
    models = "import os\n\nclass A:\n    # --8<-- [start:one]\n    x = 1\n\n    y = 2\n    # --8<-- [end:one]\n"
    first, second = project.write(page, a_console="$ true\n", models_py=models).read().blocks
    assert (first.page, first.number, first.line, first.language) == ("docs/page.md", 1, 6, "console")
    assert (first.text, first.title, first.attributes) == ("$ true\n", None, {})
    assert (second.number, second.line, second.language, second.title) == (2, 16, "python", "models.py")
    assert (second.text, second.masks, second.role) == ("x = 1\n\ny = 2\n", ["date", "version"], "generated")
    assert second.classes == ("fails",)
    assert [(tab.labels, tab.label) for tab in second.tabs] == [(("Tab",), "Tab")]
    assert str(second.include) == "models.py:one"


def test_section_markers_are_not_shown(project: Project) -> None:
    text = "a = 1\n# --8<-- [start:b]\nb = 2\n# --8<-- [end:b]\n"
    assert project.write(fence("x.py", 'python title="x.py"'), x_py=text).read().blocks[0].text == "a = 1\nb = 2\n"


BAD_PAGES = {
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


def test_bad_site(project: Project) -> None:
    (project.root / "mkdocs.yml").write_text(MKDOCS.replace("check_paths: true", "check_paths: false"))
    assert "set 'check_paths: true'" in refusal(project.read)
    (project.root / "mkdocs.yml").write_text(MKDOCS.replace("  - attr_list\n", ""))
    assert "add 'attr_list' to markdown_extensions" in refusal(project.read)
    (project.root / "mkdocs.yml").write_text("theme: none of this\n")
    assert "MkDocs refuses it" in refusal(project.read)


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


# Tabs

TABBED = """
=== "Sync"

    ```python title="x.py"
    --8<-- "sync.py"
    ```

=== "Async"

    ```python title="x.py"
    --8<-- "async.py"
    ```

```console
--8<-- "a.console"
```
"""


def test_each_tab_is_a_way_of_its_own(project: Project) -> None:
    project.write(TABBED, sync_py="print(1)\n", async_py="print(2)\n", a_console="$ python x.py\n1\n")
    site = load_site(project.root / "mkdocs.yml")
    [sync], [other] = choices(site, project.page)
    assert (sync.label, other.label, sync.labels) == ("Sync", "Async", ("Sync", "Async"))
    assert project.walk(choice=(sync,)) == []
    assert project.file("x.py") == "print(1)\n"
    assert "+2" in refusal(lambda: project.walk(choice=(other,)))
    assert "it has other tabs than those that were chosen" in refusal(lambda: project.walk(choice=()))


def test_a_message_names_the_tab(project: Project) -> None:
    project.write(TABBED, sync_py="print(1)\n", async_py="print(\n", a_console="$ python x.py\n1\n")
    way = choices(load_site(project.root / "mkdocs.yml"), project.page)[1]
    assert "block 2 (python, x.py, async.py, in the tab 'Async'): x.py cannot be read" in refusal(
        lambda: project.walk(choice=way)
    )


def test_tabs_with_the_same_labels_are_one_choice(project: Project) -> None:
    inner = TABBED.replace("Sync", "ini").replace('"Async"', '"toml"')
    project.write(TABBED + TABBED + inner, sync_py="a = 1\n", async_py="a = 2\n", a_console="$ true\n")
    found = choices(load_site(project.root / "mkdocs.yml"), project.page)
    assert [[tab.label for tab in way] for way in found] == [
        ["Sync", "ini"],
        ["Sync", "toml"],
        ["Async", "ini"],
        ["Async", "toml"],
    ]


# Snippets


def test_rewrite_keeps_markers_and_indentation(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("class A:\n    # --8<-- [start:one]\n    x = 1\n    # --8<-- [end:one]\n")
    rewrite(Include("x.py", file, "one"), "x = 2\ny = 3\n")
    assert file.read_text() == "class A:\n    # --8<-- [start:one]\n    x = 2\n    y = 3\n    # --8<-- [end:one]\n"
    with pytest.raises(ValueError, match="has sections inside"):
        rewrite(Include("x.py", file), "x = 2\n")


def test_sections_may_be_nested() -> None:
    text = "# --8<-- [start:a]\n1\n# --8<-- [start:b]\n2\n# --8<-- [end:b]\n# --8<-- [end:a]\n"
    assert find_sections(text) == {"a": (1, 5), "b": (3, 4)}


def test_unused_snippets(project: Project) -> None:
    project.write(fence("a.console"), a_console="$ true\n", a_database="", orphan_py="x = 1\n")
    (project.snippets / "two.py").write_text("# --8<-- [start:b]\nb = 2\n# --8<-- [end:b]\n")
    used = [block.include for block in project.read().blocks] + [Include("two.py", project.snippets / "two.py")]
    assert unused(project.snippets, used, {project.snippets / "a.database"}) == ["orphan.py", "two.py:b"]


# Matching


@pytest.mark.parametrize(
    ("recorded", "actual", "masks", "record"),
    [
        ("a b", "a b", "", None),
        ("a b", "a c", "", "a c"),
        ("", "a", "", "a"),
        ("a", "", "", ""),
        ("a b", "a b c", "", "a b c"),
        ("a\nb", "b", "", "b"),
        ("a [..] c", "a b c", "", None),
        ("a [..] c", "a b d", "", "a b d"),
        ("a\n...\nz", "a\nb\nc\nz", "", None),
        ("a\n...\nz", "a\nz", "", None),
        ("...\nz", "a\nz", "", None),
        ("a\n...", "a\nb", "", None),
        ("a\n...\nz", "A\nb\nc\nz", "", "A\n...\nz"),
        ("a\n...\nz", "a\nb\nc\nZ", "", "a\n...\nZ"),
        ("at 2024-01-02 03:04:05.678", "at 2025-12-31 23:59:59.000001", "date", None),
        ("at 2024-01-02", "at 2025-12-31", "", "at 2025-12-31"),
        ("at 2024-01-02", "at noon", "date", "at noon"),
        ("at 2024-01-02\nx", "at 2025-12-31\ny", "date", "at 2024-01-02\ny"),
        ("done in 1.5 s", "done in 12 s", "duration", None),
        ("alembic 1.20.1", "alembic 1.21.0rc1", "version", None),
        ("alembic 1.20.1", "alembik 1.20.1", "version", "alembik 1.20.1"),
        ("alembic 1.20.1", "alembic 1.9.9", "version", "alembic 1.20.1"),
        ("x 2024-01-02", "a\ny 2025-12-31", "date", "a\ny 2024-01-02"),
        ("(.*) [a]", "(.*) [a]", "", None),
        ("(.*)", "x", "", "x"),
    ],
)
def test_compare(recorded: str, actual: str, masks: str, record: str | None) -> None:
    """`record`: what is to be recorded instead; None if the texts agree."""
    old, new = ([line for line in text.split("\n") if text] for text in (recorded, actual))
    comparison = matching.compare(old, new, masks.split())
    assert comparison.same == (record is None)
    assert "\n".join(comparison.record) == (recorded if record is None else record)


def test_elisions_are_not_for_files() -> None:
    assert not matching.compare(["..."], ["a"], [], elide=False).same
    assert not matching.compare(["a [..]"], ["a b"], [], elide=False).same


def test_generated_ids_are_found() -> None:
    recorded, actual = ["-> ae1027a6acf0, x", "2f1027a6acf0_a.py"], ["-> 0123456789ab, x", "2f1027a6acf0_a.py"]
    comparison = matching.compare(recorded, actual, ["revision-id"])
    assert comparison.ids == [("ae1027a6acf0", "0123456789ab"), ("2f1027a6acf0", "2f1027a6acf0")]


# Sessions


def test_session_grammar() -> None:
    text = "$ cat <<E\n> a\n> E\na\n\n...\nb [..]\n$ false\n? 1\n$ echo\n"
    commands = parse(text)
    assert commands == [
        Command("cat <<E\na\nE", 0, ["a", "", "...", "b [..]"], 1),
        Command("false", 1, [], 8),
        Command("echo", 0, [], 10),
    ]
    assert serialise(commands) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("echo\n", "line 1: a console session starts with '$ '"),
        ("$ \n", "line 1: a console session starts with '$ '"),
        ("$ echo\na\n[..]\n", "line 1: a line that is only"),
        ("$ true\n$ echo\n...\n", "line 2: output that is only ... says nothing"),
        ("$ false\n? 1\nError\n...\n", "line 1: the last line of a failing command"),
        ("$ false\n? 1\nError: [..]\n", "line 1: the last line of a failing command"),
    ],
)
def test_bad_session(text: str, message: str) -> None:
    with pytest.raises(SessionError, match=re.escape(message)):
        parse(text)


@pytest.mark.parametrize("line", ["$ echo", "> more", "? 1"])
def test_output_that_reads_as_a_command_cannot_be_recorded(line: str) -> None:
    with pytest.raises(SessionError, match="looks like a command"):
        serialise([Command("echo", 0, [line])])


@pytest.fixture
def shell(tmp_path: Path):
    with Shell(tmp_path, environment(tmp_path, Path(sys.prefix)), timeout=2) as shell:
        yield shell


def test_shell_keeps_state_order_and_status(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    assert shell.run("cd sub; export A=1").status == 0
    assert shell.run('pwd; echo "$A"').output == f"{tmp_path}/sub\n1\n"
    assert shell.run("echo a; echo b >&2; echo c; (exit 3)") == type(shell.run("true"))("a\nb\nc\n", 3)
    assert (
        shell.run("python -c \"import sys; print('a'); print('b', file=sys.stderr); print('c')\"").output == "a\nb\nc\n"
    )
    assert shell.run("cat; printf x").output == "x"
    assert "syntax error" in shell.run("if (").output
    assert shell.run("echo still here").output == "still here\n"
    assert shell.run("nonesuch").output == "bash: nonesuch: command not found\n"


def test_shell_is_clean(shell: Shell) -> None:
    names = set(re.findall(r"(?m)^(\w+)=", shell.run("env").output))
    allowed = {"PATH", "HOME", "LANG", "TZ", "COLUMNS", "NO_COLOR", "PWD", "OLDPWD", "SHLVL", "_"}
    assert all(
        name in allowed or name.startswith(("PYTHON", "PIP_", "UV_", "SSL_", "REQUESTS_")) or "PROXY" in name.upper()
        for name in names
    )
    assert "PYTHONPATH" not in names
    assert shell.run("command -v python").output == f"{sys.prefix}/bin/python\n"


def test_shell_stops_what_takes_too_long(shell: Shell) -> None:
    with pytest.raises(ShellError, match="no end after 2 s; so far it printed:\nbegun"):
        shell.run("echo begun; sleep 60")


def test_shell_notices_its_end(shell: Shell) -> None:
    with pytest.raises(ShellError, match="it ended the shell"):
        shell.run("exit 0")


# Walks


def test_good_page(project: Project) -> None:
    page = fence("a.console") + "\n" + fence("x.py", 'python title="app/x.py"') + "\n" + fence("b.console", FAILS)
    project.write(
        page, a_console="$ mkdir app; cd app\n", x_py="print(1)\n", b_console="$ python x.py\n1\n$ false\n? 1\n"
    )
    assert project.walk() == []
    assert project.file("app/x.py") == "print(1)\n"


@pytest.mark.parametrize(
    ("session", "line", "diff"),
    [
        ("$ echo a\nA\n", 2, "-A\n+a"),
        ("$ echo a\n", 2, "+a"),
        ("$ true\na\n", 2, "-a"),
        ("$ echo a\na\n\n", 3, "-"),
        ("$ echo 'a '\na\n", 2, "-a\n+a "),
        ("$ true\n? 1\n", 2, "-? 1"),
        ("$ (exit 2)\n? 1\n", 2, "-? 1\n+? 2"),
        ("$ (exit 2)\n", 2, "+? 2"),
        ("$ echo a\na\n$ echo b\nB\n", 4, "-B\n+b"),
    ],
)
def test_wrong_session(project: Project, session: str, line: int, diff: str) -> None:
    project.write("# A\n\n" + fence("a.console"), a_console=session)
    if "? " in session:
        project.page.write_text("# A\n\n" + fence("a.console", FAILS))
    message = refusal(project.walk)
    assert message.startswith(
        f"docs/page.md:3: block 1 (console, a.console): a.console:{line}: the commands did something else"
    )
    assert diff in message
    assert message.endswith("pytest --update")
    assert project.walk(update=True) == ["a.console"]
    still_fails = "? " in (project.snippets / "a.console").read_text()
    project.page.write_text(fence("a.console", FAILS if still_fails else "console"))
    assert project.walk() == []


def test_update_keeps_elisions_and_masked_values(project: Project) -> None:
    session = "$ echo 2025-01-01; seq 5; echo b\n2024-01-01\n1\n...\n5\nB\n"
    project.write(fence("a.console", '{ .console data-mask="date" }'), a_console=session)
    assert "-B\n+b" in refusal(project.walk)
    assert project.walk(update=True) == ["a.console"]
    assert (project.snippets / "a.console").read_text() == session.replace("\nB\n", "\nb\n")


def test_white_space_is_compared_as_pages_show_it(project: Project) -> None:
    project.write(fence("a.console"), a_console="$ printf '\\ta\\n  \\nb\\n'\n")
    assert project.walk(update=True) == ["a.console"]
    assert (project.snippets / "a.console").read_text().splitlines()[1:] == ["    a", "", "b"]
    assert project.walk() == []


def test_update_leaves_out_the_frames_of_a_new_traceback(project: Project) -> None:
    project.write(fence("a.console", FAILS), a_console="$ python -c 'print(1); open(\"none\")'\n? 1\n")
    assert project.walk(update=True) == ["a.console"]
    assert (project.snippets / "a.console").read_text().splitlines()[2:] == [
        "1",
        "Traceback (most recent call last):",
        "...",
        "FileNotFoundError: [Errno 2] No such file or directory: 'none'",
    ]
    assert project.walk() == []


@pytest.mark.parametrize(
    ("command", "message"), [("exit 0", "it ended the shell"), ("sleep 60 & exec true", "it ended the shell")]
)
def test_session_that_ends_early(project: Project, command: str, message: str) -> None:
    project.write(fence("a.console"), a_console=f"$ {command}\n$ echo never\n")
    assert f"docs/page.md:1: block 1 (console, a.console): a.console:1: $ {command}: {message}" in refusal(project.walk)


def test_update_does_not_record_a_missing_command(project: Project) -> None:
    project.write(fence("a.console"), a_console="$ alembik | cat\n")
    assert "alembik is not installed" in refusal(lambda: project.walk(update=True))


def test_a_generated_id_stands_for_the_recorded_one(project: Project) -> None:
    make = (
        "$ id=$(python -c 'import secrets; print(secrets.token_hex(6))')\n"
        '$ echo "id = $id" > ${id}_a.py; echo "$id" > database; ls *.py\n'
    )
    page = "\n".join(
        [
            fence("make.console", '{ .console data-mask="revision-id" }'),
            fence("made.py", '{ .python title="ae1027a6acf0_a.py" data-role="generated" }'),
            fence("use.console"),
        ]
    )
    project.write(
        page,
        make_console=make + "ae1027a6acf0_a.py\n$ cat ae1027a6acf0_a.py\nid = ae1027a6acf0\n",
        make_database="ae1027a6acf0\n",
        made_py="id = ae1027a6acf0\n",
        use_console="$ cat database\nae1027a6acf0\n",
    )
    assert project.walk() == []
    (project.snippets / "use.console").write_text("$ cat database\nbe1027a6acf0\n")
    assert "-be1027a6acf0\n+ae1027a6acf0" in refusal(project.walk)


def test_one_recorded_id_cannot_stand_for_two(project: Project) -> None:
    session = "$ echo 111111111111; echo 222222222222\nae1027a6acf0\nae1027a6acf0\n"
    project.write(fence("a.console", '{ .console data-mask="revision-id" }'), a_console=session)
    assert "the commands did something else" in refusal(project.walk)


def test_database_is_compared(project: Project) -> None:
    page = fence("a.console") + "\n" + fence("b.console")
    project.write(page, a_console="$ echo table > database\n", b_console="$ true\n")
    message = refusal(project.walk)
    assert (
        "docs/page.md:1: block 1 (console, a.console): it changed the database, and there is no snippets/a.database"
        in message
    )
    assert "+table" in message
    assert project.walk(update=True) == ["a.database"]
    assert project.walk() == []
    (project.snippets / "a.database").write_text("tables\n")
    assert "the database is not as in snippets/a.database\n--- snippets/a.database (recorded)" in refusal(project.walk)
    assert project.walk(update=True) == ["a.database"]
    (project.snippets / "b.database").write_text("table\n")
    assert "(console, b.console): it left the database as it was: remove snippets/b.database" in refusal(project.walk)
    assert project.walk(update=True) == ["b.database"]
    assert not (project.snippets / "b.database").exists()
    assert project.walk() == []


def test_an_emptied_database_is_recorded_too(project: Project) -> None:
    page = fence("a.console") + "\n" + fence("b.console")
    project.write(page, a_console="$ echo 1 > database\n", a_database="1\n", b_console="$ rm database\n")
    assert "(console, b.console): it changed the database, and there is no snippets/b.database" in refusal(project.walk)
    assert project.walk(update=True) == ["b.database"]
    assert project.walk() == []


def test_generated_file(project: Project) -> None:
    page = fence("a.console") + "\n" + fence("x.py", '{ .python title="x.py" data-role="generated" data-mask="date" }')
    project.write(page, a_console="$ printf 'made = 2025-01-01\\nx = 1\\n' > x.py\n", x_py="made = 2024-01-01\nx = 1\n")
    assert project.walk() == []
    (project.snippets / "x.py").write_text("made = 2024-01-01\nx = 2\n")
    message = refusal(project.walk)
    assert "(python, x.py, x.py): x.py:2: x.py is not as shown" in message and "-x = 2\n+x = 1" in message
    assert project.walk(update=True) == ["x.py"]
    assert (project.snippets / "x.py").read_text() == "made = 2024-01-01\nx = 1\n"
    (project.snippets / "x.py").write_text("made = 2024-01-01\n...\n")
    assert "-...\n+x = 1" in refusal(project.walk)
    (project.snippets / "x.py").write_text("to be recorded\n")
    assert project.walk(update=True) == ["x.py"]
    assert (project.snippets / "x.py").read_text() == "made = 2025-01-01\nx = 1\n"


def test_section_of_a_generated_file(project: Project) -> None:
    page = (
        fence("a.console") + "\n" + fence("x.py:x", '{ .python title="x.py" data-role="generated" data-mask="date" }')
    )
    text = "# --8<-- [start:x]\nx = 2024-01-01\ny = 1\n# --8<-- [end:x]\n"
    project.write(page, a_console="$ printf 'a\\n\\nx = 2025-01-01\\ny = 1\\nb\\n' > x.py\n", x_py=text)
    assert project.walk() == []
    (project.snippets / "x.py").write_text(text.replace("y = 1", "y = 2"))
    assert "x.py holds no such lines" in refusal(project.walk)


def test_section_is_an_excerpt_or_a_change(project: Project) -> None:
    page = "\n".join(fence(include, 'python title="x.py"') for include in ("x.py", "x.py:two", "new.py:two"))
    text = "# --8<-- [start:two]\ndef two():\n    return 2\n# --8<-- [end:two]\n\n\nprint(two())\n"
    project.write(page, x_py=text, new_py=text.replace("return 2", "return 3"))
    assert project.walk() == []
    assert project.file("x.py") == "def two():\n    return 3\n\n\nprint(two())\n"
    (project.snippets / "new.py").write_text("# --8<-- [start:two]\nprint(two)\n# --8<-- [end:two]\n")
    message = "x.py does not contain this section, nor can it be applied: cannot tell where 'print(two)' belongs"
    assert message in refusal(project.walk)


DIFF = """ one
-two
+TWO
@@
 four
+five
"""


def test_diff(project: Project) -> None:
    files = fence("x.txt", 'text title="x.txt"') + "\n" + fence("x.diff", 'diff title="x.txt"')
    project.write(files, x_txt="one\ntwo\nthree\nfour\n", x_diff=DIFF)
    assert project.walk() == []
    assert project.file("x.txt") == "one\nTWO\nthree\nfour\nfive\n"
    project.write(fence("x.diff", 'diff title="x.txt"'), x_diff=DIFF)
    assert "a diff of x.txt, but there is no such file yet" in refusal(project.walk)


@pytest.mark.parametrize(
    ("diff", "message"),
    [
        ("-six\n", "the lines that the diff is about ('six' …) are nowhere in the file"),
        (" one\n-three\n", "the lines that the diff is about ('one' …) are nowhere in the file"),
        ("-two\n+2\n", "the lines that the diff is about ('two' …) are 2 times in the file"),
        ("+six\n", "a place of the diff shows no line that is in the file"),
        (" one\n", "a place of the diff changes nothing"),
        ("@@ -1,2 +1,2 @@\n-one\n", "places are parted by @@ alone: '@@ -1,2 +1,2 @@'"),
        ("one\n", "a line of a diff begins with a space, - or +"),
    ],
)
def test_bad_diff(diff: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        fragment.apply_diff("one\ntwo\nthree\ntwo\n", diff)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "x = = 1\n"),
        ("alembic.ini", "a = 1\n"),
        ("pyproject.toml", "[a\n"),
        ("compose.yaml", "a: [\n"),
        ("a.json", "{,}\n"),
    ],
)
def test_file_that_cannot_be_read(project: Project, name: str, text: str) -> None:
    (project.snippets / "file").write_text(text)
    project.write(fence("file", f'text title="{name}"'))
    assert f"{name} cannot be read: " in refusal(project.walk)


def test_page_builds_on_another(project: Project) -> None:
    project.write(
        "---\nbuilds_on: first.md\n---\n" + fence("b.console"), a_console="$ echo 1 > database\n", a_database="1\n"
    )
    project.write(project.page.read_text(), b_console="$ cat database\n1\n")
    (project.page.parent / "first.md").write_text(fence("a.console"))
    assert project.walk() == []
    (project.snippets / "a.database").write_text("2\n")
    assert refusal(project.walk).startswith("docs/first.md:1: block 1 (console, a.console): the database is not")


def test_two_files_of_one_name(project: Project) -> None:
    project.write(fence("a.console") + fence("a.sql", "sql"), a_console="$ true\n", a_sql="SELECT 1\n")
    assert "block 2 (sql, a.sql): a.console has the same name: give one of the two" in refusal(project.walk)


def test_page_starts_with_a_project(project: Project) -> None:
    folder = project.page.parents[1] / "example" / "sub"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("one\n")
    project.write("---\nproject: example\n---\n" + fence("a.console"), a_console="$ cat sub/a.txt\none\n")
    assert project.walk() == []


def test_clean_environment(project: Project) -> None:
    """docs/installation.md is followed in one, and shows what pip brings there."""
    project.write("---\nenvironment: clean\n---\n" + fence("x.py", "python"), x_py="print(1)\n#> 1\n")
    assert "a page with a clean environment runs Python by a command" in refusal(project.walk)


SERVER = """import signal, sys, time
try:
    print("ready at", sys.argv[2], flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit({status})
"""


@pytest.mark.parametrize(
    ("status", "session", "message"),
    [
        (0, "$ python server.py --port 2136\nready at 2136\n", None),
        (0, "$ python server.py --port 2136\nready on 2136\n", "-ready on 2136\n+ready at 2136"),
        (0, "$ python server.py --sort 2136\nready at 2136\n", None),
        (0, "$ python server.py --sort 2137\nready at 2137\n", "a server block names its port: --port 2136"),
        (0, "$ python server.py --port 2137\nready at 2137\n", None),
        (
            3,
            "$ python server.py --port 2137\nready at 2137\n",
            "page.md: a server that it started: exit status 3 after",
        ),
        (3, "$ python server.py --port 2136\nready at 2136\n", "exit status 3 after it was interrupted"),
        (
            0,
            "$ python -c 'print(2136)' --port 2136\n2136\nready\n",
            "it ended by itself, with exit status 0; it printed:",
        ),
    ],
)
def test_server(project: Project, status: int, session: str, message: str | None) -> None:
    (project.root / "server.py").write_text(SERVER.format(status=status))
    project.write(fence("a.console", '{ .console data-role="server" }'), a_console=session)
    if message is None:
        assert project.walk() == []
        (project.snippets / "a.console").write_text(session.splitlines()[0] + "\n")
        assert project.walk(update=True) == ["a.console"]
        assert (project.snippets / "a.console").read_text() == session
    else:
        assert message in refusal(project.walk)


def test_a_server_on_another_port_goes_on(project: Project) -> None:
    (project.root / "server.py").write_text(
        "import signal, socket, sys, time\n"
        "listener = socket.create_server(('127.0.0.1', int(sys.argv[2])))\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit())\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    ask = "import socket; print(socket.create_connection(('localhost', PORT)).getpeername()[1])"
    project.write(
        fence("a.console", '{ .console data-role="server" }') + fence("b.console", "console"),
        a_console="$ python server.py --port 2137\nready\n",
        b_console=f'$ echo localhost:2137 | sed "s/.*://" > port\n$ python -c "{ask}" 2>/dev/null\n2137\n'.replace(
            "PORT", "$(cat port)"
        ),
    )
    assert project.walk() == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("print(1)\n#> 1\n", "print(1)\n#> 1\n"),
        ("print(1)\n#> 2\n", "print(1)\n#> 1\n"),
        ("print(1)\n", "print(1)\n#> 1\n"),
        ("x = 1\n#> 999\n", "x = 1\n"),
        ("if False:\n    print(1)\n    #> 1\n", "if False:\n    print(1)\n"),
        ('print("a\\nb")\n"""\na\nb\n"""\n', 'print("a\\nb")\n"""\na\nb\n"""\n'),
        (
            'if 0:\n    pass\nelse:\n    print("a\\nb")\n    """\n    c\n    """\n',
            'if 0:\n    pass\nelse:\n    print("a\\nb")\n    """\n    a\n    b\n    """\n',
        ),
        ('"""A docstring."""\n', '"""A docstring."""\n'),
        ("import helper\n\nprint(helper.x)\n#> 5\n", "import helper\n\nprint(helper.x)\n#> 5\n"),
    ],
)
def test_example(tmp_path: Path, source: str, expected: str) -> None:
    (tmp_path / "helper.py").write_text("x = 5\n")
    assert run_example(source, tmp_path) == expected
    assert "helper" not in sys.modules


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\nraise ValueError('no')\n", "at \"raise ValueError('no')\": ValueError: no"),
        ("import sys\nsys.stdout.write('a')\n", "it writes by other means than print"),
        ("import sys\nsys.exit(1)\n", "SystemExit: 1"),
        ("x = = 1\n", "line 1: invalid syntax"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    ],
)
def test_bad_example(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(ExampleError, match=re.escape(message)):
        run_example(source, tmp_path)


def test_example_on_a_page(project: Project) -> None:
    project.write(
        fence("x.py", "python"), x_py='print("yql+ydb://localhost:2136/local")\n#> yql+ydb://localhost:2136/local\n'
    )
    assert project.walk() == []
    (project.snippets / "x.py").write_text("print(1)\n#> 2\n")
    message = refusal(project.walk)
    assert (
        message.startswith("docs/page.md:1: block 1 (python, x.py): x.py:2: it printed something else")
        and "-#> 2\n+#> 1" in message
    )
    assert project.walk(update=True) == ["x.py"]
    assert project.walk() == []


# Fragments


@pytest.mark.parametrize(
    ("name", "text", "change", "expected"),
    [
        ("x.py", "x = None\nf()\n", "x = 1\n", "x = 1\nf()\n"),
        ("x.py", "import a\n\nx = 1\n", "import b\n", "import a\nimport b\n\nx = 1\n"),
        ("x.py", "import a\n\nx = 1\n", "import a\n\nx = 2\n", "import a\n\nx = 2\n"),
        (
            "x.py",
            "@d\ndef f():\n    pass\n\n\nf()\n",
            "# why\ndef f():\n    return 1\n",
            "# why\ndef f():\n    return 1\n\n\nf()\n",
        ),
        (
            "x.py",
            "def f():\n    pass\n\n\nf()\n",
            "def g():\n    pass\n",
            "def f():\n    pass\n\n\ndef g():\n    pass\n\n\nf()\n",
        ),
        ("x.py", "class A:\n    x = 1\n", "class A:\n    x = 1\n    y = 2\n", "class A:\n    x = 1\n    y = 2\n"),
        ("x.ini", "[a]\nk = 1\n\n[b]\nk = 2\n", "[b]\nk = 3\n", "[a]\nk = 1\n\n[b]\nk = 3\n"),
        ("x.ini", "[a]\n# k = 0\nk = 1\n", "k = 3\n", "[a]\n# k = 0\nk = 3\n"),
        ("x.ini", "[a]\nk = 1\n\n[b]\nk = 2\n", "[a]\nm = 1\n    2\n", "[a]\nk = 1\nm = 1\n    2\n\n[b]\nk = 2\n"),
        ("x.ini", "[a]\nk = 1\n  2\nl = 3\n", "[a]\nk = 5\n", "[a]\nk = 5\nl = 3\n"),
        ("x.toml", "[a]\nk = [\n  1,\n]\n", "[a]\nk = [\n  2,\n]\n", "[a]\nk = [\n  2,\n]\n"),
        ("x.toml", "[a]\nk = 1\n", '[b]\nk = "x"\n', '[a]\nk = 1\n\n[b]\nk = "x"\n'),
    ],
)
def test_apply(name: str, text: str, change: str, expected: str) -> None:
    assert fragment.apply(name, text, change) == expected


@pytest.mark.parametrize(
    ("name", "text", "change", "message"),
    [
        ("x.py", "x = 1\n", "print(x)\n", "cannot tell where 'print(x)' belongs"),
        ("x.py", "x = 1\nx = 2\n", "x = 3\n", "x is defined 2 times"),
        ("x.py", "x = 1\n", "    return x\n", "the section is not Python on its own"),
        ("x.py", "x = 1\n", "# only a comment\n", "does not end with a statement"),
        ("x.ini", "[a]\nk = 1\n[b]\nk = 2\n", "k = 3\n", "'k' is in the file 2 times"),
        ("x.ini", "[a]\nk = 1\n", "m = 3\n", "'m' is in the file 0 times"),
        ("x.ini", "[a]\nk = 1\n", "[a]\nwhat\n", "cannot tell where 'what' belongs"),
        ("x.toml", "[a]\nk = 1\n", "[a]\nk = = 2\n", "the file cannot be read with the section applied"),
        ("x.toml", 'k = """\nk = 1\n"""\n', "k = 2\n", "'k' is in the file 2 times"),
        ("x.toml", 's = """\nk = 1\n"""\n', "k = 2\n", "applying the section would change something else"),
        ("x.yml", "k: 1\n", "k: 2\n", "a section can be applied to .py, .ini, .cfg and .toml files"),
    ],
)
def test_cannot_apply(name: str, text: str, change: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        fragment.apply(name, text, change)


def test_contains() -> None:
    assert fragment.contains("class A:\n    x = 1\n\n    y = 2\n", "x = 1\n\ny = 2\n")
    assert not fragment.contains("x = 1\n", "x = 1\ny = 2\n")
    assert not fragment.contains("xx = 11\n", "x = 1\n")


# Addresses

EMULATOR = Engine("127.0.0.1:4444", "/local", "/local")
SCRATCH = Engine("localhost:2136", "/local", "/local/alembic_guide_ab12")
REAL = Engine("db:2135", "/cloud/test", "/cloud/test/alembic_guide_ab12")


@pytest.mark.parametrize(
    ("engine", "page", "test"),
    [
        (EMULATOR, "url = yql+ydb://localhost:2136/local", "url = yql+ydb://127.0.0.1:4444/local"),
        (EMULATOR, "'grpc://localhost:2136', '/local'", "'grpc://127.0.0.1:4444', '/local'"),
        (EMULATOR, "/usr/local/bin and /localhost", "/usr/local/bin and /localhost"),
        (SCRATCH, "url = yql+ydb://localhost:2136/local", f"url = {SCRATCH.url}"),
        (SCRATCH, "FROM `/local/shop/series`", "FROM `/local/alembic_guide_ab12/shop/series`"),
        (REAL, "url = yql+ydb://localhost:2136/local", f"url = {REAL.url}"),
        (REAL, '"yql+ydb_async://localhost:2136/local"', f'"{REAL.url.replace("ydb:", "ydb_async:")}"'),
        (
            REAL,
            "yql+ydb://localhost:2136/local?ydb_table_path_prefix=/local/shop",
            "yql+ydb://db:2135/cloud/test?ydb_table_path_prefix=/cloud/test/alembic_guide_ab12/shop",
        ),
        (REAL, "FROM `/local/shop/series`", "FROM `/cloud/test/alembic_guide_ab12/shop/series`"),
        (REAL, "ping localhost:2136.", "ping db:2135."),
        (REAL, "/usr/local/bin", "/usr/local/bin"),
    ],
)
def test_address(engine: Engine, page: str, test: str) -> None:
    address = Address(engine, Path("/tmp/scratch/project"), Path("/opt/venv"))
    assert address.to_test(page) == test
    assert address.to_reader(test) == page


def test_folders() -> None:
    address = Address(EMULATOR, Path("/tmp/scratch/project"), Path("/opt/venv"))
    text = 'Creating directory /tmp/scratch/project/migrations\nFile "/opt/venv/lib/x.py"'
    assert (
        address.to_reader(text)
        == 'Creating directory /home/you/project/migrations\nFile "/home/you/project/.venv/lib/x.py"'
    )
    assert address.to_test(address.to_reader(text)) == text


def test_ids() -> None:
    address = Address(EMULATOR, Path("/tmp/scratch/project"), Path("/opt/venv"))
    address.bind("aaaaaaaaaaaa", "bbbbbbbbbbbb")
    address.bind("bbbbbbbbbbbb", "cccccccccccc")
    assert address.to_test("aaaaaaaaaaaa_x bbbbbbbbbbbb") == "bbbbbbbbbbbb_x cccccccccccc"
    assert address.to_reader("bbbbbbbbbbbb_x cccccccccccc") == "aaaaaaaaaaaa_x bbbbbbbbbbbb"
    address.bind("aaaaaaaaaaaa", "aaaaaaaaaaaa")
    with pytest.raises(IdError):
        address.bind("aaaaaaaaaaaa", "dddddddddddd")
    with pytest.raises(IdError):
        address.bind("eeeeeeeeeeee", "aaaaaaaaaaaa")


# Engines and databases


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("localhost", "'localhost' is not a URL: use yql+ydb://host:port/database"),
        ("yql+ydb://localhost:port/local", "is not a URL"),
        ("postgresql://localhost:2136/local", "the scheme is 'postgresql'"),
        ("yql+ydb://localhost/local", "host or port is missing"),
        ("yql+ydb://localhost:2136", "the database is missing"),
        ("yql+ydb://localhost:2136/local?ydb_table_path_prefix=/local/x", "options and credentials are not supported"),
        ("yql+ydb://root:secret@localhost:2136/local", "options and credentials are not supported"),
    ],
)
def test_bad_url(url: str, message: str) -> None:
    assert message in refusal(lambda: check_scratch(url))


def test_unreachable_server() -> None:
    message = refusal(lambda: check_scratch(f"yql+ydb://127.0.0.1:{free_port()}/local"))
    assert "no YDB answers there" in message and message.endswith("Connection refused")
    assert "\n" not in message


def test_server_that_is_no_ydb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.reader.engine.TIMEOUT", 1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        message = refusal(lambda: check_scratch(f"yql+ydb://127.0.0.1:{other.getsockname()[1]}/local"))
    assert "no YDB answers there" in message and "\n" not in message


def test_pytest_refuses_a_server_before_any_test() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "--ydb", "yql+ydb://localhost/local", __file__]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert run.stderr.strip().splitlines() == [
        "ERROR: --ydb: yql+ydb://localhost/local: host or port is missing: use yql+ydb://host:port/database"
    ]


@pytest.fixture
def emulator():
    with embedded() as engine:
        yield engine


def execute(engine: Engine, *statements: str) -> None:
    with connect(engine) as driver, sdk.QuerySessionPool(driver) as pool:
        for statement in statements:
            pool.execute_with_retries(statement)


def test_a_database_in_use_is_refused(emulator: Engine) -> None:
    assert check_scratch(emulator.url) == emulator
    execute(emulator, "CREATE TABLE `alembic_guide_0/t` (id Int64 NOT NULL, PRIMARY KEY (id))")
    assert check_scratch(emulator.url) == emulator
    execute(emulator, "CREATE TABLE orders (id Int64 NOT NULL, PRIMARY KEY (id))")
    assert "the database is not empty (orders): tests run only on" in refusal(lambda: check_scratch(emulator.url))


def test_a_directory_for_each_test(emulator: Engine) -> None:
    with scratch_directory(emulator) as first, scratch_directory(emulator) as second:
        assert first.directory != second.directory
        for engine in (first, second):
            client = sa.create_engine(engine.url)
            with client.connect() as connection:
                connection.execute(sa.DDL("CREATE TABLE t (id Int64 NOT NULL, PRIMARY KEY (id))"))
            client.dispose()
        execute(emulator, f"CREATE TABLE `{first.directory}/deep/er/t` (id Int64 NOT NULL, PRIMARY KEY (id))")
    assert dump(parse_url(emulator.url)) == ""


def test_a_test_that_leaves_its_directory_fails(emulator: Engine) -> None:
    def stray() -> None:
        with scratch_directory(emulator):
            execute(emulator, "CREATE TABLE stray (id Int64 NOT NULL, PRIMARY KEY (id))")

    assert "the test left something outside /local/alembic_guide_" in refusal(stray)


def test_only_directories_of_tests_are_removed(emulator: Engine) -> None:
    with connect(emulator) as driver:
        assert "refusing to remove it" in refusal(lambda: remove(driver, "/local"))


def test_dump(emulator: Engine) -> None:
    execute(
        emulator,
        """CREATE TABLE `shop/series` (
            series_id Int64 NOT NULL, title Utf8, released Date, price Decimal(22, 9), data String,
            PRIMARY KEY (series_id),
            INDEX by_title GLOBAL SYNC ON (title) COVER (released)
        )""",
        "UPSERT INTO `shop/series` (series_id, title, released) VALUES (2, 'b', Date('2024-01-02')), (1, NULL, NULL)",
        "CREATE TABLE empty (b Int64 NOT NULL, a Utf8 NOT NULL, PRIMARY KEY (b, a))",
    )
    assert (
        dump(parse_url(emulator.url))
        == """table empty
  b Int64 not null
  a Utf8 not null
  primary key (b, a)

directory shop

table shop/series
  series_id Int64 not null
  title Utf8
  released Date
  price Decimal(22,9)
  data String
  primary key (series_id)
  index by_title global sync on (title) cover (released)
  row series_id=1, title=NULL, released=NULL, price=NULL, data=NULL
  row series_id=2, title='b', released=2024-01-02, price=NULL, data=NULL
"""
    )


def test_walk_on_an_engine(project: Project, emulator: Engine) -> None:
    source = """import sqlalchemy as sa

engine = sa.create_engine("yql+ydb://localhost:2136/local")
with engine.connect() as connection:
    connection.execute(sa.DDL("CREATE TABLE t (id Int64 NOT NULL, PRIMARY KEY (id))"))
"""
    page = fence("t.py", 'python title="t.py"') + "\n" + fence("a.console")
    project.write(page, t_py=source, a_console="$ python t.py\n")
    (project.snippets / "a.database").write_text("table t\n  id Int64 not null\n  primary key (id)\n")
    with scratch_directory(emulator) as directory:
        assert project.walk(directory) == []
    assert project.walk(emulator) == []


REQUESTS = """-- A table to ask.
CREATE TABLE t (
    id Int64 NOT NULL, name Utf8, PRIMARY KEY (id)
);

UPSERT INTO t (id, name) VALUES (1, 'a'), (2, NULL);

SELECT id, name FROM t ORDER BY id; SELECT COUNT(*) AS count FROM `/local/t`;
--> id | name
--> 1  | 'a'
--> 2  | NULL
-->
--> count
--> 2

UPDATE t SET id = 2
WHERE id = 1;
--> GENERIC_ERROR
--> <main>: Error: Type annotation, code: 1030
-->     <main>:1:8: Error: At function: KiUpdateTable!
-->         <main>:1:8: Error: Cannot update primary key column: id
"""
STATE = """table t
  id Int64 not null
  name Utf8
  primary key (id)
  row id=1, name='a'
  row id=2, name=NULL
"""


def test_yql(project: Project, emulator: Engine) -> None:
    project.write(fence("a.sql", "{ .sql .fails }"), a_sql=REQUESTS, a_database=STATE)
    with scratch_directory(emulator) as directory:
        assert project.walk(directory) == []
    with scratch_directory(emulator) as directory:
        project.write(project.page.read_text(), a_sql=REQUESTS.replace("--> 2  | NULL\n", "").replace("count", "x", 1))
        message = refusal(lambda: project.walk(directory))
    assert message.startswith("docs/page.md:1: block 1 (sql, a.sql): a.sql:11: YDB answered something else")
    assert "-1  | 'a'" not in message and "+--> 2  | NULL" in message
    with scratch_directory(emulator) as directory:
        assert project.walk(directory, update=True) == ["a.sql"]
    assert (project.snippets / "a.sql").read_text() == REQUESTS.replace("AS count", "AS x").replace("> count", "> x")


def test_yql_that_is_refused_no_more(project: Project, emulator: Engine) -> None:
    project.write(fence("a.sql", "{ .sql .fails }"), a_sql="SELECT 1 AS a;\n--> GENERIC_ERROR\n")
    assert "-\u002d-> GENERIC_ERROR\n+--> a\n+--> 1" in refusal(lambda: project.walk(emulator))


def test_bad_yql(project: Project) -> None:
    project.write(fence("a.sql", "sql"), a_sql="\n--> a\n")
    assert "line 2: an answer without a request above it" in refusal(project.walk)
    project.write(fence("a.sql", "sql"), a_sql="SELECT 1;\n\n--> a\n")
    assert "line 3: an answer without a request above it" in refusal(project.walk)


# The suite


def pytest_in(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    """Run this suite's page tests on a throw-away site."""
    tests = project.root / "tests"
    if not tests.exists():
        shutil.copytree(ROOT / "tests" / "reader", tests / "reader", ignore=shutil.ignore_patterns("*.pyc.*"))
        for name in ("__init__.py", "conftest.py", "checked.py", "site.py", "test_pages.py", "undo.py"):
            shutil.copy(ROOT / "tests" / name, tests)
        (tests / "generated.py").write_text("GENERATED = {}\n")  # the site of this guide alone has such files
    command = [sys.executable, "-m", "pytest", "-q", "--color=no", *options]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=project.root, env=path, capture_output=True, text=True)


def test_a_failure_is_one_message(project: Project) -> None:
    project.write(fence("a.console"), a_console="$ echo a\nA\n", orphan_py="x = 1\n")
    failed = pytest_in(project)
    assert failed.returncode == pytest.ExitCode.TESTS_FAILED
    assert (
        "docs/page.md:1: block 1 (console, a.console): a.console:2: the commands did something else\n" in failed.stdout
    )
    assert "-A\n+a\n" in failed.stdout
    assert "walk.py" not in failed.stdout
    assert "['orphan.py'] == []" in failed.stdout
    (project.snippets / "orphan.py").unlink()
    updated = pytest_in(project, "--update")
    assert updated.returncode == 0
    assert str(project.snippets / "a.console") in updated.stdout
    assert pytest_in(project).returncode == 0


def test_an_empty_site_fails(project: Project) -> None:
    run = pytest_in(project)
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
    assert "test_there_are_pages" in run.stdout


def test_a_page_can_be_followed_by_hand(project: Project) -> None:
    project.write(fence("a.console"), a_console="$ echo a\na\n")
    command = [sys.executable, "-m", "tests.reader", "--config", str(project.root / "mkdocs.yml"), str(project.page)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, "$ echo a\na")
    (project.snippets / "a.console").unlink()
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.startswith("docs/page.md:1: no file 'a.console'")
