"""A part of a file is found in it, or put into it."""

import re

import pytest

from guide.reader import fragment


@pytest.mark.parametrize(
    ("name", "text", "change", "expected"),
    [
        ("x.py", "x = None\nf()\n", "x = 1\n", "x = 1\nf()\n"),
        ("x.py", "import a\n\nx = 1\n", "import b\n", "import a\nimport b\n\nx = 1\n"),
        ("x.py", "import a\n\nx = 1\n", "import a\n\nx = 2\n", "import a\n\nx = 2\n"),
        (
            "x.py",
            "@d\ndef f():\n    pass\n\n\nf()\n",
            "# why\ndef f():\n    return 1\n",
            "# why\ndef f():\n    return 1\n\n\nf()\n",
        ),
        (
            "x.py",
            "def f():\n    pass\n\n\nf()\n",
            "def g():\n    pass\n",
            "def f():\n    pass\n\n\ndef g():\n    pass\n\n\nf()\n",
        ),
        ("x.py", "class A:\n    x = 1\n", "class A:\n    x = 1\n    y = 2\n", "class A:\n    x = 1\n    y = 2\n"),
        ("x.ini", "[a]\n# k = 0\nk = 1\nkk = 2\n", "k = 3\n", "[a]\n# k = 0\nk = 3\nkk = 2\n"),
    ],
)
def test_apply(name: str, text: str, change: str, expected: str) -> None:
    assert fragment.apply(name, text, change) == expected


@pytest.mark.parametrize(
    ("name", "text", "change", "message"),
    [
        ("x.py", "x = 1\n", "print(x)\n", "cannot tell where 'print(x)' belongs"),
        ("x.py", "x = 1\nx = 2\n", "x = 3\n", "x is defined 2 times"),
        ("x.py", "x = 1\n", "    return x\n", "the section is not Python on its own"),
        ("x.py", "x = 1\n", "# only a comment\n", "does not end with a statement"),
        ("x.ini", "[a]\nk = 1\n[b]\nk = 2\n", "k = 3\n", "'k' is in the file 2 times"),
        ("x.ini", "[a]\nk = 1\n", "m = 3\n", "'m' is in the file 0 times"),
        ("x.ini", "[a]\nk = 1\n", "[a]\nk = 2\n", "a section of settings is one line, key = value"),
        ("x.ini", "[a]\nk = 1\n", "what\n", "a section of settings is one line, key = value"),
        ("x.yml", "k: 1\n", "k: 2\n", "a section can be applied to .py, .ini and .cfg files"),
    ],
)
def test_cannot_apply(name: str, text: str, change: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        fragment.apply(name, text, change)


def test_contains() -> None:
    assert fragment.contains("class A:\n    x = 1\n\n    y = 2\n", "x = 1\n\ny = 2\n")
    assert not fragment.contains("x = 1\n", "x = 1\ny = 2\n")
    assert not fragment.contains("xx = 11\n", "x = 1\n")
