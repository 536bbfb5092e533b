from attempt import attempt

print(attempt(lambda op: op.drop_column("series", "title")))
"""
IntegrityError: message: "Executing ESchemeOpAlterTable" issue_code: 2029 severity: 1 issues { message: "Impossible drop column because table has an index with that column, column name: title, table name: /local/series, index name: by_title" issue_code: 2029 severity: 1 } (server_code: 400120)
"""
