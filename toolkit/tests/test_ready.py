"""Ready is a database that has what the code needs, and no other: squashed, branched, unknown, empty, unreadable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from project import Project

from alembic_ydb.ready import NotReady, check, main
from ydb_emulator import Emulator

pytestmark = pytest.mark.usefixtures("shared_driver")


def ask(project: Project, allow_unknown: bool = False) -> str:
    """The answer, or why it is not ready."""
    engine = sa.create_engine(project.url, poolclass=sa.NullPool)
    try:
        return check(engine, project.config(), allow_unknown=allow_unknown)
    except NotReady as error:
        return f"not ready: {error}"
    finally:
        engine.dispose()


def run(project: Project, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """What the program ends with, which has to be one sentence."""
    monkeypatch.chdir(project.folder)
    with pytest.raises(SystemExit) as end:
        main(arguments)
    sentence = end.value.code
    assert isinstance(sentence, str) and "\n" not in sentence
    return sentence


def at(project: Project, *revisions: str) -> None:
    """Write the rows of the version table. Alembic itself has room for one on YDB; another tool may write more."""
    engine = sa.create_engine(project.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
        for number, revision in enumerate(revisions):
            row = {"id": number, "revision": revision}
            connection.execute(sa.text("UPSERT INTO alembic_version (id, version_num) VALUES (:id, :revision)"), row)
    engine.dispose()


@pytest.fixture
def behind(project: Project) -> Project:
    """Two revisions, of which the database has the first."""
    project.table("a1", None)
    project.table("a2", "a1")
    assert project.run("upgrade", "a1") == 0
    return project


def test_after_a_squash_a_database_that_is_behind_is_not_ready(behind: Project) -> None:
    """The code has one revision for the two, and does not know where the database is. It was told as newer, before."""
    for name in ("a1", "a2"):
        (behind.folder / "migrations" / "versions" / f"{name}.py").unlink()
    behind.table("s1", None)
    assert ask(behind) == "not ready: at a1, where this code does not know a1; it needs s1"


def test_a_newer_database_is_ready_where_that_is_allowed(behind: Project) -> None:
    assert behind.run("upgrade", "head") == 0
    (behind.folder / "migrations" / "versions" / "a2.py").unlink()
    assert ask(behind) == "not ready: at a2, where this code does not know a2; it needs a1"
    assert ask(behind, allow_unknown=True) == "at a2, which this code does not know, as allowed; it needs a1"


def test_behind_and_at_the_head(behind: Project) -> None:
    for allow_unknown in (False, True):
        assert ask(behind, allow_unknown) == "not ready: at a1, this code needs a2"
    assert behind.run("upgrade", "head") == 0
    assert ask(behind) == "at the head, a2"


def test_of_several_heads_each_is_needed(behind: Project) -> None:
    behind.table("b2", "a1")
    at(behind, "a2")
    assert ask(behind) == "not ready: at a2, this code needs a2, b2"
    at(behind, "a2", "b2")
    assert ask(behind) == "at the head, a2, b2"


def test_a_branch_that_is_behind_is_noticed_beside_an_unknown_one(behind: Project) -> None:
    """Allowing what is unknown allows nothing else."""
    behind.table("b1", None)
    behind.table("b2", "b1")
    at(behind, "a2", "b1")
    (behind.folder / "migrations" / "versions" / "a2.py").unlink()
    assert ask(behind, allow_unknown=True) == "not ready: at a2, b1, this code needs a1, b2"


def test_a_head_counts_that_another_branch_depends_on(behind: Project) -> None:
    """Alembic then keeps the row of the other branch alone."""
    behind.revision("b1", None, depends="a2")
    assert behind.run("upgrade", "b1") == 0
    assert ask(behind) == "at the head, a2, b1"


def test_a_database_with_a_revision_more_beside_all_heads_is_ready(behind: Project) -> None:
    file = behind.table("b1", None)
    at(behind, "a2", "b1")
    file.unlink()
    assert ask(behind) == "at the head, a2, and at b1"


def test_an_empty_database_and_code_without_revisions_are_not_ready(project: Project) -> None:
    assert ask(project) == f"not ready: this code has no revisions in {project.folder / 'migrations'}"
    project.table("a1", None)
    assert ask(project, allow_unknown=True) == "not ready: no revision can be read, this code needs a1"


def test_the_version_table_may_have_another_name(behind: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert behind.run("upgrade", "head") == 0
    engine = sa.create_engine(behind.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.DDL("ALTER TABLE alembic_version RENAME TO versions"))
    with pytest.raises(NotReady, match="no revision can be read"):
        check(engine, behind.config())
    assert check(engine, behind.config(), version_table="versions") == "at the head, a2"
    monkeypatch.setenv("YDB_URL", behind.url)
    assert run(behind, monkeypatch) == "not ready: no revision can be read, this code needs a2"
    main(["--version-table", "versions"])
    engine.dispose()


def test_whatever_is_wrong_the_program_ends_with_a_sentence(
    behind: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run(behind, monkeypatch) == "not ready: no address of YDB: set YDB_URL, or sqlalchemy.url in alembic.ini"
    monkeypatch.setenv("YDB_URL", behind.url)
    assert run(behind, monkeypatch) == "not ready: at a1, this code needs a2"
    assert run(behind, monkeypatch, "-c", "none.ini") == f"not ready: there is no none.ini in {behind.folder}"
    (behind.folder / "alembic.ini").write_text("[alembic]\n")
    assert run(behind, monkeypatch) == "not ready: No 'script_location' key found in configuration."
    (behind.folder / "alembic.ini").write_text("nonsense\n")
    assert run(behind, monkeypatch).startswith("not ready: MissingSectionHeaderError: ")
    (behind.folder / "alembic.ini").write_text(f"[alembic]\nscript_location = {tmp_path / 'nowhere'}\n")
    assert run(behind, monkeypatch).startswith("not ready: Path doesn't exist: ")
    (behind.folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    file = behind.revision("c1", "a2")
    for broken in ("1 / 0", "raise SystemExit(0)", "nonsense ="):
        file.write_text(broken)
        assert run(behind, monkeypatch).startswith("not ready: ")
    file.unlink()
    for url in ("nonsense", "nonsense://localhost/local", "yql+ydb://localhost:1/local?nonsense=1"):
        monkeypatch.setenv("YDB_URL", url)
        assert run(behind, monkeypatch).startswith("not ready: ")
    monkeypatch.setenv("YDB_URL", behind.url.replace("yql+ydb:", "yql+ydb_async:"))
    assert run(behind, monkeypatch) == "not ready: at a1, this code needs a2"


def test_the_program_says_that_it_is_ready(
    behind: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert behind.run("upgrade", "head") == 0
    monkeypatch.setenv("YDB_URL", behind.url)
    monkeypatch.chdir(behind.folder)
    capsys.readouterr()
    main([])
    assert capsys.readouterr().out == "ready: at the head, a2\n"


def test_the_configuration_may_be_elsewhere(behind: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the file that Alembic itself would take: it was not looked for, before."""
    monkeypatch.setenv("YDB_URL", behind.url)
    (behind.folder / "alembic.ini").rename(behind.folder / "other.ini")
    assert run(behind, monkeypatch).startswith("not ready: there is no alembic.ini in ")
    monkeypatch.setenv("ALEMBIC_CONFIG", "other.ini")
    assert run(behind, monkeypatch) == "not ready: at a1, this code needs a2"
    monkeypatch.delenv("ALEMBIC_CONFIG")
    (behind.folder / "pyproject.toml").write_text('[tool.alembic]\nscript_location = "%(here)s/migrations"\n')
    assert run(behind, monkeypatch) == "not ready: at a1, this code needs a2"


