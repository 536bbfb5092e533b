op.create_table(
    "series_v2",
    sa.Column("title", sa.Unicode(), nullable=False),
    sa.Column("series_id", sa.Integer(), nullable=False),
    sa.Column("series_info", sa.Unicode()),
    sa.Column("release_date", sa.Integer()),
    sa.PrimaryKeyConstraint("title", "series_id"),
)
