"""Revisions for the rules of what the dialect leaves out, and of rows: see case.py."""

from __future__ import annotations

from case import ADD_B, FILLED, KEY, NO_WAY_BACK, TABLE, Case, cases, yql

LOOP = "for row in op.get_bind().execute(sa.text('SELECT id FROM t')).all():\n    "
WRITE = "op.execute(sa.text('UPDATE t SET a = NULL WHERE id = :id').bindparams(id=row.id))"
READ = "rows = op.get_bind().execute(sa.text('SELECT id FROM t')).all()"
UPDATE = "sa.text('UPDATE t SET a = NULL WHERE id = :id')"
ONE = "UPDATE t SET a = NULL WHERE id = 1"

OF_ROWS = [
    *cases(
        "YDB208",
        TABLE,
        {
            "a new column": 'op.add_column("t", sa.Column("b", sa.String, comment="b"))',
            "a new table": f'op.create_table("new_t", {KEY}, comment="b")',
            "a key": 'op.create_table("new_t", sa.Column("id", sa.Text, primary_key=True, comment="b"))',
        },
        {
            "none": ADD_B,
            "in Python": f"{ADD_B}  # b",
            "an empty one": 'op.add_column("t", sa.Column("b", sa.String, comment=""))',
        },
    ),
    *cases(
        "YDB209",
        TABLE,
        {
            "a condition": 'op.create_index("ix", "t", ["a"], postgresql_where=sa.text("a IS NOT NULL"))',
            "a function": 'op.create_index("ix", "t", [sa.func.lower(sa.column("a"))])',
            "an order": 'op.create_index("ix", "t", [sa.column("a").desc()])',
            "options by another name": 'op.create_index("ix", "t", ["a"], yql_async=True)',
            "if it is not there": 'op.create_index("ix", "t", ["a"], if_not_exists=True)',
        },
        {},
        beside="YDB401",
    ),
    *cases(
        "YDB209",
        "pass",
        {"an engine": 'op.create_table("t", sa.Column("id", sa.String, primary_key=True), mysql_engine="InnoDB")'},
        {
            "a table": TABLE,
            "options of YDB": f'op.create_table("t", {KEY}, ydb_auto_partitioning_by_load=True)',
            "an index of a new table": yql(
                "CREATE TABLE t (id Int64, a Utf8, INDEX ix GLOBAL ON (a), PRIMARY KEY (id))"
            ),
        },
    ),
    *cases(
        "YDB210",
        TABLE,
        {
            "autoincrement": 'op.alter_column("t", "id", autoincrement=True)',
            "what is there alone": 'op.alter_column("t", "a", existing_type=sa.String(), existing_nullable=True)',
            "in a batch": 'with op.batch_alter_table("t") as b:\n    b.alter_column("a", existing_type=sa.String())',
        },
        {
            "NULL": 'op.alter_column("t", "a", nullable=True)',
            "NULL in a batch": 'with op.batch_alter_table("t") as batch:\n    batch.alter_column("a", nullable=True)',
            "a new column": ADD_B,
            "rows": 'op.execute("UPSERT INTO t (id) VALUES (1)")',
        },
    ),
    *cases(
        "YDB211",
        TABLE,
        {
            "a new column": 'op.add_column("t", sa.Column("b", sa.Enum("x", "y", name="b")))',
            "a new table": f'op.create_table("new_t", {KEY}, sa.Column("b", sa.Enum("x", name="b")))',
            "not native": 'op.add_column("t", sa.Column("b", sa.Enum("x", native_enum=False)))',
        },
        {
            "a text": ADD_B,
            "a number": 'op.add_column("t", sa.Column("b", sa.Integer))',
            "a truth": 'op.add_column("t", sa.Column("b", sa.Boolean))',
        },
    ),
    *cases(
        "YDB404",
        TABLE,
        {
            "ten from one line": 'for i in range(10):\n    op.execute(f"UPSERT INTO t (id) VALUES ({i})")',
            "one for each that is read": LOOP + WRITE,
            "by names": (
                "update = sa.text('UPDATE t SET a = NULL WHERE id = :id')\n"
                "rows = op.get_bind().execute(sa.text('SELECT id FROM t'))\n"
                "for row in rows:\n    op.get_bind().execute(update.bindparams(id=row.id))"
            ),
        },
        {
            "nine": 'for i in range(9):\n    op.execute(f"UPSERT INTO t (id) VALUES ({i})")',
            "rows that are only read": LOOP + "print(row)",
            "a dictionary": "seen = {}\n" + LOOP + "seen.update(row._mapping)",
            "one statement": 'op.execute("UPSERT INTO t (id) VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9)")',
        },
    ),
    *cases(
        "YDB504",
        TABLE,
        {
            "a row": 'op.execute("INSERT INTO t (id) VALUES (1)")',
            "bulk_insert": 'op.bulk_insert(sa.table("t", sa.column("id", sa.Integer)), [{"id": 1}, {"id": 2}])',
            "after another": 'op.execute("UPSERT INTO t (id) VALUES (1)")\nop.execute("INSERT INTO t (id) VALUES (2)")',
        },
        {
            "an UPSERT": 'op.execute("UPSERT INTO t (id) VALUES (1)")',
            "a DELETE": 'op.execute("DELETE FROM t WHERE id = 1")',
            "a change of the schema": ADD_B,
        },
    ),
    *(
        Case(f"YDB704 {name}", 'op.execute("UPSERT INTO t (id) VALUES (1)")', ("YDB704",), before, downgrade)
        for name, before, downgrade in [
            ("every row", TABLE, 'op.execute("DELETE FROM t")'),
            ("rows of before", FILLED, 'op.execute("DELETE FROM t WHERE id < 9")'),
            ("a truncated table", TABLE, yql("TRUNCATE TABLE t")),
        ]
    ),
    *(
        Case(f"no YDB704 {name}", 'op.execute("UPSERT INTO t (id) VALUES (1)")', (), TABLE, downgrade)
        for name, downgrade in [
            ("its own row", 'op.execute("DELETE FROM t WHERE id = 1")'),
            ("nothing", "pass"),
            ("no way back", NO_WAY_BACK),
        ]
    ),
    Case(
        "YDB203 in a batch",
        'with op.batch_alter_table("t") as batch:\n    batch.add_column(sa.Column("b", sa.String(5)))',
        ("YDB203",),
        TABLE,
    ),
    Case(
        "no YDB704 a table of its own",
        f'op.create_table("new_t", {KEY})',
        (),
        TABLE,
        'op.execute("DELETE FROM new_t")\nop.drop_table("new_t")',
    ),
    Case(
        "YDB403 every row of a table into another",
        'op.execute("UPSERT INTO other_t SELECT id FROM t")',
        ("YDB403",),
        f'{TABLE}\nop.create_table("other_t", {KEY})',
    ),
    Case(
        "YDB403 a table by CREATE TABLE AS",
        yql("CREATE TABLE other_t (PRIMARY KEY (id)) WITH (STORE = COLUMN) AS SELECT id, a FROM t"),
        ("YDB403",),
        yql("CREATE TABLE t (id Int64 NOT NULL, a Utf8, PRIMARY KEY (id)) WITH (STORE = COLUMN)"),
    ),
    Case(
        "YDB403 a condition that is always true",
        "op.execute(\"UPDATE t SET a = 'y'u WHERE 1 = 1\")",
        ("YDB403",),
        TABLE,
    ),
    Case(
        "YDB403 a key that is not NULL",
        "op.execute(\"UPDATE t SET a = 'y'u WHERE id IS NOT NULL\")",
        ("YDB403",),
        TABLE,
    ),
    Case(
        "YDB403 a join",
        'op.execute("UPSERT INTO other_t SELECT x.id AS id FROM t AS x JOIN t AS y ON x.id = y.id")',
        ("YDB403",),
        f'{TABLE}\nop.create_table("other_t", {KEY})',
    ),
    *cases(
        "YDB212",
        "pass",
        {
            "a SmallSerial": yql("CREATE TABLE t (id SmallSerial, PRIMARY KEY (id))"),
            "by its other name": yql("CREATE TABLE t (id serial2 NOT NULL, PRIMARY KEY (id))"),
            "beside the key": yql("CREATE TABLE t (id Int64, n SmallSerial, PRIMARY KEY (id))"),
        },
        {
            "a BigSerial": yql("CREATE TABLE t (id BigSerial, PRIMARY KEY (id))"),
            "a Serial": yql("CREATE TABLE t (id Serial, PRIMARY KEY (id))"),
            "a small number": yql("CREATE TABLE t (id Int16, PRIMARY KEY (id))"),
        },
    ),
    *cases(
        "YDB404",
        FILLED,
        {
            "a comprehension": f"{READ}\n[op.get_bind().execute({UPDATE}, {{'id': row.id}}) for row in rows]",
            "parameters for each row": f"{READ}\nop.get_bind().execute({UPDATE}, [{{'id': row.id}} for row in rows])",
            "parameters by a name": (
                f"{READ}\nall_ids = [{{'id': row.id}} for row in rows]\nop.get_bind().execute({UPDATE}, all_ids)"
            ),
        },
        {"a list of what is read": f"{READ}\nids = [row.id for row in rows]\nop.execute({ONE!r})"},
    ),
    *cases(
        "YDB503",
        FILLED,
        {"a default that depends on it": "op.execute(\"UPDATE t SET a = COALESCE(a || 'y'u, 'z'u) WHERE id = 1\")"},
        {
            "a default for NULL": "op.execute(\"UPDATE t SET a = COALESCE(a, 'z'u) WHERE id = 1\")",
            "a default for NULL by ??": "op.execute(\"UPDATE t SET a = a ?? 'z'u WHERE id = 1\")",
        },
    ),
    Case(
        "YDB202 rows",
        'op.execute(sa.table("t", sa.column("a"), schema="s").update().where(sa.column("id") == 1).values(a="y"))',
        ("YDB202",),
        TABLE,
    ),
    Case(
        "YDB202 bulk_insert",
        'op.bulk_insert(sa.table("t", sa.column("id", sa.Integer), schema="s"), [{"id": 1}])',
        ("YDB202", "YDB504"),
        TABLE,
    ),
    Case(
        "YDB204 a part of a key",
        'op.create_table("t", sa.Column("a", sa.String, primary_key=True), '
        'sa.Column("id", sa.Integer, primary_key=True, autoincrement=True))',
        ("YDB204",),
    ),
    *cases(
        "YDB303",
        yql("CREATE TABLE t (id Int64, at Timestamp, PRIMARY KEY (id)) WITH (TTL = Interval('P9D') ON at)"),
        {"a shorter one": yql("ALTER TABLE t SET (TTL = Interval('P8D') ON at)")},
        {"a longer one": yql("ALTER TABLE t SET (TTL = Interval('P10D') ON at)")},
    ),
    Case(
        "YDB304 a consumer of a changefeed",
        yql("ALTER TOPIC `t/feed` DROP CONSUMER reader"),
        ("YDB304",),
        TABLE
        + "\n"
        + yql(
            "ALTER TABLE t ADD CHANGEFEED feed WITH (MODE = 'UPDATES', FORMAT = 'JSON')",
            "ALTER TOPIC `t/feed` ADD CONSUMER reader",
        ),
    ),
    Case("YDB302 rows ON", 'op.execute("DELETE FROM t ON SELECT id FROM t")', ("YDB302", "YDB403"), TABLE),
    Case(
        "no YDB302 a join ON",
        'op.execute("DELETE FROM t ON SELECT x.id AS id FROM t AS x JOIN t AS y ON x.id = y.id + 1")',
        ("YDB403",),
        TABLE,
    ),
    Case(
        "no YDB302 what another query leaves ON",
        'op.execute("DELETE FROM t ON SELECT id FROM t EXCEPT SELECT id FROM t WHERE id > 1")',
        ("YDB403",),
        TABLE,
    ),
    Case("no YDB302 some ON", 'op.execute("DELETE FROM t ON SELECT id FROM t WHERE id = 1")', (), TABLE),
    Case("YDB302 WHERE true", 'op.execute("DELETE FROM t WHERE true")', ("YDB302", "YDB403"), TABLE),
    Case("no YDB302 WHERE false", 'op.execute("DELETE FROM t WHERE 1 = 2")', (), TABLE),
    Case("no YDB403 a column that may be NULL", "op.execute(\"UPDATE t SET a = 'y'u WHERE a IS NOT NULL\")", (), TABLE),
    Case(
        "YDB403 below a subquery",
        'op.execute("UPSERT INTO other_t SELECT id FROM (SELECT id FROM t)")',
        ("YDB403",),
        f'{TABLE}\nop.create_table("other_t", {KEY})',
    ),
    Case(
        "YDB403 by a name",
        "op.execute(\"$rows = SELECT id, 'y'u AS a FROM t; UPDATE t ON SELECT * FROM $rows\")",
        ("YDB403",),
        TABLE,
    ),
    Case(
        "no YDB403 some rows by a name",
        "op.execute(\"$rows = SELECT id, 'y'u AS a FROM t WHERE id < 9; UPDATE t ON SELECT * FROM $rows\")",
        (),
        TABLE,
    ),
    Case(
        "no YDB403 some rows of a table into another",
        'op.execute("UPSERT INTO other_t SELECT id FROM t WHERE id < 100")',
        (),
        f'{TABLE}\nop.create_table("other_t", {KEY})',
    ),
    Case(
        "no YDB603 a column whose values are copied",
        ADD_B + '\nop.execute("UPDATE t SET b = a WHERE id > 0")\nop.drop_column("t", "a")',
        ("YDB301", "YDB501", "YDB502"),
        TABLE,
    ),
    Case(
        "YDB603 a table",
        f'op.create_table("new_t", {KEY}, sa.Column("a", sa.String))\nop.drop_table("t")',
        ("YDB302", "YDB501", "YDB603"),
        TABLE,
    ),
    Case(
        "no YDB603 another table",
        'op.create_table("new_t", sa.Column("k", sa.String, primary_key=True))\nop.drop_table("t")',
        ("YDB302", "YDB501"),
        TABLE,
    ),
]
