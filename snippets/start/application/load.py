"""Requests that never stop while Alembic upgrades the database. Each client writes a task, and reads what it wrote."""

import asyncio
import uuid
from collections import Counter
from threading import Condition

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from httpx2 import AsyncClient

CLIENTS, MORE = 2, 4
phase = "before"
done: Counter[str] = Counter()
changed = Condition()


async def work(client: AsyncClient, number: int, stop: asyncio.Event) -> None:
    path, version = f"/tasks/{uuid.UUID(int=number)}", 0
    while not stop.is_set():
        version += 1
        title = f"version {version}"
        (await client.put(path, json={"title": title})).raise_for_status()
        read = (await client.get(path)).raise_for_status().json()
        assert read["title"] == title, f"lost: {title}, there is {read['title']}"
        with changed:
            done[phase] += 1
            changed.notify()
    (await client.put(path, json={"title": "the last one"})).raise_for_status()


def wait_for_more() -> None:
    with changed:
        goal = done.total() + MORE
        assert changed.wait_for(lambda: done.total() >= goal, timeout=60), "no more requests are answered"


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def meet(connection, cursor, statement, parameters, context, executemany) -> None:
    """The upgrade is over soon. So that both meet each time, it waits for requests before two of its statements."""
    if statement.startswith(("ALTER TABLE", "UPDATE alembic_version")):
        wait_for_more()


def upgrade() -> None:
    global phase
    wait_for_more()
    phase = "during"
    command.upgrade(Config("alembic.ini"), "head")
    phase = "after"
    wait_for_more()


async def main() -> None:
    stop = asyncio.Event()
    async with AsyncClient(base_url="http://127.0.0.1:8000") as client, asyncio.TaskGroup() as clients:
        for number in range(CLIENTS):
            clients.create_task(work(client, number, stop))
        await asyncio.to_thread(upgrade)
        stop.set()
    for name, count in done.items():
        print(f"{name} the upgrade: {count} written and read, none lost")


asyncio.run(main())
