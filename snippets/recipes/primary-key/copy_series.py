"""Copy series to series_v2: python copy_series.py clear, then python copy_series.py copy, each with options.

Either can be stopped at any moment, and run again.
"""

import os
import sys

from batches import Job, main

CLEAR = Job("series_v2", "DELETE FROM series_v2 WHERE {rows}")
COPY = Job(
    "series",
    """
        UPSERT INTO series_v2 (title, series_id, series_info, release_date)
        SELECT old.title AS title, old.series_id AS series_id, old.series_info AS series_info, old.release_date AS release_date
        FROM (
            SELECT COALESCE(title, ''u) AS title, series_id, series_info, release_date FROM series WHERE {rows}
        ) AS old
        LEFT ONLY JOIN series_v2 AS new ON new.title = old.title AND new.series_id = old.series_id
    """,
)

if __name__ == "__main__":
    if sys.argv[1:2] not in (["clear"], ["copy"]):
        sys.exit(__doc__)
    url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
    main(CLEAR if sys.argv[1] == "clear" else COPY, url, sys.argv[2:])
