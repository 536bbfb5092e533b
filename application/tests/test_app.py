import pytest
from fastapi.testclient import TestClient

from alembic_ydb.ready import NotReady
from app.main import app
from ydb_emulator.errors import Status

TASK = "/tasks/0b9ee4a5-0d0c-4a4f-9f7e-6a9a1a9d5c11"


def test_a_task_is_written_and_read(client):
    assert client.get(TASK).status_code == 404
    assert client.put(TASK, json={"title": "Write tests"}).status_code == 200
    assert client.get(TASK).json()["title"] == "Write tests"


def test_a_transaction_that_ydb_aborts_is_run_again(client, ydb_emulator):
    ydb_emulator.faults.fail("CommitTransaction", Status.ABORTED, times=2)
    assert client.put(TASK, json={"title": "Try again"}).status_code == 200
    assert client.get(TASK).json()["title"] == "Try again"


def test_the_application_does_not_start_before_the_migration(url):
    with pytest.raises(NotReady), TestClient(app):
        pass
