"""A part of a file is found in it, or put into it."""

import re

import pytest

from guide.reader import fragment


def test_apply() -> None:
    assert fragment.apply("x.ini", "[a]\n# k = 0\nk = 1\nkk = 2\n", "k = 3\n") == "[a]\n# k = 0\nk = 3\nkk = 2\n"


@pytest.mark.parametrize(
    ("name", "text", "change", "message"),
    [
        ("x.ini", "[a]\nk = 1\n[b]\nk = 2\n", "k = 3\n", "'k' is in the file 2 times"),
        ("x.ini", "[a]\nk = 1\n", "m = 3\n", "'m' is in the file 0 times"),
        ("x.ini", "[a]\nk = 1\n", "[a]\nk = 2\n", "a section of settings is one line, key = value"),
        ("x.ini", "[a]\nk = 1\n", "what\n", "a section of settings is one line, key = value"),
        ("x.py", "k = 1\n", "k = 2\n", "a section can be applied to .ini and .cfg files"),
        ("x.yml", "k: 1\n", "k: 2\n", "a section can be applied to .ini and .cfg files"),
    ],
)
def test_cannot_apply(name: str, text: str, change: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        fragment.apply(name, text, change)


def test_contains() -> None:
    assert fragment.contains("class A:\n    x = 1\n\n    y = 2\n", "x = 1\n\ny = 2\n")
    assert not fragment.contains("x = 1\n", "x = 1\ny = 2\n")
    assert not fragment.contains("xx = 11\n", "x = 1\n")
