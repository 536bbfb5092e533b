"""Python blocks, run by pytest-examples: what `print` writes is compared with the `#>` lines below it."""

import ast
import contextlib
import inspect
import io
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from .open_sessions import open_sessions
from .plain import plain_alembic


class ExampleError(Exception):
    """An example that failed. Holds the line of the example, and what happened."""


def run_example(source: str, folder: Path) -> str:
    """Run an example in a folder.

    In: its text. Out: its text as it should be, with a `#>` line (or, for many lines, a string) below each print.
    Raises ExampleError if it raises, writes by other means than print, or leaves a session of YDB open.
    """
    # It brings black, which takes 0.2 s to import, and few pages have such a block.
    from pytest_examples import CodeExample
    from pytest_examples import run_code as runner
    from pytest_examples.config import ExamplesConfig

    plain_alembic()
    # pytest-examples forges a traceback into the page, which kills pytest >= 8.4 on CPython 3.11; ours names the line.
    vars(runner)["create_example_traceback"] = lambda *_: None
    # It looks at every frame of the stack, with its source, for each line that anything prints: 0.1 s in a test.
    vars(runner)["inspect"] = SimpleNamespace(stack=_Stack)
    bare = _without_output(source)
    written = io.StringIO()
    file = folder / "__example__.py"
    file.write_text(bare)
    # The name says that the example is not a module: many lines of output then get double quotes, as formatters want.
    example = CodeExample.create(bare, path=file.with_suffix(".md"))
    before = open_sessions()
    try:
        with _inside(folder), contextlib.redirect_stdout(written):
            printed, _ = runner.run_code(
                example=example,
                python_file=file,
                loader=None,
                config=ExamplesConfig(line_length=120),
                enable_print_mock=True,
                print_callback=None,
                include_print=None,
                module_globals=None,
                call=None,
            )
    except (Exception, SystemExit) as error:
        raise ExampleError(_describe(error, file)) from None
    finally:
        file.unlink()
    if any(each not in before for each in open_sessions()):
        raise ExampleError("it leaves a session of YDB open: engine.dispose() closes it")
    if written.getvalue():
        raise ExampleError(f"it writes by other means than print, which is not compared: {written.getvalue()!r}")
    return printed.updated_print_statements(example) or bare


class _Stack:
    """The stack as `inspect.stack` tells it, but for what nobody asks: only the frame that is asked for is read."""

    def __getitem__(self, depth: int) -> inspect.FrameInfo:
        frame = sys._getframe(depth + 1)
        return inspect.FrameInfo(frame, frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name, None, None)


def _without_output(source: str) -> str:
    """The example without its recorded output: pytest-examples would not notice output that nothing prints."""
    lines = source.split("\n")
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ExampleError(f"line {error.lineno}: {error.msg}") from None
    output = {number for number, line in enumerate(lines, start=1) if line.lstrip().startswith("#>")}
    for node in ast.walk(tree):
        for statements in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            # The first statement of a body prints nothing; a string there is a docstring.
            for statement in statements[1:] if isinstance(statements, list) else []:
                if isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "value", None), str):
                    output |= set(range(statement.lineno, (statement.end_lineno or 0) + 1))
    return "\n".join(line for number, line in enumerate(lines, start=1) if number not in output)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Be in the reader's folder, import from it, and leave no trace in this process."""
    main, modules = sys.modules["__main__"], set(sys.modules)
    before, silent = Path.cwd(), sys.dont_write_bytecode
    # Python takes bytecode for that of any source of the same size and second, and each example has the same name.
    sys.dont_write_bytecode = True
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        os.chdir(before)
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = silent
        sys.modules["__main__"] = main
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
                del sys.modules[name]


def _describe(error: BaseException, file: Path) -> str:
    """One line for an exception: its text, and where in the example it came from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    where = f"at {frames[-1].line!r}: " if frames else ""
    return where + "".join(traceback.format_exception_only(error)).strip()
