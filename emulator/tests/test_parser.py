"""The YQL parser: what it reads, and how it refuses the rest."""

from __future__ import annotations

from typing import Any

import pytest

from ydb_emulator.errors import Position, Status, YdbError
from ydb_emulator.yql import syntax as s
from ydb_emulator.yql.parser import parse

A, B, C, T = s.Name("a"), s.Name("b"), s.Name("c"), s.Path("t")
ONE, TWO = s.Integer(1), s.Integer(2)
SELECT_ONE = s.Select((s.Projection(ONE),))


def statements(text: str) -> tuple[Any, ...]:
    """The trees, whose classes each test knows."""
    return parse(text).statements


def expression(text: str) -> Any:
    (statement,) = statements(f"SELECT {text}")
    (projection,) = statement.query.projections
    return projection.expression


def refusal(text: str) -> YdbError:
    with pytest.raises(YdbError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1", ONE),
        ("0xFFul", s.Integer(255, "ul")),
        ("0o17", s.Integer(15)),
        ("1.5f", s.Real("1.5", "f")),
        ("1e10", s.Real("1e10")),
        (r"'it\'s \x41\u0042'u", s.String(b"it's AB", "u")),
        ('"double"', s.String(b"double")),
        ("@@two\nlines@@@@ end@@", s.String(b"two\nlines@@ end")),
        ("true", s.Bool(True)),
        ("NULL", s.Null()),
        ("$x", s.Bind("x")),
        ("$`x y`", s.Bind("x y")),
        ("a", A),
        ("`back``tick`", s.Name("back`tick")),
        ("group", s.Name("group")),
        ("a.b", s.Member(A, "b")),
        ("a.0", s.Member(A, "0")),
        ("a[1]", s.Subscript(A, ONE)),
        ("Math::Floor(a)", s.Call("Math::Floor", (A,))),
        ("COUNT(*)", s.Call("COUNT", star=True)),
        ("COUNT(DISTINCT a)", s.Call("COUNT", (A,), distinct=True)),
        ("AsStruct(1 AS a)", s.Call("AsStruct", named_arguments=(("a", ONE),))),
        ("ListCreate(Int32?)", s.Call("ListCreate", (s.TypeName("Optional", (s.TypeName("Int32"),)),))),
        (
            "SUM(a) OVER (PARTITION BY b ORDER BY c DESC)",
            s.Call("SUM", (A,), over=s.Window(((B, None),), (s.OrderItem(C, True),))),
        ),
        ("$f(1)", s.Invoke(s.Bind("f"), (ONE,))),
        ("CAST(a AS Decimal(22, 9))", s.Cast(A, s.TypeName("Decimal", (22, 9)))),
        (
            "CAST(a AS List<Struct<a:Int32,b:Utf8?>>)",
            s.Cast(
                A,
                s.TypeName(
                    "List",
                    (
                        s.TypeName(
                            "Struct",
                            (s.TypeName("Int32"), s.TypeName("Optional", (s.TypeName("Utf8"),))),
                            ("a", "b"),
                        ),
                    ),
                ),
            ),
        ),
        ("-1", s.Unary("-", ONE)),
        ("NOT a = b", s.Binary("=", s.Unary("NOT", A), B)),
        ("1 + 2 * a", s.Binary("+", ONE, s.Binary("*", TWO, A))),
        ("a - b - c", s.Binary("-", s.Binary("-", A, B), C)),
        ("a ?? b ?? c", s.Binary("??", A, s.Binary("??", B, C))),
        ("a >> 1 >>| 2", s.Binary(">>|", s.Binary(">>", A, ONE), TWO)),
        ("a OR b AND c", s.Binary("OR", A, s.Binary("AND", B, C))),
        ("a < b == c", s.Binary("==", s.Binary("<", A, B), C)),
        ("a IS NULL", s.IsNull(A)),
        ("a NOT NULL", s.IsNull(A, negated=True)),
        ("a IS NOT DISTINCT FROM b", s.IsDistinctFrom(A, B, negated=True)),
        ("a IN (1)", s.In(A, s.Tuple((ONE,)))),
        ("a NOT IN COMPACT $b", s.In(A, s.Bind("b"), negated=True)),
        ("a IN (SELECT 1)", s.In(A, s.Subquery(SELECT_ONE))),
        ("a NOT BETWEEN 1 AND 2", s.Between(A, ONE, TWO, negated=True)),
        ("a LIKE 'x' ESCAPE '!'", s.Like("LIKE", A, s.String(b"x"), s.String(b"!"))),
        ("CASE a WHEN 1 THEN b ELSE c END", s.Case(A, ((ONE, B),), C)),
        ("CASE WHEN a THEN 1 END", s.Case(None, ((A, ONE),), None)),
        ("(a)", A),
        ("(1,)", s.Tuple((ONE,))),
        ("[1, 2,]", s.ListLiteral((ONE, TWO))),
        ("{1: a}", s.DictLiteral((ONE,), (A,))),
        ("{1, 2}", s.DictLiteral((ONE, TWO), None)),
        ("<|a: 1|>", s.StructLiteral((("a", ONE),))),
        ("($x) -> ($x)", s.Lambda(("x",), s.Bind("x"))),
        (
            "($x) -> { $y = $x; RETURN $y; }",
            s.Lambda(("x",), s.Bind("y"), (s.NamedExpression(("y",), s.Bind("x")),)),
        ),
        ("EXISTS (SELECT 1)", s.Exists(SELECT_ONE)),
        ("(SELECT 1)", s.Subquery(SELECT_ONE)),
    ],
)
def test_expression(text: str, tree: s.Expression) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("`dir/t` AS x", s.TableSource(s.Path("dir/t"), alias="x")),
        ("c.t VIEW i x", s.TableSource(s.Path("t", "c"), "i", "x")),
        ("$q AS q", s.BindSource(s.Bind("q"), alias="q")),
        ("AS_TABLE($q)", s.BindSource(s.Bind("q"), as_table=True)),
        ("(SELECT 1) AS x", s.SubquerySource(SELECT_ONE, "x")),
        ("(VALUES (1, 2)) AS x(a, b)", s.ValuesSource(s.Values(((ONE, TWO),)), "x", ("a", "b"))),
        ("t, t", s.Join(",", s.TableSource(T), s.TableSource(T))),
        ("t JOIN t ON a", s.Join("INNER", s.TableSource(T), s.TableSource(T), A)),
        ("t LEFT OUTER JOIN t USING (a, b)", s.Join("LEFT", s.TableSource(T), s.TableSource(T), using=("a", "b"))),
        ("t LEFT SEMI JOIN t ON a", s.Join("LEFT SEMI", s.TableSource(T), s.TableSource(T), A)),
    ],
)
def test_source(text: str, source: s.Source) -> None:
    (statement,) = statements(f"SELECT * FROM {text}")
    assert statement.query.source == source


