import sqlalchemy as sa
from attempt import attempt

print(
    attempt(
        lambda op: op.create_table("series", sa.Column("series_id", sa.Integer(), primary_key=True))
    )
)
"""
ProgrammingError: message: "Check failed: path: \'/local/series\', error: path exist, request doesn\'t accept it (id: [OwnerId: 72057594046678944, LocalPathId: 1], type: EPathTypeTable, state: EPathStateNoChanges)" issue_code: 2003 severity: 1 ,message: "Query invalidated on scheme/internal error during Scheme execution" issue_code: 2019 severity: 1 (server_code: 400070)
"""
