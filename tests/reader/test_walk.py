"""Pages are walked: each check is shown to pass and to fail, each bad input to be refused clearly."""

import re

import pytest

from guide.reader import fragment
from guide.reader.engine import Engine, scratch_directory
from guide.reader.page import load_site
from guide.reader.roles import Role
from guide.reader.way import choices, needs
from tests.reader.throwaway import FAILS, TABBED, Project, fence, refusal


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
    page = "\n".join(fence(include, 'ini title="x.ini"') for include in ("x.ini", "x.ini:two", "new.ini:two"))
    text = "[a]\none = 1\n# --8<-- [start:two]\ntwo = 2\n# --8<-- [end:two]\n"
    project.write(page, x_ini=text, new_ini=text.replace("two = 2", "two = 3"))
    assert project.walk() == []
    assert project.file("x.ini") == "[a]\none = 1\ntwo = 3\n"
    (project.snippets / "new.ini").write_text("# --8<-- [start:two]\nthree = 3\n# --8<-- [end:two]\n")
    message = "x.ini does not contain this section, nor can it be applied: 'three' is in the file 0 times"
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


def test_an_answer_stands_in_another_block(project: Project) -> None:
    answer, diff = fence("answer.txt", '{ .text data-role="answer" }'), fence("x.diff", 'diff title="x.txt"')
    files = "\n".join([answer, fence("x.txt", 'text title="x.txt"'), diff])
    texts = {"x_txt": "  zero\none\ntwo\nthree\nfour\n", "x_diff": DIFF}
    for text in ("zero\n", "one\ntwo\n", "four\nfive\n"):
        assert project.write(files, answer_txt=text, **texts).walk() == []
    for text in ("two\nfour\n", "five\nsix\n"):
        project.write(files, answer_txt=text, **texts)
        assert "no other block of the page has these lines" in refusal(project.walk)
    project.write(answer, answer_txt="one\n")
    assert "no other block of the page has these lines" in refusal(project.walk)


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


@pytest.mark.parametrize("name", ["../outside", "docs/../..", ".", "/"])
def test_a_project_does_not_leave_the_repository(project: Project, name: str) -> None:
    project.write(f"---\nproject: {name}\n---\n" + fence("a.console"), a_console="$ true\n")
    message = f"docs/page.md:1: project: {name} is not in this repository: name one of its folders"
    assert refusal(project.walk) == message


@pytest.mark.parametrize(
    ("roles", "found"),
    [
        ([Role.SESSION, Role.YQL, Role.FILE, Role.SESSION], [[], [0], [], [0, 1, 2]]),
        ([Role.SETUP, Role.OPERATION, Role.SENT, Role.OPERATION, Role.SENT], [[], [0], [1], [0], [3]]),
        ([Role.SESSION, Role.SETUP, Role.GENERATED], [[], [], [0]]),
    ],
)
def test_what_a_block_relies_on(roles: list[Role], found: list[list[int]]) -> None:
    assert [sorted(each) for each in needs(roles)] == found


def test_clean_environment(project: Project) -> None:
    """docs/installation.md is followed in one, and shows what pip brings there."""
    project.write("---\nenvironment: clean\n---\n" + fence("x.py", "python"), x_py="print(1)\n#> 1\n")
    assert "a page with a clean environment runs Python by a command" in refusal(project.walk)


def test_walk_on_an_engine(project: Project, emulator: Engine) -> None:
    source = """import sqlalchemy as sa

engine = sa.create_engine("yql+ydb://localhost:2136/local")
with engine.connect() as connection:
    connection.execute(sa.DDL("CREATE TABLE t (id Int64 NOT NULL, PRIMARY KEY (id))"))
engine.dispose()
"""
    page = fence("t.py", 'python title="t.py"') + "\n" + fence("a.console")
    project.write(page, t_py=source, a_console="$ python t.py\n")
    (project.snippets / "a.database").write_text("table t\n  id Int64 not null\n  primary key (id)\n")
    with scratch_directory(emulator) as directory:
        assert project.walk(directory) == []
    assert project.walk(emulator) == []
