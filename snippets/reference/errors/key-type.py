import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.create_table("keyed", sa.Column("id", sa.Float(), primary_key=True))))
"""
ProgrammingError: message: "Executing ESchemeOpCreateTable" issue_code: 2003 severity: 1 issues { message: "Column id has wrong key type Float" issue_code: 2003 severity: 1 } ,message: "Query invalidated on scheme/internal error during Scheme execution" issue_code: 2019 severity: 1 (server_code: 400070)
"""
