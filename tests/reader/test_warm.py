"""A process that starts warm is the same as one that starts cold: what it sees, prints, leaves and ends with.

`pytest --real-processes` follows every page with cold ones.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import alembic
import pytest

from guide.pages import site
from guide.paths import ROOT
from guide.reader import warm
from guide.reader.engine import Engine, embedded
from guide.reader.environment import environment
from guide.reader.shell import Result, Shell
from guide.reader.walk import walk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes start warm on Linux alone")

STATE = """\
import json, os, sys, warnings
main = sys.modules["__main__"]
json.dump({
    "main": sorted((name, type(value).__name__) for name, value in vars(main).items()),
    "file": [getattr(main, "__file__", None), *(str(getattr(main.__loader__, each, 0)) for each in ("name", "path"))],
    "process": [sys.argv, sys.path, sys.executable, sys.prefix, str(sys.flags), os.getcwd(), os.umask(0)],
    "variables": dict(os.environ),
    "streams": [[each.name, each.mode, each.encoding, each.errors] for each in (sys.stdin, sys.stdout, sys.stderr)],
    "warnings": [str(each) for each in warnings.filters],
}, sys.stdout)
"""
IS_WARM = "import sys; print('alembic.config' in sys.modules)"

Run = Callable[[str], Result]


def runner(folder: Path, warm: bool) -> Run:
    """What runs a command in a folder of its own."""
    folder.mkdir()
    variables = environment(folder.parent, Path(sys.prefix), warm=warm)

    def run(command: str) -> Result:
        with Shell(folder, variables) as shell:
            return shell.run(command)

    return run


@pytest.fixture
def both(tmp_path: Path) -> Callable[[dict[str, str], str], list[Result]]:
    """Writes files, and runs a command cold and warm. Their folders have names of one length, here made the same."""

    def run(files: dict[str, str], command: str) -> list[Result]:
        results = []
        for name in ("cold", "warm"):
            folder = tmp_path / name
            each = runner(folder, warm=name == "warm")
            for file, text in files.items():
                (folder / file).parent.mkdir(exist_ok=True)
                (folder / file).write_text(text)
            result = each(command)
            output = re.sub(r"(?m)^bash: +\d+ ", "bash: PROCESS ", result.output.replace(str(folder), "FOLDER"))
            output = re.sub(r"\bat 0x[0-9a-f]+", "at ADDRESS", output)
            results.append(Result(output, result.status))
        return results

    return run


@pytest.mark.parametrize("how", ["state.py", "-m state", "-m sub.state", "-c 'import state'", '-c "$(cat state.py)"'])
def test_it_sees_the_same(both: Callable, how: str) -> None:
    files = {"state.py": STATE, "sub/state.py": STATE}
    cold, warm = (json.loads(result.output) for result in both(files, f"python {how} a -b"))
    assert warm == cold


def test_it_is_warm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runner(tmp_path / "warm", warm=True)
    (tmp_path / "warm" / "a.py").write_text(IS_WARM)
    assert run("python a.py").output == "True\n"
    assert run("python -m a").output == "True\n"
    assert run(f'python -c "{IS_WARM}"').output == f"{sys.version_info < (3, 13)}\n"
    assert run("python -I a.py").output == "False\n"
    assert run("PYTHONWARNINGS=error python a.py").output == "False\n"
    monkeypatch.setattr("guide.reader.warm.allowed", False)
    assert runner(tmp_path / "real", warm=True)("python ../warm/a.py").output == "False\n"


def test_its_folder_may_have_any_name(tmp_path: Path) -> None:
    """The first line of a program has no room for such an interpreter."""
    prefix = tmp_path / ("it's a \u043f\u0430\u043f\u043a\u0430 " + "long" * 40)
    prefix.symlink_to(sys.prefix)
    with Shell(tmp_path, environment(tmp_path, prefix, warm=True)) as shell:
        assert shell.run("alembic --version") == Result(f"alembic {alembic.__version__}\n", 0)


def test_a_missing_import_is_noticed_by_real_processes_alone(both: Callable) -> None:
    """The price of it, with what follows. CI follows every page with real ones, too."""
    cold, warm = both({"a.py": "import sqlalchemy; sqlalchemy.orm.Session"}, "python a.py")
    assert "module 'sqlalchemy' has no attribute 'orm'" in cold.output
    assert warm == Result("", 0)


def test_what_a_loaded_module_holds_is_deleted_by_real_processes_alone(both: Callable) -> None:
    text = "import alembic\nclass A:\n    def __del__(self): print('gone')\nalembic.kept = A()"
    cold, warm = both({"a.py": text}, "python a.py")
    assert (cold, warm) == (Result("gone\n", 0), Result("", 0))


LEFT_OPEN = "sessions of YDB left open: 1. engine.dispose() closes them\n"
POOL = """\
import sqlalchemy as sa
engine = sa.create_engine("URL")
with engine.connect() as connection:
    print(connection.scalar(sa.text("SELECT 1")))
