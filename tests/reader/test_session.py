"""The grammar of console sessions."""

import re

import pytest

from guide.reader.session import Command, SessionError, parse, serialise, without_opening


def test_session_grammar() -> None:
    text = "$ cat <<E\n> a\n> E\na\n\n...\nb [..]\n$ false\n? 1\n$ echo\n"
    commands = parse(text)
    assert commands == [
        Command("cat <<E\na\nE", 0, ["a", "", "...", "b [..]"], 1),
        Command("false", 1, [], 8),
        Command("echo", 0, [], 10),
    ]
    assert serialise(commands) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("echo\n", "line 1: a console session starts with '$ '"),
        ("$ \n", "line 1: a console session starts with '$ '"),
        ("$ echo\na\n[..]\n", "line 1: a line that is only"),
        ("$ true\n$ echo\n...\n", "line 2: output that is only ... says nothing"),
        ("$ false\n? 1\nError\n...\n", "line 1: the last line of a failing command"),
        ("$ false\n? 1\nError: [..]\n", "line 1: the last line of a failing command"),
    ],
)
def test_bad_session(text: str, message: str) -> None:
    with pytest.raises(SessionError, match=re.escape(message)):
        parse(text)


@pytest.mark.parametrize("line", ["$ echo", "> more", "? 1"])
def test_output_that_reads_as_a_command_cannot_be_recorded(line: str) -> None:
    with pytest.raises(SessionError, match="looks like a command"):
        serialise([Command("echo", 0, [line])])


def test_the_lines_with_which_alembic_starts_are_left_out_unless_one_is_shown() -> None:
    context, plugin = "Context impl YDBImpl.", "setting up autogenerate plugin alembic.autogenerate.types"
    ran = "Running upgrade  -> 0a0a0a0a0a0a, Context impl YDBImpl."
    output = [context, f"INFO  [alembic.runtime.migration] {context}", f"INFO  [alembic.runtime.plugins] {plugin}", ran]
    assert without_opening([ran], output) == [ran]
    assert without_opening([], output) == [ran]
    assert without_opening([plugin], output) == output
