"""The addresses of a page become the test's, and back."""

from pathlib import Path

import pytest

from guide.reader.address import Address, IdError
from guide.reader.engine import Engine

EMULATOR = Engine("127.0.0.1:4444", "/local", "/local")
SCRATCH = Engine("localhost:2136", "/local", "/local/alembic_guide_ab12")
REAL = Engine("db:2135", "/cloud/test", "/cloud/test/alembic_guide_ab12")


@pytest.mark.parametrize(
    ("engine", "page", "test"),
    [
        (EMULATOR, "url = yql+ydb://localhost:2136/local", "url = yql+ydb://127.0.0.1:4444/local"),
        (EMULATOR, "'grpc://localhost:2136', '/local'", "'grpc://127.0.0.1:4444', '/local'"),
        (EMULATOR, "/usr/local/bin and /localhost", "/usr/local/bin and /localhost"),
        (SCRATCH, "url = yql+ydb://localhost:2136/local", f"url = {SCRATCH.url}"),
        (SCRATCH, "FROM `/local/shop/series`", "FROM `/local/alembic_guide_ab12/shop/series`"),
        (REAL, "url = yql+ydb://localhost:2136/local", f"url = {REAL.url}"),
        (REAL, '"yql+ydb_async://localhost:2136/local"', f'"{REAL.url.replace("ydb:", "ydb_async:")}"'),
        (
            REAL,
            "yql+ydb://localhost:2136/local?ydb_table_path_prefix=/local/shop",
            "yql+ydb://db:2135/cloud/test?ydb_table_path_prefix=/cloud/test/alembic_guide_ab12/shop",
        ),
        (REAL, "FROM `/local/shop/series`", "FROM `/cloud/test/alembic_guide_ab12/shop/series`"),
        (REAL, "ping localhost:2136.", "ping db:2135."),
        (REAL, "/usr/local/bin", "/usr/local/bin"),
    ],
)
def test_address(engine: Engine, page: str, test: str) -> None:
    address = Address(engine, Path("/tmp/scratch/project"), Path("/opt/venv"))
    assert address.to_test(page) == test
    assert address.to_reader(test) == page


def test_folders() -> None:
    address = Address(EMULATOR, Path("/tmp/scratch/project"), Path("/opt/venv"))
    text = 'Creating directory /tmp/scratch/project/migrations\nFile "/opt/venv/lib/x.py"'
    assert (
        address.to_reader(text)
        == 'Creating directory /home/you/project/migrations\nFile "/home/you/project/.venv/lib/x.py"'
    )
    assert address.to_test(address.to_reader(text)) == text


def test_ids() -> None:
    address = Address(EMULATOR, Path("/tmp/scratch/project"), Path("/opt/venv"))
    address.bind("aaaaaaaaaaaa", "bbbbbbbbbbbb")
    address.bind("bbbbbbbbbbbb", "cccccccccccc")
    assert address.to_test("aaaaaaaaaaaa_x bbbbbbbbbbbb") == "bbbbbbbbbbbb_x cccccccccccc"
    assert address.to_reader("bbbbbbbbbbbb_x cccccccccccc") == "aaaaaaaaaaaa_x bbbbbbbbbbbb"
    address.bind("aaaaaaaaaaaa", "aaaaaaaaaaaa")
    with pytest.raises(IdError):
        address.bind("aaaaaaaaaaaa", "dddddddddddd")
    with pytest.raises(IdError):
        address.bind("eeeeeeeeeeee", "aaaaaaaaaaaa")
