"""The models of Models for YDB: on each release line, with and without the hooks, and one step beside the page."""

from __future__ import annotations

import datetime
import decimal
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    foreign,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)
from sqlalchemy.orm import exc as orm_exc
from ydb_sqlalchemy.sqlalchemy import types
from ydb_sqlalchemy.sqlalchemy.types import UInt64

from guide.paths import ROOT
from tests.project import SNIPPETS, project
from ydb_emulator import releases

FILE = SNIPPETS / "start" / "models" / "models.py"
STARTER = ROOT / "toolkit" / "starter" / "migrations" / "env.py"
KEY, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
NOON = datetime.datetime(2026, 11, 29, 12, 0, 0, 123456, datetime.UTC)


def load(old: str = "", new: str = "") -> ModuleType:
    """The module of the page, each time as if it were imported first, with one text replaced by another."""
    text = FILE.read_text()
    assert old in text
    module = ModuleType("models_of_the_page")
    sys.modules[module.__name__] = module
    exec(text.replace(old, new), module.__dict__)
    return module


models = load()


@pytest.fixture
def engine(ydb_url: str) -> Iterator[sa.Engine]:
    """An engine as the page makes it, on a database with the tables of the page."""
    made = sa.create_engine(ydb_url, isolation_level="SERIALIZABLE")
    models.Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with Session(engine) as made:
        yield made


@pytest.mark.parametrize("line", releases.NAMES)
def test_alembic_finds_no_difference(line: str, tmp_path: Path) -> None:
    with project(tmp_path / "project", line) as example:
        for old in (example.folder / "migrations" / "versions").glob("*.py"):
            old.unlink()
        example.add(FILE)
        example.call(partial(command.revision, autogenerate=True), "tables")
        example.call(command.upgrade, "head")
        example.call(command.check)
        starter = STARTER.read_text().replace("**hooks(metadata)", f"**hooks(metadata, line={line!r})")
        (example.folder / "migrations" / "env.py").write_text(starter)
        example.call(command.check, YDB_ANONYMOUS_CREDENTIALS="1")
        with example.connect() as connection:
            every_kind(connection.engine)


def every_kind(made: sa.Engine) -> None:
    """Insert, update, select by key and with IN: an object of each class."""
    engine = made.execution_options(isolation_level="SERIALIZABLE")
    url = "https://example.com/"
    with Session(engine) as session, session.begin():
        user = models.User(id=KEY, name="Ada", orders=[order()])
        seen = models.Visit(user=user, page=models.Page(url=url, group="a"), at=NOON)
        session.add_all([user, seen, models.Email(address="a@example.com", user_id=KEY)])
    hash = models.hash_of(url)
    found: list[tuple[Any, Any, str, Any]] = [
        (models.User, KEY, "name", "Eve"),
        (models.Email, "a@example.com", "user_id", OTHER),
        (models.Order, (KEY, 1), "status", models.Status.PAID),
        (models.Order, (KEY, 1), "priority", models.Priority.HIGH),
        (models.Order, (KEY, 1), "total", decimal.Decimal("1234567890123.123456789")),
        (models.Order, (KEY, 1), "placed_at", NOON + datetime.timedelta(microseconds=1)),
        (models.Order, (KEY, 1), "due", datetime.date(2026, 12, 24)),
        (models.Page, (hash, url), "views", 2**63 - 1),
        (models.Page, (hash, url), "group", "select"),
        (models.Visit, (KEY, hash, url), "at", NOON - datetime.timedelta(days=1)),
    ]
    for kind, key, name, value in found:
        with Session(engine) as session, session.begin():
            setattr(session.get_one(kind, key), name, value)
        with Session(engine) as session:
            assert getattr(session.get_one(kind, key), name) == value
            column = getattr(kind, name)
            sent = value.value if isinstance(value, models.Priority) else value
            assert session.scalars(sa.select(column).where(column.in_([sent]))).all() == [value]
    with Session(engine) as session:
        some = models.Page.hash.in_([hash, 5, -(2**63)])
        assert session.scalars(sa.select(models.Page.url).where(some)).all() == [url]
        loaded = session.scalars(sa.select(models.User).options(selectinload(models.User.orders))).one()
        assert [each.number for each in loaded.orders] == [1]


