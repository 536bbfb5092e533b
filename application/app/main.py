"""The application: what it does at its start and its end, and what it answers."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from ydb_sqlalchemy import upsert

from . import database
from .database import Session, transaction
from .models import Task


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    await asyncio.to_thread(database.check)
    app.state.engine = database.engine()
    try:
        yield
    finally:
        await app.state.engine.dispose()


app = FastAPI(lifespan=lifespan)


class NewTask(BaseModel):
    title: str


class TaskAnswer(NewTask):
    model_config = ConfigDict(from_attributes=True)
    id: uuid.UUID


@app.put("/tasks/{id}")
async def write(id: uuid.UUID, given: NewTask, session: Session) -> TaskAnswer:
    async def work() -> None:
        await session.execute(upsert(Task).values(id=id, title=given.title))

    await transaction(session, work)
    return TaskAnswer(id=id, title=given.title)


@app.get("/tasks/{id}", response_model=TaskAnswer)
async def read(id: uuid.UUID, session: Session) -> Task:
    async def work() -> Task | None:
        return await session.get(Task, id)

    if task := await transaction(session, work):
        return task
    raise HTTPException(404, f"there is no task {id}")
