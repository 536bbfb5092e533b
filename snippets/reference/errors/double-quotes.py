import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.execute(sa.DDL('CREATE TABLE "reviews" (id Int64, PRIMARY KEY (id))'))))
"""
DataError: position { row: 1 column: 14 } message: "String literal can not be used here" end_position { row: 1 column: 14 } severity: 1 (server_code: 400080)
"""
