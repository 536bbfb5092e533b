"""A command that goes on is compared and stopped."""

import pytest

from tests.reader.throwaway import Project, fence, refusal

# None of them pauses until a signal comes: one that comes just before would be lost.
SERVER = """import select, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[2])))
try:
    print(f"ready at localhost:{{listener.getsockname()[1]}}", flush=True)
    while True:
        select.select([], [], [], 1)
except KeyboardInterrupt:
    sys.exit({status})
"""
WRITTEN = fence("server.py", 'python title="server.py"')
QUIT = "signal.signal(2, lambda *_: sys.exit())"
WAIT = "[_ for _ in iter(lambda: select.select([], [], [], 1), None)]"
SILENT = f"""python -c 'import select, signal, sys; {QUIT}; print("ready", flush=True); {WAIT}'"""


@pytest.mark.parametrize(
    ("status", "session", "message"),
    [
        (0, "$ python server.py --port 2136\nready at localhost:2136\n", None),
        (
            0,
            "$ python server.py --port 2136\nready on localhost:2136\n",
            "-ready on localhost:2136\n+ready at localhost:2136",
        ),
        (0, "$ python server.py --sort 2136\nready at localhost:2136\n", None),
        (0, "$ python server.py --sort 2137\nready at localhost:2137\n", "a server block names its port: --port 2136"),
        (0, "$ python server.py --port 2137\nready at localhost:2137\n", None),
        (
            3,
            "$ python server.py --port 2137\nready at localhost:2137\n",
            "page.md: a server that it started: exit status 3 after",
        ),
        (3, "$ python server.py --port 2136\nready at localhost:2136\n", "exit status 3 after it was interrupted"),
        (
            0,
            "$ python -c 'print(2136)' --port 2136\n2136\nready\n",
            "it ended by itself, with exit status 0; it printed:",
        ),
        (
            0,
            f"$ {SILENT} --port 2136\nready\n",
            "a server block tells where it listens: localhost:2136. It printed:\nready",
        ),
    ],
)
def test_server(project: Project, status: int, session: str, message: str | None) -> None:
    project.write(
        WRITTEN + fence("a.console", '{ .console data-role="server" }'),
        a_console=session,
        server_py=SERVER.format(status=status),
    )
    if message is None:
        assert project.walk() == []
        (project.snippets / "a.console").write_text(session.splitlines()[0] + "\n")
        assert project.walk(update=True) == ["a.console"]
        assert (project.snippets / "a.console").read_text() == session
    else:
        assert message in refusal(project.walk)


def test_a_server_on_another_port_goes_on(project: Project) -> None:
    server = (
        "import select, signal, socket, sys\n"
        "listener = socket.create_server(('127.0.0.1', int(sys.argv[2])))\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit())\n"
        "print(f'ready at localhost:{listener.getsockname()[1]}', flush=True)\n"
        "while True: select.select([], [], [], 1)\n"
    )
    ask = "import socket; print(socket.create_connection(('localhost', PORT)).getpeername()[1])"
    project.write(
        WRITTEN + fence("a.console", '{ .console data-role="server" }') + fence("b.console", "console"),
        server_py=server,
        a_console="$ python server.py --port 2137\nready at localhost:2137\n",
        b_console=f'$ echo localhost:2137 | sed "s/.*://" > port\n$ python -c "{ask}" 2>/dev/null\n2137\n'.replace(
            "PORT", "$(cat port)"
        ),
    )
    assert project.walk() == []
