import os

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError
from ydb_emulator import Emulator
from ydb_emulator.errors import Status

THROUGHPUT = "Throughput limit exceeded"
QUOTA = "Request exceeded a limit on the number of schema operations, try again later."
FAILED = f"Scheme operation failed, status: ExecError, reason: {QUOTA}"


def creates(table):
    return lambda text: f"CREATE TABLE {table} " in text


def upgrade():
    try:
        command.upgrade(Config("alembic.ini"), "head")
    except DBAPIError as error:
        print(type(error).__name__, error.orig)
    command.current(Config("alembic.ini"))


with Emulator(users={os.environ["YDB_USER"]: os.environ["YDB_PASSWORD"]}) as emulator:
    os.environ["YDB_CONNECTION_STRING"] = f"grpc://localhost:{emulator.port}/?database=/local"
    emulator.faults.fail(status=Status.OVERLOADED, message=THROUGHPUT, matching=creates("series"))
    emulator.faults.fail(status=Status.GENERIC_ERROR, message=FAILED, matching=creates("seasons"))
    upgrade()
    assert not emulator.faults.pending  # both were met
    upgrade()
