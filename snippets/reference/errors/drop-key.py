from attempt import attempt

print(attempt(lambda op: op.drop_column("series", "series_id")))
"""
DataError: message: "Type annotation" issue_code: 1030 severity: 1 issues { position { row: 1 column: 13 } message: "At function: KiAlterTable!" end_position { row: 1 column: 13 } severity: 1 issues { position { row: 1 column: 20 } message: "AlterTable : db.[/local/series] Column: \"series_id\" is a key column. Key column drop is not supported" end_position { row: 1 column: 20 } severity: 1 } } (server_code: 400080)
"""
