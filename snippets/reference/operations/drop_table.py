import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
op.drop_table("series")
# --8<-- [end:plain]

# --8<-- [start:missing]
op.drop_table("seasons")
# --8<-- [end:missing]

# --8<-- [start:if-exists]
op.drop_table("seasons", if_exists=True)
op.drop_table("episodes", if_exists=True)
# --8<-- [end:if-exists]

# --8<-- [start:schema]
op.drop_table("series", schema="archive")
# --8<-- [end:schema]

# --8<-- [start:schema-instead]
op.create_table("archive/series", sa.Column("series_id", sa.Integer(), primary_key=True))
op.drop_table("archive/series")
# --8<-- [end:schema-instead]