def order(**values: Any) -> Any:
    return models.Order(number=1, total=decimal.Decimal(1), **values)


CHANGES = [
    pytest.param("sa.Numeric(22, 9)", "sa.Numeric(30, 9)", {"modify_type"}, id="precision"),
    pytest.param(
        "due: Mapped[datetime.date | None]", "due: Mapped[datetime.datetime | None]", {"modify_type"}, id="type"
    ),
    pytest.param("group: Mapped[str | None]", "group: Mapped[str]", {"modify_nullable"}, id="not null"),
    pytest.param("due: Mapped[datetime.date | None]", "", {"remove_column"}, id="column gone"),
    pytest.param("mapped_column(index=True)", "mapped_column()", {"remove_index"}, id="index gone"),
    pytest.param('PAID = "paid"', 'PAID = "paid"\n    SENT = "sent"', set(), id="member of an enum"),
    pytest.param('sa.text("0")', 'sa.text("1")', set(), id="default of YDB"),
    pytest.param("default=Status.NEW", "default=Status.PAID", set(), id="default of Python"),
]


@pytest.mark.parametrize(("old", "new", "found"), CHANGES)
def test_a_change_of_a_model_is_found(engine: sa.Engine, old: str, new: str, found: set[str]) -> None:
    from alembic_ydb.hooks import hooks  # which changes what Alembic does

    changed = load(old, new).Base.metadata
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=hooks(changed))
        differences = compare_metadata(context, changed)
    assert {each[0][0] if isinstance(each, list) else each[0] for each in differences} == found


def test_none_of_json_is_json_null_without_the_argument(session: Session) -> None:
    class Beside(DeclarativeBase):
        pass

    class Row(Beside):
        __tablename__ = "rows"
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        plain: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON())
        null: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))

    Beside.metadata.create_all(session.get_bind())
    session.add(Row(id=1, plain=None, null=None))
    session.flush()
    assert session.execute(sa.text("SELECT plain, null IS NULL FROM `rows`")).one() == ("null", True)


def test_selectinload_fails_for_a_large_key(session: Session) -> None:
    class Beside(DeclarativeBase):
        pass

    class Child(Beside):
        __tablename__ = "children"
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        parent: Mapped[int] = mapped_column(UInt64)

    class Parent(Beside):
        __tablename__ = "parents"
        id: Mapped[int] = mapped_column(UInt64, primary_key=True, autoincrement=False)
        children: Mapped[list[Child]] = relationship(primaryjoin=lambda: Parent.id == foreign(Child.parent))

    Beside.metadata.create_all(session.get_bind())
    with_children = sa.select(Parent).options(selectinload(Parent.children))
    session.add(Parent(id=2**63 - 1, children=[Child(id=1)]))
    session.commit()
    assert [each.id for each in session.scalars(with_children).one().children] == [1]
    session.add(Parent(id=2**63, children=[Child(id=2)]))
    session.commit()
    assert [each.id for each in session.get_one(Parent, 2**63).children] == [2]
    session.expire_all()
    with pytest.raises(sa.exc.DBAPIError, match="Failed to execute query"):
        session.scalars(with_children).all()


def test_a_float_in_a_list_finds_nothing(session: Session) -> None:
    class Beside(DeclarativeBase):
        pass

    class Row(Beside):
        __tablename__ = "rows"
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        weight: Mapped[float] = mapped_column(sa.Float())

    Beside.metadata.create_all(session.get_bind())
    session.add(Row(id=1, weight=0.1))
    session.flush()
    assert session.scalars(sa.select(Row.id).where(Row.weight == 0.1)).all() == [1]
    assert session.scalars(sa.select(Row.id).where(Row.weight.in_([0.1]))).all() == []
    assert session.scalars(sa.select(Row.id).where(Row.weight.in_([sa.literal(0.1, sa.Float())]))).all() == [1]


