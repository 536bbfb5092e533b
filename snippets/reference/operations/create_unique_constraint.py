import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
op.create_unique_constraint("uq_title", "series", ["title"])
# --8<-- [end:plain]

# --8<-- [start:instead]
op.execute(
    sa.DDL(
        """
        CREATE TABLE shows (
            series_id Int64 NOT NULL,
            title Utf8 NOT NULL,
            info Utf8,
            seasons Int64 DEFAULT 1,
            INDEX uq_title GLOBAL UNIQUE SYNC ON (title),
            PRIMARY KEY (series_id)
        )
        """
    )
)
op.execute("INSERT INTO shows (series_id, title, info, seasons) SELECT series_id, title, info, seasons FROM series")
op.drop_table("series")
op.rename_table("shows", "series")
# --8<-- [end:instead]
