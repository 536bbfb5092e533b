import sqlalchemy as sa

try:
    sa.create_engine("yql+ydb_asyncio://localhost:2136/local")
except sa.exc.NoSuchModuleError as error:
    print(error)
    #> Can't load plugin: sqlalchemy.dialects:yql.ydb_asyncio
