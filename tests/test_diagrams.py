"""Pictures are drawn from sources: each belongs to its own, is on a page, and says in words what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guide.paths import PAGES, ROOT
from guide.site.diagrams import SOURCES, stamp

IMAGE = re.compile(r"!\[(?P<text>[^\]]*)\]\((?P<path>[^)]+)\)")
PICTURES = [source.with_suffix(".svg") for source in SOURCES]


def shown() -> dict[Path, list[str]]:
    """The pictures on pages, with their alternative texts."""
    found: dict[Path, list[str]] = {}
    for page in PAGES:
        for image in IMAGE.finditer(page.read_text()):
            found.setdefault((page.parent / image["path"]).resolve(), []).append(image["text"])
    return found


def test_there_are_pictures() -> None:
    assert sorted((ROOT / "docs" / "images").glob("*.svg")) == PICTURES != []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_a_picture_is_drawn_from_its_source(source: Path) -> None:
    assert source.with_suffix(".svg").read_text().endswith(stamp(source)), "draw it anew: make diagrams"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_is_on_a_page_and_told_in_words(picture: Path) -> None:
    texts = shown().get(picture, [])
    assert texts, "no page shows it"
    assert all(len(text.split()) > 5 for text in texts), texts


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_needs_nothing_from_elsewhere(picture: Path) -> None:
    text = picture.read_text()
    assert "<script" not in text and "foreignObject" not in text and "@import" not in text
    assert set(re.findall(r"https?://[^\s\"')]+", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
