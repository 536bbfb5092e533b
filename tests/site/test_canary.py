"""The comparison of two built sites tells what a reader would see."""

from pathlib import Path

import pytest

from guide.site.canary import differences

PAGE = '<nav>Menu</nav><article><h1 id="a">A<svg>x</svg></h1><p>One <b>two</b><br>three</p></article>'


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ({"p/index.html": PAGE}, []),
        ({"p/index.html": PAGE.replace("Menu", "Other").replace("<b>", "").replace("</b>", "")}, []),
        ({}, ["p/index.html: built by one only"]),
        ({"p/index.html": PAGE.replace('"a"', '"b"')}, ["p/index.html: anchors differ: @@ -1 +1 @@ | -a | +b"]),
        (
            {"p/index.html": PAGE.replace("two", "2")},
            ["p/index.html: text differ: @@ -1 +1 @@ | -AOne twothree | +AOne 2three"],
        ),
    ],
)
def test_differences(tmp_path: Path, theirs: dict[str, str], told: list[str]) -> None:
    for folder, files in (("ours", {"p/index.html": PAGE}), ("theirs", theirs)):
        for name, text in files.items():
            (tmp_path / folder / name).parent.mkdir(parents=True)
            (tmp_path / folder / name).write_text(text)
    assert list(differences(tmp_path / "ours", tmp_path / "theirs")) == told
