def upgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE episodes SET (TTL = Interval('PT0S') ON expires_at)"))


def downgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE episodes RESET (TTL)"))
