from alembic import op

# --8<-- [start:plain]
op.create_check_constraint("ck_seasons", "series", "seasons > 0")
# --8<-- [end:plain]
