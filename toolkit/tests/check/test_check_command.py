"""`alembic-ydb check` as a command: what it finds of a whole project, what it prints, what it cannot run."""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path

import pytest
from case import ADD_B, FILLED, NO_WAY_BACK, TABLE
from scratch import ENV, Scratch, codes

from alembic_ydb.check import processes, report
from alembic_ydb.check.__main__ import CouldNotRun, main, say
from alembic_ydb.check.record import Finding, Place
from alembic_ydb.check.request import Answer, Request
from guide.reader.python import command, python

MODELS = """\
import sqlalchemy as sa
metadata = sa.MetaData()
sa.Table("u", metadata, sa.Column("id", sa.String, primary_key=True))
"""
UNREGISTERED = ENV.replace("from ydb_sqlalchemy.alembic import YDBImpl\n", "")
STATEMENT = "{open}\n)  # alembic-ydb: ignore YDB401, the table is small"
ADD_INDEX = 'op.create_index("ix", "t", ["a"])'


@pytest.fixture
def project(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path / "project")


def test_nothing_is_found_in_a_revision_that_runs_and_is_undone(project: Scratch) -> None:
    project.revision("a", TABLE, 'op.drop_table("t")')
    done = project.run("--ignore", "YDB002")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("YDB 26.2: 1 revision, 1 statement: 1 taken, 0 refused, 0 not known\n0 findings.")
    assert "not on a YDB server" in done.stdout


def test_a_finding_has_its_file_line_and_statement(project: Scratch) -> None:
    project.revision("a", FILLED, NO_WAY_BACK)
    project.revision("b", f"x = 1\n{ADD_INDEX}", 'op.drop_index("ix", "t")')
    done = project.run("--select", "YDB4")
    assert done.returncode == 1
    assert done.stdout.splitlines()[:4] == [
        "migrations/versions/b.py:10: YDB401 index ix is built from every row of t (2 rows here)",
        ' 10 |     op.create_index("ix", "t", ["a"])',
        "    |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "    | = ALTER TABLE t ADD INDEX ix GLOBAL SYNC ON (a)",
    ]


def test_what_ydb_refuses_ends_the_run(project: Scratch) -> None:
    project.revision("a", TABLE)
    project.revision("b", 'op.alter_column("t", "a", nullable=False)')
    project.revision("c", 'op.drop_table("t")')
    told = json.loads(project.run("--format", "json").stdout)
    found = told["findings"]
    assert codes(found, "b") == ["YDB101"]
    assert codes(found, "c") == []
    assert [line["left"] for line in told["lines"]] == [1]
    [refused] = [finding for finding in found if finding["code"] == "YDB101"]
    assert "SET NOT NULL is currently not supported. Add a column" in refused["message"]


def test_an_upgrade_that_raises_is_refused_too(project: Scratch) -> None:
    project.revision("a", 'op.make_table("t")')
    [finding] = [finding for finding in project.findings() if finding["revision"]]
    assert (finding["code"], finding["place"]["line"]) == ("YDB101", 9)
    assert finding["message"].startswith("upgrade() fails: AttributeError: ")


def test_what_the_emulator_does_not_know_is_a_finding_of_its_own(project: Scratch) -> None:
    project.revision("a", "op.execute(sa.DDL(\"CREATE EXTERNAL DATA SOURCE x WITH (SOURCE_TYPE = 'ObjectStorage')\"))")
    done = project.run("--select", "YDB3", "--ignore", "YDB1")
    assert done.returncode == 1
    assert "YDB102 not known what YDB answers: The emulator does not support" in done.stdout
    assert "0 taken, 0 refused, 1 not known" in done.stdout


def test_each_line_has_its_own_answer_and_comments_wait_for_the_last(project: Scratch) -> None:
    """A comment may be needed on a line where the revision is not refused."""
    default = 'op.add_column("t", sa.Column("b", sa.Integer, server_default=sa.text("1")))'
    project.revision("a", TABLE, NO_WAY_BACK)
    project.revision("b", f"{default}  # alembic-ydb: ignore YDB402, a small table")
    found = project.findings("--line", "25.4", "--line", "26.1")
    assert {finding["code"]: finding["lines"] for finding in found} == {
        "YDB101": ["25.4"],
        "YDB702": ["26.1"],
        "YDB703": ["26.1"],
    }


