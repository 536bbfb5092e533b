"""Whether downgrade() undoes what upgrade() did."""

from __future__ import annotations

from collections.abc import Iterator

from ydb_emulator.yql import syntax

from ..record import UNKNOWN, Place, Revision, Turn
from .rule import ROWS, Hit, Rule, is_unknown, is_whole, path, taken, upgrade

LOSES = (*ROWS, syntax.DropTable)


def fails(revision: Revision) -> Iterator[Hit]:
    run = revision.runs.get(Turn.DOWNGRADE)
    if run is None or not run.failed or run.place is None:
        return
    if run.refused is not None:
        if run.refused.outcome != UNKNOWN:
            words = f"YDB refuses this: {run.refused.status}: {run.refused.words}"
            yield Hit(run.refused.place, f"downgrade() fails: {words}", run.refused.text, run.refused.caret)
    elif not run.failed.startswith(("NotImplementedError", "CommandError")) and not is_unknown(run):
        yield Hit(run.place, f"downgrade() fails: {run.failed}")


def leaves(revision: Revision) -> Iterator[Hit]:
    up, down = revision.runs[Turn.UPGRADE], revision.runs.get(Turn.DOWNGRADE)
    if down is None or down.failed:
        return
    for name in sorted(up.before.texts.keys() | down.after.texts.keys()):
        before, after = up.before.texts.get(name), down.after.texts.get(name)
        if _lines(before) != _lines(after):
            yield Hit(_place(revision), f"downgrade() leaves {name} other than it was: {_difference(before, after)}")


def _place(revision: Revision) -> Place:
    down = revision.runs[Turn.DOWNGRADE]
    sent = down.statements or upgrade(revision).statements
    return sent[-1].place if sent else Place(revision.file)  # what the SDK's own calls change is no statement


def _lines(text: str | None) -> list[str]:
    """What SHOW CREATE prints, in any order: a column that is dropped and added again comes last."""
    lines = (line.strip(" ,;") for line in (text or "").splitlines())
    return sorted(line for line in lines if line and not (line.startswith("ALTER TABLE") and line.endswith("`")))


def _difference(before: str | None, after: str | None) -> str:
    if before is None:
        return "it is still there"
    if after is None:
        return "it is gone"
    old, new = _lines(before), _lines(after)
    lost = [line for line in old if line not in new]
    made = [line for line in new if line not in old]
    if not lost:
        return f"it still has {', '.join(made)}"
    return f"{', '.join(lost)} became {', '.join(made)}" if made else f"it has no {', '.join(lost)}"


def again(revision: Revision) -> Iterator[Hit]:
    run = revision.runs.get(Turn.AGAIN)
    if run is not None and run.failed and run.place is not None:
        words = f"{run.refused.status}: {run.refused.words}" if run.refused else run.failed
        yield Hit(run.place, f"after downgrade() it does not run again: {words}")


def deletes(revision: Revision) -> Iterator[Hit]:
    """Told by a DELETE without WHERE, and by the rows that are gone of those that upgrade() has left."""
    up, down = upgrade(revision), revision.runs.get(Turn.DOWNGRADE)
    if down is None or down.failed:
        return
    both = up.before.tables.keys() & up.after.tables.keys() & down.after.tables.keys()
    emptied = {}
    for statement, node in taken(down):
        if isinstance(node, syntax.TruncateTable) or (
            isinstance(node, syntax.Delete) and is_whole(down, statement, node)
        ):
            emptied[path(down, statement, node.table.name)] = statement
    for name in sorted(both):
        left = up.after.rows.get(name, {})
        lost = any(key in left and key not in down.after.rows.get(name, {}) for key in up.before.rows.get(name, {}))
        if lost or name in emptied:
            sent = emptied.get(name) or next((each for each, node in taken(down) if isinstance(node, LOSES)), None)
            place, text = (sent.place, sent.text) if sent else (_place(revision), "")
            yield Hit(place, f"downgrade() deletes rows of {name} that upgrade() did not write", text)


RULES = [
    Rule("YDB701", fails),
    Rule("YDB702", leaves),
    Rule("YDB703", again),
    Rule("YDB704", deletes),
]
