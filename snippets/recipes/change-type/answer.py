op.add_column("series", sa.Column("released_on", sa.Date()))
