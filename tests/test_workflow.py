"""The workflows that readers copy: pinned, bounded, and their steps are the commands that the page on CI runs."""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from guide.paths import ROOT, TOOLKIT
from guide.reader.python import python
from guide.reader.session import parse
from tests.project import project

WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text())
    for path in (
        ROOT / "snippets" / "operate" / "ci" / "migrations.yml",
        ROOT / "snippets" / "operate" / "ci" / "check.yml",
        ROOT / "snippets" / "production" / "two-deploys" / "migrate.yml",
    )
}
HOOKS = ROOT / "snippets" / "operate" / "ci" / "pre-commit-config.yaml"
JOB = WORKFLOWS["migrations"]["jobs"]["migrations"]
INSTALL = "pip install " + " ".join(f"{name}=={version(name)}" for name in ("alembic", "sqlalchemy", "ydb-sqlalchemy"))


def test_its_steps_are_the_commands_of_the_page() -> None:
    session = parse((ROOT / "snippets" / "operate" / "ci" / "steps.console").read_text())
    run = [step["run"] for step in JOB["steps"] if "run" in step]
    assert run[0] == INSTALL
    assert run[1:] == [command.text.removesuffix(" 2>/dev/null") for command in session]


def test_its_ydb_is_that_of_the_guide() -> None:
    assert f":-{JOB['services']['ydb']['image']}}}" in (ROOT / "compose.yaml").read_text()


def test_the_check_is_the_command_of_the_page_and_of_the_hook() -> None:
    [command] = parse((ROOT / "snippets" / "operate" / "ci" / "check.console").read_text())
    assert WORKFLOWS["check"]["jobs"]["check"]["steps"][-1]["run"] == command.text
    [[hook]] = [each["hooks"] for each in yaml.safe_load(HOOKS.read_text())["repos"]]
    assert hook["entry"] == command.text.removesuffix(" --format github")
    for changed in ("migrations/versions/a.py", "migrations/env.py", "models.py", "alembic.ini", "pyproject.toml"):
        assert re.search(hook["files"], changed)
    assert not re.search(hook["files"], "app/main.py") and hook["pass_filenames"] is False


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_what_they_run_is_pinned_and_bounded(workflow: dict[str, Any]) -> None:
    """A job that holds the password of a production database installs nothing that was published a minute ago."""
    own = (ROOT / ".github" / "workflows" / "test.yml").read_text()
    [job] = workflow["jobs"].values()
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert used and all(re.fullmatch(r"\S+@[0-9a-f]{40}", each) and each in own for each in used)
    installed = [step["run"] for step in job["steps"] if "pip install" in step.get("run", "")]
    assert [run.partition(" ./")[0] for run in installed] == [INSTALL]  # and wheels that lie beside
    assert workflow["permissions"] == {"contents": "read"}
    assert 0 < job["timeout-minutes"] <= 60
    assert re.fullmatch(r"ubuntu-\d+\.\d+", job["runs-on"])


def test_the_check_of_heads_fails_where_there_is_no_project(tmp_path: Path) -> None:
    """It was `test "$(alembic heads | wc -l)" = 1`, and an error is one line, too."""
    [command] = [step["run"] for step in JOB["steps"] if step.get("name") == "One head"]
    done = python(tmp_path, "-m", *command.split())
    assert done.returncode == 255


def test_the_check_of_heads_passes_where_there_are_no_revisions(tmp_path: Path) -> None:
    """Nothing is printed. The comparison with the models fails there."""
    with project(tmp_path / "project") as example:
        for revision in (example.folder / "migrations" / "versions").glob("*.py"):
            revision.unlink()
        (example.folder / "ready.py").write_text((TOOLKIT / "ready.py").read_text())
        for command in ("alembic show head", "alembic upgrade head", "alembic current --check-heads"):
            assert "(head)" not in example.run(command)
        assert "New upgrade operations detected" in example.run("alembic check", 255)
        assert "not ready: this code has no revisions" in example.run("python ready.py", 1)
