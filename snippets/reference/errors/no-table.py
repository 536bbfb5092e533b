from attempt import attempt

print(attempt(lambda op: op.drop_index("by_title")))
"""
ProgrammingError: message: "Type annotation" issue_code: 1030 severity: 1 issues { position { row: 1 column: 13 } message: "At function: KiAlterTable!" end_position { row: 1 column: 13 } severity: 1 issues { position { row: 1 column: 13 } message: "Cannot find table \'db.[/local/no_table]\' because it does not exist or you do not have access permissions. Please check correctness of table path and user permissions." end_position { row: 1 column: 13 } issue_code: 2003 severity: 1 } } (server_code: 400070)
"""
print(attempt(lambda op: op.drop_index("by_title", table_name="series")))
#> done
