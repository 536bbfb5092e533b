"""What `codes/` says of each code: it is found in the one revision, and nothing is found in the other."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scratch import ENV, Scratch

from alembic_ydb.check import explain
from alembic_ydb.check.explain import TABLES, explanation
from alembic_ydb.check.rules import RULES, whole
from alembic_ydb.check.silenced import UNUSED

NO_WAY_BACK = "raise NotImplementedError"
WHOLE = {"YDB001", "YDB002", "YDB003", "YDB005"}
"""Codes of a project: each has one of its own."""
ENDS = {"YDB101", "YDB102"}
"""Codes that end a run."""
METADATA = "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
OWN = "days episodes_2 episodes_old episodes genres logins series_titles series shows titles views".split()
FILE = re.compile(r"^# (\S+\.py)$\n", re.MULTILINE)

Found = dict[str, list[tuple[str, str]]]
"""Code and message of each finding, by the stem of the file that it is in."""


def renamed(code: str, number: int) -> str:
    """With tables that are this number's own."""
    return re.sub(rf"(?<![`\w])({'|'.join(OWN)})\b", rf"\1_e{number}", code)


def turns(code: str) -> tuple[str, str]:
    """The bodies of upgrade() and downgrade() of an example."""
    if not code.startswith("def upgrade"):
        return code, NO_WAY_BACK
    up, down = re.split(r"^def \w+\(\):\n", code, flags=re.MULTILINE)[1:]
    return textwrap.dedent(up).strip("\n"), textwrap.dedent(down).strip("\n")


def parts(example: str) -> Iterator[tuple[str, str]]:
    """The files of an example: name and text."""
    [_, *named] = FILE.split(example)
    yield from zip(named[::2], named[1::2], strict=True)


def found(project: Scratch) -> Found:
    told: Found = {}
    for finding in project.findings():
        stem = Path(finding["place"]["file"]).stem
        told.setdefault(stem, []).append((finding["code"], re.sub(r"_e\d+\b", "", finding["message"])))
    return told


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """One project with all that do not need their own; the one that is refused comes last."""
    project = Scratch(tmp_path_factory.mktemp("codes") / "project")
    names = [name for name in explain.NAMES if name not in WHOLE | ENDS]
    examples = [
        (f"{name}_{kind}", TABLES + each.before, example)
        for name, each in ((name, explanation(name)) for name in [*names, "YDB101"])
        for kind, example in (("good", each.good), ("bad", each.bad))
    ]
    tables = [renamed(before, number) for number, (_, before, _) in enumerate(examples)]
    project.revision("tables", "\n".join(tables), NO_WAY_BACK)
    for number, (name, _, example) in enumerate(examples):
        project.revision(name, *turns(renamed(example, number)))
    return found(project)


def alone(folder: Path, *examples: str) -> Found:
    """What is found in a project of these examples, the last of which may be the body of an upgrade()."""
    project = Scratch(folder)
    models, env = METADATA, ""
    for number, example in enumerate(examples):
        if not FILE.search(example):
            project.revision(f"plain_{number}", *turns(example))
        for name, text in parts(example):
            if name == "models.py":
                models += text
            elif name == "env.py":
                env += text
            elif name == "revision.py":
                project.revision(f"revision_{number}", text, NO_WAY_BACK)
            else:
                before = re.findall(r'"(\w+)"', text)[1]
                if project.last is None:
                    project.revision(before, "pass", NO_WAY_BACK)
                project.revision(name.removesuffix(".py"), "pass", NO_WAY_BACK, before=before)
    project.env(models + env + ENV.replace("target_metadata=None", "target_metadata=metadata"))
    return found(project)


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    folder = tmp_path_factory.mktemp("codes")
    in_models = alone(folder / "models", explanation("YDB002").bad, explanation("YDB005").bad)
    return {
        "YDB001": alone(folder / "heads", explanation("YDB001").bad),
        "YDB002": in_models,
        "YDB003": alone(folder / "compared", explanation("YDB003").bad),
        "YDB005": in_models,
        "YDB102": alone(folder / "known", explanation("YDB102").bad),
    }


def says(message: str, form: str) -> bool:
    return re.fullmatch(re.escape(form).replace(r"\[\.\.\]", ".*"), message, re.DOTALL) is not None


@pytest.mark.parametrize("name", [name for name in explain.NAMES if name not in WHOLE | {"YDB102"}])
def test_each_code_is_found_in_the_one_and_nothing_in_the_other(together: Found, name: str) -> None:
    told = together.get(f"{name}_bad", [])
    assert any(code == name and says(message, explanation(name).message) for code, message in told), told
    assert together.get(f"{name}_good", []) == []


@pytest.mark.parametrize("name", sorted(WHOLE | {"YDB102"}))
def test_a_code_of_a_project_is_found(apart: dict[str, Found], name: str) -> None:
    told = [each for found in apart[name].values() for each in found]
    assert any(code == name and says(message, explanation(name).message) for code, message in told), told


def test_nothing_is_found_where_each_of_these_is_done_right(tmp_path: Path) -> None:
    assert alone(tmp_path / "right", *(explanation(name).good for name in [*sorted(WHOLE), "YDB102"])) == {}


def test_each_code_is_a_rule_and_each_rule_is_told() -> None:
    assert set(explain.NAMES) == {*RULES, UNUSED, whole.HEADS, whole.MODELS, whole.NOT_COMPARED, whole.IN_NO_MODEL}


def test_a_code_is_explained_by_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    each = explanation("YDB205")
    for part in (each.title, each.meaning, each.message, "by-load-forgets-minimum", "recipes/partitioning.md"):
        assert part in each.text
    assert all(line in each.text for code in (each.before, each.bad, each.good) for line in code.splitlines())


@pytest.mark.parametrize("file", sorted(explain.CODES.iterdir()), ids=lambda file: file.stem)
def test_each_file_can_be_read(file: Path) -> None:
    each: Any = explanation(file.stem)
    assert each.code == file.stem