def test_every_line_is_a_run(project: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answers(requests: Sequence[Request], forks: bool) -> list[Answer]:
        asked.extend(request.line for request in requests)
        return [Answer(request.line) for request in requests]

    monkeypatch.setattr("alembic_ydb.check.__main__.answers", answers)
    assert project.run("--all-lines").returncode == 0
    assert asked == ["25.1", "25.2", "25.3", "25.4", "26.1", "26.2", "26.3"]


def test_a_project_without_revisions_is_clean(project: Scratch) -> None:
    done = project.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("YDB 26.2: 0 revisions, 0 statements")


def test_the_processes_are_forked_and_env_py_still_has_to_register_ydb(project: Scratch) -> None:
    project.env(f"import multiprocessing\nassert multiprocessing.parent_process()\n{UNREGISTERED}")
    done = python(project.folder, "-m", "alembic_ydb.check", "check")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alembic-ydb check: env.py does not register YDB with Alembic")


def test_a_process_with_a_second_thread_does_not_fork() -> None:
    ended = threading.Event()
    second = threading.Thread(target=ended.wait)
    second.start()
    try:
        assert not processes._may_fork()
    finally:
        ended.set()
        second.join()


def test_what_stopped_the_run_is_told_whatever_is_selected(project: Scratch) -> None:
    project.revision("a", FILLED, NO_WAY_BACK)
    project.revision("b", 'op.execute("PICK 1")', NO_WAY_BACK)
    project.revision("c", 'op.drop_column("t", "a")', NO_WAY_BACK)
    for arguments in (["--select", "YDB301"], ["--ignore", "YDB"]):
        done = project.run(*arguments)
        assert (done.returncode, "YDB101" in done.stdout) == (1, True), done.stdout
    project.revision("other", "pass", before="a")
    done = project.run("--select", "YDB301")
    assert (done.returncode, "YDB001 2 heads" in done.stdout) == (1, True), done.stdout


# --- comments --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("YDB101", "ALTER TABLE nowhere DROP COLUMN x"),
        ("YDB102", "CREATE EXTERNAL DATA SOURCE x WITH (SOURCE_TYPE = 'S')"),
    ],
)
def test_no_comment_silences_why_later_revisions_were_not_run(project: Scratch, code: str, statement: str) -> None:
    project.revision("a", FILLED + "  # alembic-ydb: ignore YDB502, a small table", NO_WAY_BACK)
    project.revision("b", f"op.execute(sa.DDL({statement!r}))  # alembic-ydb: ignore {code}, it ran", NO_WAY_BACK)
    assert project.run().returncode == 0
    project.revision("c", 'op.drop_column("t", "a")', NO_WAY_BACK)
    done = project.run("--select", "YDB3")
    assert (done.returncode, f" {code} " in done.stdout, "and 1 not run" in done.stdout) == (1, True, True)
    assert "No comment silences this while a revision after it is not run" in done.stdout


def test_comments_silence_a_line_or_a_file_and_are_told_where_they_silence_nothing(project: Scratch) -> None:
    project.revision("a", FILLED, NO_WAY_BACK)
    for name, upgrade in {
        "its_line": "{index}  # alembic-ydb: ignore YDB401, the table is small",
        "its_file": "# alembic-ydb: ignore YDB401, the table is small\n{index}",
        "its_statement": STATEMENT,
        "another_line": "x = 1  # alembic-ydb: ignore YDB401, the table is small\n{index}",
        "another_rule": "{index}  # alembic-ydb: ignore YDB301, nobody reads it",
        "no_reason": "{index}  # alembic-ydb: ignore YDB401",
        "no_rule": "{index}  # alembic-ydb: ignore everything",
    }.items():
        index = f'op.create_index("{name}", "t", ["a"])'
        project.revision(name, upgrade.format(index=index, open=index[:-1]), f'op.drop_index("{name}", "t")')
    told: dict[str, list[str]] = {}
    for finding in project.findings("--ignore", "YDB5"):
        message = finding["message"].partition(":")[0] if finding["code"] == "YDB004" else finding["code"]
        told.setdefault(Path(finding["place"]["file"]).stem, []).append(message)
    assert told == {
        "another_line": ["YDB401", "this comment silences nothing"],
        "another_rule": ["YDB401", "this comment silences nothing"],
        "no_reason": ["YDB401", "say which rule and why"],
        "no_rule": ["YDB401", "say which rule and why"],
    }


