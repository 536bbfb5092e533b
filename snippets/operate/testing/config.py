import pytest
from alembic.config import Config


@pytest.fixture
def ydb_alembic_config():
    return Config("alembic.ini", ini_section="alembic")
