"""Differences of tables, and of what is beside or on them."""

from __future__ import annotations

from ..case import ID, IMPOSSIBLE, NOTHING, A, Case, column, model, table

TABLES = [
    Case("table-same", "no change", (table("a Utf8"),), {"t": model(A)}, NOTHING),
    Case("table-added", "a new table in the model", (), {"t": model(A)}, "add_table"),
    Case(
        "table-removed", "a table removed from the model", (table("a Utf8"), table(name="u")), {"u": ID}, "remove_table"
    ),
    Case(
        "table-removed-own",
        "a table removed from the model, in a directory that belongs to the project",
        (table("a Utf8", name="d/t"), table(name="d/u")),
        {"d/u": ID},
        "remove_table",
        own=("d",),
    ),
    Case(
        "table-renamed",
        "a table renamed in the model, in a directory that belongs to the project",
        (table("a Utf8", name="d/t"), table(name="d/u")),
        {"d/s": model(A), "d/u": ID},
        "add_table remove_table",
        own=("d",),
    ),
    Case(
        "table-own-alembic",
        "a lease and another version table, in a directory that belongs to the project",
        (
            table(name="d/u"),
            "CREATE TABLE `d/alembic_lease` (id Int32 NOT NULL, PRIMARY KEY (id))",
            "CREATE TABLE `d/alembic_version` (version_num Utf8 NOT NULL, id Int64, PRIMARY KEY (id))",
        ),
        {"d/u": ID},
        NOTHING,
        own=("d",),
    ),
    Case("table-no-key", "a new table without a primary key", (), {"t": A}, IMPOSSIBLE),
    Case(
        "table-named-key",
        "a new table whose primary key has a name",
        (),
        {"t": model("sa.PrimaryKeyConstraint('id', name='pk')")},
        IMPOSSIBLE,
    ),
    Case(
        "table-convention",
        "a new table, with a naming convention for primary keys",
        (),
        {"t": ID},
        IMPOSSIBLE,
        "naming_convention={'pk': 'pk_%(table_name)s'}",
    ),
    Case("table-comment", "a comment on a table in the model", (table(),), {"t": f"{ID}, comment='c'"}, IMPOSSIBLE),
    Case(
        "table-options",
        "different partitioning in the model",
        (table(),),
        {"t": f"{ID}, ydb_auto_partitioning_min_partitions_count=4"},
        "modify_options",
    ),
    Case("table-path", "a table in a directory, named by its path", (table(name="d/t"),), {"d/t": ID}, NOTHING),
    Case("table-path-added", "a new table in a directory, named by its path", (), {"d/t": ID}, "add_table"),
    Case(
        "table-schema",
        "a table in a directory, named with schema=",
        (table(name="d/t"),),
        {"t": f"{ID}, schema='d'"},
        IMPOSSIBLE,
    ),
    Case(
        "table-elsewhere",
        "another program's table in another directory",
        (table(), table(name="d/x")),
        {"t": ID},
        NOTHING,
    ),
    Case(
        "table-beside",
        "another program's table in the same directory",
        (table(), table(name="x")),
        {"t": ID},
        NOTHING,
    ),
    Case(
        "version-table",
        "another project's version table in a directory",
        (table(), "CREATE TABLE `d/alembic_version` (version_num Utf8 NOT NULL, id Int64, PRIMARY KEY (id))"),
        {"t": ID},
        NOTHING,
    ),
]

OTHER_OBJECTS = [
    Case(
        "view",
        "a view beside the table",
        (table(), "CREATE VIEW v WITH (security_invoker = TRUE) AS SELECT * FROM t"),
        {"t": ID},
        NOTHING,
    ),
    Case("column-table", "a column table in the model", (table(more=" WITH (STORE = COLUMN)"),), {"t": ID}, NOTHING),
    Case(
        "changefeed",
        "the table has a changefeed",
        (table(), "ALTER TABLE t ADD CHANGEFEED f WITH (FORMAT = 'JSON', MODE = 'UPDATES')"),
        {"t": ID},
        NOTHING,
    ),
    Case(
        "ttl",
        "the table has a TTL",
        (table("a Timestamp", more=" WITH (TTL = Interval('P1D') ON a)"),),
        {"t": model(column("sa.DateTime()"))},
        NOTHING,
    ),
    Case(
        "sequence",
        "the table has a sequence",
        ("CREATE TABLE t (id BigSerial NOT NULL, a Utf8, PRIMARY KEY (id))",),
        {"t": model(A)},
        NOTHING,
    ),
]
