from alembic import op

# --8<-- [start:plain]
with op.get_context().autocommit_block():
    op.execute("UPDATE series SET info = 'comedy'")
# --8<-- [end:plain]