@pytest.mark.parametrize(
    ("text", "query"),
    [
        (
            "SELECT DISTINCT a, b AS `c d`, t.* FROM t WHERE a GROUP BY b AS k HAVING c"
            " ORDER BY a DESC LIMIT 1 OFFSET 2",
            s.Select(
                (s.Projection(A), s.Projection(B, "c d"), s.Star("t")),
                s.TableSource(T),
                A,
                (s.GroupItem(B, "k"),),
                C,
                (s.OrderItem(A, True),),
                ONE,
                TWO,
                distinct=True,
            ),
        ),
        ("SELECT * WITHOUT a FROM t", s.Select((s.Star(),), s.TableSource(T), without=("a",))),
        ("DISCARD SELECT 1", s.Select((s.Projection(ONE),), discard=True)),
        ("VALUES (1), (2)", s.Values(((ONE,), (TWO,)))),
        (
            "SELECT 1 UNION ALL SELECT 1 ORDER BY a LIMIT 2",
            s.SetOperation("UNION", True, SELECT_ONE, SELECT_ONE, (s.OrderItem(A),), TWO),
        ),
        (
            "SELECT 1 UNION SELECT 1 INTERSECT (SELECT 1)",
            s.SetOperation("UNION", False, SELECT_ONE, s.SetOperation("INTERSECT", False, SELECT_ONE, SELECT_ONE)),
        ),
    ],
)
def test_query(text: str, query: s.Query) -> None:
    assert statements(text) == (s.SelectStatement(query),)


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ('PRAGMA TablePathPrefix("/local")', s.Pragma("TablePathPrefix", (s.String(b"/local"),))),
        ("PRAGMA ydb.X = -1", s.Pragma("ydb.X", (s.Unary("-", ONE),))),
        ("DECLARE $a AS Utf8?", s.Declare("a", s.TypeName("Optional", (s.TypeName("Utf8"),)))),
        ("$a, $b = c", s.NamedExpression(("a", "b"), C)),
        ("$a = SELECT 1", s.NamedExpression(("a",), s.Subquery(SELECT_ONE))),
        ("INSERT INTO t (a) VALUES (1)", s.Insert("INSERT", T, ("a",), s.Values(((ONE,),)))),
        ("UPSERT INTO t SELECT 1 RETURNING *", s.Insert("UPSERT", T, None, SELECT_ONE, s.Returning())),
        ("INSERT OR ABORT INTO t DEFAULT VALUES", s.Insert("INSERT OR ABORT", T, None, None)),
        (
            "BATCH UPDATE t SET a = 1 WHERE b RETURNING c",
            s.Update(T, (("a", ONE),), B, s.Returning(("c",)), batch=True),
        ),
        ("UPDATE t ON (a) SELECT 1", s.UpdateOn(T, ("a",), SELECT_ONE)),
        ("DELETE FROM t WHERE a", s.Delete(T, A)),
        ("DELETE FROM t ON SELECT 1", s.DeleteOn(T, None, SELECT_ONE)),
        ("DROP TABLE IF EXISTS `a/b`", s.DropTable(s.Path("a/b"), if_exists=True)),
        ("TRUNCATE TABLE t", s.TruncateTable(T)),
        (
            "CREATE VIEW v WITH (security_invoker = TRUE) AS SELECT  1",
            s.CreateView(s.Path("v"), (s.Setting("security_invoker", s.Bool(True)),), SELECT_ONE, "SELECT  1"),
        ),
        ("DROP VIEW v", s.DropView(s.Path("v"))),
        (
            "ALTER SEQUENCE `/x` START WITH 1 RESTART INCREMENT 2",
            s.AlterSequence(s.Path("/x"), (("START WITH", 1), ("RESTART", None), ("INCREMENT BY", 2))),
        ),
        ("SHOW CREATE TABLE t", s.ShowCreate("TABLE", T)),
        (
            "CREATE TOPIC t (CONSUMER c WITH (important = true)) WITH (a = 1)",
            s.Topic(
                "CREATE",
                T,
                (s.TopicConsumer("c", settings=(s.Setting("important", s.Bool(True)),)),),
                (s.Setting("a", ONE),),
            ),
        ),
        (
            "ALTER TOPIC t DROP CONSUMER c, RESET (a)",
            s.Topic("ALTER", T, (s.TopicConsumer("c", "DROP"),), reset=("a",)),
        ),
        ("DO BEGIN SELECT 1; END DO", s.Do((s.SelectStatement(SELECT_ONE),))),
        ("COMMIT", s.Commit()),
        ("ANALYZE t", s.Unsupported("ANALYZE")),
        ("CREATE EXTERNAL DATA SOURCE x WITH (a = 1)", s.Unsupported("CREATE EXTERNAL DATA SOURCE")),
    ],
)
def test_statement(text: str, statement: s.Statement) -> None:
    assert statements(text) == (statement,)


