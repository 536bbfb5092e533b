"""Run a file of YQL statements, one after the other: python run_sql.py FILE"""

import os
import sys
from pathlib import Path

import sqlalchemy as sa

url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
statements = Path(sys.argv[1]).read_text().split(";\n")

with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
    for statement in filter(str.strip, statements):
        print(next(line for line in statement.splitlines() if line and not line.startswith("--")))
        connection.execute(sa.DDL(statement.replace("%", "%%")))