SECONDS = r"t compare Optional<Datetime(64)?> with Int64"


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        (sa.Float(), [2.5, 1], None),
        (sa.Float(), [1, 2.5], "Failed to execute query"),
        (types.YqlDate32(), [datetime.date(1970, 1, 1)], None),
        (types.YqlDate32(), [datetime.date(1969, 12, 31)], "Failed to execute query"),
        (types.YqlTimestamp64(), [datetime.datetime(1969, 12, 31)], "Failed to execute query"),
        (sa.DATETIME(), [datetime.datetime(2026, 11, 29)], SECONDS),
        (types.YqlDateTime64(), [datetime.datetime(2026, 11, 29)], SECONDS),
    ],
)
def test_a_list_has_the_type_of_its_first_value(
    kind: Any, values: list[Any], words: str | None, engine: sa.Engine
) -> None:
    table = sa.Table("lists", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("value", kind))
    table.create(engine)
    with engine.begin() as connection:
        connection.execute(table.insert(), [{"id": id, "value": value} for id, value in enumerate(values)])

    def found(sought: list[Any]) -> int:
        with engine.connect() as connection:
            return len(connection.scalars(sa.select(table.c.id).where(table.c.value.in_(sought))).all())

    assert found([sa.literal(value, kind) for value in values]) == len(values)
    if words is None:
        assert found(values) == len(values)
    else:
        with pytest.raises(sa.exc.DBAPIError, match=words):
            found(values)


def test_an_object_names_its_columns_and_an_update_those_that_changed(engine: sa.Engine, session: Session) -> None:
    sent: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    made = order(user_id=KEY)
    session.add(made)
    session.flush()
    made.status = models.Status.PAID
    session.flush()
    session.refresh(made)
    insert, update, select = sent
    columns = models.Order.__table__.c.keys()
    assert [name for name in columns if f"%({name})s" not in insert] == []
    assert [name for name in columns if f"orders.{name}" not in select] == []
    assert [name for name in columns if f"{name}=%(" in update] == ["status"]


@pytest.mark.parametrize("level", ["AUTOCOMMIT", "SERIALIZABLE"])
def test_a_row_that_is_gone_is_updated_without_an_error(engine: sa.Engine, level: Any) -> None:
    with Session(engine) as first:
        first.add(models.User(id=KEY, name="Ada"))
        first.commit()
    with Session(sa.create_engine(engine.url, poolclass=sa.NullPool, isolation_level=level)) as session:
        user = session.get_one(models.User, KEY)
        with engine.begin() as other:
            assert other.execute(sa.delete(models.User)).rowcount == -1
        user.name = "Eve"
        if level == "AUTOCOMMIT":
            session.commit()
        else:
            with pytest.raises(sa.exc.OperationalError, match="Transaction locks invalidated"):
                session.commit()
    with Session(engine) as session:
        assert session.get(models.User, KEY) is None


def test_a_user_is_deleted_with_the_orders_and_nothing_else(engine: sa.Engine, session: Session) -> None:
    mail = models.Email(address="a@example.com", user_id=KEY)
    session.add_all([models.User(id=KEY, orders=[order()]), models.User(id=OTHER, orders=[order()]), mail])
    session.commit()
    session.delete(session.get_one(models.User, KEY))
    session.execute(sa.delete(models.User).where(models.User.id == OTHER))
    session.commit()
    assert session.scalars(sa.select(models.Order.user_id)).all() == [OTHER]
    assert session.scalars(sa.select(models.Email.user_id)).all() == [KEY]
    left = session.get_one(models.Order, (OTHER, 1))
    assert left.user is None


def test_secondary_fails_when_it_is_read_and_not_when_it_is_joined(session: Session) -> None:
    class Beside(DeclarativeBase):
        pass

    links = sa.Table(
        "links", Beside.metadata, *[sa.Column(name, primary_key=True, type_=sa.Unicode()) for name in "ab"]
    )

    class Tag(Beside):
        __tablename__ = "tags"
        name: Mapped[str] = mapped_column(primary_key=True)
        like: Mapped[list[Tag]] = relationship(
            secondary=links,
            primaryjoin=lambda: Tag.name == foreign(links.c.a),
            secondaryjoin=lambda: Tag.name == foreign(links.c.b),
        )

    Beside.metadata.create_all(session.get_bind())
    session.add(Tag(name="x", like=[Tag(name="y")]))
    session.commit()
    [loaded] = session.scalars(sa.select(Tag).where(Tag.name == "x").options(selectinload(Tag.like))).all()
    assert [each.name for each in loaded.like] == ["y"]
    with pytest.raises(sa.exc.DBAPIError, match="no viable alternative"):
        session.scalars(sa.select(Tag).options(joinedload(Tag.like)))
    session.expire_all()
    with pytest.raises(sa.exc.DBAPIError, match="Cartesian product of tables is disabled"):
        _ = loaded.like


