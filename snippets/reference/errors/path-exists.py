import sqlalchemy as sa
from alembic.operations import Operations
from attempt import attempt


def create_twice(op: Operations) -> None:
    for _ in range(2):
        op.create_table("seasons", sa.Column("season_id", sa.Integer(), primary_key=True))


print(attempt(create_twice))
"""
DataError: message: "Executing ESchemeOpCreateTable" severity: 1 issues { message: "Scheme operation failed, status: ExecComplete, reason: Check failed: path: \'/local/seasons\', error: path exist, request accepts it (id: [OwnerId: 72057594046678944, LocalPathId: 1], type: EPathTypeTable, state: EPathStateNoChanges)" severity: 1 } (server_code: 400080)
"""
