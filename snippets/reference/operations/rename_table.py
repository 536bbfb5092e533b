import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
op.rename_table("episodes", "parts")
# --8<-- [end:plain]

# --8<-- [start:taken]
op.rename_table("series", "episodes")
# --8<-- [end:taken]

# --8<-- [start:directory]
op.rename_table("series", "archive/series")
# --8<-- [end:directory]

# --8<-- [start:directory-instead]
op.create_table("archive/seasons", sa.Column("season_id", sa.Integer(), primary_key=True))
op.rename_table("series", "archive/series")
# --8<-- [end:directory-instead]

# --8<-- [start:schema]
op.rename_table("series", "shows", schema="archive")
# --8<-- [end:schema]
