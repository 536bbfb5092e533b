import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.execute("CREATE TABLE u (id Int64, PRIMARY KEY (id))")))
"""
IntegrityError: message: "Scheme operations cannot be executed inside transaction" issue_code: 2029 severity: 1 (server_code: 400120)
"""
print(attempt(lambda op: op.execute(sa.DDL("CREATE TABLE u (id Int64, PRIMARY KEY (id))"))))
#> done
