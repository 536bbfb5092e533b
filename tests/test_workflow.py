"""The workflow that readers copy: its steps are the commands that the page on CI runs, its YDB is the guide's."""

import re

import yaml

from guide.paths import ROOT
from guide.reader.session import parse

WORKFLOW = yaml.safe_load((ROOT / "snippets" / "operate" / "ci" / "migrations.yml").read_text())
JOB = WORKFLOW["jobs"]["migrations"]


def test_its_steps_are_the_commands_of_the_page() -> None:
    session = parse((ROOT / "snippets" / "operate" / "ci" / "steps.console").read_text())
    run = [step["run"] for step in JOB["steps"] if "run" in step]
    assert run[0] == "pip install alembic ydb-sqlalchemy"
    assert run[1:] == [command.text.removesuffix(" 2>/dev/null") for command in session]


def test_its_ydb_is_that_of_the_guide() -> None:
    assert f":-{JOB['services']['ydb']['image']}}}" in (ROOT / "compose.yaml").read_text()


def test_its_actions_are_pinned() -> None:
    own = (ROOT / ".github" / "workflows" / "test.yml").read_text()
    used = [step["uses"] for step in JOB["steps"] if "uses" in step]
    assert used and all(re.fullmatch(r"\S+@[0-9a-f]{40}", each) and each in own for each in used)
