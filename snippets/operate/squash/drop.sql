DROP TABLE `empty/alembic_version`
