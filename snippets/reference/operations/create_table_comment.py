from alembic import op

# --8<-- [start:plain]
op.create_table_comment("series", "what is on")
# --8<-- [end:plain]
