"""What pages install is fetched once, and again when it may be something else. Nothing else can be installed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from guide.paths import ROOT
from guide.reader import packages
from guide.reader.errors import ReaderError
from tests.reader.throwaway import Project, fence, refusal


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was asked of pip, each time, in a repository of its own."""
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[1:6] == ["-m", "pip", "wheel", "--quiet", "--wheel-dir"]
        asked.append(command[7:])
        Path(command[6], f"{len(asked)}.whl").touch()
        return subprocess.CompletedProcess(
            command, "lost" in (tmp_path / "requirements.lock").read_text(), "no network"
        )

    (tmp_path / "emulator").mkdir()
    for name in ("requirements.lock", "emulator/pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "with spaces").symlink_to(tmp_path)
    monkeypatch.setattr(packages, "ROOT", tmp_path / "with spaces")
    monkeypatch.setattr(packages, "from_index", False)
    monkeypatch.setattr(subprocess, "run", run)
    return asked


def kept() -> list[str]:
    (folder,) = packages.variables()["PIP_FIND_LINKS"].split()  # as pip does
    return [path.name for path in Path(url2pathname(urlsplit(folder).path)).glob("*.whl")]


def test_once_for_all(fetched: list[list[str]]) -> None:
    assert [kept(), kept()] == [["1.whl"], ["1.whl"]]
    assert {"alembic", "ydb-sqlalchemy", "pyrsistent>=0.20"} < set(fetched[0])


@pytest.mark.parametrize("file", ["requirements.lock", "emulator/pyproject.toml"])
def test_again_after_a_change(fetched: list[list[str]], tmp_path: Path, file: str) -> None:
    kept()
    text = (tmp_path / file).read_text()
    (tmp_path / file).write_text(text.replace("pyrsistent", "immutables"))
    assert [kept(), kept()] == [["2.whl"], ["2.whl"]]


def test_what_is_wrong_is_told_each_time(fetched: list[list[str]], tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("lost")
    for _ in range(2):
        with pytest.raises(ReaderError, match="cannot be fetched: no network"):
            kept()
    (tmp_path / "requirements.lock").write_text("there")
    assert kept() == ["3.whl"]


def test_the_index_itself(fetched: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "from_index", True)
    assert packages.variables() == {}
    assert fetched == []


def test_nothing_else_is_installed(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is told what to do about it."""
    monkeypatch.setattr(packages, "variables", lambda: {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)})
    page = "---\nenvironment: clean\n---\n" + fence("a.console")
    project.write(page, a_console="$ pip install alembik\n...\nSuccessfully installed alembik-1\n")
    assert "alembik is not among what pages install: name it in guide.reader.packages" in refusal(project.walk)
