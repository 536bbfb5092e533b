"""A plug-in for pytest that gives the SDK's tests the address of the emulator, from the variable YDB_PORT."""

import os
import sys

import pytest


@pytest.fixture(scope="session")
def docker_compose_command() -> str:
    return ""


@pytest.fixture(scope="session")
def docker_compose_project_name() -> str:
    return ""


@pytest.fixture(scope="session")
def docker_setup() -> None:
    return None


def pytest_sessionstart() -> None:
    for name, module in list(sys.modules.items()):
        if name.endswith("conftest") and "YDB_ENDPOINT_PORT" in vars(module):
            vars(module)["YDB_ENDPOINT_PORT"] = int(os.environ["YDB_PORT"])
