"""Requests of a page are sent, and their answers compared."""

from guide.reader.engine import Engine, scratch_directory
from tests.reader.throwaway import Project, fence, refusal

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
