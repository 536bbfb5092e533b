"""The skeleton of a page is a page: MkDocs takes it, and `pytest --update` fills it in."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from guide.paths import ROOT
from guide.reader.page import load_site
from guide.reader.python import python
from guide.reader.warm import SHARED
from guide.site.new_page import HINT, NAV, create, with_entry

NEEDED = (
    *("docs/images/brand", "docs/javascripts", "docs/stylesheets", "overrides", ".checked", "example"),
    *("snippets/reference/autogenerate", "toolkit/src/alembic_ydb"),  # with env.py.diff, and hooks, models are compared
)
PAGES = ("index.md", "recipes/ttl.md")
SMALL = """\
nav:
  - Home: index.md
  - Recipes:
      - TTL: recipes/ttl.md
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A site that has one page more than its start, with what the repository reads and builds pages with."""
    without = shutil.ignore_patterns("__pycache__", "record.json")
    for name in NEEDED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=without)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "guide").symlink_to(ROOT / "guide")  # with what is compiled of it
    for name in PAGES:
        (tmp_path / "docs" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "docs" / name).write_text("# A page\n")
    (tmp_path / "emulator/tests/conformance").mkdir(parents=True)  # which mkdocs.yml watches
    settings = (ROOT / "mkdocs.yml").read_text()
    nav = NAV.search(settings)
    assert nav
    (tmp_path / "mkdocs.yml").write_text(settings[: nav.start()] + SMALL + settings[nav.end() :])
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a module of Python in a process that is ready, as those are that it starts itself for a page's commands."""
    shared = {name: value for name, value in os.environ.items() if name == SHARED}
    return python(folder, "-m", *command, CHECKED="true", NO_MKDOCS_2_WARNING="1", **shared)


def test_a_new_page_is_filled_in_by_the_tests(copy: Path) -> None:
    made = run(copy, "guide.site.new_page", "recipes/a-first-one")
    assert made.stdout.splitlines()[:3] == [
        "docs/recipes/a-first-one.md",
        "snippets/recipes/a-first-one/start.console",
        "mkdocs.yml",
    ]
    commands = [line.split()[2:] for line in made.stdout.splitlines() if ".venv/bin/python" in line]
    assert commands == [["pytest", *update, "docs/recipes/a-first-one.md"] for update in (["--update"], [])]
    updated = run(copy, *commands[0])
    assert updated.returncode == 0, updated.stdout
    session = (copy / "snippets/recipes/a-first-one/start.console").read_text()
    assert "Running upgrade" in session
    again = run(copy, *commands[1])
    assert again.returncode == 0, again.stdout
    built = run(copy, "mkdocs", "build", "--strict", "--site-dir", str(copy / "site"))
    assert built.returncode == 0, built.stderr
    page = (copy / "site/recipes/a-first-one/index.html").read_text()
    assert "A first one" in page and "on an emulator that is built from YDB's sources" in page


LARGE = """\
nav:
  - Home: index.md
  - Recipes:
      - Tables:
          - TTL: recipes/ttl.md
  - Run:
      - Heads: production/heads.md
  - About:
      - This guide:
          - Changelog: changelog.md
      - Proof:
          - Transactions: cases/transactions.md
"""


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ("recipes/new", "          - TTL: recipes/ttl.md\n          - New: recipes/new.md\n  - Run:"),
        ("new", "          - Changelog: changelog.md\n          - New: new.md\n      - Proof:"),
        ("other/new", "          - Changelog: changelog.md\n      - New: other/new.md\n      - Proof:"),
    ],
)
def test_a_page_goes_to_the_section_of_its_folder(name: str, below: str) -> None:
    assert below in with_entry(LARGE, name, "New")


TITLES = (
    "Don't lose rows",
    "YDB: what it keeps",
    '"Quoted" names',
    "# signs",
    "@names",
    "[Lists]",
    "C*",
    "Tags & # signs",
    "Yes",
)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_in_the_nav_what_it_is_on_the_page(copy: Path, title: str) -> None:
    page, _, settings = create(copy, "recipes/new", title)
    assert f"# {title}\n" in page.read_text()
    load_site(settings)
    found = NAV.search(settings.read_text())
    assert found
    nav = yaml.safe_load(found[0])["nav"]
    assert nav[1]["Recipes"] == [{"TTL": "recipes/ttl.md"}, {title: "recipes/new.md"}]


def test_make_hands_a_title_on_as_it_is() -> None:
    command = ["make", "--silent", "page", "INSTALLED=", "RUN=printf '<%s>'", "NAME=recipes/new", f"TITLE={TITLES[0]}"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert told.stdout.endswith(f"<recipes/new><{TITLES[0]}>"), told.stderr


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/contributing.md"])
def test_what_follows_a_page_is_told_in_the_same_words_everywhere(name: str) -> None:
    text = (ROOT / name).read_text()
    assert all(command.strip().format(name="recipes/my-task") in text for command in HINT.splitlines()[1:])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../outside", "'../outside' is no name of a page"),
        ("Example", "'Example' is no name of a page"),
        ("recipes/ttl", "docs/recipes/ttl.md is there already"),
    ],
)
def test_a_bad_name_writes_nothing(copy: Path, name: str, message: str) -> None:
    before = sorted(copy.rglob("*"))
    with pytest.raises(ValueError, match=message):
        create(copy, name, "A title")
    assert sorted(copy.rglob("*")) == before
