"""What the page on YDB in a cloud says, where it does not show it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
import ydb
import ydb_dbapi
import ydb_sqlalchemy

from guide.paths import ROOT
from tests.project import project

PAGE = ROOT / "docs" / "setup" / "cloud.md"
CHANGES = ("CREATE", "ALTER", "DROP")
READS = ("DescribeTable", "ListDirectory", "DescribePath")


def test_the_page_counts_the_schema_operations_of_commands(tmp_path: Path) -> None:
    """Of the example with its three tables, in this order."""
    table = re.findall(r"^\| (`alembic .+`(?:, .+)?) \| (\d+) \| (\d+) \|$", PAGE.read_text(), re.MULTILINE)
    told = {command: (int(changes), int(reads)) for command, changes, reads in table}
    counted = {}
    with project(tmp_path / "project") as example:
        faults = example.emulator.faults

        def count(command: str, what: str = "") -> None:
            sent: Counter[bool] = Counter()
            faults.requests.clear()
            faults.fail(matching=lambda text: bool(sent.update([text.lstrip().startswith(CHANGES)])))
            example.run(command)
            faults.clear()
            counted[what or f"`{command}`"] = (sent[True], sum(faults.requests[name] for name in READS))

        count("alembic upgrade head", "`alembic upgrade head`, from nothing")
        count("alembic upgrade head", "`alembic upgrade head`, nothing to do")
        count("alembic current")
        count("alembic check", "`alembic check`, `alembic revision --autogenerate`")
        check = counted["`alembic check`, `alembic revision --autogenerate`"]
        count("alembic revision --autogenerate -m nothing", "`alembic check`, `alembic revision --autogenerate`")
        assert counted["`alembic check`, `alembic revision --autogenerate`"] == check
        count("alembic downgrade base")
    assert told == counted


@pytest.mark.parametrize("package", [ydb, ydb_dbapi, ydb_sqlalchemy], ids=lambda package: package.__name__)
def test_the_driver_reads_no_connection_string_of_the_environment(package: ModuleType) -> None:
    files = Path(str(package.__file__)).parent.rglob("*.py")
    assert [file for file in files if "YDB_CONNECTION_STRING" in file.read_text()] == []
