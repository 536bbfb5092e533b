from alembic import op

# --8<-- [start:plain]
op.drop_table_comment("series")
# --8<-- [end:plain]
