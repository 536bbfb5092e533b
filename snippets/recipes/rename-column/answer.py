op.add_column("series", sa.Column("name", sa.Unicode()))
