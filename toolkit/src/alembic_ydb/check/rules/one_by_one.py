"""Loops that send a statement for each row."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from ..record import Place, Revision, source
from .rule import ROWS, Hit, Rule, taken, upgrade

MANY = 10
WRITES = re.compile(r"\s*(UPDATE|UPSERT|INSERT|REPLACE|DELETE)\b", re.IGNORECASE)
METHODS = {"insert", "update", "delete", "upsert"}
OF_ORM = {"scalars", "query"}
EXECUTE = {"execute", "exec_driver_sql"}
READS = EXECUTE | OF_ORM
KEEPS = {"add", "merge", "delete"}
KEEP_ALL = {"add_all", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}
"""Methods of a session of the ORM, for an object and for many: it sends a statement for each object."""
BATCHES = re.compile("batch|chunk|partition|(?<!i)slice", re.IGNORECASE)
"""In the name of a function that gives many rows at a time, as itertools.batched does; islice gives single ones."""
ORMS = {"sqlalchemy", "sqlmodel"}
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


def one_by_one(revision: Revision) -> Iterator[Hit]:
    """Told by the statements that came from one line, and by the text where there was no row to loop over."""
    run = upgrade(revision)
    sent = Counter(statement.place for statement, node in taken(run) if isinstance(node, ROWS))
    many = {place for place, count in sent.items() if count >= MANY and place.line}
    for place in sorted(many, key=lambda place: place.line):
        yield Hit(place, f"{sent[place]} statements from one line, each a round trip: write many rows with one")
    if not run.failed:
        for first, last in _loops(revision.file):
            if not any(first <= place.line <= last for place in many):
                yield Hit(Place(revision.file, first), "a statement for each row that was read: a round trip each")


@cache
def _loops(file: str) -> tuple[tuple[int, int], ...]:
    """First and last line of what writes a row for each that a statement has read, in upgrade() and what it calls."""
    tree = ast.parse(source(file))
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    read: set[str] = set()
    while more := {name for node in assigned if _is_read(node.value, read) for name in _names(node)} - read:
        read |= more
    batches = [node for node in ast.walk(tree) if isinstance(node, ast.For) and _is_batched(node.iter)]
    read |= {node.target.id for node in batches if isinstance(node.target, ast.Name)}
    written = {name for node in assigned if _is_write(node.value, set()) for name in _names(node)}
    sessions = _sessions(tree)
    written |= sessions
    objects = {name for node in assigned if _is_read(node.value, set(), OF_ORM) for name in _names(node)}
    many = {name for node in assigned if _is_of_rows(node.value, read, set()) for name in _names(node)}
    return tuple(
        (node.lineno, node.end_lineno or node.lineno)
        for function in _upgrades(tree)
        for node in ast.walk(function)
        if isinstance(node, (ast.stmt, ast.expr))
        and (
            _is_loop(node, read, written) or (sessions and _sets(node, objects)) or _is_many(node, read, written, many)
        )
    )


def _upgrades(tree: ast.Module) -> list[ast.FunctionDef]:
    """upgrade(), and the functions of the file that it calls, directly or not."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    wanted = ["upgrade"]
    for name in wanted:
        for node in ast.walk(functions[name]) if name in functions else ():
            if isinstance(node, ast.Name) and node.id in functions and node.id not in wanted:
                wanted.append(node.id)
    return [functions[name] for name in wanted if name in functions]


def _is_loop(node: ast.AST, read: set[str], written: set[str]) -> bool:
    """Whether it is a loop over rows that were read, or a comprehension, that sends a statement for each of them."""
    if isinstance(node, ast.For):
        return _is_read(node.iter, read) and _sends(node.body, written)
    if isinstance(node, ast.While):
        return _is_read(node.test, set(), {"fetchone"}) and _sends(node.body, written)
    if isinstance(node, COMPREHENSIONS):
        return any(_is_read(each.iter, read) for each in node.generators) and _sends([node], written)
    return False


def _is_of_rows(node: ast.AST, read: set[str], many: set[str]) -> bool:
    """Whether it is a list that has something for each row that was read, or has a name that stands for one."""
    if isinstance(node, ast.ListComp):
        return any(_is_read(each.iter, read) for each in node.generators)
    return isinstance(node, ast.Name) and node.id in many


def _is_many(node: ast.AST, read: set[str], written: set[str], many: set[str]) -> bool:
    """Whether it executes a statement with parameters for each row that was read: the driver sends one for each."""
    match node:
        case ast.Call(func=ast.Attribute(attr=method), args=[statement, parameters]) if method in EXECUTE:
            return _is_write(statement, written) and _is_of_rows(parameters, read, many)
        case ast.Call(func=ast.Attribute(attr="bulk_insert"), args=[_, rows, *_]):
            return _is_of_rows(rows, read, many)
        case ast.Call(func=ast.Attribute(attr=method), args=[*_, rows]) if method in KEEP_ALL:
            return _is_of_rows(rows, read, many)
    return False


