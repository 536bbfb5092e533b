"""The grammar of console sessions."""

import re

import pytest

from guide.reader.session import Command, SessionError, parse, serialise


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
