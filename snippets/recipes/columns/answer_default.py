op.add_column("series", sa.Column("views", sa.Integer(), server_default=sa.text("0")))
