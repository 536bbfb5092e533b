from attempt import attempt

print(attempt(lambda op: op.drop_column("series", "title")))
"""
ProgrammingError: message: "Impossible drop column because table has an index with that column" issue_code: 2017 severity: 1 (server_code: 400010)
"""
