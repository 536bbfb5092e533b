"""Differences of keys, constraints and indexes."""

from __future__ import annotations

from ..case import ID, IMPOSSIBLE, INDEX, NOTHING, A, Case, column, indexed, model, one, table

KEYS_AND_CONSTRAINTS = [
    Case(
        "key-more",
        "a column added to the primary key",
        (table("a Utf8 NOT NULL"),),
        {"t": model("sa.Column('a', sa.String(), primary_key=True)")},
        IMPOSSIBLE,
    ),
    Case(
        "key-less",
        "a column removed from the primary key",
        (table("a Utf8 NOT NULL", key="id, a"),),
        {"t": model(column("sa.String()", "nullable=False"))},
        IMPOSSIBLE,
    ),
    Case(
        "key-order",
        "the primary key in a different order",
        (table("a Utf8 NOT NULL", key="a, id"),),
        {"t": model("sa.Column('a', sa.String(), primary_key=True)")},
        IMPOSSIBLE,
    ),
    Case(
        "key-type",
        "a new table whose key has a type that YDB does not allow in keys",
        (),
        {"t": "sa.Column('id', sa.Double(), primary_key=True)"},
        IMPOSSIBLE,
    ),
    one("unique-column", "unique=True in the model", "a Utf8", column("sa.String()", "unique=True"), IMPOSSIBLE),
    Case(
        "unique-new",
        "a new table with unique=True",
        (),
        {"t": model(column("sa.String()", "unique=True"))},
        IMPOSSIBLE,
    ),
    one(
        "unique-constraint",
        "a UniqueConstraint in the model",
        "a Utf8",
        f"{A}, sa.UniqueConstraint('a', name='uq')",
        IMPOSSIBLE,
    ),
    Case(
        "foreign-key",
        "a foreign key in the model",
        (table("a Int64"), table(name="u")),
        {"t": model("sa.Column('a', sa.Integer(), sa.ForeignKey('u.id'))"), "u": ID},
        NOTHING,
    ),
    Case(
        "foreign-key-new",
        "a new table with a foreign key",
        (table(name="u"),),
        {"t": model("sa.Column('a', sa.Integer(), sa.ForeignKey('u.id'))"), "u": ID},
        "add_table",
    ),
    one(
        "check",
        "a CheckConstraint in the model",
        "a Utf8",
        f"{A}, sa.CheckConstraint('id > 0', name='ck')",
        IMPOSSIBLE,
    ),
    Case(
        "check-new",
        "a new table with a CheckConstraint",
        (),
        {"t": model("sa.CheckConstraint('id > 0', name='ck')")},
        IMPOSSIBLE,
    ),
    Case(
        "check-enum",
        "a new table with an Enum that makes a CHECK",
        (),
        {"t": model(column("sa.Enum('x', name='e', create_constraint=True)"))},
        IMPOSSIBLE,
    ),
]

INDEXES = [
    indexed("index-same", "the same index", "ix GLOBAL SYNC ON (a)", "'a'", NOTHING),
    indexed("index-added", "a new index", "", "'a'", "add_index"),
    indexed("index-removed", "an index removed from the model", "ix GLOBAL SYNC ON (a)", "", "remove_index"),
    indexed(
        "index-columns", "an index on different columns", "ix GLOBAL SYNC ON (a)", "'a', 'b'", "add_index remove_index"
    ),
    indexed(
        "index-renamed",
        "an index renamed in the model",
        "iy GLOBAL SYNC ON (a)",
        "'a'",
        "add_index remove_index",
    ),
    indexed("index-async-added", "a new asynchronous index", "", "'a', ydb_async=True", "add_index"),
    indexed("index-cover-added", "a new covering index", "", "'a', ydb_cover=['b']", "add_index"),
    indexed(
        "index-async-same", "the same asynchronous index", "ix GLOBAL ASYNC ON (a)", "'a', ydb_async=True", NOTHING
    ),
    indexed(
        "index-cover-same",
        "the same covering index",
        "ix GLOBAL SYNC ON (a) COVER (b)",
        "'a', ydb_cover=['b']",
        NOTHING,
    ),
    indexed(
        "index-async",
        "synchronous in YDB, asynchronous in the model",
        "ix GLOBAL SYNC ON (a)",
        "'a', ydb_async=True",
        "add_index remove_index",
    ),
    indexed(
        "index-cover",
        "covers nothing in YDB, a column in the model",
        "ix GLOBAL SYNC ON (a)",
        "'a', ydb_cover=['b']",
        "add_index remove_index",
    ),
    indexed("index-unique-added", "a new unique index", "", "'a', unique=True", IMPOSSIBLE),
    indexed("index-unique-same", "the same unique index", "ix GLOBAL UNIQUE SYNC ON (a)", "'a', unique=True", NOTHING),
    indexed(
        "index-unique",
        "an ordinary index in YDB, unique in the model",
        "ix GLOBAL SYNC ON (a)",
        "'a', unique=True",
        IMPOSSIBLE,
    ),
    indexed(
        "index-not-unique",
        "a unique index in YDB, ordinary in the model",
        "ix GLOBAL UNIQUE SYNC ON (a)",
        "'a'",
        "add_index remove_index",
    ),
    indexed(
        "index-unique-removed",
        "a unique index removed from the model",
        "ix GLOBAL UNIQUE SYNC ON (a)",
        "",
        "remove_index",
    ),
    Case(
        "index-unique-new",
        "a new table with a unique index",
        (),
        {"t": model(f"{INDEX}, unique=True)")},
        IMPOSSIBLE,
    ),
    one(
        "index-type",
        "an index on a column of a type that YDB cannot index",
        "a Double",
        "sa.Column('a', sa.Double()), sa.Index('ix', 'a')",
        IMPOSSIBLE,
    ),
    Case(
        "index-cover-removed",
        "a column removed from the model that an index covers",
        (table("a Utf8, b Utf8, INDEX ix GLOBAL SYNC ON (a) COVER (b)"),),
        {"t": model(f"{INDEX})")},
        "add_index remove_column remove_index",
    ),
    indexed(
        "index-async-removed",
        "an asynchronous index removed from the model",
        "ix GLOBAL ASYNC ON (a)",
        "",
        "remove_index",
    ),
    Case(
        "index-vector",
        "a vector index, which a model cannot have",
        (
            table("a String"),
            "ALTER TABLE t ADD INDEX v GLOBAL USING vector_kmeans_tree ON (a) "
            "WITH (distance=cosine, vector_type=float, vector_dimension=2, levels=1, clusters=2)",
        ),
        {"t": model(column("sa.LargeBinary()"))},
        NOTHING,
    ),
    indexed("index-expression", "an index on an expression", "", "sa.text('lower(a)')", IMPOSSIBLE),
    indexed("index-function", "an index on a function of a column", "", "sa.func.lower(sa.column('a'))", IMPOSSIBLE),
    indexed("index-descending", "a descending index", "", "sa.column('a').desc()", IMPOSSIBLE),
    one(
        "index-column-removed",
        "a column and its index removed from the model",
        "a Utf8, INDEX ix GLOBAL SYNC ON (a)",
        "",
        "remove_column remove_index",
    ),
]
