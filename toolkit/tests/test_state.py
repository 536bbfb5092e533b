"""What is wrong is told: no version table, one that cannot be read, two heads, an unknown revision, a lease."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from project import Project

from alembic_ydb.state import main
from ydb_emulator import Emulator
from ydb_emulator.errors import Status

pytestmark = pytest.mark.usefixtures("shared_driver")


@pytest.fixture
def told(project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """What the program says of the project's database, by name."""
    monkeypatch.chdir(project.folder)

    def tell(url: str = project.url) -> dict[str, str]:
        monkeypatch.setenv("YDB_URL", url)
        main([])
        return dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())

    return tell


@pytest.fixture
def migrated(project: Project) -> Project:
    project.table("a1", None)
    assert project.run("upgrade", "head") == 0
    return project


def execute(project: Project, *statements: str) -> None:
    engine = sa.create_engine(project.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sa.DDL(statement))
    engine.dispose()


def test_an_empty_database(project: Project, told) -> None:
    project.table("a1", None)
    found = told()
    assert found["directory"] == "0 tables and 0 directories"
    assert (found["version table"], found["this code"]) == ("there is no alembic_version", "head a1")
    assert "lease" not in found


def test_at_the_head_and_behind(migrated: Project, told) -> None:
    found = told()
    assert found["address"].endswith("directory /local")
    assert found["directory"] == "2 tables and 0 directories"
    assert (found["version table"], found["this code"]) == ("a1", "head a1: the database is up to date")
    migrated.table("a2", "a1")
    assert told()["this code"] == "head a2: the database is behind"
    migrated.table("b2", "a1")
    assert told()["this code"] == "heads a2, b2: two branches, of which YDB can have one"


def test_a_revision_that_this_code_does_not_have(migrated: Project, told) -> None:
    (migrated.folder / "migrations" / "versions" / "a1.py").unlink()
    assert told()["this code"] == "head none; it has no revision a1"


def test_elsewhere(migrated: Project, told) -> None:
    found = told(f"{migrated.url}?ydb_table_path_prefix=elsewhere")
    assert found["directory"] == "cannot be listed: Path not found"
    assert found["version table"] == "there is no alembic_version"


def test_the_version_table_is_gone_or_empty(migrated: Project, told) -> None:
    execute(migrated, "DELETE FROM alembic_version")
    assert told()["version table"] == "alembic_version is empty"
    execute(migrated, "DROP TABLE alembic_version")
    assert told()["version table"] == "there is no alembic_version"


def test_what_cannot_be_read_is_told_in_ydbs_words(migrated: Project, told, ydb_emulator: Emulator) -> None:
    """Alembic's own command prints nothing where describing the table fails, and ends with 0."""
    words = "Cannot find table 'db.[/local/alembic_version]' because it does not exist or you do not have access"
    ydb_emulator.faults.fail(
        "ExecuteQuery", Status.SCHEME_ERROR, matching=lambda text: "version_num" in text, message=words
    )
    assert told()["version table"] == f"alembic_version exists and cannot be read: {words}"


def test_the_lease(migrated: Project, told) -> None:
    execute(
        migrated,
        "CREATE TABLE alembic_lease (name Utf8 NOT NULL, owner Utf8, expires Timestamp, PRIMARY KEY (name))",
        "UPSERT INTO alembic_lease (name) VALUES ('alembic'u)",
    )
    assert told()["lease"] == "free"
    execute(migrated, "UPDATE alembic_lease SET owner = 'ci:1'u, expires = Timestamp('2099-01-01T00:00:00Z')")
    assert told()["lease"] == "held by ci:1 until 2099-01-01 00:00 UTC"
    execute(migrated, "UPDATE alembic_lease SET expires = Timestamp('2020-01-01T00:00:00Z')")
    assert told()["lease"] == "free"


