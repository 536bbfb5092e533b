op.create_table(
    "reviews",
    sa.Column("review_id", sa.Unicode(), nullable=False),
    sa.Column("series_id", sa.Integer(), nullable=False),
    sa.Column("text", sa.Unicode()),
    sa.Column("written_at", sa.DateTime()),
    sa.PrimaryKeyConstraint("review_id"),
)
