"""Python blocks are run, and what they print is compared."""

import re
import sys
from pathlib import Path

import pytest

from guide.reader.engine import Engine
from guide.reader.example import ExampleError, run_example
from guide.reader.open_sessions import open_sessions
from tests.reader.throwaway import Project, fence, refusal


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("print(1)\n#> 1\n", "print(1)\n#> 1\n"),
        ("print(1)\n#> 2\n", "print(1)\n#> 1\n"),
        ("print(1)\n", "print(1)\n#> 1\n"),
        ("x = 1\n#> 999\n", "x = 1\n"),
        ("if False:\n    print(1)\n    #> 1\n", "if False:\n    print(1)\n"),
        ('print("a\\nb")\n"""\na\nb\n"""\n', 'print("a\\nb")\n"""\na\nb\n"""\n'),
        (
            'if 0:\n    pass\nelse:\n    print("a\\nb")\n    """\n    c\n    """\n',
            'if 0:\n    pass\nelse:\n    print("a\\nb")\n    """\n    a\n    b\n    """\n',
        ),
        ('"""A docstring."""\n', '"""A docstring."""\n'),
        ("import helper\n\nprint(helper.x)\n#> 5\n", "import helper\n\nprint(helper.x)\n#> 5\n"),
    ],
)
def test_example(tmp_path: Path, source: str, expected: str) -> None:
    (tmp_path / "helper.py").write_text("x = 5\n")
    assert run_example(source, tmp_path) == expected
    assert "helper" not in sys.modules


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\nraise ValueError('no')\n", "at \"raise ValueError('no')\": ValueError: no"),
        ("import sys\nsys.stdout.write('a')\n", "it writes by other means than print"),
        ("import sys\nsys.exit(1)\n", "SystemExit: 1"),
        ("x = = 1\n", "line 1: invalid syntax"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    ],
)
def test_bad_example(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(ExampleError, match=re.escape(message)):
        run_example(source, tmp_path)


def test_an_example_closes_its_sessions(tmp_path: Path, emulator: Engine) -> None:
    source = f"""import sqlalchemy as sa
engine = sa.create_engine("{emulator.url}")
with engine.connect() as connection:
    print(connection.scalar(sa.text("SELECT 1")))
    #> 1
"""
    with pytest.raises(ExampleError, match="it leaves a session of YDB open"):
        run_example(source, tmp_path)
    for session in open_sessions():
        session._driver.stop()
    disposed = source + "engine.dispose()\n"
    assert run_example(disposed, tmp_path) == disposed


def test_an_example_is_never_taken_for_the_one_before(tmp_path: Path) -> None:
    """Both have the same name, size and second; the second one once ran the bytecode of the first."""
    for number in range(10, 30):
        assert run_example(f"print({number})\n", tmp_path) == f"print({number})\n#> {number}\n"


def test_example_on_a_page(project: Project) -> None:
    project.write(
        fence("x.py", "python"), x_py='print("yql+ydb://localhost:2136/local")\n#> yql+ydb://localhost:2136/local\n'
    )
    assert project.walk() == []
    (project.snippets / "x.py").write_text("print(1)\n#> 2\n")
    message = refusal(project.walk)
    assert (
        message.startswith("docs/page.md:1: block 1 (python, x.py): x.py:2: it printed something else")
        and "-#> 2\n+#> 1" in message
    )
    assert project.walk(update=True) == ["x.py"]
    assert project.walk() == []
