op.drop_column("series", "title")
