"""Operations on a page: each check is shown to pass and to fail, each block out of place to be refused clearly."""

import pytest

from guide.reader.engine import Engine, embedded
from tests.reader.throwaway import Project, fence, refusal

SETUP = '{ .python data-role="setup" }'
OPERATION = '{ .python data-role="operation" }'
SENT = '{ .sql data-role="sent" }'
SENT_FAILS = '{ .sql .fails data-role="sent" }'

TABLE = 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))\n'
TABLE_DATABASE = "table t\n  id Int64 not null\n  primary key (id)\n"
RENAME = 'op.rename_table("t", "u")\n'
RENAME_SENT = "ALTER TABLE t RENAME TO u\n"
RENAME_DATABASE = "table u\n  id Int64 not null\n  primary key (id)\n"
NOT_NULL = 'op.add_column("t", sa.Column("n", sa.Integer(), nullable=False))\n'
NOT_NULL_SENT = (
    "ALTER TABLE t ADD COLUMN n Int64 NOT NULL\n"
    "--> BAD_REQUEST\n"
    "--> <main>:1:26: Error: Cannot add not null column without default value, code: 2017\n"
)

PAGE = fence("setup.py", SETUP) + fence("a.py", OPERATION)


def page(header: str = SENT) -> str:
    return PAGE + fence("a.sql", header)


def set_up(project: Project, header: str = SENT, **files: str) -> Project:
    return project.write(page(header), setup_py=TABLE, setup_database=TABLE_DATABASE, **files)


def test_an_operation_runs(project: Project, ydb: Engine) -> None:
    set_up(project, a_py=RENAME, a_sql=RENAME_SENT, a_database=RENAME_DATABASE).walk(ydb)


def test_each_operation_starts_from_the_setup(project: Project, ydb: Engine) -> None:
    text = page() + fence("b.py", OPERATION) + fence("b.sql", SENT)
    set_up(project, a_py=RENAME, a_sql=RENAME_SENT, a_database=RENAME_DATABASE)
    project.write(text, b_py=RENAME, b_sql=RENAME_SENT, b_database=RENAME_DATABASE).walk(ydb)


def test_operations_leave_the_database_of_the_page_alone(project: Project, ydb: Engine) -> None:
    text = page() + fence("b.sql", "sql")
    set_up(project, a_py=RENAME, a_sql=RENAME_SENT, a_database=RENAME_DATABASE)
    project.write(text, b_sql="CREATE TABLE t (id Int64, PRIMARY KEY (id));\n")
    project.write(text, b_database="table t\n  id Int64\n  primary key (id)\n").walk(ydb)


def test_operations_need_an_empty_database(project: Project, ydb: Engine) -> None:
    text = fence("b.sql", "sql") + page()
    set_up(project, a_py=RENAME, a_sql=RENAME_SENT, a_database=RENAME_DATABASE)
    project.write(text, b_sql="CREATE TABLE s (id Int64, PRIMARY KEY (id));\n")
    project.write(text, b_database="table s\n  id Int64\n  primary key (id)\n")
    message = refusal(lambda: project.walk(ydb))
    assert "docs/page.md:4: block 2 (python, setup.py): setup.py:1: operations need an empty database" in message
    assert "and there is s" in message


def test_a_refusal_is_compared(project: Project) -> None:
    with embedded() as ydb:
        found = set_up(project, SENT_FAILS, a_py=NOT_NULL, a_sql="-->\n").walk(ydb, update=True)
        assert found == ["a.sql"]
        assert (project.snippets / "a.sql").read_text() == NOT_NULL_SENT
        project.walk(ydb)


def test_other_yql_than_shown_fails(project: Project, ydb: Engine) -> None:
    set_up(project, a_py=RENAME, a_sql="ALTER TABLE t RENAME TO v\n", a_database=RENAME_DATABASE)
    message = refusal(lambda: project.walk(ydb))
    assert "docs/page.md:7: block 3 (sql, a.sql): a.sql:1: the operation did something else" in message
    assert "-ALTER TABLE t RENAME TO v\n+ALTER TABLE t RENAME TO u" in message


def test_another_database_than_recorded_fails(project: Project, ydb: Engine) -> None:
    set_up(project, a_py=RENAME, a_sql=RENAME_SENT, a_database=TABLE_DATABASE)
    message = refusal(lambda: project.walk(ydb))
    assert "docs/page.md:4: block 2 (python, a.py): the database is not as in snippets/a.database" in message


def test_a_setup_that_is_refused(project: Project, ydb: Engine) -> None:
    set_up(project, a_py=RENAME, a_sql=RENAME_SENT).write(page(), setup_py='op.drop_table("none")\n')
    message = refusal(lambda: project.walk(ydb))
    assert "docs/page.md:1: block 1 (python, setup.py): setup.py:1: the setup is refused\nDROP TABLE none\n" in message


def test_an_operation_that_is_no_python(project: Project, ydb: Engine) -> None:
    set_up(project, a_py="op.(\n", a_sql="-->\n")
    assert "docs/page.md:4: block 2 (python, a.py): a.py:1: invalid syntax" in refusal(lambda: project.walk(ydb))


