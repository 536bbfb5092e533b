"""Enter the titles of rows that were there before. The first row in the order of the key gets a title."""

import os

from batches import Job, main

ENTER = Job(
    table="series",
    write="""
        INSERT INTO series_titles (title, series_id)
        SELECT old.title AS title, MIN(old.series_id) AS series_id
        FROM (SELECT Unwrap(title) AS title, series_id FROM series WHERE {rows}) AS old
        LEFT ONLY JOIN series_titles AS taken ON taken.title = old.title
        GROUP BY old.title
    """,
    due="title IS NOT NULL",
)

if __name__ == "__main__":
    main(ENTER, os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
