import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.alter_column("series", "released", server_default=sa.text("1"))))
"""
DataError: message: "Type annotation" issue_code: 1030 severity: 1 issues { position { row: 1 column: 54 } message: "At function: KiAlterTable!" end_position { row: 1 column: 54 } severity: 1 issues { position { row: 1 column: 54 } message: "Default expr released type mismatch, expected: Date, actual: Int32" end_position { row: 1 column: 54 } severity: 1 } } (server_code: 400080)
"""
print(
    attempt(
        lambda op: op.alter_column("series", "released", server_default=sa.text("Date('2026-01-01')"))
    )
)
#> done
