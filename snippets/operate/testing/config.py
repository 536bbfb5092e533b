from argparse import Namespace

import pytest
from alembic.config import Config


@pytest.fixture
def ydb_alembic_config():
    return Config("alembic.ini", cmd_opts=Namespace(x=["allow-downgrade=yes"]))
