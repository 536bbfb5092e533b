import os

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError
from ydb_emulator import Emulator
from ydb_emulator.errors import Status

QUOTA = "Request exceeded a limit on the number of schema operations, try again later."

with Emulator(users={os.environ["YDB_USER"]: os.environ["YDB_PASSWORD"]}) as emulator:
    os.environ["YDB_CONNECTION_STRING"] = f"grpc://127.0.0.1:{emulator.port}/?database=/local"
    emulator.faults.fail(
        status=Status.GENERIC_ERROR,
        message=f"Scheme operation failed, status: ExecError, reason: {QUOTA}",
        matching=lambda text: "CREATE TABLE seasons" in text,
    )
    for attempt in ("first", "second"):
        try:
            command.upgrade(Config("alembic.ini"), "head")
        except DBAPIError as error:
            print(attempt, type(error).__name__, error.orig)
        else:
            print(attempt, "done")
        command.current(Config("alembic.ini"))
