op.execute(sa.DDL("ALTER TABLE series ADD COLUMN views Int64 NOT NULL DEFAULT 0"))
