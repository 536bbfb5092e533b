series = op.create_table(
    "series",
    sa.Column("series_id", sa.Integer(), primary_key=True),
    sa.Column("title", sa.Unicode(), nullable=False),
    sa.Column("info", sa.Unicode()),
    sa.Column("seasons", sa.Integer(), server_default=sa.text("1")),
)
op.create_table(
    "episodes",
    sa.Column("episode_id", sa.Integer(), primary_key=True),
    sa.Column("series_id", sa.Integer()),
    sa.Column("title", sa.Unicode()),
)
op.create_index("ix_episodes_series_id", "episodes", ["series_id"])
op.bulk_insert(series, [{"series_id": 1, "title": "IT Crowd"}, {"series_id": 2, "title": "Silicon Valley"}])
