"""What the check finds in each revision of the guide, recorded. A finding that no page wants is a mistake."""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from scratch import run

from guide.paths import ROOT

SNIPPETS = ROOT / "snippets"
FOUND = Path(__file__).parent / "found-in-the-guide.txt"
PROJECTS = {
    "9085c679f5dc": ROOT / "example",
    "a4a4a4a4a4a4": ROOT / "toolkit" / "starter",
    "a1a1a1a1a1a1": ROOT / "application",
}
"""What the pages begin with, by the last revision of each."""
MODULES = {"production/half-applied": (ROOT / "toolkit/src/alembic_ydb/exists.py", "migrations/exists.py")}
"""A module that the revisions of a page import."""
APART = {
    "production/two-deploys",
    "production/heads",
    "reference/commands",
    "reference/autogenerate",
    "setup/permissions",
}
"""Revisions that wait for each other, two heads, and those of projects and tables that their pages make."""
REVISION = re.compile(r"""^revision\b.*= ["'](\w+)["']$""", re.MULTILINE)
BEFORE = re.compile(r"""^down_revision\b.*= ["'](\w+)["']$""", re.MULTILINE)


def copies(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each page's folder of snippets, and a project with its revisions. One for each revision of the same name."""
    for page, files in _revisions().items():
        names = {revision: [file for file, own, _ in files if own == revision] for _, revision, _ in files}
        [start] = {before for *_, before in files} - set(names)
        for number in range(max(map(len, names.values()))):
            copy = folder / page.replace("/", "-") / str(number)
            shutil.copytree(PROJECTS[start], copy, ignore=shutil.ignore_patterns("__pycache__"))
            for same in names.values():
                file = same[min(number, len(same) - 1)]
                shutil.copy(file, copy / "migrations" / "versions" / file.name)
            if page in MODULES:
                module, name = MODULES[page]
                shutil.copy(module, copy / name)
            yield page, copy


def _revisions() -> dict[str, list[tuple[Path, str, str]]]:
    """The revision files of each page, with their names and the names of those before them."""
    found = defaultdict(list)
    for file in sorted(SNIPPETS.rglob("*.py")):
        text = file.read_text()
        revision, before = REVISION.search(text), BEFORE.search(text)
        page = str(file.parent.relative_to(SNIPPETS))
        if revision and before and page not in APART:
            found[page].append((file, revision[1], before[1]))
    return found


def codes(page: str, project: Path) -> dict[str, set[str]]:
    """What is found in each revision. Fails where the check could not run."""
    done = run(project, "check", "--format", "json")
    assert done.returncode in (0, 1), f"{page}: {done.stderr}"
    told = json.loads(done.stdout)
    found: dict[str, set[str]] = {Path(file).name: set() for file in told["lines"][0]["files"]}
    for finding in told["findings"]:
        if finding["revision"]:
            found.setdefault(Path(finding["place"]["file"]).name, set()).add(finding["code"])
    return found


def test_what_is_found_in_the_revisions_of_the_guide(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    found: dict[str, set[str]] = {}
    for page, project in copies(tmp_path):
        for name, told in codes(page, project).items():
            own = (SNIPPETS / page / name).is_file()
            found.setdefault(f"{page if own else 'what they begin with'}/{name}", set()).update(told)
    text = "".join(f"{name}: {' '.join(sorted(told)) or 'nothing'}\n" for name, told in sorted(found.items()))
    if pytestconfig.getoption("--update"):
        FOUND.write_text(text)
    assert text == FOUND.read_text()


SAYS = {
    "YDB101": r"\.fails",
    "YDB201": "YDB201|unique",
    "YDB204": "YDB204|#ydb204",
    "YDB301": r"values .*lost|lose|#ydb301|drop the old column|column .*gone|deletes what it should not",
    "YDB302": r"rows .*lost|lose|drop",
    "YDB303": "expire",
    "YDB401": "build|#ydb401",
    "YDB402": "default|#ydb402",
    "YDB403": "every row|all rows|#ydb403|deletes what it should not",
    "YDB501": "one statement|each change|#ydb501",
    "YDB601": "renam",
    "YDB602": "between|moment|#ydb602",
    "YDB604": "index",
    "YDB605": "#ydb605",
    "YDB702": "downgrade",
    "YDB703": "downgrade",
}
"""By what a page tells its readers of a finding in its own revisions. The page of the check prints them."""


def test_each_page_tells_what_is_found_in_its_revisions() -> None:
    untold = []
    for line in FOUND.read_text().splitlines():
        name, _, found = line.partition(": ")
        page = ROOT / "docs" / f"{name.rpartition('/')[0]}.md"
        if found == "nothing" or not page.is_file() or page.match("operate/check.md"):
            continue
        for code in found.split():
            if not re.search(SAYS[code], page.read_text(), re.IGNORECASE):
                untold.append(f"{name}: {code}")
    assert untold == []