@pytest.mark.parametrize(
    ("comment", "left"),
    {
        "ignore YDB401, YDB501, the table is small": [],
        "ignore YDB401 YDB501: the table is small": [],
        "ignore YDB401, the table is small  # alembic-ydb: ignore YDB501, it runs at night": [],
        "ignore YDB401, YDB501": ["YDB004", "YDB401", "YDB501"],
        "ignore YDB401, the table is small  # alembic-ydb: ignore YDB501": ["YDB004", "YDB501"],
        "ignore YDB401, YDB301, the table is small": ["YDB004", "YDB501"],
    }.items(),
)
def test_several_codes_at_one_statement(project: Scratch, comment: str, left: list[str]) -> None:
    project.revision("a", FILLED, NO_WAY_BACK)
    file = project.revision("b", f"{ADD_B}\n{ADD_INDEX}  # alembic-ydb: {comment}", NO_WAY_BACK)
    found = project.findings("--ignore", "YDB502")
    assert sorted(each["code"] for each in found if each["place"]["file"].endswith(file.name)) == left


# --- other forms -----------------------------------------------------------------------------------------------

FINDING = Finding("YDB401", "b", Place("migrations/versions/b.py", 9), "50 % of\nit", "ALTER TABLE t")


def test_github_gets_annotations() -> None:
    assert report.github([FINDING], []) == (
        "::error file=migrations/versions/b.py,line=9,title=YDB401 index build::50 %25 of%0Ait"
    )


def test_a_path_begins_at_the_root_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "backend").mkdir()
    monkeypatch.chdir(tmp_path / "backend")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert report.github([FINDING], []).startswith("::error file=backend/migrations/versions/b.py,")
    [result] = json.loads(report.sarif([FINDING], []))["runs"][0]["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "backend/migrations/versions/b.py"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    assert report.github([FINDING], []).startswith("::error file=migrations/versions/b.py,")


def test_sarif_has_the_path_as_a_uri() -> None:
    finding = Finding("YDB401", "b", Place("my migrations/имя.py", 9), "it")
    [result] = json.loads(report.sarif([finding], []))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "my%20migrations/%D0%B8%D0%BC%D1%8F.py"


def test_who_reads_may_stop_and_have_few_letters_and_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="ascii") as closed, open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", closed)
        say("имя")
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(CouldNotRun, match="the report cannot be written: No space left on device"):
            say("it")
    monkeypatch.setattr(sys, "stdout", kept := io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    say("имя")
    kept.seek(0)
    assert kept.read() == r"\u0438\u043c\u044f" + "\n"


def test_sarif_names_rule_file_and_line() -> None:
    [result] = json.loads(report.sarif([FINDING], []))["runs"][0]["results"]
    assert result["ruleId"] == "YDB401"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "migrations/versions/b.py"},
        "region": {"startLine": 9},
    }


# --- what cannot be run ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--line", "24.1"], "'24.1' is not a release line: use one of 25.1, "),
        (["--select", "YDB9"], "there is no rule YDB9. There are YDB001, "),
        (["--ignore", "E501"], "there is no rule E501."),
        (["--ignore", ""], "there is no rule ''."),  # a variable of the CI that is not set
        (["--ignore", "YDB102"], "YDB102 cannot be ignored: try the revision on a YDB"),
        (["--explain", "YDB999"], "there is no rule YDB999."),
        (["--rows", "5"], "--rows is for --from. A snapshot has the rows that it was taken with"),
        (["--config", "nowhere.ini"], "there is no file nowhere.ini"),
        (["--config", "a.ini", "--config", "b.ini"], "--config names one ini file and one pyproject.toml at most"),
    ],
)
def test_nonsense_is_one_sentence(
    project: Scratch,
    arguments: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project.folder)
    assert main(["check", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"alembic-ydb check: {said}")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[tool.alembic-ydb]\nline = '25.4'\n",
            "[tool.alembic-ydb] has no setting line. There are lines, ",
        ),
        ("[tool.alembic-ydb]\nlines = '25.4'\n", "[tool.alembic-ydb] lines is a list of strings"),
        ("[tool.alembic-ydb\n", "pyproject.toml cannot be read: "),
        ("# \udcff", "pyproject.toml cannot be read: 'utf-8' codec can't decode byte 0xff in position 2"),
        ("tool = 'alembic-ydb'", "pyproject.toml cannot be read: tool is no table"),
        ("[tool]\nalembic-ydb = '25.4'", "pyproject.toml cannot be read: tool.alembic-ydb is no table"),
    ],
)
def test_settings_are_checked(
    project: Scratch, text: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / "pyproject.toml").write_bytes(text.encode(errors="surrogateescape"))
    monkeypatch.chdir(project.folder)
    assert main(["check"]) == 2
    assert capsys.readouterr().err.startswith(f"alembic-ydb check: {said}")


