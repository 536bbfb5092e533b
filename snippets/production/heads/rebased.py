# --8<-- [start:ids]
down_revision = "ad1f0c2b3a4d"
# --8<-- [end:ids]
