import sqlalchemy as sa
from attempt import attempt

print(
    attempt(
        lambda op: op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), ydb_ttl="P1D")
    )
)
"""
ArgumentError: Argument 'ydb_ttl' is not accepted by dialect 'ydb' on behalf of <class 'sqlalchemy.sql.schema.Table'>
"""
print(
    attempt(
        lambda op: op.execute(sa.DDL("ALTER TABLE series SET (TTL = Interval('P365D') ON released)"))
    )
)
#> done
