"""The mutation of the emulator: which changes there are, and which of them a test notices."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.util import module_from_spec
from pathlib import Path

import pytest

from guide.labs.mutate import emulator
from guide.labs.mutate.code import changes
from guide.labs.mutate.emulator import CodeMutant, Mutation, Reach
from guide.paths import ROOT

CASES = [
    ("a == b", "comparison", ["(a != b)"]),
    ("a in b", "comparison", ["(a not in b)"]),
    ("a < b", "boundary", ["(a <= b)"]),
    ("a < b < c", "boundary", ["(a <= b < c)", "(a < b <= c)"]),
    ("a >= b", "comparison", ["(a < b)"]),
    ("a and b", "and or", ["(a or b)"]),
    ("not a", "not", ["(a)"]),
    ("a if b else c", "not", ["(a if not b else c)"]),
    ("a + 'é'", "arithmetic", ["(a - 'é')"]),
    ("True", "constant", ["(False)"]),
    ("7", "constant", ["(8)", "(6)"]),
    ("f('é', g('x'))", "text", ["f(('éx'), g('x'))", "f('é', g(('xx')))"]),
    ("f'{a} b'", "text", []),
    ("a", "text", []),
]


@pytest.mark.parametrize(("expression", "kind", "changed"), CASES)
def test_kind(expression: str, kind: str, changed: list[str]) -> None:
    text = f"x = {expression}\n"
    assert [change.apply(text) for change in changes(text) if change.kind == kind] == [
        f"x = {each}\n" for each in changed
    ]


STATEMENTS = '''
"""Text."""
import a


@decorated(True)
def f(x: "int" = 1) -> "str":
    """Text."""
    name = g
    x.a = g
    g(x)
    if x:
        raise g
    return x
'''


def test_statements_are_dropped_where_what_follows_could_do_without_them() -> None:
    found = [(change.kind, change.lines.start, change.written) for change in changes(STATEMENTS)]
    assert found == [
        ("constant", 7, "(2)"),
        ("constant", 7, "(0)"),
        ("drop statement", 10, "pass"),
        ("drop statement", 11, "pass"),
        ("not", 12, "(not x)"),
        ("drop statement", 13, "pass"),
        ("return None", 14, "return None"),
    ]


def test_what_an_import_runs_is_told_from_what_a_call_runs() -> None:
    text = "TABLE = {1: lambda: 2}\n\ndef f(a=3):\n    return 4\n"
    by_import = {change.written: change.in_function for change in changes(text) if change.kind == "constant"}
    assert by_import == {"(2)": False, "(0)": False, "(3)": True, "(1)": True, "(4)": False, "(5)": True} | {
        "(2)": False,
    }


@pytest.fixture(scope="module")
def found() -> list[CodeMutant]:
    return emulator.mutants()


def test_each_change_of_the_emulator_is_python(found: list[CodeMutant]) -> None:
    assert {mutant.file.split("/")[3] for mutant in found} == {"check", "run"}
    for mutant in found[:: len(found) // 100]:
        ast.parse(mutant.text)
        assert mutant.before != mutant.after
        assert mutant.text.splitlines()[mutant.line - 1] == mutant.after[0]


def a_mutant(in_function: bool) -> CodeMutant:
    change = next(change for change in changes("def f():\n    return 4\n") if change.kind == "constant")
    return CodeMutant("a.py", 2, change.kind, (), (), change)


def test_a_mutant_is_held_against_the_quick_tests_that_reach_it() -> None:
    case, other, slow, wrong = "emulator/tests/test_cases.py::a", "emulator/tests/test_x.py::b", "c", "d"
    reach = Reach(
        seconds={other: 0.1, case: 0.1, slow: 9, wrong: 0.1},
        failed={wrong},
        lines={"a.py": {1: {"elsewhere"}, 2: {case, other, slow, wrong}}},
    )
    assert reach.of(a_mutant(in_function=True)) == [case, other]


def test_a_module_is_imported_from_the_mutated_text(monkeypatch: pytest.MonkeyPatch) -> None:
    path = emulator.SOURCE / "ydb_emulator" / "check" / "parts.py"
    spec = Mutation(path, "mutated = 1").find_spec("ydb_emulator.check.parts")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (vars(module)["mutated"], module.__file__) == (1, str(path))
    assert Mutation(path, "x = 1").find_spec("ydb_emulator.check") is None


def test_a_test_notices_a_mutant_or_does_not(tmp_path: Path) -> None:
    """With one case at hand, in which YDB does not change a primary key."""
    case = "emulator/tests/test_cases.py::test_case[e-upd-pk]"
    found = emulator.mutants("*/check/changes.py")
    tested = next(mutant for mutant in found if mutant.before == ("        if name in table.key:",))
    other = next(mutant for mutant in found if mutant.kind == "not" and "columns_under_build" in mutant.before[0])
    lines = {line: {case} for mutant in (tested, other) for line in mutant.change.lines}
    reach = Reach({case: 0.1}, set(), {tested.file: lines})
    assert [verdict.noticed for _, verdict in emulator.check([tested, other], reach, tmp_path, 1)] == [case, None]


def test_of_a_refusal_what_it_says_and_when_it_is_made_are_changed(found: list[CodeMutant]) -> None:
    refusals = emulator.refusals(found)
    assert 0 < len(refusals) < len(found) / 2
    kinds = {mutant.kind for mutant in refusals}
    assert {"drop statement", "not", "comparison", "boundary"} <= kinds
    assert not [mutant for mutant in refusals if "unsupported(" in mutant.text.splitlines()[mutant.change.lines[0] - 1]]


def test_nothing_of_what_is_mutated_is_imported_before() -> None:
    """A module that is there already would be tried as it is."""
    code = (
        "import sys, guide.labs.mutate.__main__ as _; "
        "print([name for name in sys.modules if name.startswith(('ydb_emulator.check', 'ydb_emulator.run'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