INT = s.TypeName("Int32")


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("a Int32 NOT NULL DEFAULT 1 FAMILY f", s.Column("a", INT, (s.NotNull(), s.Default(ONE), s.InFamily("f")))),
        ("a Int32 (DEFAULT 1, NULL)", s.Column("a", INT, (s.Default(ONE), s.NotNull(nullable=True)), True)),
        ("a Int32 DEFAULT 1 NOT NULL", s.Column("a", INT, (s.Default(s.IsNull(ONE, negated=True)),))),
        ("index Int32", s.Column("index", INT)),
        ("primary Int32", s.Column("primary", INT)),
        ("a", s.Column("a", None)),
        ("PRIMARY KEY (a, b)", s.PrimaryKey(("a", "b"))),
        (
            "INDEX i GLOBAL UNIQUE ASYNC ON (a) COVER (b)",
            s.Index("i", ("a",), ("b",), unique=True, asynchronous=True),
        ),
        (
            "INDEX i LOCAL USING k ON (a) WITH (d = cosine, l = 2)",
            s.Index(
                "i", ("a",), is_local=True, using="k", settings=(s.Setting("d", s.Name("cosine")), s.Setting("l", TWO))
            ),
        ),
        ('FAMILY default (DATA = "ssd")', s.Family("default", (s.Setting("DATA", s.String(b"ssd")),))),
        ('CHANGEFEED f WITH (MODE = "UPDATES")', s.Changefeed("f", (s.Setting("MODE", s.String(b"UPDATES")),))),
    ],
)
def test_table_entry(text: str, entry: s.TableEntry) -> None:
    assert statements(f"CREATE TABLE t ({text},)") == (s.CreateTable(T, (entry,)),)


