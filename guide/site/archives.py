"""What can be taken from the site in one piece: the project that pages start from, and the files of each page."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from guide.paths import ROOT
from guide.reader.page import Page

GENERATED = {"__pycache__", ".pytest_cache"}
BLOCKS = "blocks"
"""The folder of an archive for what a page shows without a name: sessions, requests, output."""


def names(page: Page) -> dict[str, str]:
    """Where the files of a page lie in its archive: under the name above their block, as the page has them written.

    A name that is shown twice, with another file, has that one beside it under its own name. Out: the included file by
    its name in the archive.
    """
    found: dict[str, str] = {}
    for block in page.blocks:
        include = block.include.name
        if include in found.values():
            continue
        is_whole = block.title and not block.include.section and block.language != "diff"
        wanted = PurePosixPath(block.title if is_whole else f"{BLOCKS}/{PurePosixPath(include).name}")
        name = wanted if str(wanted) not in found else wanted.with_name(PurePosixPath(include).name)
        assert str(name) not in found, f"{page.name}: two files of its archive would be {name}"
        found[str(name)] = include
    return found


def project(name: str, wheels: Iterable[Path] = ()) -> dict[str, bytes]:
    """The files of a folder of this repository, by their path in it, and beside them those wheels that they name."""
    folder = ROOT / name
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not GENERATED & {*path.parts})
    found = {f"{folder.name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files}
    wanted = b"".join(content for file, content in found.items() if "requirements" in file).decode()
    named = [wheel for wheel in wheels if f"./{wheel.name}" in wanted]
    return found | {f"{folder.name}/{wheel.name}": wheel.read_bytes() for wheel in named}


def pack(archive: Path, files: dict[str, bytes]) -> None:
    """Write an archive. The same files make the same archive: no dates are in it."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