@pytest.mark.parametrize(
    ("ini", "words"),
    [
        (None, "there is no alembic.ini"),
        ("[alembic]\nscript_location = migrations\n", "no address of YDB"),
        ("[alembic]\nscript_location = migrations\nsqlalchemy.url = x%secret\n", "cannot be read"),
        ("[alembic]\nsqlalchemy.url = yql+ydb://localhost/local\n", "script_location"),
        ("[alembic]\nscript_location = nowhere\nsqlalchemy.url = yql+ydb://localhost/local\n", "nowhere"),
        ("[alembic]\nscript_location = migrations\nsqlalchemy.url = nonsense\n", "Could not parse SQLAlchemy URL"),
        ("[alembic]\nscript_location = migrations\nsqlalchemy.url = yql+ydb://a:b@c:secret@h:1/d\n", "is no number"),
    ],
)
def test_no_project_or_address(ini: str | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YDB_URL", raising=False)
    (tmp_path / "migrations").mkdir()
    if ini is not None:
        (tmp_path / "alembic.ini").write_text(ini)
    with pytest.raises(SystemExit) as end:
        main([])
    sentence = str(end.value.code)
    assert words in sentence and "\n" not in sentence and "secret" not in sentence


@pytest.mark.parametrize("arguments", [[], ["-c", "pyproject.toml"]])
def test_a_pyproject_alone_has_no_address(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YDB_URL", raising=False)
    (tmp_path / "pyproject.toml").write_text('[tool.alembic]\nscript_location = "migrations"\n')
    with pytest.raises(SystemExit, match="no address of YDB: set YDB_URL, or sqlalchemy.url in alembic.ini$"):
        main(arguments)


def test_who_may_not_look_is_not_told_that_there_is_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A user who may not list the tables, first with rights on the version table, then without."""
    monkeypatch.chdir(project.folder)
    with Emulator(users={"root": "1234"}) as emulator:
        login = {"credentials": {"username": "root", "password": "1234"}}
        with sa.create_engine(emulator.url, poolclass=sa.NullPool, connect_args=login).connect() as connection:
            for statement in (
                "CREATE TABLE alembic_version (version_num Utf8 NOT NULL, id Int64, PRIMARY KEY (id))",
                "UPSERT INTO alembic_version (version_num, id) VALUES ('a1'u, NULL)",
                "CREATE USER limited PASSWORD '1234'",
                "GRANT DESCRIBE SCHEMA, SELECT ROW ON `/local/alembic_version` TO limited",
            ):
                connection.execute(sa.DDL(statement))
            for name, value in (("YDB_URL", emulator.url), ("YDB_USER", "limited"), ("YDB_PASSWORD", "1234")):
                monkeypatch.setenv(name, value)
            main([])
            assert "directory: cannot be listed: Access denied\nversion table: a1\n" in capsys.readouterr().out
            connection.execute(sa.DDL("REVOKE DESCRIBE SCHEMA ON `/local/alembic_version` FROM limited"))
        main([])
        told = "alembic_version cannot be read, and whether it exists is not known: Cannot find table"
        assert f"version table: {told}" in (out := capsys.readouterr().out)
        assert "there is no alembic_version" not in out


def test_without_a_session_it_tells_what_it_can(migrated: Project, told, ydb_emulator: Emulator) -> None:
    ydb_emulator.faults.fail("CreateSession", Status.UNAVAILABLE, times=100)
    found = told()
    assert found["directory"] == "2 tables and 0 directories"
    assert found["version table"].startswith("alembic_version exists and cannot be read: ")
    ydb_emulator.faults.clear()


def test_another_name_of_the_version_table(migrated: Project, told, capsys: pytest.CaptureFixture[str]) -> None:
    execute(migrated, "ALTER TABLE alembic_version RENAME TO `ours:%%x`")
    assert told()["version table"] == "there is no alembic_version"
    main(["--version-table", "ours:%x"])
    assert "version table: a1\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"), [("x = (", "SyntaxError: '(' was never closed"), ("raise SystemExit('no')", "SystemExit: no")]
)
def test_a_revision_that_cannot_be_imported(text: str, words: str, migrated: Project, told) -> None:
    (migrated.folder / "migrations" / "versions" / "a2.py").write_text(text)
    found = told()
    assert found["version table"] == "a1"
    assert found["this code"].startswith(f"its revisions cannot be read: {words}")


def test_an_application_with_the_asynchronous_driver(migrated: Project, told) -> None:
    assert told(migrated.url.replace("yql+ydb:", "yql+ydb_async:"))["version table"] == "a1"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"YDB_USER": "a", "YDB_METADATA_CREDENTIALS": "1"}, "more than one way to log in to YDB: YDB_USER, YDB_META"),
        ({"YDB_OAUTH2_KEY_FILE": "secret"}, "YDB_OAUTH2_KEY_FILE cannot be used: FileNotFoundError"),
        ({"YDB_ROOT_CERTIFICATES": "ca.pem"}, "YDB_ROOT_CERTIFICATES: there is no file ca.pem"),
        ({"YDB_URL": "postgresql://me:secret@db/app"}, "the address is one of postgresql, not of YDB"),
    ],
)
def test_an_environment_at_fault(
    variables: dict[str, str], words: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.folder)
    for name, value in ({"YDB_URL": project.url} | variables).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as end:
        main([])
    sentence = str(end.value.code)
    assert words in sentence and "\n" not in sentence and "secret" not in sentence


def test_another_database_is_one_sentence(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.folder)
    monkeypatch.setenv("YDB_URL", f"{project.url}/wrong")
    with pytest.raises(SystemExit, match="Requested database does not exist"):
        main([])
