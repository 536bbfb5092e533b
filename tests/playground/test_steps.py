"""Run this page: which pages can be followed in a browser, and that what happens there is what they show.

Here some pages of different kinds are followed; tests/browser follows all of them, in a browser.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from guide.pages import pages
from guide.paths import ROOT
from guide.reader.page import Page
from guide.site import steps
from tests.playground.follow import ODD

SHARE = 0.6
FOLLOWED = (
    "docs/moving.md", "docs/recipes/columns.md", "docs/recipes/rename-column.md", "docs/recipes/ttl.md",
    "docs/reference/types.md", "docs/setup/env.md", "docs/setup/folders.md", "docs/start/quickstart.md",
)  # fmt: skip
"""With `alembic init` and generated files, sections, pipes, variables, tabs, programs of their own."""


@pytest.fixture(scope="module")
def walked() -> dict[str, Page]:
    """The pages with blocks, by their names."""
    return {page.name: page for page in pages() if page.blocks}


@pytest.fixture(scope="module")
def followed(walked: dict[str, Page], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How the steps of some pages ended, in a process that has neither gRPC nor threads nor a C extension."""
    file = tmp_path_factory.mktemp("steps") / "steps.json"
    file.write_text(json.dumps({name: steps.steps(walked[name]) for name in FOLLOWED}))
    run = subprocess.run(
        [sys.executable, "-m", "tests.playground.follow", str(file)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("YDB_")}
        | {"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_most_pages_can_be_run(walked: dict[str, Page]) -> None:
    found = {name: [steps.why_not(way) for way in steps.ways_of(page)] for name, page in walked.items()}
    not_run = {name: why[0] for name, why in found.items() if all(why)}
    for name, why in not_run.items():
        print(f"{name}: {', '.join(why)}")
    share = 1 - len(not_run) / len(walked)
    print(f"{len(walked) - len(not_run)} of {len(walked)} pages with blocks run in the browser: {share:.0%}")
    assert share >= SHARE


def test_a_page_that_cannot_be_run_says_why(walked: dict[str, Page]) -> None:
    def why(name: str) -> list[str]:
        return steps.why_not(steps.ways_of(walked[name])[0])

    assert why("docs/installation.md") == ["a Python environment of its own", "the command pip"]
    assert "the command alembic-ydb" in why("docs/operate/check.md")
    assert "the module threading" in why("docs/operate/watching.md")  # by way of a module of the toolkit
    assert "a server" in why("docs/setup/tls.md")
    assert "the command python -m pytest" in why("docs/operate/testing.md")
    assert {*why("docs/setup/configuration.md")} == {"a formatter, which is another program", "the data of time zones"}
    assert why("docs/reference/commands.md")[-1] == "the command sed"
    assert steps.steps(walked["docs/installation.md"]) is None


def test_the_steps_are_those_that_the_tests_walk(walked: dict[str, Page]) -> None:
    page = walked["docs/recipes/ttl.md"]
    found = steps.steps(page)
    assert found is not None
    assert found["title"] == "TTL"
    assert found["files"]["models.py"] == (ROOT / "example" / "models.py").read_text()
    assert [step["text"] for step in found["steps"]] == [block.text for block in page.blocks if block.role != "answer"]
    assert {step["kind"] for step in found["steps"]} == {"session", "diff", "file", "yql"}


def test_what_happens_is_what_the_pages_show(followed: dict[str, Any]) -> None:
    for name, outcomes in followed["pages"].items():
        assert [each for each in outcomes if each["ended"] not in ("done", "same")] == [], name
    kinds = {each["ended"] for outcomes in followed["pages"].values() for each in outcomes}
    assert kinds == {"done", "same"}


def test_what_differs_is_told(followed: dict[str, Any]) -> None:
    printed, missing, diff, gone, section, inside, generated, asked = followed["odd"]
    assert len(followed["odd"]) == len(ODD)
    assert printed == {"ended": "differs", "said": "", "difference": " $ cat a.txt\n-b\n+a"}
    assert missing["ended"] == "same"
    assert diff["ended"] == "failed"
    assert "models.py is not as on the page" in diff["said"]
    assert gone["said"] == "gone.py is not there any more. Restart begins the page again."
    assert "a section can be applied to .ini and .cfg files" in section["said"]
    assert inside["said"].startswith("models.py/inside.py can't be written: ")
    assert generated["difference"] == "-nothing\n+one = 1"
    assert asked["difference"] == " SELECT 1 AS one;\n --> one\n---> 2\n+--> 1"