def test_where_there_is_no_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert capsys.readouterr().err.startswith("alembic-ydb check: there is no alembic.ini here")


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ("raise RuntimeError('no vault')", "env.py fails: RuntimeError: no vault"),
        (
            "import sqlalchemy as sa; sa.create_engine('sqlite://').connect()",
            "a connection to sqlite is refused: a check knows YDB alone",
        ),
        (
            "import urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://192.0.2.1/', timeout=9)",
            "a connection to 192.0.2.1:80 is refused: a check reaches nothing but its emulators (migrations/env.py:1)",
        ),
        (
            "import socket\ntry: socket.getaddrinfo('vault.example', 443)\nexcept Exception: raise OSError('no vault')",
            "looking up vault.example is refused: a check reaches nothing but its emulators (migrations/env.py:3)",
        ),
        (
            "import grpc; grpc.insecure_channel('kms.example:443')",
            "gRPC to kms.example:443 is refused: a check reaches nothing but its emulators (migrations/env.py:1)",
        ),
        ("import os; os.environ['SHOP_DB']", "env.py needs the variable SHOP_DB: any value will do that it can read ("),
        (
            UNREGISTERED,
            "env.py does not register YDB with Alembic: it has to import ydb_sqlalchemy.alembic, or alembic_ydb.hooks",
        ),
        ("def f(:", "env.py fails: SyntaxError: "),
    ],
)
def test_an_env_py_that_cannot_be_run(project: Scratch, env: str, said: str) -> None:
    project.env(env)
    done = project.run()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"alembic-ydb check: {said}")
    assert done.stderr.count("\n") == 1


def test_a_revision_with_a_syntax_error(project: Scratch) -> None:
    file = project.revision("a", "x = (")
    done = project.run()
    assert (done.returncode, done.stdout) == (2, "")
    assert file.name in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "changed", "said"),
    [
        ("'b', 'a'", "'b', 'gone'", "Revision gone referenced from gone -> b (head), is not present\n"),
        ("def upgrade", "def up", "migrations/versions/b.py has no upgrade()\n"),
        ("'b', 'a'", "'a', None", "Revision a is present more than once\n"),
        *(
            ("'b', 'a'", f"'{name}', 'a'", f"migrations/versions/b.py: Alembic needs the name {name} itself\n")
            for name in ("base", "head", "heads")
        ),
    ],
)
def test_revisions_that_do_not_fit_together(project: Scratch, text: str, changed: str, said: str) -> None:
    project.revision("a", "pass")
    file = project.revision("b", "pass")
    file.write_text(file.read_text().replace(text, changed))
    done = project.run()
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"alembic-ydb check: {said}")


def test_a_comment_in_an_encoding_that_the_file_does_not_name(project: Scratch) -> None:
    file = project.revision("a", f"{TABLE}  # \udce9")
    done = project.run("--ignore", "YDB")
    assert b"\xe9" in file.read_bytes()
    try:
        compile(b"# \xe9", "", "exec")
    except SyntaxError:  # from 3.14 on, Python refuses to import such a file
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("alembic-ydb check: the revisions cannot be read: SyntaxError: Non-UTF-8 code")
    else:
        assert done.returncode == 0


