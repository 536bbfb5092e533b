from alembic import op

# --8<-- [start:plain]
op.drop_constraint("uq_title", "series", type_="unique")
# --8<-- [end:plain]

# --8<-- [start:primary]
op.drop_constraint("pk_series", "series", type_="primary")
# --8<-- [end:primary]

# --8<-- [start:if-exists]
op.drop_constraint("uq_title", "series", if_exists=True)
# --8<-- [end:if-exists]
