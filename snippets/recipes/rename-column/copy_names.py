"""Copy series.title to series.name. It can be stopped at any moment, and run again."""

import os

from batches import Job, main

COPY = Job(
    table="series",
    write="UPDATE series SET name = title WHERE {rows}",
    due="name IS DISTINCT FROM title",
)

if __name__ == "__main__":
    main(COPY, os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