def test_without_the_emulator_it_says_what_to_install(tmp_path: Path) -> None:
    hidden = (
        "import sys; sys.modules['ydb_emulator'] = None;"
        "from alembic_ydb.check.__main__ import main; sys.exit(main(['check']))"
    )
    done = subprocess.run([sys.executable, "-c", hidden], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "alembic-ydb check needs the emulator: install the wheel of ydb-emulator, too\n"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_and_a_cancelled_job_end_it_and_leave_nothing(project: Scratch, sent: signal.Signals) -> None:
    """env.py says when it runs, and waits."""
    project.env("import os, time\nopen('runs', 'w').write(str(os.getpid()))\ntime.sleep(60)")
    program, variables = command(project.folder)
    with subprocess.Popen(
        [program, "-m", "alembic_ydb.check", "check"],
        cwd=project.folder, env=variables, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as running:  # fmt: skip
        while not (project.folder / "runs").is_file() or not (project.folder / "runs").read_text():
            assert running.poll() is None
        running.send_signal(sent)
        _, said = running.communicate()
    assert (running.returncode, said) == (130, "alembic-ydb check: stopped\n")
    worker = int((project.folder / "runs").read_text())
    assert not Path(f"/proc/{worker}/stat").exists() or Path(f"/proc/{worker}/stat").read_text().split()[2] == "Z"


def test_with_nohup_it_goes_on_when_the_terminal_is_closed(project: Scratch) -> None:
    project.env(f"import os, signal\nos.kill(os.getppid(), signal.SIGHUP)\n{ENV}")
    ignored = f"trap '' HUP; exec {shlex.quote(sys.executable)} -m alembic_ydb.check check"
    done = subprocess.run(["sh", "-c", ignored], cwd=project.folder, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("forks", [True, False])
def test_what_a_revision_starts_and_leaves_is_ended(project: Scratch, forks: bool) -> None:
    """Such as a tunnel that env.py opens: its own end of the program does not come."""
    start = "import subprocess\nopen('pid', 'w').write(str(subprocess.Popen(['sleep', '600']).pid))\n"
    project.env(start + ENV)
    if forks:
        assert python(project.folder, "-m", "alembic_ydb.check", "check").returncode == 0
    else:  # a process that starts warm would be of another session
        with chdir(project.folder):
            assert main(["check"]) == 0
    left = Path(f"/proc/{(project.folder / 'pid').read_text()}/cmdline")
    deadline = time.monotonic() + 60
    while left.exists() and left.read_text():  # that of a zombie is empty
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_does_not_end_is_stopped_where_it_is(project: Scratch) -> None:
    """On a busy machine, it takes more than a second until the revision runs."""
    project.revision("a", "while True: pass")
    where = "migrations/versions/a.py:9"
    for seconds in (1, 5, 25):
        done = project.run("--timeout", str(seconds))
        if where in done.stderr:
            break
    said = f"it is stopped after {seconds} s ({where}): if that ends at all, give it more with --timeout"
    assert (done.returncode, done.stderr) == (2, f"alembic-ydb check: {said}\n")


def test_what_python_cannot_interrupt_is_stopped_too(project: Scratch) -> None:
    """A call of C that lets no other thread run: one of a regular expression can take for ever, this one only waits."""
    project.revision("a", "import ctypes\nctypes.PyDLL(None).sleep(600)")
    impatient = (
        "import sys; from alembic_ydb.check import processes; processes.GRACE = 1;"
        "from alembic_ydb.check.__main__ import program; sys.argv[1:] = ['check', '--timeout', '{}'];"
        "sys.exit(program())"
    )
    program, variables = command(project.folder)
    for seconds in (1, 5, 25):
        done = subprocess.run(
            [program, "-c", impatient.format(seconds)],
            cwd=project.folder, env=variables, capture_output=True, text=True,
        )  # fmt: skip
        if "in a call" in done.stderr:
            break
    said = f"it is stopped after {seconds} s, in a call that Python cannot interrupt"
    assert (done.returncode, done.stderr) == (2, f"alembic-ydb check: {said}\n")


def test_where_the_output_is_closed_the_status_tells(project: Scratch) -> None:
    project.revision("a", 'op.execute("SELECT")')
    program, variables = command(project.folder)
    closed = f"{shlex.quote(program)} -m alembic_ydb.check check >&- 2>error"
    done = subprocess.run(["sh", "-c", closed], cwd=project.folder, env=variables)
    assert (done.returncode, (project.folder / "error").read_text()) == (1, "")


def test_ctrl_c_at_the_moment_of_a_fork_is_not_lost(project: Scratch) -> None:
    pressed = (
        "import os, signal, sys; os.register_at_fork(after_in_parent=lambda: signal.raise_signal(signal.SIGINT));"
        "from alembic_ydb.check.__main__ import program; sys.argv[1:] = ['check']; sys.exit(program())"
    )
    program, variables = command(project.folder)
    done = subprocess.run(
        [program, "-c", pressed], cwd=project.folder, env=variables, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (130, "alembic-ydb check: stopped\n")
