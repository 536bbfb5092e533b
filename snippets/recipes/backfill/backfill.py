"""Fill series.release_year. It can be stopped at any moment, and run again."""

import os

from batches import Job, main

YEAR = "DateTime::GetYear(CAST(CAST(release_date AS Uint16) AS Date))"
FILL = Job(
    table="series",
    write="UPDATE series SET release_year = " + YEAR + " WHERE {rows}",
    due="release_year IS NULL AND " + YEAR + " IS NOT NULL",
    fault="release_date IS NOT NULL AND " + YEAR + " IS NULL",
)

if __name__ == "__main__":
    main(FILL, os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