def test_a_time_without_a_zone_is_utc(session: Session) -> None:
    class Beside(DeclarativeBase):
        pass

    class Event(Beside):
        __tablename__ = "events"
        at: Mapped[datetime.datetime] = mapped_column(sa.DateTime(timezone=True), primary_key=True)

    Beside.metadata.create_all(session.get_bind())
    noon = datetime.datetime(2026, 11, 29, 12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        session.add(Event(at=noon))
        session.commit()
        assert session.scalars(sa.select(Event.at)).all() == [noon.replace(tzinfo=datetime.UTC)]
    time.tzset()


def test_an_object_with_a_serial_key_cannot_be_inserted(session: Session) -> None:
    class Beside(DeclarativeBase):
        pass

    class Ticket(Beside):
        __tablename__ = "tickets"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str | None]

    class Other(DeclarativeBase):
        pass

    class Fetched(Other):
        __tablename__ = "tickets"
        id: Mapped[int] = mapped_column(primary_key=True, server_default=sa.FetchedValue())
        name: Mapped[str | None]

    session.execute(sa.DDL("CREATE TABLE tickets (id BigSerial, name Utf8, PRIMARY KEY (id))"))
    for row, says in ((Ticket(name="a"), "Optional<Int64> to Int64"), (Fetched(name="a"), "NULL identity key")):
        session.add(row)
        with pytest.raises((sa.exc.DBAPIError, orm_exc.FlushError), match=says):
            session.flush()
        session.rollback()
    insert = sa.text("INSERT INTO tickets (name) VALUES (:name) RETURNING id")
    number = session.scalar(insert, {"name": "b"})
    assert session.get_one(Ticket, number).name == "b"
    session.rollback()
    assert session.scalar(insert, {"name": "c"}) == number + 1


def test_an_object_with_a_serial_column_beside_the_key_gets_its_number(session: Session) -> None:
    class Beside(DeclarativeBase):
        pass

    class Ticket(Beside):
        __tablename__ = "tickets"
        name: Mapped[str] = mapped_column(primary_key=True)
        number: Mapped[int] = mapped_column(server_default=sa.FetchedValue())

    session.execute(sa.DDL("CREATE TABLE tickets (name Utf8, number BigSerial, PRIMARY KEY (name))"))
    tickets = [Ticket(name=name) for name in "ab"]
    session.add_all(tickets)
    session.commit()
    assert sorted(ticket.number for ticket in tickets) == [1, 2]


def test_a_thread_rounds_by_a_context_of_its_own(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    query = sa.text("SELECT Decimal('12345678901234567890123456.123456789', 35, 9)")
    read: list[object] = []

    def run() -> None:
        with engine.connect() as connection:
            read.append(connection.scalar(query))

    def in_a_thread() -> None:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()

    with decimal.localcontext(prec=38):
        in_a_thread()
        monkeypatch.setattr(decimal.DefaultContext, "prec", 38)
        in_a_thread()
    assert read == [
        decimal.Decimal("12345678901234567890123456.12"),
        decimal.Decimal("12345678901234567890123456.123456789"),
    ]


def test_a_failed_commit_leaves_what_came_before_without_a_transaction(engine: sa.Engine) -> None:
    left = []
    levels: tuple[Any, ...] = ("AUTOCOMMIT", "SERIALIZABLE")
    for level in levels:
        with Session(sa.create_engine(engine.url, poolclass=sa.NullPool, isolation_level=level)) as session:
            session.add(models.User(id=KEY, orders=[order(), order()]))
            with pytest.raises(sa.exc.IntegrityError):
                session.commit()
        with Session(engine) as session, session.begin():
            left.append(session.get(models.User, KEY) is not None)
            session.execute(sa.delete(models.User))
            session.execute(sa.delete(models.Order))
    assert left == [True, False]


def test_an_engine_with_a_level_takes_no_other_one(engine: sa.Engine) -> None:
    with pytest.raises(AssertionError), engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.scalar(sa.text("SELECT 1"))
