"""The folder `example/` is what a reader of the Example page makes: `alembic init`, and the files of the page."""

import ast
import contextlib
import re
import shutil
from pathlib import Path

import pytest
from alembic.command import init
from alembic.config import Config

from guide.pages import read
from guide.paths import ROOT
from guide.reader import fragment
from guide.reader.database import dump
from guide.reader.engine import Engine
from guide.reader.page import Block
from guide.reader.python import python
from tests.project import project

EXAMPLE = ROOT / "example"
FILES = sorted(path.relative_to(EXAMPLE).as_posix() for path in EXAMPLE.rglob("*") if path.is_file())


def titled(name: str) -> list[Block]:
    """The page's blocks for a file: all its sections, or the first time that the whole file is shown."""
    blocks = [block for block in read(ROOT / "docs" / "example.md").blocks if block.title == name]
    return [block for block in blocks if block.include.section] or blocks[:1]


def test_an_empty_url_counts_as_none(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        example.run("YDB_URL= alembic upgrade head")
        assert example.query("SELECT version_num FROM alembic_version") == [("9085c679f5dc",)]


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `alembic init migrations` was run."""
    folder = tmp_path_factory.mktemp("initialised")
    with contextlib.chdir(folder):
        init(Config("alembic.ini"), "migrations")
    return folder


@pytest.mark.parametrize("name", [name for name in FILES if "__pycache__" not in name])
def test_the_example_is_what_the_page_makes(name: str, initialised: Path) -> None:
    blocks = titled(name)
    if blocks and not blocks[0].include.section:
        assert blocks[0].include.file == EXAMPLE / name
        return
    expected = (initialised / name).read_text()
    for block in blocks:
        expected = fragment.apply(name, expected, block.text)
    assert (EXAMPLE / name).read_text() == expected


def test_revisions_make_the_tables_of_the_models_and_can_be_undone(ydb: Engine, tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "example")
    ini = folder / "alembic.ini"
    ini.write_text(re.sub(r"(?m)^sqlalchemy.url = .*", lambda _: f"sqlalchemy.url = {ydb.url}", ini.read_text()))

    def run(*arguments: str) -> str:
        """Out: what the database then holds."""
        python(folder, *arguments).check_returncode()
        return dump(ydb)

    upgraded = run("-m", "alembic", "upgrade", "head")
    versions = run("-m", "alembic", "downgrade", "base")
    assert re.findall(r"(?m)^table (.*)", versions) == ["alembic_version"]
    create = (
        "import models, sqlalchemy, sys\n"
        "models.Base.metadata.create_all(sqlalchemy.create_engine(sys.argv[1], poolclass=sqlalchemy.NullPool))"
    )
    created = run("-c", create, ydb.url)
    assert created.removeprefix(versions) == re.sub(r"(?m)^  row .*\n", "", upgraded).removeprefix(versions)


def test_revisions_are_written_as_alembic_writes_them() -> None:
    """Alembic reads a revision without some of these lines, too, so no walk would miss them."""
    template = shape(ROOT / "snippets" / "example" / "c2262c4f5833_name_of_your_migration.py")
    revisions = sorted((EXAMPLE / "migrations" / "versions").glob("*.py"))
    assert revisions
    assert {path.name: shape(path) for path in revisions} == {path.name: template for path in revisions}


def shape(path: Path) -> list[str]:
    """The top level of a revision, without its text, its ids and what its functions do."""
    tree = ast.parse(path.read_text())
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            node.body = [ast.Pass()]
        elif (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id in ("revision", "down_revision")
        ):
            node.value = ast.Constant("an id")
    return sorted(ast.unparse(node) for node in tree.body if not isinstance(node, ast.Expr))
