"""YDB404 in the text of a revision: what writes a row for each that was read, and where it may stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_ydb.check.record import Contents, Revision, Run, Turn
from alembic_ydb.check.rules.one_by_one import one_by_one

HELPER = """\
def upgrade():
    fill(op.get_bind())

def fill(connection):
    for row in connection.execute(sa.text("SELECT id FROM t")):
        connection.execute(sa.text("UPDATE t SET a = NULL WHERE id = :id"), {"id": row.id})
"""
TEXT = """\
def upgrade():
    for row in op.get_bind().exec_driver_sql("SELECT id FROM t"):
        op.get_bind().exec_driver_sql(f"DELETE FROM t WHERE id = {row.id}")
"""
UNCALLED = HELPER.replace("    fill(op", "    print(op")
OBJECTS = """\
from sqlalchemy.orm import Session

def upgrade():
    session = Session(bind=op.get_bind())
    for user in session.scalars(sa.select(User)):
        user.name = user.name.upper()
    session.commit()
"""
QUERY = """\
from sqlalchemy.orm import Session

def upgrade():
    session = Session(bind=op.get_bind())
    users = session.query(User).all()
    for user in users:
        user.visits += 1
"""
READ = OBJECTS.replace("user.name = ", "name = ")
BULK = """\
def upgrade():
    rows = op.get_bind().execute(sa.text("SELECT id FROM t")).all()
    op.bulk_insert(table, [{"id": row.id} for row in rows])
"""
DERIVED = """\
def upgrade():
    rows = op.get_bind().execute(sa.text("SELECT id FROM t")).all()
    keys = {row.id for row in rows}
    wanted = sorted(keys)
    for key in wanted:
        op.execute(sa.text("UPDATE t SET a = NULL WHERE id = :id").bindparams(id=key))
"""
FETCHED = """\
def upgrade():
    rows = op.get_bind().execute(sa.text("SELECT id FROM t"))
    while row := rows.fetchone():
        op.execute(sa.text("UPDATE t SET a = NULL WHERE id = :id").bindparams(id=row.id))
"""
ADDED = """\
from sqlalchemy.orm import Session

def upgrade():
    with Session(op.get_bind()) as session:
        for row in session.execute(sa.select(Old)):
            session.add(New(id=row.id))
        session.commit()
"""
ADDED_AT_ONCE = """\
from sqlalchemy import orm

def upgrade():
    session = orm.sessionmaker(op.get_bind())()
    session.add_all([New(id=row.id) for row in session.execute(sa.select(Old))])
    session.commit()
"""
OF_SQLMODEL = ADDED.replace("sqlalchemy.orm", "sqlmodel")
BY_A_MODULE = ADDED.replace("from sqlalchemy.orm import Session", "import sqlalchemy.orm").replace(
    "Session(op", "sqlalchemy.orm.Session(op"
)
BY_A_MAKER = """\
from sqlalchemy.orm import sessionmaker as maker

def upgrade():
    factory = maker(op.get_bind())
    with factory.begin() as db:
        for row in db.execute(sa.select(Old)):
            db.add(New(id=row.id))
"""
TYPED = """\
import sqlalchemy.orm as orm

def upgrade():
    db: orm.Session = orm.Session(bind=op.get_bind())
    for row in db.execute(sa.select(Old)):
        db.merge(New(id=row.id))
    db.commit()
"""
GIVEN = """\
from sqlalchemy import orm

def upgrade():
    with orm.Session(op.get_bind()) as session:
        copy(session)

def copy(db: orm.Session):
    for row in db.execute(sa.select(Old)):
        db.add(New(id=row.id))
"""
NO_SESSION = """\
import sqlalchemy.orm.session

def upgrade():
    for row in op.get_bind().execute(sqlalchemy.text("SELECT id FROM t")):
        op.get_bind().execute(sqlalchemy.text("SELECT 1"))
"""
OF_HTTP = """\
from requests import Session

def upgrade():
    with Session() as session:
        for row in op.get_bind().execute(sa.text("SELECT id FROM t")):
            session.delete(f"https://cache.example/{row.id}")
