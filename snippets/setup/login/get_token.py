import os

import ydb

credentials = ydb.StaticCredentials.from_user_password(os.environ["YDB_USER"], os.environ["YDB_PASSWORD"])
with ydb.Driver(endpoint="grpc://localhost:2137", database="/local", credentials=credentials) as driver:
    driver.wait(timeout=10)
    print(credentials.token)