def _sets(node: ast.AST, objects: set[str]) -> bool:
    """Whether a loop over objects of an ORM sets an attribute of each: their session sends an UPDATE for each."""
    if not isinstance(node, ast.For) or not isinstance(node.target, ast.Name):
        return False
    changed = [
        target.value.id
        for part in ast.walk(node)
        if isinstance(part, (ast.Assign, ast.AugAssign))
        for target in (part.targets if isinstance(part, ast.Assign) else [part.target])
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)
    ]
    return node.target.id in changed and _is_read(node.iter, objects, OF_ORM)


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _is_read(node: ast.AST, names: set[str], methods: Collection[str] = READS) -> bool:
    """Whether an expression asks for rows, or has a name that stands for rows, and does not give many at a time."""
    return not _is_batched(node) and any(
        (isinstance(part, ast.Attribute) and part.attr in methods) or (isinstance(part, ast.Name) and part.id in names)
        for part in ast.walk(node)
    )


def _is_batched(node: ast.AST) -> bool:
    """Whether a call in an expression gives many rows at a time, or the numbers where each batch begins."""
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    return any(BATCHES.search(_called(call)) or (_called(call) == "range" and len(call.args) == 3) for call in calls)


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", None) or getattr(call.func, "attr", ""))


def _sessions(tree: ast.Module) -> set[str]:
    """The names of sessions of an ORM, and of what makes them: told by what the file imports, not by their names."""
    imported: dict[str, str] = {}
    made: list[tuple[ast.AST, ast.AST | None]] = []
    typed: list[tuple[ast.AST, str]] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                for each in names:
                    top = each.name.partition(".")[0]  # what `import a.b` gives a name to
                    imported[each.asname or top] = each.name if each.asname else top
            case ast.ImportFrom(module, names):
                imported |= {each.asname or each.name: f"{module}.{each.name}" for each in names}
            case ast.Assign(targets, value):
                made += [(value, target) for target in targets]
            case ast.AnnAssign(target, value=ast.expr() as value):
                made.append((value, target))
            case ast.withitem(value, target):
                made.append((value, target))
            case ast.arg(name, ast.expr() as kind):
                typed.append((kind, name))
    calls = typed + [
        (value.func, target.id)
        for value, target in made
        if isinstance(value, ast.Call) and isinstance(target, ast.Name)
    ]
    found = {name for name, whole in imported.items() if _is_session(whole)}
    while more := {name for function, name in calls if _makes_session(function, imported, found)} - found:
        found |= more
    return found


def _makes_session(function: ast.AST, imported: dict[str, str], sessions: set[str]) -> bool:
    """Whether it is a Session or a sessionmaker of an ORM, called or not, or of these names one that made a session."""
    match function:
        case ast.Name(name) if name in sessions:
            return True
        case ast.Attribute(ast.Name(name), "begin") if name in sessions:
            return True
        case ast.Call(function):
            return _makes_session(function, imported, sessions)
    first, _, rest = ast.unparse(function).partition(".")
    return _is_session(f"{imported.get(first, '')}.{rest}")


def _is_session(name: str) -> bool:
    return name.partition(".")[0] in ORMS and "session" in name.lower()


def _is_write(node: ast.AST, names: set[str]) -> bool:
    """Whether an expression is a statement that writes rows: its text, what SQLAlchemy makes, or a name of one."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and WRITES.match(part.value):
            return True
        if isinstance(part, ast.Attribute) and part.attr in METHODS or isinstance(part, ast.Name) and part.id in names:
            return True
        if isinstance(part, ast.Call) and _called(part) in METHODS:  # from sqlalchemy import update
            return True
    return False


def _sends(parts: Iterable[ast.AST], names: set[str]) -> bool:
    """Whether a call below sends such a statement, or has a session with one of these names send it."""
    calls = (node for part in parts for node in ast.walk(part) if isinstance(node, ast.Call))
    return any(
        isinstance(call.func, ast.Attribute)
        and (
            call.func.attr == "bulk_insert"
            or (call.func.attr in KEEPS and isinstance(call.func.value, ast.Name) and call.func.value.id in names)
            or (call.func.attr in EXECUTE and any(_is_write(arg, names) for arg in call.args))
        )
        for call in calls
    )


RULES = [Rule("YDB404", one_by_one)]
