"""Copy series.release_date, a number of days, to series.released_on, a date."""

import os

from batches import Job, main

DAY = "CAST(CAST(release_date AS Uint16) AS Date)"
COPY = Job(
    table="series",
    write="UPDATE series SET released_on = " + DAY + " WHERE {rows}",
    due="released_on IS DISTINCT FROM " + DAY,
    fault="release_date IS NOT NULL AND " + DAY + " IS NULL",
)

if __name__ == "__main__":
    main(COPY, os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