def test_the_configuration_may_be_a_pyproject_of_another_folder(
    behind: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A line of a list that begins with a bracket is none of an ini file."""
    monkeypatch.setenv("YDB_URL", behind.url)
    (behind.folder / "alembic.ini").unlink()
    file = behind.folder / "pyproject.toml"
    file.write_text('[project]\nclassifiers = [\n"x",\n]\n[tool.alembic]\nscript_location = "%(here)s/migrations"\n')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with pytest.raises(SystemExit, match="not ready: at a1, this code needs a2"):
        main(["-c", str(file)])


def test_a_pyproject_alone_has_no_address(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alembic reads sqlalchemy.url in alembic.ini, which is not there."""
    monkeypatch.delenv("YDB_URL", raising=False)
    (project.folder / "alembic.ini").unlink()
    (project.folder / "pyproject.toml").write_text('[tool.alembic]\nscript_location = "%(here)s/migrations"\n')
    said = "not ready: no address of YDB: set YDB_URL, or sqlalchemy.url in alembic.ini"
    assert run(project, monkeypatch) == run(project, monkeypatch, "-c", "pyproject.toml") == said


def test_the_address_of_an_application_under_asyncio(behind: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YDB_URL", behind.url.replace("yql+ydb:", "yql+ydb_async:"))
    assert run(behind, monkeypatch) == "not ready: at a1, this code needs a2"


def test_credentials_are_options_of_the_engine(
    behind: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A YDB that asks for a login: nobody is ready without one."""
    monkeypatch.chdir(behind.folder)
    with Emulator(users={"alice": "correct-horse"}) as emulator:
        monkeypatch.setenv("YDB_URL", emulator.url)
        assert run(behind, monkeypatch).startswith("not ready: (ydb_dbapi.errors.InterfaceError)")
        with pytest.raises(SystemExit, match="not ready: no revision can be read"):
            main([], connect_args={"credentials": {"username": "alice", "password": "correct-horse"}})


def test_a_password_with_an_at_sign_is_not_printed(behind: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy takes what follows for the port, and its error says it."""
    monkeypatch.setenv("YDB_URL", "yql+ydb://alice:one@two:three@localhost:2136/local")
    assert run(behind, monkeypatch) == "not ready: the port in the address of YDB is no number"


def test_a_password_with_a_percent_sign_is_not_printed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YDB_URL", raising=False)
    with (project.folder / "alembic.ini").open("a") as file:
        file.write("sqlalchemy.url = yql+ydb://alice:secret%tail@localhost:2136/local\n")
    assert run(project, monkeypatch) == "not ready: sqlalchemy.url has a % that is not written twice"


@pytest.mark.parametrize("module", ["ready", "state", "builds"])
def test_a_package_of_revisions_may_be_named_alembic(tmp_path: Path, module: str) -> None:
    """As `alembic init --package alembic` makes it: Python took it for Alembic, before."""
    (tmp_path / "alembic").mkdir()
    (tmp_path / "alembic" / "__init__.py").touch()
    command = [sys.executable, "-m", f"alembic_ydb.{module}"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ended.stderr.count("\n") == 1 and "alembic.ini" in ended.stderr
