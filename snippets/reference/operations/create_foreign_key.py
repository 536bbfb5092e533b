from alembic import op

# --8<-- [start:plain]
op.create_foreign_key("fk_series", "episodes", "series", ["series_id"], ["series_id"])
# --8<-- [end:plain]
