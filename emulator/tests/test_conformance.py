"""Files of cases: what is read from them, and what is refused, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ydb_emulator.cases import Case, CaseError, load
from ydb_emulator.conformance import Answer, difference, marked, typed

CASE = """\
## YDB refuses

### a-case

```yql
SELECT 1
--> GENERIC_ERROR
```

- Source: [a](https://example.org/a)
- Confidence: high
"""


def read(folder: Path, text: str) -> list[Case]:
    (folder / "select.md").write_text(text)
    return load(folder)


def test_a_case_has_all_that_its_section_says(tmp_path: Path) -> None:
    [case] = read(
        tmp_path,
        """\
## YDB accepts

### all-of-it

```yql
CREATE TABLE `t` (id Int64, PRIMARY KEY (id))

UPSERT INTO t (id) VALUES (1); UPSERT INTO t (id) VALUES (2)

SELECT '\t`;`' AS a,  \n  $x FROM t -- not an answer\n    WHERE id = $id
--> OK
--> [["CREATE TABLE `t` (
-->
-->     id
--> )", 1.5],
-->  [null, "é\\n"]]
```

- YDB: 25.1 with EnableOne, EnableTwo
- Parameter: `$id Optional<Int64> = null`
- Parameter: `$x Struct<a:Utf8, b:List<Int32>> = {"a": "=", "b": [1]}`
- Note: one; `two`
- Source: [a.cpp](https://github.com/ydb-platform/ydb/blob/main/a.cpp) (Function)
- Source: a person, by hand
- Confidence: medium
""",
    )
    assert case == Case(
        id="all-of-it",
        area="select",
        setup=(
            "CREATE TABLE `t` (id Int64, PRIMARY KEY (id))",
            "UPSERT INTO t (id) VALUES (1); UPSERT INTO t (id) VALUES (2)",
        ),
        statement="SELECT '\t`;`' AS a,  \n  $x FROM t -- not an answer\n    WHERE id = $id",
        expected="OK",
        text='[["CREATE TABLE `t` (\n\n    id\n)", 1.5],\n [null, "é\\n"]]',
        sources=("[a.cpp](https://github.com/ydb-platform/ydb/blob/main/a.cpp) (Function)", "a person, by hand"),
        confidence="medium",
        note="one; `two`",
        line="25.1 EnableOne EnableTwo",
        given={"$id": ("Optional<Int64>", None), "$x": ("Struct<a:Utf8, b:List<Int32>>", {"a": "=", "b": [1]})},
    )


def test_a_script_of_several_sessions_stands_in_lines(tmp_path: Path) -> None:
    script = "/*@tx*/ SELECT 1;\n/*@other-session*/ SELECT 2;\n/*@commit*/"
    [case] = read(tmp_path, CASE.replace("SELECT 1", script))
    assert case.statement == script
    assert list(marked(case.statement)) == ["/*@tx*/ SELECT 1", "/*@other-session*/ SELECT 2", "/*@commit*/"]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("--> GENERIC_ERROR", "--> UNHEARD_OF", "7: unknown status 'UNHEARD_OF' (known: ABORTED,"),
        ("--> GENERIC_ERROR", "--> OK", "7: a-case is answered with OK, and stands below another heading"),
        ("--> GENERIC_ERROR\n", "", "5: a-case has no answer"),
        ("SELECT 1\n", "", "5: a-case has no statement"),
        ("ERROR\n", "ERROR\n\nSELECT 2\n", "8: '' after the answer"),
        ("ERROR\n", "ERROR\n-->no space\n", "8: '-->no space' after the answer"),
        ("ERROR\n```", "ERROR\n", "5: a fence that is never closed"),
        ("```yql", "```sql", "5: a fence of another kind than ```yql: ```sql"),
        ("## YDB refuses\n", "", "2: a-case stands below no heading (known: YDB refuses, YDB accepts)"),
        ("YDB refuses", "YDB denies", "1: unknown heading 'YDB denies'"),
        ("### a-case", "### a_case", "3: 'a_case' can't be an id"),
        ("- Source: [a](https://example.org/a)\n", "", "3: a-case lacks Source"),
        ("- Confidence: high\n", "", "3: a-case lacks Confidence"),
        ("high", "certain", "11: can't read Confidence 'certain'"),
        ("- Conf", "- YDB: new\n- Conf", "11: can't read YDB 'new'"),
        ("- Conf", "- Parameter: $a\n- Conf", "11: can't read Parameter '$a'"),
        ("- Conf", "- Parameter: `$a Utf8 = a`\n- Conf", "3: not JSON, "),
        ("- Conf", "- Rows: 1\n- Conf", "11: unknown field 'Rows' (known: YDB, Parameter, Note, Source, Confidence)"),
        ("- Conf", "- Note: a\n- Note: b\n- Conf", "12: Note is given twice"),
        ("### a-case", "- Note: a", "3: Note of no case"),
        ("- Conf", "and\n- Conf", "11: a line that is no heading, no fence and no field: 'and'"),
        ("- Conf", "```yql\n```\n- Conf", "11: a fence that is not the first of a case"),
        ("high\n", "high\n\n### a-case\n", "13: a second case a-case"),
        ("high\n", "high\n\n### b-case\n", "13: b-case has no statement: ```yql"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, before: str, after: str, fault: str) -> None:
    assert before in CASE
    with pytest.raises(CaseError) as raised:
        read(tmp_path, CASE.replace(before, after, 1))
    assert str(raised.value).startswith(f"select.md:{fault}")


@pytest.mark.parametrize("rows", ["[1,", '"1"'])
def test_rows_that_are_none_are_refused(tmp_path: Path, rows: str) -> None:
    text = CASE.replace("YDB refuses", "YDB accepts").replace("GENERIC_ERROR", f"OK\n--> {rows}")
    with pytest.raises(CaseError, match=r"^select\.md:8: not "):
        read(tmp_path, text)


def test_ids_are_unique_in_all_files(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(CASE)
    with pytest.raises(CaseError, match=r"select\.md: a-case is a case of a\.md already"):
        read(tmp_path, CASE)


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no cases"):
        load(tmp_path)


@pytest.mark.parametrize("type", ["Decimal(22)", "Struct<Int64>", "List<>"])
def test_a_parameter_of_a_type_that_cannot_be_read(type: str) -> None:
    with pytest.raises(ValueError, match="cannot read the type"):
        typed(type, None)


@pytest.mark.parametrize("text", ["Unsupported column type", "type 'Utf8'", "'Utf8'"])
def test_a_part_of_a_text_is_found(text: str) -> None:
    assert difference(refused(text), Answer("GENERIC_ERROR", "Unsupported column type 'Utf8'")) is None


@pytest.mark.parametrize(
    "text", ["Unsupported column typ", "supported column type", "unsupported column", "column type '", "tf8'"]
)
def test_a_part_of_a_word_is_none_of_a_text(text: str) -> None:
    found = difference(refused(text), Answer("GENERIC_ERROR", "Unsupported column type 'Utf8'"))
    assert found == f"{text!r} is not in \"Unsupported column type 'Utf8'\""


def refused(text: str) -> Case:
    return Case("a-case", "select", (), "SELECT 1", "GENERIC_ERROR", text, (), "high")
