"""Revisions, and the codes that a check finds in each. A case has tables of its own: `t` stands for its name."""

from __future__ import annotations

from dataclasses import dataclass

KEY = 'sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)'
TABLE = f'op.create_table("t", {KEY}, sa.Column("a", sa.String))'
FILLED = f"{TABLE}\nop.execute(\"UPSERT INTO t (id, a) VALUES (1, 'x'u), (2, NULL)\")"
NO_WAY_BACK = 'raise NotImplementedError("there is no way back")'


def yql(*statements: str) -> str:
    return "\n".join(f"op.execute(sa.DDL({statement!r}))" for statement in statements)


@dataclass(frozen=True)
class Case:
    """`before` is upgrade() of the revision before, `codes` what is found in the revision itself."""

    name: str
    upgrade: str
    codes: tuple[str, ...] = ()
    before: str = "pass"
    downgrade: str = NO_WAY_BACK


def cases(code: str, before: str, true: dict[str, str], clean: dict[str, str], beside: str = "") -> list[Case]:
    """Revisions with a finding and without. `beside` are codes that the true ones have as well."""
    return [
        *(Case(f"{code} {name}", upgrade, (code, *beside.split()), before) for name, upgrade in true.items()),
        *(Case(f"no {code} {name}", upgrade, (), before) for name, upgrade in clean.items()),
    ]


ADD_B = 'op.add_column("t", sa.Column("b", sa.String))'
DROP_A = 'op.drop_column("t", "a")'
WITH_INDEX = "CREATE TABLE t (id Int64, a Utf8, INDEX ix GLOBAL ON (a), PRIMARY KEY (id))"
INDEXED = f'op.create_table("t", {KEY}, sa.Column("a", sa.String, index=True, unique=True))'

