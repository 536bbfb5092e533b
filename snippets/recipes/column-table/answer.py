op.execute(
    sa.DDL("""
        CREATE TABLE views_by_day (
            day Date NOT NULL, series_id Int64 NOT NULL, views Int64, PRIMARY KEY (day, series_id)
        )
        PARTITION BY HASH (day, series_id)
        WITH (STORE = COLUMN)
    """)
)