"""
OF_HTTP_MODULE = OF_HTTP.replace("from requests import Session", "import requests").replace(
    "Session()", "requests.Session()"
)
OF_AN_API = """\
def upgrade():
    for user in client.query("users"):
        user.name = user.name.upper()
"""
A_SET = ADDED.replace("session.add(New(id=row.id))", "seen.add(row.id)")
BATCHES = """\
def upgrade():
    rows = op.get_bind().execute(sa.text("SELECT id FROM t")).all()
    for batch in itertools.batched(rows, 1000):
        op.execute(upsert(table).values([{"id": row.id} for row in batch]))
"""
PARTITIONS = BATCHES.replace("itertools.batched(rows, 1000)", "op.get_bind().execute(sa.select(table)).partitions(9)")
FIRST = BATCHES.replace("batched(", "islice(").replace("[{", "{").replace(" for row in batch]", "")
STEPS = """\
def upgrade():
    rows = op.get_bind().execute(sa.text("SELECT id FROM t")).all()
    for start in range(0, len(rows), 1000):
        op.execute(upsert(table).values([{"id": row.id} for row in rows[start : start + 1000]]))
"""
EACH = """\
def upgrade():
    rows = op.get_bind().execute(sa.text("SELECT id FROM t")).all()
    for number in range(len(rows)):
        op.execute(upsert(table).values({"id": rows[number].id}))
"""
IN_BATCHES = """\
def upgrade():
    for batch in op.get_bind().execute(sa.select(table)).partitions(9):
        for row in batch:
            op.execute(upsert(table).values({"id": row.id}))
"""
LITERAL = """\
def upgrade():
    op.bulk_insert(table, [{"id": number} for number in range(3)])
"""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(HELPER, [5], id="a helper"),
        pytest.param(TEXT, [2], id="as the driver takes it"),
        pytest.param(UNCALLED, [], id="not called"),
        pytest.param(OBJECTS, [5], id="objects of an ORM"),
        pytest.param(QUERY, [6], id="by a name"),
        pytest.param(READ, [], id="read alone"),
        pytest.param(BULK, [3], id="bulk_insert"),
        pytest.param(LITERAL, [], id="written by hand"),
        pytest.param(DERIVED, [5], id="keys of rows"),
        pytest.param(FETCHED, [3], id="fetchone"),
        pytest.param(ADDED, [5], id="a session"),
        pytest.param(ADDED_AT_ONCE, [5], id="add_all"),
        pytest.param(OF_SQLMODEL, [5], id="a session of SQLModel"),
        pytest.param(BY_A_MODULE, [5], id="a session by the name of its module"),
        pytest.param(BY_A_MAKER, [6], id="a session by a maker"),
        pytest.param(TYPED, [5], id="a session with its type"),
        pytest.param(GIVEN, [8], id="a session that is given"),
        pytest.param(NO_SESSION, [], id="a module of sessions"),
        pytest.param(OF_HTTP, [], id="a session of HTTP"),
        pytest.param(OF_AN_API, [], id="objects of something else"),
        pytest.param(OF_HTTP_MODULE, [], id="a session of HTTP by its module"),
        pytest.param(A_SET, [], id="a set"),
        pytest.param(BATCHES, [], id="batches"),
        pytest.param(PARTITIONS, [], id="partitions"),
        pytest.param(STEPS, [], id="steps"),
        pytest.param(FIRST, [3], id="the first ones"),
        pytest.param(EACH, [3], id="by their numbers"),
        pytest.param(IN_BATCHES, [3], id="each of a batch"),
    ],
)
def test_a_row_for_each_that_was_read(tmp_path: Path, text: str, lines: list[int]) -> None:
    file = tmp_path / "a.py"
    file.write_text(text)
    runs = {Turn.UPGRADE: Run(Turn.UPGRADE, Contents())}
    hits = one_by_one(Revision("a", str(file), "/local", runs=runs))
    assert [hit.place.line for hit in hits] == lines