LEAST = "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT"
VIEW = "CREATE VIEW v_t WITH (security_invoker = TRUE) AS"
ID = " (id Int64, PRIMARY KEY (id))"
LOOK = "if name not in [each['name'] for each in sa.inspect(op.get_bind()).get_columns('t')]"
SWAP = ("ALTER TABLE t RENAME TO other_t", "ALTER TABLE new_t RENAME TO t")

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
        },
        {
            "a new column": ADD_B,
            "its NOT NULL alone": "pass",
            "a setting": yql("ALTER TABLE t SET (AUTO_PARTITIONING_BY_LOAD = ENABLED)"),
        },
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
            "of a SELECT": 'op.execute("REPLACE INTO t (id) SELECT id FROM t")',
            "in quotes": 'op.execute("REPLACE INTO `t` (`id`) VALUES (7)")',
        },
        {
            "every column": "op.execute(\"REPLACE INTO t (id, a) VALUES (1, 'x'u)\")",
            "an UPSERT": 'op.execute("UPSERT INTO t (id) VALUES (1)")',
            "an INSERT": 'op.execute("INSERT INTO t (id) VALUES (8)")',
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
            "a DELETE": 'op.execute("DELETE FROM t")',
            "by SQLAlchemy": 'op.execute(sa.table("t", sa.column("a", sa.String)).update().values(a="y"))',
        },
        {
            "some rows": "op.execute(\"UPDATE t SET a = 'y'u WHERE id = 1\")",
            "a row": "op.execute(\"UPSERT INTO t (id, a) VALUES (1, 'y'u)\")",
            "a DELETE of some": 'op.execute("DELETE FROM t WHERE a IS NULL")',
        },
    ),
    *cases(
        "YDB501",
        TABLE,
        {
            "two columns": ADD_B + '\nop.add_column("t", sa.Column("c", sa.String))',
            "a column and a table": ADD_B + f'\nop.create_table("other_t", {KEY})',
            "in YQL": yql("ALTER TABLE t ADD COLUMN b Utf8", "ALTER TABLE t ADD COLUMN c Utf8"),
        },
        {
            "one statement": yql("ALTER TABLE t ADD COLUMN b Utf8, ADD COLUMN c Utf8"),
            "a revision that can go on": yql(
                "DROP TABLE IF EXISTS nowhere_t", f"CREATE TABLE IF NOT EXISTS other_t{ID}"
            ),
            "one column": ADD_B,
            "rows": 'op.execute("UPSERT INTO t (id) VALUES (1)")\nop.execute("UPSERT INTO t (id) VALUES (2)")',
        },
    ),
    *cases(
        "YDB502",
        TABLE,
        {
            "a column and rows": ADD_B + '\nop.execute("UPSERT INTO t (id) VALUES (1)")',
            "rows and a column": 'op.execute("UPSERT INTO t (id) VALUES (1)")\n' + ADD_B,
            "a table and its rows": (
                f'op.create_table("other_t", {KEY})\nop.execute("UPSERT INTO other_t (id) VALUES (1)")'
            ),
        },
        {
            "rows": 'op.execute("UPSERT INTO t (id) VALUES (1)")',
            "a column": ADD_B,
            "a read before": ('op.get_bind().execute(sa.text("SELECT a FROM t")).all()\n' + ADD_B),
        },
    ),
    *cases(
        "YDB503",
        f'op.create_table("t", {KEY}, sa.Column("n", sa.Integer), sa.Column("m", sa.Integer))\n'
        'op.execute("UPSERT INTO t (id, n) VALUES (1, 10)")',
        {
            "a sum": 'op.execute("UPDATE t SET n = n + 1 WHERE id = 1")',
            "of rows that are not there": 'op.execute("UPDATE t SET m = Unwrap(m) * 2 WHERE id = 99")',
            "an UPSERT of what it reads": 'op.execute("UPSERT INTO t SELECT id, n * 2 AS n FROM t")',
        },
        {
            "a value": 'op.execute("UPDATE t SET n = 5 WHERE id = 1")',
            "another column": 'op.execute("UPDATE t SET m = n + 1 WHERE id = 1")',
            "an UPSERT": 'op.execute("UPSERT INTO t (id, n) VALUES (1, 7)")',
        },
    ),
    *cases(
        "YDB601",
        FILLED,
        {
            "by Alembic": 'op.rename_table("t", "new_t")',
            "in YQL": yql("ALTER TABLE t RENAME TO new_t"),
            "in quotes": yql("ALTER TABLE `t` RENAME TO `new_t`"),
        },
        {
            "of an index": yql("ALTER TABLE t ADD COLUMN b Utf8"),
            "nothing": "pass",
            "a new table": f'op.create_table("new_t", {KEY})',
        },
    ),
    *cases(
        "YDB602",
        FILLED,
        {
            "a table": 'op.drop_table("t")\n' + TABLE,
            "a table in YQL": yql("DROP TABLE t", "CREATE TABLE t (id Int64, PRIMARY KEY (id))"),
        },
        {},
        beside="YDB302 YDB501",
    ),
    *cases(
        "YDB602",
        FILLED,
        {"a column": yql("ALTER TABLE t DROP COLUMN a", "ALTER TABLE t ADD COLUMN a Int64")},
        {
            "a new table": f'op.create_table("new_t", {KEY})',
            "a new column": yql("ALTER TABLE t ADD COLUMN b Int64"),
            "a drop of what is not there": yql("DROP TABLE IF EXISTS nowhere_t"),
        },
        beside="YDB301 YDB501",
    ),
    *cases(
        "YDB602",
        FILLED,
        {"another table in its place": yql("CREATE TABLE new_t (id Int64, PRIMARY KEY (id))", *SWAP)},
        {"renamed": yql("ALTER TABLE t ADD COLUMN b Int64, ADD COLUMN c Int64")},
        beside="YDB501 YDB601",
    ),
    *cases(
        "YDB602",
        yql(WITH_INDEX),
        {"an index": 'op.drop_index("ix", "t")\nop.create_index("ix", "t", ["a"])'},
        {},
        beside="YDB401 YDB501 YDB604",
    ),
    *cases(
        "YDB602",
        yql(f"{VIEW} SELECT 1 AS a"),
        {"a view": yql("DROP VIEW v_t", f"{VIEW} SELECT 2 AS a")},
        {},
        beside="YDB501",
    ),
    *cases(
        "YDB604",
        yql(WITH_INDEX),
        {
            "by Alembic": 'op.drop_index("ix", "t")',
            "in YQL": yql("ALTER TABLE t DROP INDEX ix"),
            "renamed": yql("ALTER TABLE t RENAME INDEX ix TO iy"),
        },
        {
            "its settings": yql("ALTER TABLE t ALTER INDEX ix SET (AUTO_PARTITIONING_BY_LOAD = ENABLED)"),
            "a column": yql("ALTER TABLE t ADD COLUMN b Int64"),
            "nothing": "pass",
        },
    ),
    *cases(
        "YDB603",
        FILLED,
        {
            "by Alembic": ADD_B + '\nop.drop_column("t", "a")',
            "in YQL": yql("ALTER TABLE t ADD COLUMN b Utf8", "ALTER TABLE t DROP COLUMN a"),
            "drop first": yql("ALTER TABLE t DROP COLUMN a", "ALTER TABLE t ADD COLUMN b Utf8"),
        },
        {},
        beside="YDB301 YDB501",
    ),
    *(
        Case(f"no YDB603 {name}", upgrade, codes, FILLED)
        for name, upgrade, codes in [
            ("a new column", ADD_B, ()),
            ("a column dropped", DROP_A, ("YDB301",)),
            ("rows", 'op.execute("UPSERT INTO t (id) VALUES (3)")', ()),
        ]
    ),
    *(
        Case(f"YDB701 {name}", ADD_B, ("YDB701",), TABLE, downgrade)
        for name, downgrade in {
            "a column that is not there": 'op.drop_column("t", "c")',
            "a mistake": 'op.remove_column("t", "b")',
            "an index without its table": 'op.drop_index("ix")',
        }.items()
    ),
    *(
        Case(f"no YDB701 {name}", ADD_B, (), TABLE, downgrade)
        for name, downgrade in {
            "it undoes": 'op.drop_column("t", "b")',
            "it says that it cannot": NO_WAY_BACK,
            "it says so to people": 'raise CommandError("restore the backup")',
        }.items()
    ),
    Case("YDB702 nothing", ADD_B, ("YDB702", "YDB703"), TABLE, "pass"),
    Case("YDB702 another column", ADD_B, ("YDB702", "YDB703"), TABLE, DROP_A),
    Case("YDB702 another type", DROP_A, ("YDB301", "YDB702"), TABLE, 'op.add_column("t", sa.Column("a", sa.Integer))'),
    Case(
        "YDB703 a view stays",
        yql("CREATE VIEW v_t WITH (security_invoker = TRUE) AS SELECT 1"),
        ("YDB702", "YDB703"),
        "pass",
        "pass",
    ),
    Case(
        "YDB702 a table stays",
        yql("CREATE TABLE IF NOT EXISTS new_t (id Int64, PRIMARY KEY (id))"),
        ("YDB702",),
        "pass",
        "pass",
    ),
    Case(
        "no YDB401 a table of the same name in another directory",
        TABLE + '\nop.create_index("ix", "t", ["a"])',
        ("YDB501",),
        'op.create_table("archive/t", sa.Column("id", sa.String, primary_key=True))',
    ),
    Case(
        "YDB401 under a prefix",
        yql("PRAGMA TablePathPrefix('/production/archive'); ALTER TABLE t ADD INDEX ix GLOBAL ON (a)"),
        ("YDB401",),
        TABLE.replace('"t"', '"archive/t"'),
    ),
    Case(
        "YDB401 a table that the revision renames",
        'op.rename_table("t", "new_t")\nop.create_index("ix", "new_t", ["a"])',
        ("YDB401", "YDB501", "YDB601"),
        FILLED,
    ),
    Case(
        "no YDB702 a column back, as the last one",
        DROP_A,
        ("YDB301",),
        f'op.create_table("t", {KEY}, sa.Column("a", sa.String), sa.Column("b", sa.String))',
        'op.add_column("t", sa.Column("a", sa.String))',
    ),
    Case(
        "no YDB702 a setting back to its default",
        yql("ALTER TABLE t SET (AUTO_PARTITIONING_BY_LOAD = ENABLED)"),
        (),
        TABLE,
        yql("ALTER TABLE t SET (AUTO_PARTITIONING_BY_LOAD = DISABLED)"),
    ),
    Case(
        "no YDB702 numbers that a Serial has given",
        "op.execute(\"INSERT INTO t (a) VALUES ('x'u)\")",
        ("YDB503",),
        yql("CREATE TABLE t (id Serial NOT NULL, a Utf8, PRIMARY KEY (id))"),
        'op.execute("DELETE FROM t")',
    ),
    Case(
        "no YDB501 it looks first at each",
        f"for name in ('b', 'c'):\n    {LOOK}:\n        op.add_column('t', sa.Column(name, sa.String))",
        (),
        TABLE,
    ),
    Case(
        "YDB501 it looks at the first alone",
        f"name = 'b'\n{LOOK}:\n    " + ADD_B + '\n    op.add_column("t", sa.Column("c", sa.String))',
        ("YDB501",),
        TABLE,
    ),
    Case("no YDB702 a column back", DROP_A, ("YDB301",), TABLE, 'op.add_column("t", sa.Column("a", sa.String))'),
    Case("no YDB702 rows", 'op.execute("UPSERT INTO t (id) VALUES (1)")', (), TABLE, "pass"),
    Case("no YDB702 nothing to undo", "pass", (), TABLE, "pass"),
]
