op.create_table(
    "ratings",
    sa.Column("rating_id", sa.Integer(), autoincrement=False, nullable=False),
    sa.Column("stars", sa.Integer()),
    sa.PrimaryKeyConstraint("rating_id"),
    ydb_auto_partitioning_by_load=True,
    ydb_auto_partitioning_min_partitions_count=4,
    ydb_partition_at_keys="(1000, 2000, 3000)",
)