"""
SDK = """\
import ydb
driver = ydb.Driver(endpoint="grpc://ENDPOINT", database="DATABASE")
pool = ydb.QuerySessionPool(driver)
print(pool.execute_with_retries("SELECT 1")[0].rows[0][0])
"""


@pytest.mark.parametrize(
    ("program", "left"),
    [
        pytest.param(POOL, True, id="a pool"),
        pytest.param(POOL + "engine.dispose()", False, id="a pool that is disposed of"),
        pytest.param(POOL + "connection = engine.connect(); 1 / 0", True, id="an error"),
        pytest.param(POOL.replace('"URL"', '"URL", poolclass=sa.NullPool'), False, id="no pool"),
        pytest.param(f"def main():\n    {POOL.replace(chr(10), chr(10) + '    ')}\nmain()", True, id="a function"),
        pytest.param(SDK, True, id="the SDK"),
        pytest.param(SDK + "driver.stop()", False, id="a driver that is stopped"),
    ],
)
def test_a_session_that_is_left_open_is_noticed(program: str, left: bool, tmp_path: Path) -> None:
    run = runner(tmp_path / "warm", warm=True)
    with embedded() as engine:
        for name, value in ("URL", engine.url), ("ENDPOINT", engine.endpoint), ("DATABASE", engine.database):
            program = program.replace(name, value)
        (tmp_path / "warm" / "a.py").write_text(program)
        result = run("python a.py")
    assert result.output.startswith("1\n")
    assert result.output.endswith(LEFT_OPEN) == left
    assert result.status == left


# Not signal.pause(): a signal that comes just before it would be lost.
WAITS = "import os, select\nos.write(1, b'ready\\n')\nwhile True: select.select([], [], [], 1)"
READY = "until [ -s out ]; do sleep 0.01; done"
SENDS = f"set -m; python a.py >out 2>&1 & {READY}; kill -{{}} $!; wait $!; echo $?; cat out"

MAIN = """\
import helper
def f():
    helper.g()
