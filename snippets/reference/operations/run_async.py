import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
async def comedies(connection):
    await connection.execute(sa.text("UPDATE series SET info = 'comedy'"))


op.run_async(comedies)
# --8<-- [end:plain]