def test_update_records_what_happens(project: Project, ydb: Engine) -> None:
    set_up(project, a_py=RENAME, a_sql="-->\n")
    assert sorted(project.walk(ydb, update=True)) == ["a.database", "a.sql"]
    assert (project.snippets / "a.sql").read_text() == RENAME_SENT
    assert (project.snippets / "a.database").read_text() == RENAME_DATABASE
    assert project.walk(ydb, update=True) == []


def test_update_writes_sections(project: Project, ydb: Engine) -> None:
    text = fence("setup.py", SETUP) + fence("a.py:x", OPERATION) + fence("a.sql:x", SENT)
    project.write(text, setup_py=TABLE, setup_database=TABLE_DATABASE)
    project.write(text, a_py=f"# --8<-- [start:x]\n{RENAME}# --8<-- [end:x]\n")
    project.write(text, a_sql="--8<-- [start:x]\n-->\n--8<-- [end:x]\n")
    assert sorted(project.walk(ydb, update=True)) == ["a.sql", "a.x.database"]
    assert (project.snippets / "a.sql").read_text() == f"--8<-- [start:x]\n{RENAME_SENT}--8<-- [end:x]\n"
    assert project.walk(ydb) == []


@pytest.mark.parametrize(
    ("code", "sent"),
    {
        "parameters": (
            'op.bulk_insert(sa.table("t", sa.column("id", sa.Integer())), [{"id": 1}, {"id": 2}])\n',
            "INSERT INTO t (id) VALUES ($`id`)\n-- $id: Int64 = 1\n\n"
            "INSERT INTO t (id) VALUES ($`id`)\n-- $id: Int64 = 2\n",
        ),
        "a place in a request with a tab": (
            'op.create_table("u", sa.Column("id", sa.Integer()), sa.PrimaryKeyConstraint("id", name="pk"))\n',
            "CREATE TABLE u (\n    id Int64 NOT NULL,\n    CONSTRAINT pk PRIMARY KEY (id)\n)\n"
            "--> GENERIC_ERROR\n--> <main>:3:18: Error: ",
        ),
        "an exception": (
            'op.create_index("ix", "t", [])\nraise ValueError("two\\nlines")\n',
            "ALTER TABLE t ADD INDEX ix GLOBAL SYNC ON ()\n--> GENERIC_ERROR\n",
        ),
        "an exception of the client": (
            'raise ValueError(f"two\\n{object()}")\n',
            "--> raises ValueError: two\n--> <object object at 0x[..]>\n",
        ),
        "a warning": (
            'op.alter_column("t", "id", autoincrement=True)\n',
            "--> warns UserWarning: autoincrement and existing_autoincrement only make sense for MySQL\n\n"
            "--> nothing is sent\n",
        ),
        "nothing": ("pass\n", "--> nothing is sent\n"),
    }.values(),
)
def test_what_is_shown(project: Project, ydb: Engine, code: str, sent: str) -> None:
    set_up(project, a_py=code, a_sql="-->\n").walk(ydb, update=True)
    assert (project.snippets / "a.sql").read_text().startswith(sent)
    assert "object at 0x7" not in (project.snippets / "a.sql").read_text()


@pytest.mark.parametrize(
    ("text", "message"),
    {
        "no setup": (
            fence("a.py", OPERATION) + fence("a.sql", SENT),
            "docs/page.md:1: block 1 (python, a.py): there is no setup above it",
        ),
        "nothing below": (PAGE, "docs/page.md:4: block 2 (python, a.py): what it sends is not shown"),
        "something else below": (
            PAGE + fence("setup.py", "python") + fence("a.sql", SENT),
            "docs/page.md:4: block 2 (python, a.py): what it sends is not shown",
        ),
        "another file below": (PAGE + fence("b.sql", SENT), "with data-role=sent that includes a.sql"),
        "nothing above": (
            page() + fence("b.sql", SENT),
            "docs/page.md:10: block 4 (sql, b.sql): there is no operation right above it",
        ),
        "a role that does not fit": (
            fence("setup.py", '{ .python data-role="sent" }'),
            "docs/page.md:1: block 1 (python, setup.py): data-role='sent' does not fit here",
        ),
    }.values(),
)
def test_blocks_out_of_place(project: Project, text: str, message: str) -> None:
    project.write(text, setup_py=TABLE, a_py=RENAME, a_sql=RENAME_SENT, b_sql=RENAME_SENT)
    assert message in refusal(project.walk)


def test_a_refusal_has_the_class_fails(project: Project) -> None:
    set_up(project, a_py=NOT_NULL, a_sql=NOT_NULL_SENT)
    assert "docs/page.md:7: block 3 (sql, a.sql): something in it fails" in refusal(project.walk)
    set_up(project, SENT_FAILS, a_py=RENAME, a_sql=RENAME_SENT)
    assert "docs/page.md:7: block 3 (sql, a.sql): nothing in it fails" in refusal(project.walk)
    set_up(project, a_py=RENAME, a_sql="--> raises ValueError: no\n")
    assert "docs/page.md:7: block 3 (sql, a.sql): something in it fails" in refusal(project.walk)


def test_a_walk_without_ydb_runs_no_operation(project: Project) -> None:
    set_up(project, a_py=RENAME, a_sql=RENAME_SENT)
    assert "docs/page.md:1: block 1 (python, setup.py): this walk has no YDB" in refusal(project.walk)
