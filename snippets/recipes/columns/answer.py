op.add_column("series", sa.Column("country", sa.Unicode()))
