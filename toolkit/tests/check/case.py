"""A revision, and the codes that a check finds in it. It has tables of its own: `t` stands for its name."""

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
    """`before` is its part of upgrade() of the revision before all, `codes` what is found in the revision itself."""

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
EMPTY = 'op.execute(sa.update(sa.table("t", sa.column("a"))).values(a=sa.null()))'
DROP_A = 'op.drop_column("t", "a")'
WITH_INDEX = "CREATE TABLE t (id Int64, a Utf8, INDEX ix GLOBAL ON (a), PRIMARY KEY (id))"
INDEXED = f'op.create_table("t", {KEY}, sa.Column("a", sa.String, index=True, unique=True))'

LEAST = "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT"
VIEW = "CREATE VIEW v_t WITH (security_invoker = TRUE) AS"
WITH_VIEW = yql("CREATE TABLE t (id Int64, a Utf8, b Utf8, PRIMARY KEY (id))", f"{VIEW} SELECT a FROM t")
ID = " (id Int64, PRIMARY KEY (id))"
LOOK = "if name not in [each['name'] for each in sa.inspect(op.get_bind()).get_columns('t')]"
SWAP = ("ALTER TABLE t RENAME TO other_t", "ALTER TABLE new_t RENAME TO t")
