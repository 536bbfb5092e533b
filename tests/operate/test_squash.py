"""What the page on squashing warns of: a stamp that is killed half-way, and models that the hooks stop at."""

from __future__ import annotations

from pathlib import Path

from guide.paths import ROOT
from tests.project import kill_before, project

HOOKS = ROOT / "toolkit" / "src" / "alembic_ydb" / "hooks.py"
USERS = """
class Users(Base):
    __tablename__ = "users"
    {index}
    id: Mapped[str] = mapped_column(Unicode, primary_key=True)
    email: Mapped[str | None] = mapped_column(Unicode)
    visits: Mapped[int] = mapped_column(Integer{default})
"""
CREATE = (
    "CREATE TABLE users (id Utf8 NOT NULL, email Utf8, visits Int64 NOT NULL DEFAULT 0, "
    "INDEX users_email GLOBAL UNIQUE ON (email), PRIMARY KEY (id))"
)


def test_a_purge_that_is_killed_leaves_no_version(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        example.run("alembic upgrade head")
        assert kill_before(example, 2, "stamp", "--purge", "9085c679f5dc")[0].startswith("DELETE FROM alembic_version")
        assert "9085c679f5dc" not in example.run("alembic current")
        assert "path exist" in example.run("alembic upgrade head", 1)
        example.run("alembic stamp --purge 9085c679f5dc")
        assert "9085c679f5dc (head)" in example.run("alembic current")


def test_the_hooks_stop_at_what_create_table_has_to_be_written_for(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        example.add(HOOKS)
        env, models = example.folder / "migrations" / "env.py", example.folder / "models.py"
        env.write_text(
            env.read_text()
            .replace("from ydb_sqlalchemy.alembic import YDBImpl", "from hooks import hooks")
            .replace("target_metadata=target_metadata)", "target_metadata=target_metadata, **hooks(target_metadata))")
        )
        for old in (example.folder / "migrations" / "versions").glob("*.py"):
            old.unlink()
        text = models.read_text().replace("import Integer, Unicode", "import Index, Integer, Unicode, text")
        index = '__table_args__ = (Index("users_email", "email", unique=True),)\n'
        whole = text + USERS.format(index=index, default=', server_default=text("0")')
        models.write_text(whole)
        output = example.run("alembic revision --autogenerate -m baseline", 255)
        assert "it is not written" in output
        assert "users_email: YDB adds no unique index" in output
        assert "users.visits: YDB takes no NOT NULL after DEFAULT" in output

        models.write_text(text + USERS.format(index="", default=""))
        example.run("alembic revision --autogenerate -m baseline")
        [revision] = (example.folder / "migrations" / "versions").glob("*.py")
        before, _, rest = revision.read_text().partition("op.create_table('users',")
        revision.write_text(f'{before}op.execute(sa.DDL("{CREATE}"))\n    ' + rest.partition("    )\n")[2].lstrip())
        models.write_text(whole)
        example.run("alembic upgrade head")
        assert "No new upgrade operations detected" in example.run("alembic check")
        example.run("alembic downgrade base")
