"""Revisions for the rules from YDB501 on, on what a revision is made of and how it is undone."""

from __future__ import annotations

from case import (
    ADD_B,
    DROP_A,
    FILLED,
    ID,
    KEY,
    LOOK,
    NO_WAY_BACK,
    SWAP,
    TABLE,
    VIEW,
    WITH_INDEX,
    WITH_VIEW,
    Case,
    cases,
    yql,
)

OF_ORDER = [
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
            "an UPSERT of what it reads": 'op.execute("UPSERT INTO t SELECT id, n * 2 AS n FROM t WHERE id > 0")',
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
        "YDB605",
        WITH_VIEW,
        {"dropped": yql("DROP VIEW v_t"), "if it exists": yql("DROP VIEW IF EXISTS v_t")},
        {
            "another column": yql("ALTER TABLE t ADD COLUMN c Int64"),
            "another view": yql("DROP VIEW IF EXISTS nowhere_t"),
            "a new view": yql(f"{VIEW.replace('v_t', 'new_t')} SELECT b FROM t"),
        },
    ),
    *cases(
        "YDB605",
        WITH_VIEW,
        {"of a column that goes": yql("ALTER TABLE t DROP COLUMN a")},
        {},
        beside="YDB301",
    ),
    *cases(
        "YDB605",
        WITH_VIEW,
        {"of a table that goes": yql("DROP TABLE t")},
        {},
        beside="YDB302",
    ),
    *cases(
        "YDB605",
        WITH_VIEW,
        {"of a table with another name": 'op.rename_table("t", "new_t")'},
        {},
        beside="YDB601",
    ),
    Case(
        "no YDB605 a table in its place",
        yql("DROP VIEW v_t", "CREATE TABLE v_t (id Int64, a Utf8, PRIMARY KEY (id))"),
        ("YDB501", "YDB602"),
        WITH_VIEW,
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
            ("of another type", ADD_B.replace("String", "Integer") + f"\n{DROP_A}", ("YDB301", "YDB501")),
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
        "YDB302 a table that another one replaces",
        f'op.create_table("new_t", {KEY})\nop.drop_table("t")\nop.rename_table("new_t", "t")',
        ("YDB302", "YDB501", "YDB602"),
        FILLED,
    ),
    Case(
        "YDB401 a table that the revision renames later",
        'op.create_index("ix", "t", ["a"])\nop.rename_table("t", "new_t")',
        ("YDB401", "YDB501", "YDB601"),
        FILLED,
    ),
    Case(
        "no YDB210 in a batch that makes the table anew",
        'with op.batch_alter_table("t", recreate="always") as batch:\n    batch.alter_column("a", type_=sa.Text())',
        ("YDB302", "YDB403", "YDB501", "YDB502", "YDB602"),
        FILLED,
    ),
    Case(
        "no YDB210 in a batch that makes a table of a folder anew",
        'with op.batch_alter_table("d/t", recreate="always") as batch:\n    batch.alter_column("a", type_=sa.Text())',
        ("YDB302", "YDB403", "YDB501", "YDB502", "YDB602"),
        FILLED.replace('"t"', '"d/t"').replace("INTO t", "INTO `d/t`"),
    ),
    Case(
        "no YDB703 a user, who is no part of the schema, and no way back",
        "op.execute(sa.DDL(\"CREATE USER reader PASSWORD 'x'\"))",
        (),
        "pass",
        NO_WAY_BACK,
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
        'op.execute("DELETE FROM t WHERE id > 0")',
    ),
    Case(
        "no YDB502 it looks first, and writes in any case",
        f"name = 'b'\n{LOOK}:\n    {ADD_B}\nop.execute('UPSERT INTO t (id) VALUES (1)')",
        (),
        TABLE,
    ),
    Case(
        "YDB502 it looks first, and writes with the column alone",
        f"name = 'b'\n{LOOK}:\n    {ADD_B}\n    op.execute('UPSERT INTO t (id) VALUES (1)')",
        ("YDB502",),
        TABLE,
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
