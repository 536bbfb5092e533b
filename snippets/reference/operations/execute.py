import sqlalchemy as sa
from alembic import op

# --8<-- [start:dml]
op.execute("UPDATE series SET info = 'comedy' WHERE series_id = 1")
# --8<-- [end:dml]

# --8<-- [start:ddl-str]
op.execute("ALTER TABLE series SET (AUTO_PARTITIONING_BY_LOAD = ENABLED)")
# --8<-- [end:ddl-str]

# --8<-- [start:ddl-text]
op.execute(sa.text("ALTER TABLE series DROP COLUMN info"))
# --8<-- [end:ddl-text]

# --8<-- [start:ddl]
op.execute(sa.DDL("ALTER TABLE series DROP COLUMN info"))
# --8<-- [end:ddl]

# --8<-- [start:ddl-percent]
op.execute(sa.DDL("UPDATE series SET info = '100%'"))
# --8<-- [end:ddl-percent]

# --8<-- [start:ddl-percent-instead]
op.execute(sa.DDL("UPDATE series SET info = '100%%'"))
# --8<-- [end:ddl-percent-instead]

# --8<-- [start:colon]
op.execute("UPDATE series SET info = 'see :title' WHERE series_id = 1")
# --8<-- [end:colon]

# --8<-- [start:colon-instead]
op.execute("UPDATE series SET info = 'see \\:title' WHERE series_id = 1")
# --8<-- [end:colon-instead]

# --8<-- [start:parameters]
op.execute(sa.text("UPDATE series SET info = :info WHERE series_id = 1").bindparams(info="comedy"))
# --8<-- [end:parameters]

# --8<-- [start:construct]
series = sa.table("series", sa.column("series_id", sa.Integer()), sa.column("info", sa.Unicode()))
op.execute(series.update().where(series.c.series_id == 1).values(info=op.inline_literal("comedy")))
# --8<-- [end:construct]

# --8<-- [start:upsert]
from ydb_sqlalchemy.sqlalchemy import upsert

series = sa.table("series", sa.column("series_id", sa.Integer()), sa.column("title", sa.Unicode()))
op.execute(upsert(series).values(series_id=1, title="The IT Crowd"))
# --8<-- [end:upsert]

# --8<-- [start:two]
op.execute("UPDATE series SET info = 'comedy'; DELETE FROM episodes WHERE series_id = 2")
# --8<-- [end:two]

# --8<-- [start:mixed]
op.execute(sa.DDL("ALTER TABLE series ADD COLUMN rating Int64; UPDATE series SET rating = 1"))
# --8<-- [end:mixed]

# --8<-- [start:mixed-instead]
op.execute(sa.DDL("ALTER TABLE series ADD COLUMN rating Int64"))
op.execute("UPDATE series SET rating = 1")
# --8<-- [end:mixed-instead]

# --8<-- [start:batch]
op.execute("BATCH UPDATE series SET info = 'comedy'")
# --8<-- [end:batch]

# --8<-- [start:batch-ddl]
op.execute(sa.DDL("BATCH UPDATE series SET info = 'comedy'"))
# --8<-- [end:batch-ddl]

# --8<-- [start:options]
import ydb

settings = ydb.BaseRequestSettings().with_timeout(60)
op.execute("UPDATE series SET info = 'comedy'", execution_options={"ydb_request_settings": settings})
# --8<-- [end:options]
