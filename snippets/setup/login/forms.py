import ydb
from sqlalchemy import create_engine, pool, text

URL = "yql+ydb://localhost:2137/local"


def log_in(credentials):
    engine = create_engine(URL, poolclass=pool.NullPool, connect_args={"credentials": credentials})
    with engine.connect() as connection:
        return connection.execute(text("SELECT 'logged in'u")).scalar()


print(log_in({"username": "alice", "password": "correct-horse"}))
#> logged in
print(log_in(ydb.StaticCredentials.from_user_password("alice", "correct-horse")))
#> logged in
