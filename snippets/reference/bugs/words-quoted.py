import sqlalchemy as sa

WORDS = "automap callable dict enum erase flow list optional repeatable resource stream struct tagged tuple variant"

engine = sa.create_engine("yql+ydb://localhost:2136/local")
preparer = engine.dialect.identifier_preparer
preparer.reserved_words = preparer.reserved_words | set(WORDS.split())
series = sa.table("series", sa.column("id"), sa.column("list"))
print(sa.select(series).compile(engine))
"""
SELECT series.id, series.`list`
FROM series
"""
