from alembic import op

# --8<-- [start:plain]
op.create_index(op.f("ix_series_title"), "series", ["title"])
# --8<-- [end:plain]
