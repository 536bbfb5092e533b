"""The wheels that pages install are built once, and again when what they are made of has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guide.reader import downloads
from guide.reader.errors import ReaderError

SOURCE = "emulator/src/a.py"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose wheel holds the number of times that it was built."""
    times: list[Path] = []

    def build(root: Path, folder: Path, *kinds: str) -> None:
        assert kinds == ("wheel",)
        times.append(root)
        if (root / SOURCE).read_text() == "wrong":
            raise ReaderError("it cannot be built")
        (folder / "a.whl").write_text(str(len(times)))

    monkeypatch.setattr(downloads, "build", build)
    for file in (SOURCE, "emulator/tests/test_a.py", "emulator/src/__pycache__/a.pyc", "toolkit/pyproject.toml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("as it was")
    return tmp_path


@pytest.fixture
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Which of the builds is put into a folder."""

    def built() -> str:
        folder = tmp_path_factory.mktemp("server")
        downloads.wheels(root, folder)
        [wheel] = folder.iterdir()
        return wheel.read_text()

    return built


def test_once_for_all(root: Path, built: Callable[[], str]) -> None:
    assert [built(), built()] == ["1", "1"]


@pytest.mark.parametrize(
    ("file", "times"),
    [
        (SOURCE, "2"),
        ("toolkit/new.py", "2"),
        ("emulator/tests/test_a.py", "1"),
        ("emulator/src/__pycache__/a.pyc", "1"),
    ],
)
def test_again_after_a_change(root: Path, built: Callable[[], str], file: str, times: str) -> None:
    assert built() == "1"
    (root / file).write_text("changed")
    assert [built(), built()] == [times, times]


def test_what_is_wrong_is_told_each_time(root: Path, built: Callable[[], str]) -> None:
    assert built() == "1"
    (root / SOURCE).write_text("wrong")
    for _ in range(2):
        with pytest.raises(ReaderError):
            built()
    (root / SOURCE).write_text("as it was")
    assert built() == "4"
