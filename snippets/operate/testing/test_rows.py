import sqlalchemy as sa


def test_rows_survive(ydb_migrations):
    ydb_migrations.upgrade("820b994ffa7c")
    with ydb_migrations.engine.connect() as connection:
        connection.execute(sa.text("UPSERT INTO series (series_id, title) VALUES (1, 'IT Crowd')"))
        ydb_migrations.upgrade("head")
        assert connection.execute(sa.text("SELECT series_id, title FROM series")).all() == [(1, "IT Crowd")]