f()
"""


@pytest.mark.parametrize(
    ("program", "command"),
    [
        pytest.param("print(1); 1 / 0", "python a.py", id="error"),
        pytest.param("try:\n    {}[1]\nexcept KeyError:\n    raise ValueError('no')", "python a.py", id="two errors"),
        pytest.param("def f(:", "python a.py", id="syntax"),
        pytest.param("\xe4 = 1; print(\xe4", "python ./a.py", id="unclosed"),
        pytest.param(MAIN, "python sub/../a.py", id="error in a module"),
        pytest.param("import sys; sys.exit(3)", "python a.py && echo no", id="status"),
        pytest.param("import sys; sys.exit('no')", "python a.py", id="status with text"),
        pytest.param("raise SystemExit", "python a.py", id="status of none"),
        pytest.param("import sys; sys.exit(511)", "python a.py", id="status that is too high"),
        pytest.param("print(1)", "python a.py >/dev/full", id="output that cannot be written"),
        pytest.param("import sys; sys.stdout.close()", "python a.py", id="output that is closed"),
        pytest.param(
            "import sys; sys.stdout = open(1, 'w', closefd=False); print(1)", "python a.py", id="output of its own"
        ),
        pytest.param("raise KeyboardInterrupt", "python a.py", id="interrupt"),
        pytest.param("import os; os.kill(os.getpid(), 15)", "python a.py", id="terminated"),
        pytest.param("import os; os.abort()", "(python a.py); echo $?", id="aborted"),
        pytest.param("import os; os.kill(os.getpid(), 9)", "(python a.py); echo $?", id="killed by itself"),
        pytest.param(WAITS, SENDS.format("INT"), id="interrupted"),
        pytest.param(WAITS, SENDS.format("TERM"), id="told to end"),
        pytest.param(WAITS, SENDS.format("KILL"), id="killed"),
        pytest.param("import sys; print(sys.stdin.read(), sys.argv)", "echo x | python a.py 'b c' -d", id="input"),
        pytest.param("print(1, file=__import__('sys').stderr)", "python a.py 2>/dev/null | cat", id="streams"),
        pytest.param(
            "import sys; print(sys.stdin, sys.stdout, sys.stderr, file=open('told', 'a'))",
            "python a.py <&-; python a.py >&-; python a.py 2>&-; echo $?; cat told",
            id="streams that are closed",
        ),
        pytest.param(
            "import os\nclass A:\n    def __del__(self): print(os.sep)\na = A()", "python a.py", id="deleted at the end"
        ),
        pytest.param(
            "import alembic, helper\nclass A:\n    def __del__(self): print('gone')\n"
            "alembic.kept, helper.a = helper, A()",
            "python a.py",
            id="deleted with a module that is held",
        ),
        pytest.param(
            "import builtins, os, sys\nclass A:\n    def __del__(self, write=os.write): write(1, b'gone\\n')\n"
            "sys.a, builtins.a, f = A(), A(), open('written', 'w')\nf.write('x' * 9)\nsys.exit(3)",
            "python a.py; echo $?; cat written",
            id="deleted with the interpreter",
        ),
        pytest.param(
            "import threading, time\nclass A:\n    def __del__(self): print('gone')\na = A()\n"
            "threading.Thread(target=time.sleep, args=[60], daemon=True).start()",
            "python a.py; echo $?",
            id="threads at the end",
        ),
        pytest.param(
            "import sys\nclass A:\n    def __del__(self): print('gone')\nsys._a = sys.z = A(); sys.exit(4)",
            "python a.py",
            id="deleted with sys",
        ),
        pytest.param(
            "import os\nclass A:\n    def __del__(self): print(os.sep)\na = A(); 1 / 0",
            "python a.py",
            id="deleted after an error",
        ),
        pytest.param(
            "import sys\nclass A:\n    def __del__(self, write=print): write([*vars(self)])\n"
            "a, b = A(), A()\na.x = b.y = 0\nsys.modules['first'], sys.modules['second'] = a, b\ndel a, b",
            "python a.py",
            id="deleted with what stands for modules",
        ),
        pytest.param(
            "import helper, sys\nclass A:\n    def __del__(self): print('gone')\n"
            "helper.a = A(); sys.modules = {}; sys.exit(5)",
            "python a.py; echo $?",
            id="deleted after sys.modules",
        ),
        pytest.param(
            "import sys\nclass A:\n    def __del__(self, ends=sys.is_finalizing):\n        print(ends())\n"
            "        import colorsys\na = A()",
            "python a.py; echo $?",
            id="too late for an import",
        ),
        pytest.param("import atexit; atexit.register(print, 'end'); print('a')", "python a.py", id="at exit"),
        pytest.param(
            "import threading as t\nt.Thread(target=lambda: (t.main_thread().join(), print('late'))).start()",
            "python a.py; echo then",
            id="thread",
        ),
        pytest.param("import sys; sys.excepthook = lambda *of: print('mine', of[1]); 1 / 0", "python a.py", id="hook"),
        pytest.param("import warnings; warnings.warn('careful')", "python a.py", id="warning"),
        pytest.param("import os; print(os.environ['A'], os.getcwd())", "cd sub; A=b python ../a.py", id="variable"),
        pytest.param("open('made', 'w')", "umask 077; python a.py; stat -c %a made", id="umask"),
        pytest.param("", "python missing.py; cat a.py | python - ; python --version; python sub", id="others"),
        pytest.param("1 / 0", "python -m a; python -m a.b; python -m; python -c; python -m sub", id="module"),
        pytest.param("", "python -c '1 / 0'; python -c '1 +'; python -c 'import sys; sys.exit(3)'", id="text"),
        pytest.param("", "alembic; alembic nothing; alembic init x; ls; alembic current", id="alembic"),
        pytest.param("print(1)", "python a.py >x & python a.py >y & wait; cat x y", id="in the background"),
    ],
)
def test_it_does_the_same(both: Callable, program: str, command: str) -> None:
    files = {"a.py": program, "helper.py": "def g():\n    raise LookupError('no')\n", "sub/b.txt": ""}
    cold, warm = both(files, command)
    assert warm == cold


def test_it_ends_with_its_launcher(tmp_path: Path) -> None:
    run = runner(tmp_path / "warm", warm=True)
    (tmp_path / "warm" / "a.py").write_text("import os, signal; os.write(1, b'%d\\n' % os.getpid()); signal.pause()")
    process = int(run(f"python a.py >out & {READY}; kill -9 $!; cat out").output.split()[0])
    subprocess.run(["tail", f"--pid={process}", "-f", "/dev/null"], check=True)  # ends with it


def test_it_fails_where_its_server_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(warm.SHARED, "")  # a server of its own
    variables = {"LANG": "C.UTF-8", "TZ": "Asia/Tokyo"}
    launchers = warm.start(Path(sys.prefix), variables)
    (tmp_path / "a.py").write_text("import os, signal; os.kill(os.getppid(), signal.SIGKILL)")
    with Shell(tmp_path, variables | {"PATH": f"{launchers}:/usr/bin:/bin"}) as shell:
        result = shell.run("python a.py")
    assert result == Result("the server of warm processes has gone, and this program with it\n", 1)


@pytest.mark.parametrize("page", ["docs/production/retries.md"])
def test_a_page_is_the_same(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that its commands print, what the database holds, and every file at the end."""

    def follow(engine: Engine, name: str, warm: bool) -> tuple[list[str], dict[str, str]]:
        monkeypatch.setattr(
            "guide.reader.walk.environment", lambda home, prefix, **_: environment(home, prefix, warm=warm)
        )
        told: list[str] = []
        scratch = tmp_path / name
        scratch.mkdir()
        walk(site(), ROOT / page, engine, scratch, report=told.append)
        files = (path for path in (scratch / "project").rglob("*") if path.is_file())
        own = (str(scratch), "FOLDER"), (engine.url, "URL")
        return told, {str(path.relative_to(scratch)): without(path.read_text(), own) for path in files}

    def without(text: str, own: tuple) -> str:
        for old, new in own:
            text = text.replace(old, new)
        return text

    with embedded() as first, embedded() as second:
        cold, warm = follow(first, "cold", warm=False), follow(second, "warm", warm=True)
    assert warm == cold