def test_table_parts() -> None:
    (table,) = statements(
        "CREATE TEMP TABLE IF NOT EXISTS t (PRIMARY KEY (a)) PARTITION BY HASH (a) WITH (STORE = COLUMN,"
        ' TTL = Interval("P1D") TO EXTERNAL DATA SOURCE `x`, Interval("P2D") DELETE ON a AS SECONDS) AS SELECT 1'
    )
    assert (table.temporary, table.if_not_exists, table.partition_by, table.query) == (True, True, ("a",), SELECT_ONE)
    day, two_days = (s.Call("Interval", (s.String(text),)) for text in (b"P1D", b"P2D"))
    ttl = s.Ttl((s.TtlTier(day, "x"), s.TtlTier(two_days)), "a", "SECONDS")
    assert table.settings == (s.Setting("STORE", s.Name("COLUMN")), s.Setting("TTL", ttl))


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("ADD COLUMN a Int32", s.AddColumn(s.Column("a", INT))),
        ("ADD a Int32", s.AddColumn(s.Column("a", INT))),
        ("DROP COLUMN a", s.DropColumn("a")),
        ("DROP column", s.DropColumn("column")),
        ("ALTER COLUMN a SET NOT NULL", s.SetNotNull("a")),
        ("ALTER COLUMN a DROP NOT NULL", s.DropNotNull("a")),
        ("ALTER COLUMN a SET DEFAULT 1", s.SetDefault("a", ONE)),
        ("ALTER COLUMN a DROP DEFAULT", s.DropDefault("a")),
        ("ALTER COLUMN a SET FAMILY f", s.SetFamily("a", "f")),
        ("ADD FAMILY f (A = 1)", s.AddFamily(s.Family("f", (s.Setting("A", ONE),)))),
        ('ALTER FAMILY f SET DATA "x"', s.AlterFamily("f", (s.Setting("DATA", s.String(b"x")),))),
        ("SET (A = 1)", s.SetSettings((s.Setting("A", ONE),))),
        ("SET A ENABLED", s.SetSettings((s.Setting("A", s.Name("ENABLED")),))),
        ("RESET (TTL)", s.ResetSettings(("TTL",))),
        ("ADD INDEX i GLOBAL ON (a)", s.AddIndex(s.Index("i", ("a",)))),
        ("DROP INDEX i", s.DropIndex("i")),
        ("RENAME INDEX i TO j", s.RenameIndex("i", "j")),
        ("ALTER INDEX i SET (A = 1)", s.AlterIndex("i", (s.Setting("A", ONE),))),
        ("ALTER CHANGEFEED f DISABLE", s.AlterChangefeed("f", None)),
        ("DROP CHANGEFEED f", s.DropChangefeed("f")),
        ("RENAME TO `a/b`", s.RenameTable(s.Path("a/b"))),
    ],
)
def test_alter_table(text: str, action: s.AlterAction) -> None:
    assert statements(f"ALTER TABLE t {text}, {text}") == (s.AlterTable(T, (action, action)),)


def test_script() -> None:
    text = "--!syntax_v1\n; SELECT 1; -- one\n/* two; */ SELECT 1;;"
    assert statements(text) == (s.SelectStatement(SELECT_ONE),) * 2


