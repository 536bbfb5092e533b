import sqlalchemy as sa

engine = sa.create_engine("yql+ydb://localhost:2136/local")

with engine.connect() as connection:
    connection.execute(sa.text("UPSERT INTO series (series_id, title) VALUES (1, 'IT Crowd'), (2, 'Silicon Valley')"))
    print(connection.execute(sa.text("SELECT COUNT(*) FROM series")).scalar(), "series")
engine.dispose()
