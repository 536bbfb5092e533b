"""Two workers that migrate where they start. So that they meet each time, they wait for each other before ALTER TABLE."""

import re
from multiprocessing import Barrier, Pool

import sqlalchemy as sa
from alembic import command
from alembic.config import Config


def prepare(barrier) -> None:
    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def meet(connection, cursor, statement, parameters, context, executemany) -> None:
        if statement.startswith("ALTER TABLE"):
            barrier.wait(timeout=60)


def start(number: int) -> str:
    try:
        command.upgrade(Config("alembic.ini"), "head")
    except sa.exc.DBAPIError as error:
        *_, reason = re.findall(r'message: "((?:[^"\\]|\\.)*)"', str(error.orig))
        return "one worker does not start: " + reason.replace("\\", "")
    return "one worker starts"


if __name__ == "__main__":
    with Pool(2, prepare, [Barrier(2)]) as workers:
        print(*sorted(workers.map(start, range(2), chunksize=1)), sep="\n")