def test_positions() -> None:
    (statement,) = statements("SELECT\n  a + 'x'")
    (projection,) = statement.query.projections
    assert statement.position == Position(1, 1)
    assert projection.position == projection.expression.position == Position(2, 3)
    assert projection.expression.right.position == Position(2, 7)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("DESCRIBE t", (1, 0), "mismatched input 'DESCRIBE' expecting {';', '(', '$', ALTER"),
        ("CREATE INDEX i", (1, 7), "no viable alternative at input 'CREATE INDEX'"),
        ("ALTER TABLE t RENAME COLUMN a TO b", (1, 21), "no viable alternative at input 'RENAME COLUMN'"),
        ("ALTER TABLE t ALTER COLUMN c TYPE x", (1, 29), "no viable alternative at input 'ALTER COLUMN c TYPE'"),
        ("ALTER TABLE t ADD COLUMN IF NOT EXISTS c Int32", (1, 28), "mismatched input 'NOT' expecting"),
        ("CREATE TABLE t (a Int32 PRIMARY KEY)", (1, 24), "no viable alternative at input 'PRIMARY'"),
        ("CREATE TABLE t (a Int32, 5)", (1, 25), "no viable alternative at input ', 5'"),
        ("CREATE TABLE t (a Decimal, b Int32)", (1, 25), "mismatched input ',' expecting '('"),
        ("CREATE TABLE t (a Int32, CHECK (a > 0))", (1, 31), "extraneous input '(' expecting {',', ')'}"),
        ("DROP TABLE t CASCADE", (1, 13), "extraneous input 'CASCADE' expecting {<EOF>, ';'}"),
        ("DELETE t", (1, 7), "missing FROM at 't'"),
        ("SELECT (1", (1, 9), "missing ')' at '<EOF>'"),
        ("SELECT 1; foo", (1, 10), "no viable alternative at input '; foo'"),
        ("SELECT f(a b)", (1, 8), "mismatched input '(' expecting {<EOF>, ';'}"),
        ("SELECT a NOT b", (1, 9), "mismatched input 'NOT' expecting {<EOF>, ';'}"),
        ("SELECT 1 FROM t WHERE a = ?", (1, 26), "mismatched input '?' expecting"),
        ("SELECT FROM t", (1, 12), "no viable alternative at input 'FROM t'"),
        ("INSERT INTO t VALUES (1, 'it''s')", (1, 29), "extraneous input ''s'' expecting ')'"),
        ("", (1, 0), "mismatched input '<EOF>' expecting"),
        (
            "SELECT 18446744073709551616",
            (1, 8),
            "Failed to parse number from string: 18446744073709551616, number limit",
        ),
        ("SELECT 1i", (1, 8), "Failed to parse number from string: 1i, invalid suffix: i"),
        (r"SELECT '\xZZ'", (1, 8), "Failed to parse string literal: Invalid hexadecimal value near byte 2"),
        ('SELECT 1 AS "x"', (1, 13), "String literal can not be used here"),
        ("SELECT 1 LIMIT 1 UNION SELECT 2", (1, 16), "LIMIT within UNION ALL is only allowed after last subquery"),
        ("SELECT (a) -> (a)", (1, 8), "Invalid lambda arguments syntax."),
        ("--!syntax_pg\nSELECT 1", (0, 0), "PG syntax is disabled"),
    ],
)
def test_refusal(text: str, place: tuple[int, int], message: str) -> None:
    error = refusal(text)
    (issue,) = error.issues
    assert error.status is Status.GENERIC_ERROR
    assert issue.message.startswith(message)
    assert (issue.position.row, issue.position.column) == place


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("SELECT #", (1, 7), "token recognition error at: '#'"),
        ("SELECT\n 'x", (2, 1), "token recognition error at: ''x'"),
    ],
)
def test_what_is_no_token_is_told_beside_what_is_wrong_without_it(
    text: str, place: tuple[int, int], message: str
) -> None:
    token, rest = refusal(text).issues
    assert (token.message, (token.position.row, token.position.column)) == (message, place)
    assert rest.message.startswith("mismatched input '<EOF>' expecting")


def test_what_is_no_token_is_told_alone_where_nothing_is_wrong_without_it() -> None:
    [token] = refusal("SELECT # 1").issues
    assert token.message == "token recognition error at: '#'"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SELECT a FROM t ASSUME ORDER BY a", "ASSUME"),
        ("PROCESS t", "PROCESS"),
        ("SELECT a = b = c", "chains of equality operators"),
        ("UPDATE t SET (a) = (1)", "SET ("),
        ("EXPLAIN SELECT 1", "EXPLAIN"),
        ("SELECT " + "(" * 100_000, "such deep nesting"),
        ("SELECT " + "List<" * 100_000, "such deep nesting"),
        ("SELECT 1" + "+1" * 10_000, "more than 200 operators in a row"),
    ],
)
def test_unsupported(text: str, what: str) -> None:
    error = refusal(text)
    assert (error.status, error.issues[0].message) == (Status.UNSUPPORTED, f"The emulator does not support {what}")


def test_long_condition_is_not_deep() -> None:
    assert expression(" OR ".join(["a"] * 1000)).operator == "OR"
