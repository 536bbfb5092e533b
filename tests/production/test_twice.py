"""Changes of the schema that are sent twice: some pass, and no error tells."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from ydb_emulator import Emulator


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    with Emulator() as emulator:
        engine = sa.create_engine(emulator.url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(
                sa.DDL(
                    "CREATE TABLE t (id Int64 NOT NULL, a Utf8, at Timestamp, INDEX i GLOBAL ON (a), PRIMARY KEY (id))"
                )
            )
            yield connection
        engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE t SET (TTL = Interval('PT0S') ON at)",
        "ALTER TABLE t SET (AUTO_PARTITIONING_MIN_PARTITIONS_COUNT = 2)",
        "ALTER TABLE t ALTER INDEX i SET (AUTO_PARTITIONING_MIN_PARTITIONS_COUNT = 2)",
        "ALTER TABLE t ADD CHANGEFEED f WITH (MODE = 'UPDATES', FORMAT = 'JSON')",
    ],
)
def test_some_changes_of_the_schema_pass_twice(connection: sa.Connection, statement: str) -> None:
    connection.execute(sa.DDL(statement))
    once = definition(connection)
    connection.execute(sa.DDL(statement))
    assert definition(connection) == once


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE another (id Int64, PRIMARY KEY (id))",
        "ALTER TABLE t ADD COLUMN b Utf8",
        "ALTER TABLE t ADD INDEX j GLOBAL ON (at)",
    ],
)
def test_what_exists_is_not_made_again(connection: sa.Connection, statement: str) -> None:
    connection.execute(sa.DDL(statement))
    with pytest.raises(sa.exc.DBAPIError):
        connection.execute(sa.DDL(statement))


def definition(connection: sa.Connection) -> str:
    return connection.execute(sa.text("SHOW CREATE TABLE t")).one()[2]
