"""Revisions for the rules from YDB201 on, and what is found in each: see case.py."""

from __future__ import annotations

from case import ADD_B, DROP_A, EMPTY, FILLED, INDEXED, KEY, LEAST, TABLE, VIEW, WITH_INDEX, cases, yql
from cases_of_order import OF_ORDER
from cases_of_rows import OF_ROWS

CASES = [
    *cases(
        "YDB201",
        TABLE,
        {
            "an index that says unique": 'op.create_index("ix", "t", ["a"], unique=True)',
        },
        {},
        beside="YDB401",
    ),
    *cases(
        "YDB201",
        TABLE,
        {"a new column": 'op.add_column("t", sa.Column("b", sa.String, index=True, unique=True))'},
        {},
        beside="YDB401 YDB501",
    ),
    *cases(
        "YDB201",
        "pass",
        {"a new table with a unique index": INDEXED},
        {},
        beside="YDB501",
    ),
    *cases(
        "YDB201",
        "pass",
        {},
        {
            "an index of YDB's own": yql(
                "CREATE TABLE t (id Int64 NOT NULL, a Utf8, INDEX ix GLOBAL UNIQUE ON (a), PRIMARY KEY (id))"
            ),
            "a table without an index": TABLE,
            "an index of a new table": yql(WITH_INDEX),
        },
    ),
    *cases(
        "YDB202",
        "pass",
        {"a table in a schema": f'op.create_table("t", {KEY}, schema="archive")'},
        {"a table in a directory": f'op.create_table("archive/t", {KEY})', "a table": TABLE},
    ),
    *cases("YDB202", TABLE, {"an index": 'op.create_index("ix", "t", ["a"], schema="archive")'}, {}, beside="YDB401"),
    *cases(
        "YDB202",
        TABLE,
        {"a drop": 'op.drop_table("t", schema="archive")'},
        {"a column": 'op.add_column("t", sa.Column("b", sa.String))'},
        beside="YDB302",
    ),
    *cases(
        "YDB203",
        TABLE,
        {"a new column": 'op.add_column("t", sa.Column("b", sa.String(10)))'},
        {
            "a string without a length": ADD_B,
            "a number": 'op.add_column("t", sa.Column("b", sa.Integer))',
            "bytes": 'op.add_column("t", sa.Column("b", sa.LargeBinary(10)))',
        },
    ),
    *cases(
        "YDB203",
        "pass",
        {
            "a key": 'op.create_table("t", sa.Column("id", sa.String(5), primary_key=True))',
            "a new table": f'op.create_table("t", {KEY}, sa.Column("a", sa.Unicode(5)))',
        },
        {},
    ),
    *cases(
        "YDB204",
        "pass",
        {
            "a number": 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))',
            "a large number": 'op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True))',
            "autoincrement": 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True, autoincrement=True))',
            "a sequence": 'op.create_table("t", sa.Column("id", sa.Integer, sa.Sequence("s"), primary_key=True))',
        },
        {
            "a text": 'op.create_table("t", sa.Column("id", sa.String, primary_key=True))',
            "a key of two columns": (
                'op.create_table("t", sa.Column("a", sa.Integer, primary_key=True), '
                'sa.Column("b", sa.Integer, primary_key=True))'
            ),
            "no autoincrement": TABLE,
            "Serial": yql("CREATE TABLE t (id Serial NOT NULL, PRIMARY KEY (id))"),
        },
    ),
    *cases(
        "YDB205",
        yql(f"CREATE TABLE t (id Int64, PRIMARY KEY (id)) WITH ({LEAST} = 10)"),
        {
            "by load": yql("ALTER TABLE t SET (AUTO_PARTITIONING_BY_LOAD = ENABLED)"),
            "by size": yql("ALTER TABLE t SET (AUTO_PARTITIONING_BY_SIZE = ENABLED)"),
            "beside another setting": yql(
                "ALTER TABLE t SET (AUTO_PARTITIONING_MAX_PARTITIONS_COUNT = 90, AUTO_PARTITIONING_BY_LOAD = ENABLED)"
            ),
        },
        {
            "named beside it": yql(f"ALTER TABLE t SET (AUTO_PARTITIONING_BY_LOAD = ENABLED, {LEAST} = 10)"),
            "switched off": yql("ALTER TABLE t SET (AUTO_PARTITIONING_BY_LOAD = DISABLED)"),
            "set to 1 on purpose": yql(f"ALTER TABLE t SET ({LEAST} = 1)"),
            "another table": yql(
                "CREATE TABLE other_t (id Int64, PRIMARY KEY (id)) WITH (AUTO_PARTITIONING_BY_LOAD = ENABLED)"
            ),
        },
    ),
    *cases(
        "YDB206",
        yql(
            "CREATE TABLE t (id Int64, a Utf8, INDEX ix GLOBAL ASYNC ON (a), INDEX iy GLOBAL ON (a), PRIMARY KEY (id))"
        ),
        {
            "a view": yql(f"{VIEW} SELECT a FROM t VIEW ix"),
            "below a subquery": yql(f"{VIEW} SELECT a FROM (SELECT a FROM t VIEW ix WHERE a > 'b'u)"),
            "beside another": yql(f"{VIEW} SELECT a FROM t VIEW iy UNION ALL SELECT a FROM t VIEW ix"),
        },
        {
            "a synchronous index": yql(f"{VIEW} SELECT a FROM t VIEW iy"),
            "no index": yql(f"{VIEW} SELECT a FROM t"),
            "no table": yql(f"{VIEW} SELECT 1 AS a"),
        },
    ),
    *cases(
        "YDB207",
        TABLE,
        {
            "a new column": 'op.add_column("t", sa.Column("b", sa.Float))',
            "whatever its precision": 'op.add_column("t", sa.Column("b", sa.Float(precision=53)))',
            "in capitals": 'op.add_column("t", sa.Column("b", sa.FLOAT))',
        },
        {
            "a double": 'op.add_column("t", sa.Column("b", sa.Double))',
            "a decimal": 'op.add_column("t", sa.Column("b", sa.Numeric(22, 9)))',
            "in YQL": yql("ALTER TABLE t ADD COLUMN b Float"),
        },
    ),
    *cases(
        "YDB301",
        FILLED,
        {
            "by Alembic": DROP_A,
            "in YQL": yql("ALTER TABLE t DROP COLUMN a"),
            "in capitals and quotes": yql("ALTER TABLE `t` DROP COLUMN `a`"),
            "emptied in batches": yql("BATCH UPDATE t SET a = NULL"),
        },
        {
            "a new column": ADD_B,
            "one row emptied": 'op.execute("UPDATE t SET a = NULL WHERE id = 1")',
            "filled in batches": yql("BATCH UPDATE t SET a = 'x'u"),
            "its NOT NULL alone": "pass",
            "a setting": yql("ALTER TABLE t SET (AUTO_PARTITIONING_BY_LOAD = ENABLED)"),
        },
    ),
    *cases(
        "YDB301",
        FILLED,
        {"emptied": 'op.execute("UPDATE t SET a = NULL")', "emptied by SQLAlchemy": EMPTY},
        {},
        beside="YDB403",
    ),
    *cases(
        "YDB301",
        FILLED,
        {"emptied where it is not": 'op.execute("UPDATE t SET a = NULL WHERE a IS NOT NULL")'},
        {"emptied where it is empty": 'op.execute("UPDATE t SET a = NULL WHERE a IS NULL")'},
    ),
    *cases(
        "YDB302",
        FILLED,
        {
            "by Alembic": 'op.drop_table("t")',
            "in YQL": yql("DROP TABLE t"),
            "if it is there": yql("DROP TABLE IF EXISTS t"),
        },
        {
            "another one, if it is there": yql("DROP TABLE IF EXISTS nowhere_t"),
            "a view": yql("CREATE VIEW v_t WITH (security_invoker = TRUE) AS SELECT 1"),
            "a read": 'op.get_bind().execute(sa.text("SELECT * FROM t")).all()',
        },
    ),
    *cases(
        "YDB303",
        f'op.create_table("t", {KEY}, sa.Column("a", sa.TIMESTAMP))',
        {
            "at once": yql('ALTER TABLE t SET (TTL = Interval("PT0S") ON a)'),
            "after a month": yql('ALTER TABLE t SET (TTL = Interval("P30D") ON a)'),
            "beside a setting": yql(
                'ALTER TABLE t SET (TTL = Interval("P1D") ON a, AUTO_PARTITIONING_BY_SIZE = ENABLED)'
            ),
        },
        {
            "reset": yql("ALTER TABLE t RESET (TTL)"),
            "another setting": yql("ALTER TABLE t SET (AUTO_PARTITIONING_BY_LOAD = ENABLED)"),
            "a new table": yql(
                "CREATE TABLE other_t (id Int64, a Timestamp, PRIMARY KEY (id)) WITH (TTL = Interval('P1D') ON a)"
            ),
        },
    ),
    *cases(
        "YDB304",
        yql(
            "CREATE TABLE t (id Int64, a Utf8, PRIMARY KEY (id))",
            "ALTER TABLE t ADD CHANGEFEED cf WITH (MODE = 'UPDATES', FORMAT = 'JSON')",
            "ALTER TOPIC `t/cf` ADD CONSUMER c",
            "CREATE TOPIC v_t (CONSUMER c)",
        ),
        {
            "a changefeed": yql("ALTER TABLE t DROP CHANGEFEED cf"),
            "a topic": yql("DROP TOPIC v_t"),
            "a consumer": yql("ALTER TOPIC v_t DROP CONSUMER c"),
        },
        {
            "a new consumer": yql("ALTER TOPIC v_t ADD CONSUMER d"),
            "a new topic": yql("CREATE TOPIC other_t"),
            "a new changefeed": yql("ALTER TABLE t ADD CHANGEFEED cg WITH (MODE = 'UPDATES', FORMAT = 'JSON')"),
        },
    ),
    *cases(
        "YDB305",
        FILLED,
        {
            "a row": 'op.execute("REPLACE INTO t (id) VALUES (1)")',
            "of a SELECT": 'op.execute("REPLACE INTO t (id) SELECT id FROM t WHERE id > 0")',
            "in quotes": 'op.execute("REPLACE INTO `t` (`id`) VALUES (7)")',
        },
        {
            "every column": "op.execute(\"REPLACE INTO t (id, a) VALUES (1, 'x'u)\")",
            "an UPSERT": 'op.execute("UPSERT INTO t (id) VALUES (1)")',
            "a new row": 'op.execute("UPSERT INTO t (id) VALUES (8)")',
        },
    ),
    *cases(
        "YDB401",
        FILLED,
        {
            "by Alembic": 'op.create_index("ix", "t", ["a"])',
            "in YQL": yql("ALTER TABLE t ADD INDEX ix GLOBAL ON (a)"),
            "asynchronous": yql("ALTER TABLE t ADD INDEX ix GLOBAL ASYNC ON (a)"),
        },
        {
            "with a new table": yql(WITH_INDEX.replace("t (", "other_t (")),
            "a column": ADD_B,
            "a read": 'op.get_bind().execute(sa.text("SELECT a FROM t")).all()',
        },
    ),
    *cases(
        "YDB402",
        FILLED,
        {
            "by Alembic": 'op.add_column("t", sa.Column("b", sa.Integer, server_default=sa.text("1")))',
            "in YQL": yql("ALTER TABLE t ADD COLUMN b Int64 DEFAULT 1"),
            "a text": yql("ALTER TABLE t ADD COLUMN b Utf8 DEFAULT 'x'u"),
        },
        {
            "no default": 'op.add_column("t", sa.Column("b", sa.Integer))',
            "a new table": yql("CREATE TABLE other_t (id Int64, b Int64 DEFAULT 1, PRIMARY KEY (id))"),
            "a default of the application": 'op.add_column("t", sa.Column("b", sa.Integer, default=1))',
        },
    ),
    *cases(
        "YDB403",
        FILLED,
        {
            "an UPDATE": "op.execute(\"UPDATE t SET a = 'y'u\")",
            "by SQLAlchemy": 'op.execute(sa.table("t", sa.column("a", sa.String)).update().values(a="y"))',
        },
        {
            "some rows": "op.execute(\"UPDATE t SET a = 'y'u WHERE id = 1\")",
            "a row": "op.execute(\"UPSERT INTO t (id, a) VALUES (1, 'y'u)\")",
            "a DELETE of some": 'op.execute("DELETE FROM t WHERE a IS NULL")',
        },
    ),
    *cases("YDB403", FILLED, {"a DELETE": 'op.execute("DELETE FROM t")'}, {}, beside="YDB302"),
    *OF_ORDER,
    *OF_ROWS,
]
